"""What the build finds in the module of a component, and how the host calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from componentize_py_types import Ok
from wit_world.imports import core_types

Export = Callable[..., Any]

HOST_ID = core_types.ComponentId("acme", "hello", "0.1.0")
HOST_CONFIG = core_types.ComponentConfig(
    HOST_ID, [("K", "ü"), ("K", "")], b"\x00", core_types.ResourceLimits(2**64 - 1, None, 0)
)


def context(
    caller: Any = None, deadline: core_types.Timestamp | None = None, trace_parent: str | None = None
) -> core_types.ExecutionContext:
    """A context as the host gives it."""
    return core_types.ExecutionContext("r-1", caller or core_types.Caller_Host(), deadline, trace_parent)


CALLS: dict[str, Callable[[Any], Any]] = {
    "init": lambda lifecycle: lifecycle.init(HOST_CONFIG),
    "execute": lambda lifecycle: lifecycle.execute("op", b"", context()),
    "handle-message": lambda lifecycle: lifecycle.handle_message(HOST_ID, b""),
    "handle-callback": lambda lifecycle: lifecycle.handle_callback("r", Ok(b"")),
    "shutdown": lambda lifecycle: lifecycle.shutdown(),
    "metadata": lambda lifecycle: lifecycle.metadata(),
    "health": lambda lifecycle: lifecycle.health(),
}
