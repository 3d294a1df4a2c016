"""The interfaces of the contract as modules, made of the typings, where no build has made them.

The typings are Python: their types are whole, and their functions only lack a body. Here each function gets one that
asks the fake host in use.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from .. import _host

if sys.platform == "wasi":
    raise ImportError("airssys_wasm.testing is for unit tests: a component has a host of its own")

INTERFACES = {
    "host_services": "core",
    "files": "ext-filesystem",
    "directories": "ext-filesystem",
    "paths": "ext-filesystem",
    "tcp": "ext-network",
    "udp": "ext-network",
    "connections": "ext-network",
    "processes": "ext-process",
    "stdio": "ext-process",
    "signals": "ext-process",
}
"""The interfaces whose functions are answered, by module, each with its package."""

_PACKAGE = Path(__file__).resolve().parent.parent
# Beside `src` in a source tree, within the package where it is installed.
_TYPINGS = next(
    (folder for folder in (_PACKAGE / "_typings", _PACKAGE.parent.parent / "typings") if folder.is_dir()), None
)


OPERATIONS: set[str] = set()
"""The names of all operations, as in denials."""


class Host(Protocol):
    """What answers the functions."""

    def answer(self, interface: str, function: str, arguments: tuple[Any, ...]) -> Any:
        """Answers a call, named as in the modules."""


in_use: list[Host] = []
"""The fake hosts whose `with` statements are running; the last one answers."""


class _Loader(SourceFileLoader):
    """Leaves no bytecode in the folder of the typings, which is sources and nothing else."""

    def set_data(self, path: str, data: Any, *, _mode: int = 0o666) -> None:
        """Keeps nothing."""


class _Finder(MetaPathFinder):
    """Finds `wit_world` and `componentize_py_types`, and nothing else."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if _TYPINGS is None or fullname.partition(".")[0] not in {"wit_world", "componentize_py_types"}:
            return None
        place = _TYPINGS.joinpath(*fullname.split("."))
        package = place / "__init__.pyi"
        file = package if package.is_file() else place.with_suffix(".pyi")
        if not file.is_file():
            return None
        return spec_from_file_location(
            fullname,
            file,
            loader=_Loader(fullname, str(file)),
            submodule_search_locations=[str(place)] if file == package else None,
        )


def operation(interface: str, function: str) -> str:
    """Gives an operation the name that it has in denials, such as `ext-filesystem/files.read-file`."""
    return f"{INTERFACES[interface]}/{interface}.{function}".replace("_", "-")


def _answered(interface: str, function: Callable[..., Any]) -> Callable[..., Any]:
    name = function.__name__

    @functools.wraps(function)
    def call(*arguments: Any) -> Any:
        if not in_use:
            raise RuntimeError(
                f"{interface}.{name} needs a host: call it within `with FakeHost()`, "
                "or in a test that takes the fixture `host`"
            )
        return in_use[-1].answer(interface, name, arguments)

    return call


def _made(interface: str, resource: str) -> Callable[..., Any]:
    """Gives the `__new__` of a class that the component itself makes objects of: what it gives is not of that class."""

    def make(_: type, options: Any) -> Any:
        return answer(options)

    def declared(options: Any) -> Any:
        """Has the name of the operation."""

    declared.__name__ = resource.replace("-", "_")
    answer = _answered(interface, declared)
    return make


def _install() -> None:
    if _TYPINGS is None:
        raise ImportError(f"airssys_wasm.testing needs the folder typings of the SDK, beside {_PACKAGE.parent}")
    # First, because the usual finder takes the folders in it for packages without content.
    sys.meta_path.insert(0, _Finder())
    types = importlib.import_module("componentize_py_types")
    vars(_host).update(Err=types.Err, Ok=types.Ok)
    for interface in INTERFACES:
        module = importlib.import_module(f"wit_world.imports.{interface}")
        for name, value in list(vars(module).items()):
            if getattr(value, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(value):
                setattr(module, name, _answered(interface, value))
                OPERATIONS.add(operation(interface, name))
            elif inspect.isclass(value):
                resource = re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
                methods = [method for method in vars(value) if not method.startswith("_")]
                OPERATIONS.update(operation(interface, f"{resource}.{method}") for method in methods)
                if "__init__" in vars(value):
                    value.__new__ = staticmethod(_made(interface, resource))  # type: ignore[method-assign]
                    OPERATIONS.add(operation(interface, resource))


_install()
