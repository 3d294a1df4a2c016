"""Values of `airssys:ext-filesystem` in the form of this package and in the form of the boundary."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar, assert_never

from . import _core, _host, errors
from . import filesystem_types as types

if TYPE_CHECKING:
    from wit_world.imports import core_types as _core_types
    from wit_world.imports import filesystem_types as _types

    from .types import Timestamp
else:
    _types = _host.interface("filesystem_types")

P = ParamSpec("P")
T = TypeVar("T")


def call(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls the host; a `filesystem-error` is raised as a `FilesystemError`."""
    return _host.call(error, function, *args, **kwargs)


def error(error: _types.FilesystemError) -> errors.FilesystemError:
    match error:
        case _types.FilesystemError_NotFound(path):
            return errors.NotFound(path)
        case _types.FilesystemError_PermissionDenied(denial):
            return errors.FilesystemPermissionDenied(_core.denial_from_host(denial))
        case _types.FilesystemError_AlreadyExists(path):
            return errors.AlreadyExists(path)
        case _types.FilesystemError_InvalidPath(text):
            return errors.InvalidPath(text)
        case _types.FilesystemError_NotADirectory(path):
            return errors.NotADirectory(path)
        case _types.FilesystemError_IsADirectory(path):
            return errors.IsADirectory(path)
        case _types.FilesystemError_DirectoryNotEmpty(path):
            return errors.DirectoryNotEmpty(path)
        case _types.FilesystemError_TooManyLinks(path):
            return errors.TooManyLinks(path)
        case _types.FilesystemError_NameTooLong(path):
            return errors.NameTooLong(path)
        case _types.FilesystemError_CrossDevice(path):
            return errors.CrossDevice(path)
        case _types.FilesystemError_Locked(path):
            return errors.Locked(path)
        case _types.FilesystemError_InvalidArgument(text):
            return errors.InvalidArgument(text)
        case _types.FilesystemError_Unsupported(text):
            return errors.Unsupported(text)
        case _types.FilesystemError_QuotaExceeded(text):
            return errors.QuotaExceeded(text)
        case _types.FilesystemError_TooManyOpenFiles():
            return errors.TooManyOpenFiles()
        case _types.FilesystemError_Io(text):
            return errors.Io(text)
    assert_never(error)


def metadata_from_host(metadata: _types.FileMetadata) -> types.FileMetadata:
    return types.FileMetadata(
        file_type=types.FileType[metadata.file_type.name],
        size=metadata.size,
        permissions=types.FilePermissions(metadata.permissions.value),
        links=metadata.links,
        accessed=_time(metadata.accessed),
        modified=_time(metadata.modified),
        created=_time(metadata.created),
    )


def _time(time: _core_types.Timestamp | None) -> Timestamp | None:
    return None if time is None else _core.timestamp_from_host(time)


def entry_from_host(entry: _types.DirectoryEntry) -> types.DirectoryEntry:
    return types.DirectoryEntry(entry.name, types.FileType[entry.file_type.name])


def permissions_to_host(permissions: types.FilePermissions) -> _types.FilePermissions:
    return _types.FilePermissions(permissions.value)


def on_existing_to_host(on_existing: types.OnExisting) -> _types.OnExisting:
    return _types.OnExisting[on_existing.name]
