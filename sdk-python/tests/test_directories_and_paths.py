"""Directories: cursors are iterators. Paths: times, permissions and links."""

from __future__ import annotations

from typing import Any

import pytest
from componentize_py_types import Err
from scripted_host import ScriptedHost
from wit_world.imports import core_types
from wit_world.imports import directories as imported
from wit_world.imports import filesystem_types as types
from wit_world.imports import paths as imported_paths

from airssys_wasm import directories, errors, paths
from airssys_wasm.directories import DirectoryEntry, DiskUsage, FileType
from airssys_wasm.paths import FilePermissions, FileTime
from airssys_wasm.types import Timestamp


class FakeCursor:
    """A cursor over so many entries."""

    def __init__(self, count: int) -> None:
        self.left = count
        self.asked: list[int] = []
        self.drops = 0

    def next(self, max_entries: int) -> list[types.DirectoryEntry]:
        """Gives the next entries, numbered backwards."""
        self.asked.append(max_entries)
        page = min(self.left, max_entries)
        self.left -= page
        return [types.DirectoryEntry(f"f{self.left + page - n}", types.FileType.REGULAR) for n in range(page)]

    def __exit__(self, *_: object) -> None:
        self.drops += 1


def opened(host: ScriptedHost, count: int) -> tuple[directories.DirectoryCursor, FakeCursor]:
    """A cursor of the SDK and the fake behind it."""
    fake = FakeCursor(count)
    host.on(imported, "open_directory", lambda _: fake)
    return directories.open_directory("/data"), fake


def test_a_cursor_is_an_iterator_over_all_entries_in_pages(host: ScriptedHost) -> None:
    cursor, fake = opened(host, 1000)
    names = [entry.name for entry in cursor]
    assert len(set(names)) == 1000
    assert max(fake.asked) < 1000, "not everything at once"
    assert list(cursor) == []


def test_pages_are_those_of_the_contract(host: ScriptedHost) -> None:
    cursor, fake = opened(host, 3)
    assert cursor.next_page(2) == [DirectoryEntry("f3", FileType.REGULAR), DirectoryEntry("f2", FileType.REGULAR)]
    assert cursor.next_page(0) == []
    assert len(cursor.next_page(2**32 - 1)) == 1
    assert cursor.next_page(1) == []
    assert fake.asked == [2, 0, 2**32 - 1, 1]


def test_pages_after_iterating_skip_nothing(host: ScriptedHost) -> None:
    cursor, _ = opened(host, 5)
    names = [next(cursor).name, *(entry.name for entry in cursor.next_page(2)), *(entry.name for entry in cursor)]
    assert names == ["f5", "f4", "f3", "f2", "f1"]


def test_closing_drops_the_cursor_once(host: ScriptedHost) -> None:
    cursor, fake = opened(host, 5)
    with cursor:
        next(cursor)
    cursor.close()
    assert fake.drops == 1
    with pytest.raises(ValueError, match="closed"):
        cursor.next_page(1)
    with pytest.raises(ValueError, match="closed"):
        next(cursor)


@pytest.mark.parametrize("count", [-1, 2**32])
def test_page_sizes_that_do_not_fit_never_reach_the_host(host: ScriptedHost, count: int) -> None:
    cursor, fake = opened(host, 5)
    with pytest.raises(ValueError, match="max_entries"):
        cursor.next_page(count)
    assert fake.asked == []


def test_find_and_measure(host: ScriptedHost) -> None:
    host.on(imported, "find", ["/data/a"])
    host.on(imported, "measure", types.DiskUsage(1, 2, 2**64 - 1))
    assert directories.find("/data") == ["/data/a"]
    assert directories.find("/data", "*.py", max_depth=1, follow_links=True, limit=2**32 - 1) == ["/data/a"]
    assert directories.measure("/data") == DiskUsage(files=1, directories=2, bytes=2**64 - 1)
    assert host.calls == [
        ("find", "/data", types.FindOptions("**", None, False, None)),
        ("find", "/data", types.FindOptions("*.py", 1, True, 2**32 - 1)),
        ("measure", "/data"),
    ]


def test_functions_of_directories_pass_their_path_on(host: ScriptedHost) -> None:
    names = ["create_directory", "create_directory_all", "remove_directory", "remove_directory_all"]
    for name in names:
        host.on(imported, name)
        getattr(directories, name)("/data/d")
    host.on(imported, "list_directory", [types.DirectoryEntry("é", types.FileType.OTHER)])
    assert directories.list_directory("/data/d") == [DirectoryEntry("é", FileType.OTHER)]
    assert host.calls == [(name, "/data/d") for name in [*names, "list_directory"]]


def test_errors_are_raised(host: ScriptedHost) -> None:
    host.on(imported, "remove_directory", Err(types.FilesystemError_DirectoryNotEmpty("/data/d")))
    with pytest.raises(errors.DirectoryNotEmpty) as raised:
        directories.remove_directory("/data/d")
    assert raised.value.filename == "/data/d"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (FileTime.UNCHANGED, types.FileTime_Unchanged()),
        (FileTime.NOW, types.FileTime_Now()),
        (Timestamp(2**64 - 1, 2**32 - 1), types.FileTime_At(core_types.Timestamp(2**64 - 1, 2**32 - 1))),
    ],
)
def test_set_times_takes_each_kind_of_time(host: ScriptedHost, given: Any, wanted: Any) -> None:
    host.on(imported_paths, "set_times")
    paths.set_times("/data/a", accessed=given)
    paths.set_times("/data/a", modified=given)
    unchanged = types.FileTime_Unchanged()
    assert host.calls == [
        ("set_times", "/data/a", types.FileTimes(wanted, unchanged)),
        ("set_times", "/data/a", types.FileTimes(unchanged, wanted)),
    ]


def test_a_time_that_does_not_fit_never_reaches_the_host(host: ScriptedHost) -> None:
    host.on(imported_paths, "set_times")
    with pytest.raises(ValueError, match="seconds"):
        paths.set_times("/data/a", modified=Timestamp(2**64))
    assert host.calls == []


@pytest.mark.parametrize("mode", [0, 0o777, 0o640, 0o421, 0o111])
def test_permissions_convert_to_modes_and_back(mode: int) -> None:
    assert FilePermissions.from_mode(mode).to_mode() == mode


def test_a_mode_of_more_bits_is_refused() -> None:
    assert FilePermissions.from_mode(0o640) == (
        FilePermissions.OWNER_READ | FilePermissions.OWNER_WRITE | FilePermissions.GROUP_READ
    )
    with pytest.raises(ValueError, match="0o1777"):
        FilePermissions.from_mode(0o1777)


def test_functions_of_paths_pass_their_arguments_on(host: ScriptedHost) -> None:
    metadata = types.FileMetadata(types.FileType.REGULAR, 0, types.FilePermissions(0), 1, None, None, None)
    for name, answer in {
        "get_metadata": metadata,
        "get_link_metadata": metadata,
        "exists": False,
        "set_permissions": None,
        "create_symlink": None,
        "read_symlink": "/data/t",
        "canonicalize": "/data/c",
        "normalize": "/data/n",
        "relative_to": "",
    }.items():
        host.on(imported_paths, name, answer)
    assert paths.get_metadata("/data/a").links == 1
    assert paths.get_link_metadata("/data/a").file_type is FileType.REGULAR
    assert paths.exists("/data/a") is False
    paths.set_permissions("/data/a", FilePermissions.OTHER_EXECUTE)
    paths.create_symlink("/data/t", "/data/l")
    assert paths.read_symlink("/data/l") == "/data/t"
    assert paths.canonicalize("/data/../data/c") == "/data/c"
    assert paths.normalize("/data//n") == "/data/n"
    assert paths.relative_to("/data", "/data") == ""
    assert host.calls == [
        ("get_metadata", "/data/a"),
        ("get_link_metadata", "/data/a"),
        ("exists", "/data/a"),
        ("set_permissions", "/data/a", types.FilePermissions.OTHER_EXECUTE),
        ("create_symlink", "/data/t", "/data/l"),
        ("read_symlink", "/data/l"),
        ("canonicalize", "/data/../data/c"),
        ("normalize", "/data//n"),
        ("relative_to", "/data", "/data"),
    ]
