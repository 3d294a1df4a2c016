"""Where modules come from while a component is made, and what is said of those that are not in it."""

import sys
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_file_location
from pathlib import Path

INSTEAD = {
    "bz2": "this Python is built without it: zlib and gzip are there",
    "compression.zstd": "this Python is built without it: zlib and gzip are there",
    "ctypes": "a component cannot load libraries of the machine",
    "_ctypes": "a component cannot load libraries of the machine",
    "curses": "a component has no terminal",
    "_curses": "a component has no terminal",
    "fcntl": "WebAssembly has none: files.File.lock of airssys_wasm locks files",
    "grp": "a component has no groups",
    "lzma": "this Python is built without it: zlib and gzip are there",
    "mmap": "WebAssembly has none",
    "multiprocessing": "a component has no processes of its own: processes of airssys_wasm runs programs",
    "_multiprocessing": "a component has no processes of its own: processes of airssys_wasm runs programs",
    "pwd": "a component has no users",
    "resource": "a component has no such limits",
    "ssl": "this Python is built without it: tcp.TcpStream.start_tls of airssys_wasm is TLS by the host",
    "_ssl": "this Python is built without it: tcp.TcpStream.start_tls of airssys_wasm is TLS by the host",
    "syslog": "a component logs with airssys_wasm.host_services",
    "termios": "a component has no terminal",
    "tkinter": "a component has no screen",
    "_tkinter": "a component has no screen",
    "tty": "a component has no terminal",
    "pty": "a component has no terminal",
    "readline": "a component has no terminal",
}
"""Why a module of the standard library is not there, and what there is instead."""


class _EmptyFolders:
    """Refuses folders without a single file, which Python would take for packages: `pip uninstall` leaves such."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is not None or spec.submodule_search_locations is None:
            return spec
        locations = list(spec.submodule_search_locations)
        if any(_has_files(Path(location)) for location in locations):
            return spec
        empty[name] = locations
        return None

    # It stands in the place of Python's own finder, which knows these, too.
    find_distributions = staticmethod(PathFinder.find_distributions)
    invalidate_caches = staticmethod(PathFinder.invalidate_caches)


empty: dict[str, list[str]] = {}
"""The empty folders that were found under the names of modules."""


def _has_files(folder: Path) -> bool:
    try:
        below = list(folder.iterdir())
    except OSError:
        return False
    return any(
        file.is_file() or (file.name != "__pycache__" and not file.is_symlink() and _has_files(file)) for file in below
    )


class _Elsewhere:
    """Finds the packages that the author's own interpreter finds by import hooks, as editable installs have them."""

    def __init__(self, packages: dict[str, dict[str, object]]) -> None:
        self._packages = packages

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        package = self._packages.get(name)
        if package is None:
            return None
        if package["file"] is None:
            spec = ModuleSpec(name, None, is_package=True)
            spec.submodule_search_locations = package["folders"]
            return spec
        return spec_from_file_location(name, package["file"], submodule_search_locations=package["folders"])


class _Missing:
    """Says of a module that is not in the component why, in the place of Python's `No module named`."""

    def __init__(self, failures: dict[str, str]) -> None:
        self._failures = failures

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        reason = INSTEAD.get(name) or INSTEAD.get(name.partition(".")[0])
        if name in self._failures:
            reason = reason or f"importing it failed when the component was built: {self._failures[name]}"
        elif reason is None:
            reason = (
                "a component has the modules that are imported when it is built and that their functions import; "
                f"write `import {name}` at the top of a module"
            )
        raise ModuleNotFoundError(f"No module named {name!r} ({reason})", name=name)


def install(plan: dict[str, object]) -> None:
    """Sets up the search for modules."""
    for place in plan["hidden"]:
        while place in sys.path:
            sys.path.remove(place)
    at = sys.meta_path.index(PathFinder)
    sys.meta_path[at : at + 1] = [_EmptyFolders(), _Elsewhere(plan["packages"])]


def seal(failures: dict[str, str]) -> None:
    """Ends the search: from now on there are no files. What the component mounts may still be imported from."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, (_EmptyFolders, _Elsewhere))]
    sys.meta_path += [PathFinder, _Missing(failures)]
