"""Where the host's interfaces come from.

Inside a component they are modules that the build makes for the component's own world, so an interface that the world
lacks is not there. Outside of one, where authors run unit tests, there are only those of `airssys_wasm.testing`.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING or importlib.util.find_spec("componentize_py_types") is not None:
    from componentize_py_types import Err, Ok
else:

    class Err(Exception):
        """Stands in for the failure of a call where there is no host, and is never raised."""

    class Ok:
        """Stands in for the success of a call where there is no host."""


__all__ = ["Err", "Ok", "call", "interface", "trap"]

P = ParamSpec("P")
T = TypeVar("T")


class _Absent:
    """An interface where there is no host: importing it is fine, using it takes a fake one."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        # The fake host may have come after the import of what uses it.
        module = sys.modules.get(f"wit_world.imports.{self._name}")
        if module is None:
            raise RuntimeError(
                f"{self._name}.{attribute} needs a host, and this is not running inside a component: "
                "unit tests use airssys_wasm.testing.FakeHost"
            )
        return getattr(module, attribute)


def interface(name: str) -> Any:
    """Gives the module of an imported interface, as the build named it.

    Raises:
        ImportError: inside a component whose world does not have the interface.
    """
    try:
        return importlib.import_module(f"wit_world.imports.{name}")
    except ModuleNotFoundError as error:
        if importlib.util.find_spec("wit_world") is None:
            return _Absent(name)
        raise ImportError(
            f"the world of this component does not have {name.replace('_', '-')}: "
            "choose one that has it, as world in the [build] table of Component.toml"
        ) from error


def call(error: Callable[[Any], Exception], function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls the host; what the contract declares as an error is raised as the exception that `error` makes of it."""
    try:
        return function(*args, **kwargs)
    except Err as failure:
        raise error(failure.value) from None


def trap() -> None:
    """Ends the instance at once, which the host sees as a trap. Outside of a component it returns."""
    if sys.platform == "wasi":
        os.abort()
