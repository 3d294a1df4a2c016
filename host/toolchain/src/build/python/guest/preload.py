"""Imports what the component may import later: in the component there are no files to import from.

What is imported within functions is read from their code, again and again until there is nothing new. What the
interpreter imports by itself, or by names that are put together, is listed.
"""

import dis
import gc
import importlib
import io
import pkgutil
import sys
from types import CodeType, FunctionType

_ROOTS = (
    # What the interpreter, which is C, imports in the middle of something: strptime, large numbers, errors, pickles.
    "_colorize",
    "_compat_pickle",
    "_pylong",
    "_strptime",
    "ast",
    "collections.abc",
    "contextvars",
    "copyreg",
    "decimal",
    "linecache",
    "locale",
    "numbers",
    "traceback",
    "unicodedata",
    "warnings",
)

_WITHOUT = frozenset(
    {
        # Programs for people at a terminal, tools for developers, and what the interpreter here is built without.
        "_pyrepl", "antigravity", "bdb", "code", "cProfile", "ctypes", "curses", "doctest", "ensurepip", "idlelib",
        "lib2to3", "multiprocessing", "pdb", "profile", "pstats", "pty", "pydoc", "pydoc_data", "rlcompleter", "site",
        "sitecustomize", "test", "this", "tkinter", "trace", "turtle", "turtledemo", "tty", "unittest",
        "usercustomize", "venv", "webbrowser",
    }
)  # fmt: skip
"""What the standard library alone asks for does not bring these: they are large, and a component cannot use them."""

_Import = tuple[str, tuple[str, ...]]
"""The name of a module, and what is wanted of it, which may be modules."""

failures: dict[str, str] = {}
"""What could not be imported, and why."""


def all_that_may_be_needed(plan: dict[str, object]) -> None:
    """Imports it all."""
    encodings = importlib.import_module("encodings")
    world = importlib.import_module("wit_world")
    new: set[_Import] = {(name, ()) for name in _ROOTS}
    new.update((f"encodings.{module.name}", ()) for module in pkgutil.iter_modules(encodings.__path__))
    new.update((module.name, ()) for module in pkgutil.walk_packages(world.__path__, "wit_world."))
    own = tuple(plan["own"])
    done: set[_Import] = set()
    # Kept, so that none makes room for another one of the same identity.
    codes: dict[int, CodeType] = {}
    while new:
        for name, members in sorted(new):
            _try(name)
            module = sys.modules.get(name)
            if hasattr(module, "__path__"):
                for member in members:
                    if member != "*" and not hasattr(module, member):
                        _try(f"{name}.{member}")
        done |= new
        new = set()
        functions = [found for found in gc.get_objects() if type(found) is FunctionType]
        for function in functions:
            if id(function.__code__) not in codes:
                codes[id(function.__code__)] = function.__code__
                new |= _asked_for(function, own)
        new -= done


def _try(name: str) -> None:
    if name in sys.modules:
        return
    # A module that greets whoever imports it should not greet the author.
    output, sys.stdout = sys.stdout, io.StringIO()
    try:
        importlib.import_module(name)
    except BaseException as error:
        failures[name] = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    finally:
        sys.stdout = output


def _asked_for(function: FunctionType, own: tuple[str, ...]) -> set[_Import]:
    """Gives the modules that a function imports."""
    package = function.__globals__.get("__package__") or ""
    is_own = function.__code__.co_filename.startswith(own)
    found = set()
    for code in _codes(function.__code__):
        for name, level, members in _imports(code):
            if level:
                base = package.split(".")[: package.count(".") + 2 - level]
                name = ".".join([*base, *filter(None, [name])])
            if name and (is_own or name.partition(".")[0] not in _WITHOUT):
                found.add((name, members))
        if is_own and not {"import_module", "__import__"}.isdisjoint(code.co_names):
            found.update((text, ()) for text in code.co_consts if _is_name(text))
    return found


def _is_name(text: object) -> bool:
    return isinstance(text, str) and all(part.isidentifier() for part in text.split(".")) and _is_there(text)


def _is_there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name.partition(".")[0]) is not None
    except (ImportError, ValueError):
        return False


def _codes(code: CodeType) -> list[CodeType]:
    codes = [code]
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            codes += _codes(constant)
    return codes


_IMPORT_NAME = dis.opmap["IMPORT_NAME"]
_EXTENDED_ARG = dis.opmap["EXTENDED_ARG"]
_LOAD_CONST = dis.opmap["LOAD_CONST"]
_LOAD_SMALL_INT = dis.opmap.get("LOAD_SMALL_INT", -1)


def _imports(code: CodeType) -> list[tuple[str, int, tuple[str, ...]]]:
    """Gives the name, the level and the members of each import in a code: the two loads before it are the latter."""
    if not code.co_names:
        return []
    found = []
    loaded: list[object] = [0, None]
    extended = 0
    instructions = code.co_code
    for at in range(0, len(instructions), 2):
        operation, argument = instructions[at], instructions[at + 1] | extended
        extended = argument << 8 if operation == _EXTENDED_ARG else 0
        if operation == _LOAD_CONST:
            loaded = [loaded[1], code.co_consts[argument]]
        elif operation == _LOAD_SMALL_INT:
            loaded = [loaded[1], argument]
        elif operation == _IMPORT_NAME:
            level, members = loaded
            found.append(
                (
                    code.co_names[argument],
                    level if isinstance(level, int) else 0,
                    members if isinstance(members, tuple) else (),
                )
            )
    return found
