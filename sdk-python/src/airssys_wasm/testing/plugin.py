"""A plugin of pytest: the fixture `host`.

In `conftest.py`:

    pytest_plugins = ["airssys_wasm.testing.plugin"]
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ._fake_host import FakeHost

__all__ = ["host"]


@pytest.fixture
def host() -> Iterator[FakeHost]:
    """A fake host of its own for the test."""
    with FakeHost() as host:
        yield host
