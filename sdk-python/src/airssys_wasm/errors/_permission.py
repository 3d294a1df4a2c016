"""The one class that catches every denial."""

from __future__ import annotations

import errno
from typing import Any, ClassVar

from ..types import PermissionDenial


class PermissionDenied(PermissionError):
    """The component lacks a permission. Nothing has happened, and whether the resource exists does not show.

    An operation that lets it pass fails with `permission-denied` and the missing line; `init` with
    `initialization-failed` and the text of the error, and every other lifecycle function with `internal` and that text.
    """

    code: ClassVar[str] = "permission-denied"

    denial: PermissionDenial
    """What was denied, and what would have allowed it."""

    def __init__(self, denial: PermissionDenial) -> None:
        OSError.__init__(self, errno.EACCES, "permission denied", denial.resource)
        self.denial = denial

    @property
    def operation(self) -> str:
        """The operation that was denied, for example `ext-filesystem/files.open`."""
        return self.denial.operation

    @property
    def resource(self) -> str:
        """What it was about: a guest path, the id of a component, a host with its port, or a program."""
        return self.denial.resource

    @property
    def missing(self) -> str:
        """The line of Component.toml that would have allowed it."""
        return self.denial.missing

    def __str__(self) -> str:
        return (
            f"permission denied: {self.operation} on {self.resource}: "
            f"needs {self.missing} in [permissions] of Component.toml, and the operator's grant"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.denial,)
