"""The examples do what they say, each under a fake host."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from test_contract import SDK

from airssys_wasm import Component, Failure, Reply, errors
from airssys_wasm.process_types import ExitStatus, ProcessOutput
from airssys_wasm.testing import FakeHost

OTHER = "examples/other@0.1.0"


@pytest.fixture
def host(request: pytest.FixtureRequest) -> Iterator[FakeHost]:
    """A host that permits what the example asks for that a test is about."""
    folders = sorted((SDK / "examples").iterdir())
    told = request.node.name.replace("_", "-")
    manifest = next(folder / "Component.toml" for folder in folders if folder.name in told)
    with FakeHost(manifest) as host:
        yield host


def example(name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The class of an example."""
    file = SDK / "examples" / name / "app.py"
    spec = importlib.util.spec_from_file_location("example", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "example", module)
    spec.loader.exec_module(module)
    return next(
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Component) and value is not Component
    )


@pytest.mark.parametrize(
    ("name", "operation"), [("copy-tree", "copy-tree"), ("fetch", "fetch"), ("pipeline", "count-lines"), ("ask", "ask")]
)
def test_examples_are_what_their_manifests_say(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch, name: str, operation: str
) -> None:
    running = host.start(example(name, monkeypatch))
    metadata = running.metadata()
    assert (metadata.id.namespace, metadata.id.name) == ("examples", f"{name}-python")
    assert operation in metadata.operations
    with pytest.raises(errors.UnknownOperation):
        running.execute("unknown")


def test_copy_tree_copies_folders_and_files(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    host.files.update({"/data/a/one": b"1", "/data/a/b/two": b"22", "/data/a/b/c/three": b"333"})
    host.create_directory("/data/a/empty")
    running = host.start(example("copy-tree", monkeypatch))
    assert running.execute("copy-tree", "/data/a\n/data/copy") == b"copied 3 files, 6 bytes"
    copied = {path: content for path, content in host.files.items() if path.startswith("/data/copy")}
    assert copied == {"/data/copy/one": b"1", "/data/copy/b/two": b"22", "/data/copy/b/c/three": b"333"}
    assert running.execute("copy-tree", "/data/a\n/data/a/self") == b"copied 3 files, 6 bytes"
    with pytest.raises(errors.InvalidInput):
        running.execute("copy-tree", "/data/a")
    host.deny_path("/data/copy", "write")
    with pytest.raises(errors.ExecutionPermissionDenied, match='action = "write", path = "/data/copy'):
        running.execute("copy-tree", "/data/a\n/data/copy")


def test_fetch_gives_the_body(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(request: bytes) -> bytes:
        asked.append(request)
        if b"GET /missing " in request:
            return b"HTTP/1.1 404 Not Found\r\n\r\nno"
        return b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nthe\r\n\r\nbody"

    host.add_server("example.com", 443, answer)
    host.add_server("::1", 8443, answer)
    host.permit('network = [{ action = "outbound", host = "::1", port = 8443 }]')
    running = host.start(example("fetch", monkeypatch))
    assert running.execute("fetch", "https://example.com") == b"the\r\n\r\nbody"
    assert running.execute("fetch", "https://[::1]:8443/a?b=c") == b"the\r\n\r\nbody"
    assert asked == [
        b"GET / HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n",
        b"GET /a?b=c HTTP/1.1\r\nHost: [::1]:8443\r\nConnection: close\r\n\r\n",
    ]
    with pytest.raises(errors.ProcessingFailed, match="404 Not Found"):
        running.execute("fetch", "https://example.com/missing")
    for url in (
        "http://example.com/",
        "https:///a",
        "https://example.com/a b",
        "https://example.com/a\nb",
        "https://exämple.com/",
        "https://example.com:0x/",
        "https://[/",
    ):
        with pytest.raises(errors.InvalidInput):
            running.execute("fetch", url)


def test_fetch_does_not_take_what_is_not_http(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    host.add_server("example.com", 443, lambda _: b"hello")
    with pytest.raises(errors.ProcessingFailed, match="no header"):
        host.start(example("fetch", monkeypatch)).execute("fetch", "https://example.com/")


def test_pipeline_feeds_each_program_with_the_one_before(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    host.add_program("/usr/bin/sort", lambda arguments, text: text + b"|sort" + " ".join(arguments).encode())
    host.add_program("/usr/bin/uniq", lambda arguments, text: text + b"|uniq" + " ".join(arguments).encode())
    running = host.start(example("pipeline", monkeypatch))
    assert running.execute("count-lines", b"x") == b"x|sort|uniq-c|sort-rn"
    host.add_program("/usr/bin/uniq", lambda *_: ProcessOutput(ExitStatus(code=2), b"", b"broken\n"))
    with pytest.raises(errors.ProcessingFailed, match=r"^uniq -c: code 2: broken$"):
        running.execute("count-lines", b"x")


def test_ask_keeps_the_answer(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    host.add_component(OTHER)
    running = host.start(example("ask", monkeypatch))
    id = running.execute("ask", f"{OTHER}\nhow are you?").decode()
    assert [(str(sent.target), sent.data, sent.timeout_ms) for sent in host.requests] == [
        (OTHER, b"how are you?", 10_000)
    ]
    with pytest.raises(errors.ProcessingFailed, match=r"no answer yet"):
        running.execute("answer", id)
    running.handle_callback(id, Reply(b"fine"))
    assert running.execute("answer", id) == b"fine"
    failed = running.execute("ask", f"{OTHER}\nand you?").decode()
    running.handle_callback(failed, Failure("timeout"))
    with pytest.raises(errors.ProcessingFailed, match=r"^timeout$"):
        running.execute("answer", failed)
    for input in ("examples/other", f"other\n{id}"):
        with pytest.raises(errors.InvalidInput):
            running.execute("ask", input)
    assert running.handle_request(OTHER, "hello") == b"python says: hello"
