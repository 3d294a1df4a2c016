"""What Component.toml does not permit is denied as in a real host, and patterns mean there what they mean here."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_contract import SDK

from airssys_wasm import Component, ComponentId, component, connections, errors, files, operation, processes, tcp, udp
from airssys_wasm.errors import NetworkPermissionDenied, PermissionDenied, ProcessPermissionDenied
from airssys_wasm.testing import FakeHost, _patterns, _policy

VECTORS = json.loads((SDK.parent / "conformance" / "policy-vectors.json").read_text())
CHECKS: dict[str, Callable[[Any], None]] = {
    "path": _patterns.check_path,
    "program": _patterns.check_path,
    "host": _patterns.check_host,
    "port": _patterns.check_port,
    "target": _patterns.check_target,
}


def covers(row: dict[str, Any]) -> bool:
    """Asks what a row of the table is about."""
    pattern, resource = row["pattern"], row["resource"]
    match row["kind"]:
        case "host":
            host = _patterns.Host.parse(resource, row.get("address"))
            return host is not None and _patterns.covers_host(pattern, host)
        case "port":
            return _patterns.covers_port(pattern, resource)
        case "target":
            return _patterns.covers_target(pattern, resource)
        case _:
            return _patterns.covers_path(pattern, resource)


@pytest.mark.parametrize("row", VECTORS["covered"], ids=json.dumps)
def test_each_pattern_covers_what_the_table_says(row: dict[str, Any]) -> None:
    if row["pattern"] is not None:
        CHECKS[row["kind"]](row["pattern"])
    assert covers(row) is row["allowed"]


@pytest.mark.parametrize("row", VECTORS["refused"], ids=json.dumps)
def test_each_pattern_outside_the_form_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        CHECKS[row["kind"]](row["pattern"])


@pytest.mark.parametrize("row", VECTORS["missing"], ids=json.dumps)
def test_each_denial_names_the_line_of_the_table(row: dict[str, Any]) -> None:
    access = row["access"]
    match access["permission"]:
        case "filesystem":
            line = _policy.missing_path(access["action"], access["path"])
        case "network":
            line = _policy.missing_host(access["action"], access["host"], access.get("port"), access.get("address"))
        case "process":
            line = _policy.missing_program(access["action"], access["program"])
        case _:
            line = _policy.missing_target(ComponentId.parse(access["target"]))
    assert line == row["missing"]


MANIFEST = """
[component]
name = "acme/probe"
version = "0.1.0"

[permissions]
filesystem = [{ action = "read", path = "/data/**" }]
network = [
    { action = "outbound", host = "*.example.com", port = 443 },
    { action = "inbound", host = "127.0.0.1", port = "8000-8100" },
    { action = "resolve", host = "example.com" },
]
process = [{ action = "spawn", program = "/usr/bin/sort" }]
messaging = [{ target = "acme/*" }]
storage = [{ namespace = "cache", max-bytes = 1 }]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder two below the one that may have a Component.toml, and the current one."""
    below = tmp_path / "tests" / "unit"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    return tmp_path


def test_the_nearest_component_toml_says_what_is_permitted(folder: Path) -> None:
    (folder / "Component.toml").write_text(MANIFEST)
    with FakeHost() as host:
        host.files["/data/a"] = host.files["/other"] = b"a"
        assert files.read_file("/data/a") == b"a"
        with pytest.raises(PermissionDenied) as raised:
            files.read_file("/data/../other")
        assert (raised.value.operation, raised.value.resource) == ("ext-filesystem/files.read-file", "/other")
        assert raised.value.missing == 'filesystem = [{ action = "read", path = "/other" }]'
        with pytest.raises(PermissionDenied, match='action = "write"'):
            files.write_file("/data/a", b"b")
        assert host.files["/data/a"] == b"a"
    (folder / "tests" / "Component.toml").write_text(MANIFEST.replace("/data/**", "/other"))
    with FakeHost() as host:
        host.files["/other"] = b"nearer"
        assert files.read_file("/other") == b"nearer"
    with FakeHost(folder / "Component.toml") as host, pytest.raises(PermissionDenied):
        files.read_file("/other")


@component(name="acme/reader", version="0.1.0")
class Reader(Component):
    """Reads what it is told to."""

    @operation
    def read(self, path: str) -> bytes:
        """Reads a file."""
        return files.read_file(path)


def test_without_a_component_toml_nothing_is_permitted_and_the_denial_says_so(folder: Path) -> None:
    reason = f"the fake host permits nothing: there is no Component.toml in {folder / 'tests' / 'unit'} or above"
    with FakeHost() as host:
        running = host.start(Reader)
        with pytest.raises(PermissionDenied) as raised:
            files.read_file("/data/a")
        assert raised.value.__notes__[0].startswith(reason)
        with pytest.raises(errors.ExecutionPermissionDenied) as passed_on:
            running.execute("read", "/data/a")
        assert passed_on.value.__notes__[0].startswith(reason)
        host.permit('filesystem = [{ action = "read", path = "/data/*" }]')
        host.files["/data/a"] = b"a"
        assert running.execute("read", "/data/a") == b"a"
        with pytest.raises(PermissionDenied) as other:
            files.read_file("/b")
        assert not hasattr(other.value, "__notes__")


def test_what_is_denied_is_denied_whatever_permits_it(folder: Path) -> None:
    (folder / "Component.toml").write_text(MANIFEST)
    with FakeHost() as host:
        host.files.update({"/data/a": b"a", "/data/b": b"b"})
        host.permit_all()
        host.deny('filesystem = [{ action = "read", path = "/data/a" }]')
        assert files.read_file("/data/b") == b"b"
        with pytest.raises(PermissionDenied, match='path = "/data/a"'):
            files.read_file("/data/a")


def test_connections_are_permitted_by_host_and_port(folder: Path) -> None:
    (folder / "Component.toml").write_text(MANIFEST)
    with FakeHost() as host:
        for name in ("api.example.com", "example.org", "127.0.0.1"):
            host.add_server(name, 443, lambda _: b"hello")
        host.add_server("api.example.com", 80, lambda _: b"hello")
        with tcp.connect("api.example.com", 443) as stream:
            stream.write_all(b"?")
            assert stream.read() == b"hello"
        for name, port in (("api.example.com", 80), ("example.org", 443), ("127.0.0.1", 443)):
            with pytest.raises(NetworkPermissionDenied) as raised:
                tcp.connect(name, port)
            assert raised.value.operation == "ext-network/tcp.connect"
            assert raised.value.resource == f"{name}:{port}"
            assert raised.value.missing == f'network = [{{ action = "outbound", host = "{name}", port = {port} }}]'
        host.permit('network = [{ action = "outbound", host = "127.0.0.0/8" }]')
        tcp.connect("127.0.0.1", 443).close()


@pytest.mark.parametrize(
    ("permitted", "denied", "missing"),
    [
        (
            lambda: tcp.listen(("127.0.0.1", 8000)),
            lambda: tcp.listen(("127.0.0.1", 80)),
            'network = [{ action = "inbound", host = "127.0.0.1", port = 80 }]',
        ),
        (
            lambda: udp.bind(("127.0.0.1", 8100)),
            lambda: udp.bind(("::1", 8000)),
            'network = [{ action = "inbound", host = "::1", port = 8000 }]',
        ),
        (
            lambda: connections.resolve_host("Example.com."),
            lambda: connections.resolve_host("example.org"),
            'network = [{ action = "resolve", host = "example.org" }]',
        ),
        (
            lambda: connections.resolve_host("example.com"),
            lambda: connections.reverse_lookup("10.0.0.1"),
            'network = [{ action = "resolve", host = "10.0.0.1" }]',
        ),
        (
            lambda: processes.spawn(["/usr/bin/sort"]),
            lambda: processes.spawn(["/usr/bin/env"]),
            'process = [{ action = "spawn", program = "/usr/bin/env" }]',
        ),
    ],
)
def test_what_the_fake_host_does_not_offer_is_denied_before_it_says_so(
    folder: Path, permitted: Callable[[], object], denied: Callable[[], object], missing: str
) -> None:
    (folder / "Component.toml").write_text(MANIFEST)
    with FakeHost():
        with pytest.raises((errors.NetworkUnsupported, errors.ProcessUnsupported)):
            permitted()
        with pytest.raises(PermissionDenied) as raised:
            denied()
        assert raised.value.missing == missing


def test_programs_are_permitted_by_path_and_names_are_looked_up(folder: Path) -> None:
    (folder / "Component.toml").write_text(MANIFEST)
    with FakeHost() as host:
        for program in ("sort", "/usr/bin/sort", "uniq"):
            host.add_program(program, lambda _, stdin: stdin)
        assert processes.run(["sort"], b"a").stdout == b"a"
        assert processes.run_pipeline([["/usr/bin/sort"], ["sort"]], b"a").stdout == b"a"
        with pytest.raises(ProcessPermissionDenied) as raised:
            processes.run_pipeline([["sort"], ["uniq"]], b"a")
        assert raised.value.denial.operation == "ext-process/processes.run-pipeline"
        assert raised.value.missing == 'process = [{ action = "spawn", program = "/bin/uniq" }]'


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("filesystem = [", "not lines of"),
        ('files = [{ action = "read", path = "/a" }]', "no permissions named 'files'"),
        ('filesystem = { action = "read", path = "/a" }', "filesystem is not a list"),
        ('filesystem = [{ action = "open", path = "/a" }]', "not an action of filesystem: 'open'"),
        ('filesystem = [{ action = "read" }]', "an entry of filesystem has the keys action, path"),
        (
            'filesystem = [{ action = "read", path = "/a", port = 1 }]',
            "an entry of filesystem has the keys action, path",
        ),
        ('filesystem = [{ action = "read", path = "a" }]', "not a path pattern"),
        ('filesystem = [{ action = "read", path = 5 }]', "path of filesystem is not a text"),
        ('network = [{ action = "outbound", host = "a b" }]', "not a name, an IP address"),
        ('network = [{ action = "outbound", host = "a", port = "443" }]', "not a port"),
        ('process = [{ action = "spawn", program = "sort" }]', "not a path pattern"),
        ('messaging = [{ target = "acme" }]', "not a target"),
    ],
)
def test_lines_that_are_none_are_refused(host: FakeHost, tmp_path: Path, lines: str, message: str) -> None:
    for change in (host.permit, host.deny):
        with pytest.raises(ValueError, match=message):
            change(lines)
    manifest = tmp_path / "Component.toml"
    manifest.write_text(f"[permissions]\n{lines}\n")
    with pytest.raises(ValueError, match=r"Component\.toml: .*"):
        FakeHost(manifest)


def test_permissions_for_a_hosts_own_interfaces_are_passed_over(tmp_path: Path) -> None:
    manifest = tmp_path / "Component.toml"
    manifest.write_text('[permissions]\n"acme:database" = [{ action = "query", table = "*" }]\n')
    with FakeHost(manifest), pytest.raises(PermissionDenied):
        files.read_file("/data/a")


def test_a_component_toml_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FakeHost(manifest=tmp_path / "Component.toml")
