"""The exported functions, each forwarded to the SDK."""

from airssys_wasm import LogLevel, directories, files, host_services, paths
from airssys_wasm.files import OnExisting, OpenFlags
from airssys_wasm.paths import FilePermissions
from wit_world.imports import core_types, filesystem_types

import convert
from directories import DirectoryCursor
from files import File
from forward import forward


class HostServices:
    """`host-services`, forwarded."""

    def log(self, level: core_types.LogLevel, message: str, fields: list[tuple[str, str]]) -> None:
        """Forwards `log`."""
        host_services.log(LogLevel[level.name], message, fields)

    def send_message(self, target: core_types.ComponentId, message: bytes) -> None:
        """Forwards `send-message`."""
        forward(host_services.send_message, convert.to_id(target), message)

    def send_request(self, target: core_types.ComponentId, request: bytes, timeout_ms: int) -> str:
        """Forwards `send-request`."""
        return forward(host_services.send_request, convert.to_id(target), request, timeout_ms)

    def cancel_request(self, request: str) -> None:
        """Forwards `cancel-request`."""
        forward(host_services.cancel_request, request)

    def current_time(self) -> core_types.Timestamp:
        """Forwards `current-time`."""
        return convert.from_timestamp(host_services.current_time())

    def sleep(self, duration_ms: int) -> None:
        """Forwards `sleep`."""
        host_services.sleep(duration_ms)

    def list_components(self) -> list[core_types.ComponentId]:
        """Forwards `list-components`."""
        return [convert.from_id(id) for id in host_services.list_components()]

    def get_component_metadata(self, id: core_types.ComponentId) -> core_types.ComponentMetadata:
        """Forwards `get-component-metadata`."""
        metadata = forward(host_services.get_component_metadata, convert.to_id(id))
        return core_types.ComponentMetadata(
            id=convert.from_id(metadata.id),
            description=metadata.description,
            authors=list(metadata.authors),
            license=metadata.license,
            operations=list(metadata.operations),
        )


class Files:
    """`files`, forwarded."""

    def open(self, path: str, flags: filesystem_types.OpenFlags) -> File:
        """Forwards `open`."""
        return File(forward(files.open, path, OpenFlags(flags.value)))

    def read_file(self, path: str) -> bytes:
        """Forwards `read-file`."""
        return forward(files.read_file, path)

    def write_file(self, path: str, data: bytes) -> None:
        """Forwards `write-file`."""
        forward(files.write_file, path, data)

    def append_file(self, path: str, data: bytes) -> None:
        """Forwards `append-file`."""
        forward(files.append_file, path, data)

    def delete_file(self, path: str) -> None:
        """Forwards `delete-file`."""
        forward(files.delete_file, path)

    def copy_file(self, source: str, destination: str, on_existing: filesystem_types.OnExisting) -> int:
        """Forwards `copy-file`."""
        return forward(files.copy_file, source, destination, OnExisting[on_existing.name])

    def rename(self, source: str, destination: str, on_existing: filesystem_types.OnExisting) -> None:
        """Forwards `rename`."""
        forward(files.rename, source, destination, OnExisting[on_existing.name])


class Directories:
    """`directories`, forwarded."""

    def open_directory(self, path: str) -> DirectoryCursor:
        """Forwards `open-directory`."""
        return DirectoryCursor(forward(directories.open_directory, path))

    def list_directory(self, path: str) -> list[filesystem_types.DirectoryEntry]:
        """Forwards `list-directory`."""
        return [convert.entry(found) for found in forward(directories.list_directory, path)]

    def create_directory(self, path: str) -> None:
        """Forwards `create-directory`."""
        forward(directories.create_directory, path)

    def create_directory_all(self, path: str) -> None:
        """Forwards `create-directory-all`."""
        forward(directories.create_directory_all, path)

    def remove_directory(self, path: str) -> None:
        """Forwards `remove-directory`."""
        forward(directories.remove_directory, path)

    def remove_directory_all(self, path: str) -> None:
        """Forwards `remove-directory-all`."""
        forward(directories.remove_directory_all, path)

    def find(self, root: str, options: filesystem_types.FindOptions) -> list[str]:
        """Forwards `find`."""
        return forward(
            directories.find,
            root,
            options.pattern,
            max_depth=options.max_depth,
            follow_links=options.follow_links,
            limit=options.limit,
        )

    def measure(self, root: str) -> filesystem_types.DiskUsage:
        """Forwards `measure`."""
        usage = forward(directories.measure, root)
        return filesystem_types.DiskUsage(usage.files, usage.directories, usage.bytes)


class Paths:
    """`paths`, forwarded."""

    def get_metadata(self, path: str) -> filesystem_types.FileMetadata:
        """Forwards `get-metadata`."""
        return convert.metadata(forward(paths.get_metadata, path))

    def get_link_metadata(self, path: str) -> filesystem_types.FileMetadata:
        """Forwards `get-link-metadata`."""
        return convert.metadata(forward(paths.get_link_metadata, path))

    def exists(self, path: str) -> bool:
        """Forwards `exists`."""
        return forward(paths.exists, path)

    def set_permissions(self, path: str, permissions: filesystem_types.FilePermissions) -> None:
        """Forwards `set-permissions`."""
        forward(paths.set_permissions, path, FilePermissions(permissions.value))

    def set_times(self, path: str, times: filesystem_types.FileTimes) -> None:
        """Forwards `set-times`."""
        accessed, modified = convert.to_time(times.accessed), convert.to_time(times.modified)
        forward(paths.set_times, path, accessed=accessed, modified=modified)

    def create_symlink(self, target: str, link: str) -> None:
        """Forwards `create-symlink`."""
        forward(paths.create_symlink, target, link)

    def read_symlink(self, link: str) -> str:
        """Forwards `read-symlink`."""
        return forward(paths.read_symlink, link)

    def canonicalize(self, path: str) -> str:
        """Forwards `canonicalize`."""
        return forward(paths.canonicalize, path)

    def normalize(self, path: str) -> str:
        """Forwards `normalize`."""
        return forward(paths.normalize, path)

    def relative_to(self, path: str, base: str) -> str:
        """Forwards `relative-to`."""
        return forward(paths.relative_to, path, base)
