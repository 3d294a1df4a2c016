"""Gives every test a fake host: the modules that a build would make, out of the typings."""

from __future__ import annotations

import fake_host
import pytest

fake_host.install()


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> fake_host.FakeHost:
    """A fresh fake host, which the tests fill with what they need."""
    return fake_host.FakeHost(monkeypatch)
