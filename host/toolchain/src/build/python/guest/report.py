"""Says what is wrong with a program, with the names that its files have on the author's machine."""

import linecache
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from . import finders

_HERE = str(Path(__file__).parent)


def keep_sources(plan: dict[str, object]) -> None:
    """Reads the lines of the program's own modules, so that a traceback shows them when the files are gone."""
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and file.startswith(plan["own"][0]) and file not in linecache.cache:
            lines = linecache.getlines(file)
            # Without a time of change, which would be compared with that of the file.
            linecache.cache[file] = (sum(map(len, lines)), None, lines, file)


class NoComponent(Exception):
    """The program's module has no component."""


def check(program: ModuleType, plan: dict[str, object]) -> None:
    """Raises what componentize-py would say in other words."""
    if file_of(program, plan) is None:
        raise NoComponent(f"{plan['module']}.py has the name of a module of Python, which is found first")
    if not hasattr(program, "ComponentLifecycle"):
        raise NoComponent(f"{_shown(program.__file__, plan)} has no component")


def file_of(module: object, plan: dict[str, object]) -> str | None:
    """Gives the file that a module of the author's or of their packages was read from, by its name on the machine."""
    file = getattr(module, "__file__", None)
    return _on_machine(file, plan) if isinstance(file, str) else None


def failure(error: BaseException, plan: dict[str, object]) -> dict[str, object]:
    """Gives what the author is told: what happened, where, and what to do about it if that is known."""
    help = None
    if isinstance(error, NoComponent):
        return {
            "code": "no-component",
            "problem": str(error),
            "help": "put @component on the class of the component, in the module that build.source names; "
            "that one may have any name that no module of Python has",
        }
    if isinstance(error, SyntaxError) and error.filename:
        text = (error.text or "").strip()
        where = f"{_shown(error.filename, plan)}:{error.lineno}"
        return {
            "code": "syntax-error",
            "problem": f"{where}: {error.msg}" + (f": {text}" if text else ""),
            "help": None,
        }
    code = "import-failed"
    if isinstance(error, ImportError):
        code = "missing-module"
        # Packages say in their own words that a part is missing; what it was is in the error before.
        help = next((told for before in _chain(error) if (told := _about(before, plan))), None)
    told = traceback.TracebackException.from_exception(error)
    _trim(told)
    problem = "".join(told.format_exception_only()).strip()
    own = [at for at, frame in enumerate(told.stack) if frame.filename.startswith(plan["own"][0])]
    if own:
        where = told.stack[own[-1]]
        problem = f"{_shown(where.filename, plan)}:{where.lineno}: {problem}"
        # What the SDK does to find a mistake is not the author's business.
        if all(_SDK in frame.filename for frame in told.stack[own[-1] + 1 :]):
            del told.stack[own[-1] + 1 :]
    lines = _PATH.sub(lambda at: _shown(at[0], plan), "".join(told.format()).rstrip())
    said_already = len(told.stack) == 1 and told.__cause__ is None and told.__context__ is None
    return {"code": code, "problem": problem, "help": help, "traceback": None if said_already else lines}


def _chain(error: BaseException | None) -> Iterator[ImportError]:
    while error is not None:
        if isinstance(error, ImportError):
            yield error
        error = error.__cause__ or error.__context__


def _trim(told: traceback.TracebackException) -> None:
    """Takes away the frames of the import machinery and of this package, in what caused it, too."""
    while told is not None:
        told.stack[:] = [
            frame
            for frame in told.stack
            if not frame.filename.startswith(("<frozen importlib", _HERE))
            and "/importlib/__init__.py" not in frame.filename
        ]
        told = told.__cause__ or told.__context__


def _about(error: ImportError, plan: dict[str, object]) -> str | None:
    """Says why a module is not there."""
    name = error.name
    if not name:
        return None
    top = name.partition(".")[0]
    if top in finders.empty:
        folders = ", ".join(_shown(folder, plan) for folder in finders.empty[top])
        return (
            f"{folders} is a folder without any file, as pip uninstall leaves it: "
            f"install {top} again, or delete the folder"
        )
    if name in finders.empty:
        folders = ", ".join(_shown(folder, plan) for folder in finders.empty[name])
        return f"{folders} is a folder without any file: its package was not installed or removed whole"
    if reason := plan["unsupported"].get(name) or plan["unsupported"].get(top):
        return f"{top} {reason}"
    missing = name if isinstance(error, ModuleNotFoundError) else f"{name}.{error.name_from}"
    if native := _native(missing, plan):
        return (
            f"{native} is native code of this machine, and a component is WebAssembly: "
            "it takes a package that is written in Python, or one that is built for WebAssembly"
        )
    if not isinstance(error, ModuleNotFoundError):
        return None
    if reason := finders.INSTEAD.get(name) or finders.INSTEAD.get(top):
        return f"{name} is not in a component: {reason}"
    if top in sys.stdlib_module_names:
        return f"the Python of a component is built without {name}"
    if plan["environment"]:
        return f"install {top} into {plan['environment']}, whose packages go into the component"
    return f"make a virtual environment beside Component.toml, and install {top} there: python3 -m venv .venv"


def _native(name: str, plan: dict[str, object]) -> str | None:
    """Gives the file of a module that is a library for this machine."""
    # By the path, because a package whose import has failed is gone.
    *parents, last = name.split(".")
    for folder in (Path(entry, *parents) for entry in sys.path):
        for pattern in (f"{last}.*.so", f"{last}.so", f"{last}.*.pyd", f"{last}.pyd", f"{last}.*.dylib"):
            for file in folder.glob(pattern):
                return _shown(str(file), plan)
    return None


_PATH = re.compile(r'(?<=File ")/[^"]+(?=")')
_SDK = "/airssys_wasm/"


def _on_machine(path: str, plan: dict[str, object]) -> str | None:
    """Gives the name of a file on the machine, if it is one of the author's or of their packages."""
    for place, folder in plan["mounts"].items():
        if path == place or path.startswith(place + "/"):
            return folder + path[len(place) :]
    return None


def _shown(path: str, plan: dict[str, object]) -> str:
    """Gives a path as the author would write it: within the project from there."""
    named = _on_machine(path, plan) or path
    return named.removeprefix(plan["folder"] + "/")
