"""The fixture `host` permits everything here: what permissions do is shown where they are what a test is about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from airssys_wasm.testing import FakeHost


@pytest.fixture
def host() -> Iterator[FakeHost]:
    """A fake host of its own for the test, which permits everything."""
    with FakeHost() as host:
        host.permit_all()
        yield host
