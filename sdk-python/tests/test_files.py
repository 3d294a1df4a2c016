"""Files: streams of Python on the one hand, the operations of the contract on the other."""

from __future__ import annotations

import gc
import io
from pathlib import PurePosixPath
from typing import Any

import pytest
from scripted_host import ScriptedFile, ScriptedHost
from wit_world.imports import core_types
from wit_world.imports import files as imported
from wit_world.imports import filesystem_types as types

from airssys_wasm import errors, files
from airssys_wasm.files import LockKind, OnExisting, OpenFlags, SeekFrom, SyncKind
from airssys_wasm.types import Timestamp


def opened(
    host: ScriptedHost, content: bytes = b"", mode: str = "r+", most: int = 1 << 24
) -> tuple[files.File, ScriptedFile]:
    """A file of the SDK and the fake behind it."""
    fake = ScriptedFile(content, most)
    host.on(imported, "open", lambda *_: fake)
    return files.open("/data/a", mode), fake


@pytest.mark.parametrize(
    ("mode", "flags"),
    [
        ("r", "READ"),
        ("rb", "READ"),
        ("r+b", "READ WRITE"),
        ("w", "WRITE CREATE TRUNCATE"),
        ("wb+", "READ WRITE CREATE TRUNCATE"),
        ("a", "APPEND CREATE"),
        ("a+", "READ APPEND CREATE"),
        ("x", "WRITE CREATE_NEW"),
        ("x+", "READ WRITE CREATE_NEW"),
    ],
)
def test_modes_are_those_of_the_builtin_open(host: ScriptedHost, mode: str, flags: str) -> None:
    file, _ = opened(host, mode=mode)
    wanted = types.OpenFlags(0)
    for name in flags.split():
        wanted |= types.OpenFlags[name]
    assert host.calls == [("open", "/data/a", wanted)]
    assert file.readable() == ("READ" in flags.split())
    assert file.writable() == bool({"WRITE", "APPEND"} & set(flags.split()))
    assert file.name == "/data/a"


@pytest.mark.parametrize("mode", ["", "b", "rw", "rt", "r++", "rbb", "wx", "READ"])
def test_other_modes_are_refused(host: ScriptedHost, mode: str) -> None:
    with pytest.raises(ValueError, match="not a mode"):
        opened(host, mode=mode)
    assert host.calls == []


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (files.OpenFlags, types.OpenFlags),
        (files.FilePermissions, types.FilePermissions),
    ],
)
def test_flags_are_those_of_the_contract(ours: Any, theirs: Any) -> None:
    assert {flag.name: flag.value for flag in ours} == {flag.name: flag.value for flag in theirs}


@pytest.mark.parametrize("name", ["FileType", "OnExisting", "LockKind", "SyncKind"])
def test_enums_are_those_of_the_contract(name: str) -> None:
    ours, theirs = getattr(files, name), getattr(types, name)
    assert [case.name for case in ours] == [case.name for case in theirs]
    assert all(case.value == case.name.lower().replace("_", "-") for case in ours)


def test_all_flags_and_no_flags_arrive(host: ScriptedHost) -> None:
    host.on(imported, "open", lambda *_: ScriptedFile())
    everything = OpenFlags(0)
    for flag in OpenFlags:
        everything |= flag
    for flags in (everything, OpenFlags(0)):
        files.open("/data/a", flags)
        assert host.calls[-1][2].value == flags.value


@pytest.mark.parametrize(
    ("offset", "whence", "calls", "position"),
    [
        (3, io.SEEK_SET, [("SeekFrom_Start", 3)], 3),
        (2, io.SEEK_CUR, [("SeekFrom_Forward", 2)], 6),
        (-2, io.SEEK_CUR, [("SeekFrom_Backward", 2)], 2),
        (0, io.SEEK_CUR, [("SeekFrom_Forward", 0)], 4),
        (0, io.SEEK_END, [("SeekFrom_BeforeEnd", 0)], 10),
        (-10, io.SEEK_END, [("SeekFrom_BeforeEnd", 10)], 0),
        (5, io.SEEK_END, [("SeekFrom_BeforeEnd", 0), ("SeekFrom_Forward", 5)], 15),
    ],
)
def test_seek_takes_offset_and_whence(
    host: ScriptedHost, offset: int, whence: int, calls: list[tuple[str, int]], position: int
) -> None:
    file, fake = opened(host, b"0123456789")
    fake.position = 4
    assert file.seek(offset, whence) == position
    assert [call[1:] for call in fake.calls] == calls
    assert file.tell() == position


@pytest.mark.parametrize(("offset", "whence"), [(-1, io.SEEK_SET), (-1, io.SEEK_CUR), (-1, io.SEEK_END)])
def test_seek_before_the_start_is_refused(host: ScriptedHost, offset: int, whence: int) -> None:
    file, _ = opened(host)
    with pytest.raises(errors.InvalidArgument):
        file.seek(offset, whence)


def test_seek_with_another_whence_is_refused(host: ScriptedHost) -> None:
    file, _ = opened(host)
    with pytest.raises(ValueError, match="whence"):
        file.seek(0, 3)


@pytest.mark.parametrize(
    ("position", "case"),
    [
        (SeekFrom.start(2**64 - 1), types.SeekFrom_Start),
        (SeekFrom.forward(2**64 - 1), types.SeekFrom_Forward),
    ],
)
def test_seek_to_carries_the_largest_offset(host: ScriptedHost, position: SeekFrom, case: type) -> None:
    file, fake = opened(host)
    assert file.seek_to(position) == 2**64 - 1
    assert fake.calls == [("seek", case.__name__, 2**64 - 1)]


def test_reading_is_that_of_a_raw_stream(host: ScriptedHost) -> None:
    file, _ = opened(host, b"0123456789", most=4)
    assert file.read(3) == b"012"
    assert file.read(100) == b"3456", "one call gives what the host gives"
    assert file.read() == b"789"
    assert file.read() == b""
    file.seek(0)
    buffer = bytearray(3)
    assert file.readinto(buffer) == 3
    assert buffer == b"012"
    assert file.read(None) == b"3456789"


def test_reading_contract_forms(host: ScriptedHost) -> None:
    file, _ = opened(host, b"0123456789")
    assert file.read_at(4, 3) == b"456"
    assert file.tell() == 0
    assert file.read_chunk(0) == b""
    assert file.read_chunk(2) == b"01"


def test_writing_gives_what_was_taken(host: ScriptedHost) -> None:
    file, fake = opened(host, most=4)
    assert file.write(b"0123456789") == 4
    assert file.write(bytearray(b"ab")) == 2
    assert file.write_at(1, memoryview(b"XY")) == 2
    assert fake.content == b"0XY3ab"
    assert file.truncate(3) == 3
    assert file.truncate() == 6
    assert fake.content == b"0XY\0\0\0"


@pytest.mark.parametrize("data", [5, "text", None, [1, 2]])
def test_only_bytes_can_be_written(host: ScriptedHost, data: Any) -> None:
    file, fake = opened(host)
    with pytest.raises(TypeError):
        file.write(data)
    assert fake.content == b""


def test_buffered_and_text_streams_work_over_it(host: ScriptedHost) -> None:
    file, fake = opened(host, "eins\nzwölf\n🐍\n".encode(), most=3)
    with io.TextIOWrapper(io.BufferedReader(file), encoding="utf-8") as text:
        assert list(text) == ["eins\n", "zwölf\n", "🐍\n"]
    assert fake.drops == 1
    file, fake = opened(host, most=3)
    with io.BufferedWriter(file) as writer:
        writer.write(b"all of it")
    assert fake.content == b"all of it"


def test_closing_drops_the_handle_once(host: ScriptedHost) -> None:
    file, fake = opened(host)
    with file as same:
        assert same is file
    file.close()
    assert file.closed
    assert fake.drops == 1


def test_leaving_it_to_the_collector_drops_the_handle_too(host: ScriptedHost) -> None:
    file, fake = opened(host)
    del file
    gc.collect()
    assert fake.drops == 1


@pytest.mark.parametrize(
    "use",
    [
        lambda file: file.read(1),
        lambda file: file.read_at(0, 1),
        lambda file: file.write(b""),
        lambda file: file.write_at(0, b""),
        lambda file: file.seek(0),
        lambda file: file.tell(),
        lambda file: file.sync(),
        lambda file: file.set_size(0),
        lambda file: file.metadata(),
        lambda file: file.lock(),
        lambda file: file.unlock(),
        lambda file: file.readable(),
        lambda file: file.__enter__(),
    ],
)
def test_a_closed_file_refuses_everything(host: ScriptedHost, use: Any) -> None:
    file, _ = opened(host)
    file.close()
    with pytest.raises(ValueError, match="closed"):
        use(file)


@pytest.mark.parametrize(
    "use",
    [
        lambda file: file.read_chunk(-1),
        lambda file: file.read_chunk(2**32),
        lambda file: file.read_at(-1, 1),
        lambda file: file.read_at(2**64, 1),
        lambda file: file.write_at(2**64, b""),
        lambda file: file.set_size(-1),
        lambda file: file.lock(LockKind.SHARED, 2**32),
        lambda file: file.seek_to(SeekFrom.start(-1)),
    ],
)
def test_numbers_that_do_not_fit_never_reach_the_host(host: ScriptedHost, use: Any) -> None:
    file, fake = opened(host)
    with pytest.raises(ValueError, match="must be between 0 and"):
        use(file)
    assert fake.calls == []


def test_locks_and_syncs_arrive_as_given(host: ScriptedHost) -> None:
    file, fake = opened(host)
    file.lock()
    file.lock(LockKind.SHARED, timeout_ms=0)
    file.unlock()
    file.sync()
    file.sync(SyncKind.DATA)
    assert fake.calls == [
        ("lock", types.LockKind.EXCLUSIVE, None),
        ("lock", types.LockKind.SHARED, 0),
        ("unlock",),
        ("sync", types.SyncKind.ALL),
        ("sync", types.SyncKind.DATA),
    ]


def test_metadata_is_converted_field_by_field(host: ScriptedHost, monkeypatch: pytest.MonkeyPatch) -> None:
    file, fake = opened(host)
    permissions = types.FilePermissions.OWNER_READ | types.FilePermissions.OTHER_EXECUTE
    modified = core_types.Timestamp(2**64 - 1, 999_999_999)
    host_metadata = types.FileMetadata(
        types.FileType.SYMBOLIC_LINK, 2**64 - 1, permissions, 2, None, modified, core_types.Timestamp(0, 0)
    )
    monkeypatch.setattr(fake, "metadata", lambda: host_metadata, raising=False)
    assert file.metadata() == files.FileMetadata(
        file_type=files.FileType.SYMBOLIC_LINK,
        size=2**64 - 1,
        permissions=files.FilePermissions.OWNER_READ | files.FilePermissions.OTHER_EXECUTE,
        links=2,
        accessed=None,
        modified=Timestamp(2**64 - 1, 999_999_999),
        created=Timestamp(0),
    )


def test_paths_may_be_path_objects_and_must_be_text(host: ScriptedHost) -> None:
    host.on(imported, "read_file", b"content")
    assert files.read_file(PurePosixPath("/data") / "ä 🐍") == b"content"
    assert files.read_file("/data/\0") == b"content", "what a path may hold is the host's to say"
    assert host.calls == [("read_file", "/data/ä 🐍"), ("read_file", "/data/\0")]
    for wrong in (b"/data/a", 5, None):
        with pytest.raises(TypeError):
            files.read_file(wrong)  # type: ignore[arg-type]
    with pytest.raises(UnicodeEncodeError):
        files.read_file("/data/\ud800")
    assert len(host.calls) == 2


def test_functions_pass_their_arguments_on(host: ScriptedHost) -> None:
    for name in ("write_file", "append_file", "delete_file", "rename"):
        host.on(imported, name)
    host.on(imported, "copy_file", 2**64 - 1)
    files.write_file("/data/a", bytearray(b"w"))
    files.append_file("/data/a", b"")
    files.delete_file("/data/a")
    assert files.copy_file("/data/a", "/data/b") == 2**64 - 1
    files.rename("/data/a", "/data/b", OnExisting.REPLACE)
    assert host.calls == [
        ("write_file", "/data/a", b"w"),
        ("append_file", "/data/a", b""),
        ("delete_file", "/data/a"),
        ("copy_file", "/data/a", "/data/b", types.OnExisting.FAIL),
        ("rename", "/data/a", "/data/b", types.OnExisting.REPLACE),
    ]
