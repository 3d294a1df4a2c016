"""How the resources end that a component exports.

componentize-py gives an object that it exports a finalizer, which drops the handle that the host has. It would do so
when the host has dropped the handle itself, and the destructor has given the last reference back.
"""

import weakref


class _Nothing:
    """Stands for the finalizer of an object whose end is up to the host."""

    def detach(self) -> None:
        """Has nothing to detach."""


class finalize(weakref.finalize):  # noqa: N801, which is its name
    """Makes finalizers for everything but exported objects."""

    __slots__ = ()

    def __new__(cls, obj: object, /, *_arguments: object, **_keywords: object) -> object:
        """Makes one, unless the object has a handle already."""
        return _Nothing() if hasattr(obj, "__componentize_py_handle") else super().__new__(cls)


def leave_to_the_host() -> None:
    """Lets componentize-py make such finalizers."""
    weakref.finalize = finalize
