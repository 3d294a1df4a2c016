"""The fake host's directories, links and metadata."""

from __future__ import annotations

import pytest

from airssys_wasm import Timestamp, directories, errors, files, paths
from airssys_wasm.directories import DiskUsage
from airssys_wasm.files import FilePermissions, FileType
from airssys_wasm.paths import FileTime
from airssys_wasm.testing import FakeHost


def names(path: str) -> list[str]:
    return [entry.name for entry in directories.list_directory(path)]


def test_directories_are_created_listed_and_removed(host: FakeHost) -> None:
    directories.create_directory("/data")
    with pytest.raises(errors.AlreadyExists):
        directories.create_directory("/data")
    with pytest.raises(errors.NotFound):
        directories.create_directory("/missing/below")
    directories.create_directory_all("/data/b/c")
    directories.create_directory_all("/data/b/c")
    host.files["/data/a"] = b""
    assert [(entry.name, entry.file_type) for entry in directories.list_directory("/data")] == [
        ("a", FileType.REGULAR),
        ("b", FileType.DIRECTORY),
    ]
    with pytest.raises(errors.DirectoryNotEmpty):
        directories.remove_directory("/data/b")
    directories.remove_directory("/data/b/c")
    assert names("/data/b") == []
    directories.remove_directory_all("/data")
    assert names("/") == []


def test_what_is_no_directory(host: FakeHost) -> None:
    host.files["/a"] = b""
    for call in (
        directories.list_directory,
        directories.remove_directory,
        directories.remove_directory_all,
        directories.create_directory_all,
        directories.measure,
        directories.find,
    ):
        with pytest.raises(errors.NotADirectory):
            call("/a")
    for call in (directories.remove_directory, directories.remove_directory_all):
        with pytest.raises(errors.InvalidArgument):
            call("/")


def test_a_cursor_gives_pages(host: FakeHost) -> None:
    for name in "abc":
        host.files[f"/{name}"] = b""
    with directories.open_directory("/") as cursor:
        assert [entry.name for entry in cursor.next_page(2)] == ["a", "b"]
        assert [entry.name for entry in cursor.next_page(2)] == ["c"]
        assert cursor.next_page(2) == []


def test_finding_and_measuring(host: FakeHost) -> None:
    host.files["/data/a.txt"] = b"12"
    host.files["/data/deep/b.txt"] = b"345"
    host.files["/data/deep/c.md"] = b""
    assert directories.find("/data", "**/*.txt") == ["/data/a.txt", "/data/deep/b.txt"]
    assert directories.find("/data", "?.txt") == ["/data/a.txt"]
    assert directories.find("/data", max_depth=1) == ["/data/a.txt", "/data/deep"]
    assert directories.find("/data", limit=1) == ["/data/a.txt"]
    with pytest.raises(errors.InvalidArgument):
        directories.find("/data", "a**")
    assert directories.measure("/data") == DiskUsage(files=3, directories=1, bytes=5)


def test_links_are_followed_but_where_they_are_what_is_meant(host: FakeHost) -> None:
    host.files["/data/a"] = b"content"
    paths.create_symlink("/data", "/link")
    paths.create_symlink("/nowhere", "/dangling")
    paths.create_symlink("/other-loop", "/loop")
    paths.create_symlink("/loop", "/other-loop")
    assert files.read_file("/link/a") == b"content"
    assert paths.canonicalize("/link/./a") == "/data/a"
    assert paths.read_symlink("/link") == "/data"
    assert paths.get_metadata("/link").file_type is FileType.DIRECTORY
    assert paths.get_link_metadata("/link").file_type is FileType.SYMBOLIC_LINK
    assert [paths.exists(path) for path in ("/link", "/dangling", "/missing", "/data/a/b")] == [
        True,
        False,
        False,
        False,
    ]
    with pytest.raises(errors.TooManyLinks):
        paths.exists("/loop")
    with pytest.raises(errors.InvalidArgument):
        paths.read_symlink("/data/a")
    assert directories.find("/link", follow_links=True) == ["/data/a"]
    files.delete_file("/link")
    assert host.files == {"/data/a": b"content"}


def test_metadata_has_the_times_of_the_clock(host: FakeHost) -> None:
    host.now = Timestamp(100)
    host.files["/a"] = b"12"
    host.now = Timestamp(200)
    files.append_file("/a", b"3")
    metadata = paths.get_metadata("/a")
    assert (metadata.size, metadata.created, metadata.modified) == (3, Timestamp(100), Timestamp(200))
    paths.set_times("/a", accessed=FileTime.NOW, modified=Timestamp(50, 5))
    metadata = paths.get_metadata("/a")
    assert (metadata.accessed, metadata.modified) == (Timestamp(200), Timestamp(50, 5))
    with pytest.raises(errors.InvalidArgument):
        paths.set_times("/a", modified=Timestamp(0, 1_000_000_000))


def test_permission_bits_are_kept(host: FakeHost) -> None:
    host.files["/a"] = b""
    paths.set_permissions("/a", FilePermissions.from_mode(0o640))
    files.write_file("/a", b"replaced")
    assert paths.get_metadata("/a").permissions.to_mode() == 0o640


def test_the_form_of_paths_needs_no_files(host: FakeHost) -> None:
    assert paths.normalize("//a/./b/../../../c/") == "/c"
    assert paths.relative_to("/data/a/b", "/data/") == "a/b"
    assert paths.relative_to("/data", "/") == "data"
    with pytest.raises(errors.InvalidArgument):
        paths.relative_to("/database", "/data")
