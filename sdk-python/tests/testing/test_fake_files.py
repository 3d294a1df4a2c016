"""The fake host's files: each operation does what the contract says, for the component and for the test alike."""

from __future__ import annotations

import io

import pytest

from airssys_wasm import errors, files
from airssys_wasm.files import LockKind, OnExisting, OpenFlags, SeekFrom
from airssys_wasm.testing import FakeHost


def test_contents_are_a_mapping(host: FakeHost) -> None:
    host.files["/data/deep/a"] = b"a"
    host.files["/b"] = b"b"
    assert host.files == {"/data/deep/a": b"a", "/b": b"b"}
    host.files["/b"] = b"new"
    assert files.read_file("/b") == b"new"
    del host.files["/b"]
    assert "/b" not in host.files
    assert "/data" not in host.files, "directories have no content"
    with pytest.raises(KeyError):
        host.files["/data"]


def test_a_new_host_has_no_files(host: FakeHost) -> None:
    assert host.files == {}
    with pytest.raises(errors.NotFound) as raised:
        files.read_file("/data/a")
    assert raised.value.filename == "/data/a"


def test_whole_files_are_written_appended_read_and_deleted(host: FakeHost) -> None:
    host.create_directory("/data")
    files.write_file("/data/a", b"one")
    files.append_file("/data/a", b" two")
    files.append_file("/data/b", b"made")
    assert host.files == {"/data/a": b"one two", "/data/b": b"made"}
    files.delete_file("/data/a")
    assert host.files == {"/data/b": b"made"}
    with pytest.raises(errors.NotFound):
        files.delete_file("/data/a")


def test_nothing_is_written_into_a_directory_that_is_missing(host: FakeHost) -> None:
    for write in (files.write_file, files.append_file):
        with pytest.raises(errors.NotFound):
            write("/data/a", b"")
    assert host.files == {}


def test_a_directory_is_no_file(host: FakeHost) -> None:
    host.create_directory("/data")
    for call in (
        lambda: files.read_file("/data"),
        lambda: files.write_file("/data", b""),
        lambda: files.delete_file("/data"),
        lambda: files.open("/"),
    ):
        with pytest.raises(errors.IsADirectory):
            call()


def test_a_file_is_no_directory(host: FakeHost) -> None:
    host.files["/a"] = b""
    with pytest.raises(errors.NotADirectory):
        files.read_file("/a/b")


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("", errors.InvalidPath),
        ("a", errors.InvalidPath),
        ("/\0", errors.InvalidPath),
        ("/a" * 2049, errors.InvalidPath),
        ("/" + "ä" * 128, errors.NameTooLong),
    ],
)
def test_what_is_no_path_is_refused(host: FakeHost, path: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        files.read_file(path)


def test_an_open_file_reads_writes_and_moves(host: FakeHost) -> None:
    host.files["/a"] = b"0123456789"
    with files.open("/a", "r+") as file:
        assert file.read(3) == b"012"
        assert file.write(b"abc") == 3
        assert file.read_at(2, 5) == b"2abc6"
        assert file.write_at(12, b"end") == 3
        assert [file.seek(-1, io.SEEK_END), file.seek(2, io.SEEK_CUR), file.seek(1)] == [14, 16, 1]
        assert file.read() == b"12abc6789\0\0end"
        with pytest.raises(errors.InvalidArgument):
            file.seek_to(SeekFrom.backward(100))
        file.set_size(2)
        assert file.metadata().size == 2
        file.sync()
        with pytest.raises(errors.QuotaExceeded):
            file.set_size(1 << 40)
    assert host.files == {"/a": b"01"}


def test_a_handle_does_what_it_was_opened_for(host: FakeHost) -> None:
    host.files["/a"] = b"a"
    with files.open("/a") as reading, pytest.raises(errors.InvalidArgument):
        reading.write(b"b")
    with files.open("/a", "a") as appending:
        appending.write(b"b")
        host.files["/a"] += b"c"
        appending.write(b"d")
        for call in (lambda: appending.read_chunk(1), lambda: appending.write_at(0, b"e")):
            with pytest.raises(errors.InvalidArgument):
                call()
    assert host.files == {"/a": b"abcd"}


def test_the_flags_of_open_are_obeyed(host: FakeHost) -> None:
    host.files["/a"] = b"a"
    with pytest.raises(errors.AlreadyExists):
        files.open("/a", "x")
    with pytest.raises(errors.NotFound):
        files.open("/b", "r+")
    for flags in (OpenFlags.CREATE, OpenFlags.READ | OpenFlags.TRUNCATE):
        with pytest.raises(errors.InvalidArgument):
            files.open("/a", flags)
    files.open("/a", "w").close()
    files.open("/b", "x").close()
    assert host.files == {"/a": b"", "/b": b""}


def test_an_open_file_outlives_its_path(host: FakeHost) -> None:
    host.files["/a"] = b"old"
    with files.open("/a") as file:
        files.write_file("/a", b"new")
        files.delete_file("/a")
        assert file.read() == b"old"
        assert file.metadata().links == 0


def test_so_many_files_and_no_more_are_open(host: FakeHost) -> None:
    host.files["/a"] = b""
    opened = [files.open("/a") for _ in range(256)]
    with pytest.raises(errors.TooManyOpenFiles):
        files.open("/a")
    opened.pop().close()
    files.open("/a").close()
    for file in opened:
        file.close()


def test_locks_keep_each_other_out(host: FakeHost) -> None:
    host.files["/a"] = b""
    with files.open("/a") as one, files.open("/a") as other:
        one.lock(LockKind.SHARED)
        other.lock(LockKind.SHARED)
        with pytest.raises(errors.Locked):
            one.lock(LockKind.EXCLUSIVE, timeout_ms=0)
        other.unlock()
        one.lock(LockKind.EXCLUSIVE)
        with pytest.raises(AssertionError, match="wait for it forever"):
            other.lock()
        with pytest.raises(errors.InvalidArgument):
            other.unlock()
        one.close()
        other.lock()


def test_copying_and_renaming(host: FakeHost) -> None:
    host.files["/a"] = b"content"
    assert files.copy_file("/a", "/b") == 7
    with pytest.raises(errors.AlreadyExists):
        files.copy_file("/a", "/b")
    with pytest.raises(errors.InvalidArgument):
        files.copy_file("/a", "/./a", OnExisting.REPLACE)
    host.create_directory("/data")
    files.rename("/b", "/data/c")
    assert host.files == {"/a": b"content", "/data/c": b"content"}
    with pytest.raises(errors.AlreadyExists):
        files.rename("/a", "/data/c")
    files.rename("/data", "/moved")
    files.rename("/a", "/moved/c", OnExisting.REPLACE)
    assert host.files == {"/moved/c": b"content"}


def test_what_cannot_be_renamed(host: FakeHost) -> None:
    host.files["/full/a"] = b""
    host.create_directory("/empty")
    for source, destination, error in [
        ("/", "/a", errors.InvalidArgument),
        ("/full", "/full/below", errors.InvalidArgument),
        ("/missing", "/a", errors.NotFound),
        ("/empty", "/full", errors.DirectoryNotEmpty),
        ("/full/a", "/empty", errors.IsADirectory),
        ("/empty", "/full/a", errors.NotADirectory),
    ]:
        with pytest.raises(error):
            files.rename(source, destination, OnExisting.REPLACE)
    assert host.files == {"/full/a": b""}
