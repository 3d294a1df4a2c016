"""A plugin of pytest: the fixture `host`.

In `conftest.py`:

    pytest_plugins = ["airssys_wasm.testing.plugin"]
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ._fake_host import FakeHost
from ._policy import find_manifest

__all__ = ["host"]


@pytest.fixture
def host(request: pytest.FixtureRequest) -> Iterator[FakeHost]:
    """A fake host of its own for the test."""
    # Editors run tests from other folders: then Component.toml is above the test.
    with FakeHost(find_manifest() or find_manifest(request.path.parent)) as host:
        yield host
