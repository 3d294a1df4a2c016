"""What is told of an exception that nobody caught: where it was, with the lines of the source."""

from __future__ import annotations

import linecache
import os
import re
import sys
import traceback
from types import ModuleType

__all__ = ["keep_sources", "stack", "text"]

_PACKAGE = os.path.dirname(__file__) + os.sep
_MAX_FRAMES = 64
"""Frames of a stack: beyond that, it is a recursion."""


def keep_sources(module: ModuleType) -> None:
    """Reads the source of a module, and of those loaded from its folder, while the component is built.

    In the component there are no files that a traceback could read its lines from.
    """
    source = getattr(module, "__file__", None)
    if sys.platform != "wasi" or source is None:
        return
    folder = os.path.dirname(source) + os.sep
    for loaded in list(sys.modules.values()):
        file = getattr(loaded, "__file__", None)
        if file is not None and file.startswith(folder):
            lines = linecache.getlines(file)
            # Without a time of change, which would be compared with that of the file.
            linecache.cache[file] = (sum(map(len, lines)), None, lines, file)


def stack(error: BaseException) -> str:
    """Gives the functions that an exception came through as the host reads them: a line each, innermost first."""
    frames = [
        f"{frame.f_code.co_qualname} at {_MOUNT.sub('', frame.f_code.co_filename)}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return "\n".join(frames[: -_MAX_FRAMES - 1 : -1])


def text(error: BaseException) -> str:
    """Gives the traceback as Python prints it, without the functions of this package that called the component."""
    told = traceback.TracebackException.from_exception(error)
    own = 0
    while own < len(told.stack) and told.stack[own].filename.startswith(_PACKAGE):
        own += 1
    # An exception of the package itself has no other functions.
    if own < len(told.stack):
        del told.stack[:own]
    return _MOUNT_IN_TEXT.sub('File "', "".join(told.format()))


# The build puts each folder of modules below a number.
_MOUNT = re.compile(r"^/\d+/")
_MOUNT_IN_TEXT = re.compile(r'(?<=^  )File "/\d+/', re.MULTILINE)
