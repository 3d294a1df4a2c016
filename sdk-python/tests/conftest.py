"""Gives every test a host whose answers it writes; with `airssys_wasm.testing` there is what a build would make."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
import scripted_host

import airssys_wasm.testing  # noqa: F401
from airssys_wasm import Component, component

if TYPE_CHECKING:
    from exported import Export


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> scripted_host.ScriptedHost:
    """A fresh host, which the tests fill with what they need."""
    return scripted_host.ScriptedHost(monkeypatch)


@pytest.fixture
def export(monkeypatch: pytest.MonkeyPatch) -> Export:
    """Puts `@component` on a class in a module of its own and gives what the build finds there."""
    module = ModuleType("app")
    monkeypatch.setitem(sys.modules, "app", module)

    def export(class_: type[Component], **arguments: Any) -> Any:
        class_.__module__ = "app"
        component(**{"name": "acme/hello", "version": "0.1.0", **arguments})(class_)
        return module.ComponentLifecycle

    return export
