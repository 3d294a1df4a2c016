"""What becomes of a path and of a command is what becomes of it at a host: both are held to one table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from test_contract import SDK

from airssys_wasm import directories, errors, files, paths, processes
from airssys_wasm.files import OnExisting, OpenFlags
from airssys_wasm.filesystem_types import FilePermissions
from airssys_wasm.paths import FileTime
from airssys_wasm.processes import AppendFile, Command, ReadFile, Stdio, StdioTarget, WriteFile
from airssys_wasm.testing import FakeHost

Row = dict[str, Any]

TABLE: dict[str, Any] = json.loads((SDK.parent / "conformance" / "host-vectors.json").read_text())
STREAMS: dict[str, StdioTarget] = {
    "to-stdout": Stdio.TO_STDOUT,
    "read-file": ReadFile("/data/file"),
    "write-file": WriteFile("/data/file"),
    "append-file": AppendFile("/data/file"),
}
PLAIN_CALLS: dict[str, Callable[[str], object]] = {
    "read-file": files.read_file,
    "write-file": lambda path: files.write_file(path, b"lost"),
    "append-file": lambda path: files.append_file(path, b"lost"),
    "delete-file": files.delete_file,
    "open-directory": lambda path: directories.open_directory(path).close(),
    "list-directory": directories.list_directory,
    "create-directory": directories.create_directory,
    "create-directory-all": directories.create_directory_all,
    "remove-directory": directories.remove_directory,
    "remove-directory-all": directories.remove_directory_all,
    "measure": directories.measure,
    "get-metadata": lambda path: paths.get_metadata(path).file_type.value,
    "get-link-metadata": lambda path: paths.get_link_metadata(path).file_type.value,
    "exists": lambda path: str(paths.exists(path)).lower(),
    "set-permissions": lambda path: paths.set_permissions(path, FilePermissions.from_mode(0o755)),
    "set-times": lambda path: paths.set_times(path, accessed=FileTime.NOW, modified=FileTime.NOW),
    "read-symlink": paths.read_symlink,
    "canonicalize": paths.canonicalize,
    "normalize": paths.normalize,
}


def flags(row: Row) -> OpenFlags:
    """Gives the flags of a row."""
    all = OpenFlags(0)
    for name in row["flags"]:
        all |= OpenFlags[name.replace("-", "_").upper()]
    return all


def call(row: Row, path: str) -> object:
    """Does what a row says with a path."""
    source, destination = row.get("source", path), row.get("destination", path)
    match row["call"]:
        case "open":
            with files.open(path, flags(row)):
                return None
        case "copy-file":
            return files.copy_file(source, destination, OnExisting(row["on-existing"]))
        case "rename":
            files.rename(source, destination, OnExisting(row["on-existing"]))
        case "create-symlink":
            paths.create_symlink(row.get("target", path), row.get("link", path))
        case "relative-to":
            return paths.relative_to(path, row["base"])
        case "find":
            found = directories.find(path, row.get("pattern", "**"))
            return " ".join(found) if "pattern" in row else None
        case plain:
            return PLAIN_CALLS[plain](path)
    return None


def answer(run: Callable[[], object], path: str = "") -> str:
    """Gives how it went, as the table has it: a path that is wrong in an error is the one that was given."""
    try:
        value = run()
    except (errors.FilesystemError, errors.ProcessError) as error:
        text = error.strerror if error.filename is None else error.filename
        plain = text == path or isinstance(error, errors.TooManyProcesses)
        return error.code if plain else f"{error.code}: {text}"
    return f"ok: {value}" if isinstance(value, str) and value else "ok"


def is_answer(got: str, wanted: str) -> bool:
    """An error without a text may say what it likes."""
    return got == wanted or (wanted != "ok" and ": " not in wanted and got.startswith(wanted + ": "))


@pytest.fixture
def host() -> Iterator[FakeHost]:
    """A host with the files of the table, which permits nothing."""
    with FakeHost(manifest=None) as host:
        host.permit_all()
        for path in TABLE["files"]:
            host.files[path] = path.encode()
        for path in TABLE["directories"]:
            host.create_directory(path)
        for link in TABLE["links"]:
            paths.create_symlink(link["target"], link["path"])
        yield host


def everything() -> list[str]:
    return directories.find("/", "**")


@pytest.mark.parametrize("ending", range(len(TABLE["endings"])), ids=TABLE["endings"])
@pytest.mark.parametrize("row", TABLE["paths"], ids=json.dumps)
def test_each_end_of_a_path_means_what_the_table_says(host: FakeHost, row: Row, ending: int) -> None:
    path = row["path"] + TABLE["endings"][ending].replace("{name}", row["path"].rsplit("/", 1)[-1])
    wanted, before = row["answers"][ending], everything()
    assert answer(lambda: call(row, path), path) == wanted
    if not wanted.startswith("ok"):
        assert host.files == {path: path.encode() for path in TABLE["files"]}
        assert everything() == before


@pytest.mark.parametrize("row", TABLE["forms"], ids=json.dumps)
def test_each_form_of_a_path_is_taken_as_the_table_says(host: FakeHost, row: Row) -> None:
    path = row["path"] + row.get("repeated", "") * row.get("times", 0)
    got = answer(lambda: call(row, path), path)
    assert is_answer(got, row["answer"]), got


USES: dict[str, Callable[[files.File, Row], object]] = {
    "read": lambda file, _row: str(len(file.read_chunk(2**32 - 1))),
    "read-at": lambda file, row: str(len(file.read_at(row["offset"], 2**32 - 1))),
    "write": lambda file, row: str(file.write(bytes(row["size"]))),
    "write-at": lambda file, row: str(file.write_at(row["offset"], bytes(row["size"]))),
    "set-size": lambda file, row: file.set_size(row["offset"]),
    "seek": lambda file, row: str(file.seek_to(getattr(files.SeekFrom, row["from"].replace("-", "_"))(row["offset"]))),
    "lock": lambda file, _row: file.lock(),
    "unlock": lambda file, _row: file.unlock(),
    "sync": lambda file, _row: file.sync(),
}


@pytest.mark.parametrize("row", TABLE["handles"], ids=json.dumps)
def test_each_open_file_does_what_the_table_says(host: FakeHost, row: Row) -> None:
    with files.open("/data/file", flags(row)) as file:
        got = answer(lambda: USES[row["call"]](file, row))
    assert is_answer(got, row["answer"]), got


@pytest.mark.parametrize("row", TABLE["permitted"], ids=json.dumps)
def test_what_a_permission_does_not_cover_is_not_told(row: Row) -> None:
    with FakeHost(manifest=SDK / "examples" / "hello" / "Component.toml") as host:
        for path in TABLE["files"]:
            host.files[path] = path.encode()
        for path in TABLE["directories"]:
            host.create_directory(path)
        host.permit(f'filesystem = [{{ action = "{row["action"]}", path = "{row["at"]}" }}]')
        assert answer(lambda: call(row, row["path"]), row["path"]) == row["answer"]


def start(host: FakeHost, command: Command, count: int) -> Iterator[str]:
    """Runs a command, alone and in a pipeline."""
    host.add_program("/usr/bin/true", lambda _arguments, _stdin: b"")
    if count == 1:
        yield answer(lambda: processes.run(command))
    yield answer(lambda: processes.run_pipeline([command] * count))


@pytest.mark.parametrize("row", TABLE["variables"], ids=json.dumps)
def test_no_variable_makes_a_program_load_other_code(host: FakeHost, row: Row) -> None:
    variables = {"A": "b", row["name"]: "./own.so"}
    for command in (
        Command("/usr/bin/true", environment=variables),
        Command("/usr/bin/true", inherit=["OWN", row["name"]]),
    ):
        assert set(start(host, command, 1)) == {row["answer"]}


@pytest.mark.parametrize("row", TABLE["commands"], ids=json.dumps)
def test_a_command_is_as_large_as_the_table_allows(host: FakeHost, row: Row) -> None:
    program, arguments, variables = "/usr/bin/true", [""] * row.get("arguments", 0), {}
    match row:
        case {"argument": text}:
            arguments = [text * row.get("times", 1)]
        case {"program": text}:
            program = text * row.get("times", 1)
        case {"value": text}:
            variables = {"V": text * row.get("times", 1)}
        case {"variables": count}:
            variables = {f"V{number}": "" for number in range(count)}
    command = Command(
        program,
        arguments,
        environment=variables,
        stdout=STREAMS.get(row.get("stdout", ""), Stdio.PIPED),
        stderr=STREAMS.get(row.get("stderr", ""), Stdio.PIPED),
    )
    ran = list(start(host, command, row.get("commands", 1)))
    assert ran[0] == row["answer"]
