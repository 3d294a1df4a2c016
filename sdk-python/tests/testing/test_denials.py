"""What a test denies is denied in the words of a real host, before anything shows what is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from airssys_wasm import ComponentId, directories, errors, files, host_services, paths
from airssys_wasm.errors import FilesystemPermissionDenied, MessagingPermissionDenied, PermissionDenied
from airssys_wasm.testing import FakeHost
from airssys_wasm.types import PermissionDenial

OTHER = ComponentId("acme", "other", "1.0.0")


@pytest.mark.parametrize(
    ("action", "operation", "call"),
    [
        ("read", "files.read-file", files.read_file),
        ("write", "files.write-file", lambda path: files.write_file(path, b"")),
        ("write", "files.append-file", lambda path: files.append_file(path, b"")),
        ("delete", "files.delete-file", files.delete_file),
        ("read", "files.copy-file", lambda path: files.copy_file(path, "/free")),
        ("write", "files.copy-file", lambda path: files.copy_file("/free", path)),
        ("delete", "files.rename", lambda path: files.rename(path, "/free")),
        ("write", "files.rename", lambda path: files.rename("/free", path)),
        ("read", "files.open", files.open),
        ("write", "files.open", lambda path: files.open(path, "a")),
        ("list", "directories.open-directory", directories.open_directory),
        ("list", "directories.list-directory", directories.list_directory),
        ("write", "directories.create-directory", directories.create_directory),
        ("write", "directories.create-directory-all", directories.create_directory_all),
        ("delete", "directories.remove-directory", directories.remove_directory),
        ("delete", "directories.remove-directory-all", directories.remove_directory_all),
        ("list", "directories.find", directories.find),
        ("list", "directories.measure", directories.measure),
        ("write", "paths.set-times", paths.set_times),
        ("write", "paths.create-symlink", lambda path: paths.create_symlink("/free", path)),
        ("read", "paths.create-symlink", lambda path: paths.create_symlink(path, "/free")),
        ("read", "paths.read-symlink", paths.read_symlink),
    ],
)
@pytest.mark.parametrize("exists", [True, False])
def test_every_operation_asks(
    host: FakeHost, action: Any, operation: str, call: Callable[[str], object], exists: bool
) -> None:
    host.files["/free"] = b""
    if exists:
        host.files["/data/a"] = b"a"
    host.deny_path("/data", action)
    with pytest.raises(FilesystemPermissionDenied) as raised:
        call("/data/../data/a")
    missing = f'filesystem = [{{ action = "{action}", path = "/data/a" }}]'
    assert raised.value.denial == PermissionDenial(f"ext-filesystem/{operation}", "/data/a", missing)
    assert host.files == ({"/free": b"", "/data/a": b"a"} if exists else {"/free": b""})


@pytest.mark.parametrize("call", [paths.exists, paths.get_metadata, paths.get_link_metadata, paths.canonicalize])
def test_metadata_takes_read_or_list(host: FakeHost, call: Callable[[str], object]) -> None:
    host.files["/data/a"] = b""
    host.deny_path("/data/a", "read")
    call("/data/a")
    host.deny_path("/data/a", "list")
    with pytest.raises(FilesystemPermissionDenied, match='action = "read"'):
        call("/data/a")


def test_a_denial_is_of_the_path_and_below_and_of_these_actions(host: FakeHost) -> None:
    host.files["/data/a"] = b"a"
    host.files["/database"] = b"b"
    host.deny_path("/data", "write", "delete")
    assert files.read_file("/data/a") == b"a"
    files.delete_file("/database")
    host.deny_path("/data")
    with pytest.raises(PermissionDenied):
        files.read_file("/data/a")
    with pytest.raises(ValueError, match="not an action"):
        host.deny_path("/data", "open")  # type: ignore[arg-type]


def test_links_do_not_lead_around_a_denial(host: FakeHost) -> None:
    host.files["/data/a"] = b"a"
    paths.create_symlink("/data/a", "/link")
    host.deny_path("/data")
    with pytest.raises(PermissionDenied) as raised:
        files.read_file("/link")
    assert raised.value.resource == "/data/a"


def test_a_tree_is_removed_or_moved_whole_or_not_at_all(host: FakeHost) -> None:
    host.files["/data/keep/a"] = b""
    host.files["/data/b"] = b""
    host.deny_path("/data/keep", "delete")
    with pytest.raises(PermissionDenied) as raised:
        directories.remove_directory_all("/data")
    assert raised.value.resource == "/data/keep"
    with pytest.raises(PermissionDenied):
        files.rename("/data", "/moved")
    assert host.files == {"/data/b": b"", "/data/keep/a": b""}
    host.deny_path("/data/keep", "list")
    assert directories.find("/data") == ["/data/b", "/data/keep"]
    with pytest.raises(PermissionDenied):
        directories.measure("/data")


def test_odd_names_are_quoted_in_the_missing_line(host: FakeHost) -> None:
    host.deny_path("/")
    with pytest.raises(PermissionDenied) as raised:
        files.read_file('/a"\\*\n\u200b')
    assert raised.value.missing == r'filesystem = [{ action = "read", path = "/a\"\\?\n\u200B" }]'


@pytest.mark.parametrize("pattern", ["acme/*", "acme/other", "*/oth?r@1.*", "acme/other@1.0.0"])
def test_sending_is_denied_by_pattern_whether_or_not_there_is_such_a_component(host: FakeHost, pattern: str) -> None:
    host.deny_target(pattern)
    calls: dict[str, Callable[[], object]] = {
        "send-message": lambda: host_services.send_message(OTHER, b""),
        "send-request": lambda: host_services.send_request(OTHER, b"", 1000),
    }
    for operation, send in calls.items():
        for _ in range(2):
            with pytest.raises(MessagingPermissionDenied) as raised:
                send()
            assert raised.value.denial == PermissionDenial(
                f"core/host-services.{operation}", "acme/other@1.0.0", 'messaging = [{ target = "acme/other" }]'
            )
            host.add_component(OTHER)
    assert host_services.list_components() == []
    with pytest.raises(errors.ComponentNotFound):
        host_services.get_component_metadata(OTHER)


def test_other_targets_are_free(host: FakeHost) -> None:
    for pattern in ("acme/oth", "acme/other@2.*", "acm/*"):
        host.deny_target(pattern)
    host.add_component(OTHER)
    host_services.send_message(OTHER, b"hello")
    with pytest.raises(ValueError, match="not a target"):
        host.deny_target("acme")
