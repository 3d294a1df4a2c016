"""Gives every test a host whose answers it writes; with `airssys_wasm.testing` there is what a build would make."""

from __future__ import annotations

import pytest
import scripted_host

import airssys_wasm.testing  # noqa: F401


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> scripted_host.ScriptedHost:
    """A fresh host, which the tests fill with what they need."""
    return scripted_host.ScriptedHost(monkeypatch)
