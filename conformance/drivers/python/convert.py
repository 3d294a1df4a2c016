"""Values of the SDK in the form in which the driver's exports give them back."""

from collections.abc import Callable

from airssys_wasm import ComponentId, Timestamp, errors
from airssys_wasm.directories import DirectoryEntry
from airssys_wasm.errors import FilesystemError, MessagingError
from airssys_wasm.paths import FileMetadata, FileTime
from wit_world.imports import capabilities, core_types, filesystem_types


def denial(error: errors.PermissionDenied) -> capabilities.PermissionDenial:
    """Converts a denial."""
    return capabilities.PermissionDenial(error.operation, error.resource, error.missing)


PATH_ERRORS: dict[type[FilesystemError], Callable[[str], filesystem_types.FilesystemError]] = {
    errors.NotFound: filesystem_types.FilesystemError_NotFound,
    errors.AlreadyExists: filesystem_types.FilesystemError_AlreadyExists,
    errors.NotADirectory: filesystem_types.FilesystemError_NotADirectory,
    errors.IsADirectory: filesystem_types.FilesystemError_IsADirectory,
    errors.DirectoryNotEmpty: filesystem_types.FilesystemError_DirectoryNotEmpty,
    errors.TooManyLinks: filesystem_types.FilesystemError_TooManyLinks,
    errors.NameTooLong: filesystem_types.FilesystemError_NameTooLong,
    errors.CrossDevice: filesystem_types.FilesystemError_CrossDevice,
    errors.Locked: filesystem_types.FilesystemError_Locked,
}
TEXT_ERRORS: dict[type[FilesystemError], Callable[[str], filesystem_types.FilesystemError]] = {
    errors.InvalidPath: filesystem_types.FilesystemError_InvalidPath,
    errors.InvalidArgument: filesystem_types.FilesystemError_InvalidArgument,
    errors.Unsupported: filesystem_types.FilesystemError_Unsupported,
    errors.QuotaExceeded: filesystem_types.FilesystemError_QuotaExceeded,
    errors.Io: filesystem_types.FilesystemError_Io,
}


def filesystem_error(error: FilesystemError) -> filesystem_types.FilesystemError:
    """Converts an error of the filesystem interfaces."""
    if isinstance(error, errors.FilesystemPermissionDenied):
        return filesystem_types.FilesystemError_PermissionDenied(denial(error))
    if isinstance(error, errors.TooManyOpenFiles):
        return filesystem_types.FilesystemError_TooManyOpenFiles()
    kind = type(error)
    if kind in PATH_ERRORS:
        return PATH_ERRORS[kind](error.filename)
    return TEXT_ERRORS[kind](str(error.strerror))


def messaging_error(error: MessagingError) -> core_types.MessagingError:
    """Converts an error of messages and requests."""
    match error:
        case errors.ComponentNotFound():
            return core_types.MessagingError_ComponentNotFound(from_id(error.id))
        case errors.MessagingPermissionDenied():
            return core_types.MessagingError_PermissionDenied(denial(error))
        case errors.MailboxFull():
            return core_types.MessagingError_MailboxFull(from_id(error.id))
        case errors.PayloadTooLarge():
            return core_types.MessagingError_PayloadTooLarge(error.limit)
        case errors.MessagingTimeout():
            return core_types.MessagingError_Timeout(str(error))
        case errors.UnknownRequest():
            return core_types.MessagingError_UnknownRequest(error.request)
        case errors.DeliveryFailed():
            return core_types.MessagingError_DeliveryFailed(str(error))
        case _:
            raise error


def to_id(id: core_types.ComponentId) -> ComponentId:
    """Converts an id for the SDK."""
    return ComponentId(id.namespace, id.name, id.version)


def from_id(id: ComponentId) -> core_types.ComponentId:
    """Converts an id of the SDK."""
    return core_types.ComponentId(id.namespace, id.name, id.version)


def from_timestamp(time: Timestamp) -> core_types.Timestamp:
    """Converts a time of the SDK."""
    return core_types.Timestamp(time.seconds, time.nanoseconds)


def to_time(time: filesystem_types.FileTime) -> Timestamp | FileTime:
    """Converts what is to become of a file's time for the SDK."""
    match time:
        case filesystem_types.FileTime_At(at):
            return Timestamp(at.seconds, at.nanoseconds)
        case filesystem_types.FileTime_Now():
            return FileTime.NOW
        case filesystem_types.FileTime_Unchanged():
            return FileTime.UNCHANGED


def metadata(metadata: FileMetadata) -> filesystem_types.FileMetadata:
    """Converts the metadata of a file."""
    return filesystem_types.FileMetadata(
        file_type=filesystem_types.FileType[metadata.file_type.name],
        size=metadata.size,
        permissions=filesystem_types.FilePermissions(metadata.permissions.value),
        links=metadata.links,
        accessed=None if metadata.accessed is None else from_timestamp(metadata.accessed),
        modified=None if metadata.modified is None else from_timestamp(metadata.modified),
        created=None if metadata.created is None else from_timestamp(metadata.created),
    )


def entry(entry: DirectoryEntry) -> filesystem_types.DirectoryEntry:
    """Converts an entry of a directory."""
    return filesystem_types.DirectoryEntry(entry.name, filesystem_types.FileType[entry.file_type.name])
