"""Components under the fake host: driven the way a real host does, one host for each test."""

from __future__ import annotations

import re
import subprocess
import sys
import unittest
from pathlib import Path

import pytest
from test_contract import SDK

from airssys_wasm import (
    HANDLE_REQUEST,
    Component,
    ComponentCaller,
    ComponentConfig,
    ComponentId,
    ExecutionContext,
    ExternalCaller,
    Failure,
    HealthStatus,
    HostCaller,
    LogLevel,
    Outcome,
    Reply,
    ResourceLimits,
    Timestamp,
    component,
    errors,
    files,
    host_services,
    operation,
)
from airssys_wasm.testing import FakeHost

OTHER = ComponentId("acme", "other", "1.0.0")


@component(name="acme/probe", version="0.1.0", description="Shows what arrives.")
class Probe(Component):
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.config: ComponentConfig | None = None
        self.context: ExecutionContext | None = None
        self.arrived: list[tuple[object, object]] = []

    def init(self, config: ComponentConfig) -> None:
        """Keeps the config."""
        self.config = config
        if failure := config.get("FAIL"):
            raise errors.ConfigurationInvalid(failure)

    @operation
    def echo(self, input: bytes, context: ExecutionContext) -> bytes:
        """Answers what it is asked."""
        self.context = context
        return input

    @operation(name=HANDLE_REQUEST)
    def request(self, input: bytes, context: ExecutionContext) -> str:
        """Answers who asked what."""
        return f"{context.caller}: {input.decode()}"

    @operation
    def fail(self, kind: str) -> None:
        """Fails in one way or the other."""
        raise getattr(errors, kind, ZeroDivisionError)("as asked")

    @operation
    def read(self) -> bytes:
        """Reads a file."""
        return files.read_file("/data/a")

    def handle_message(self, sender: ComponentId, message: bytes) -> None:
        """Keeps a message."""
        if not message:
            raise errors.InvalidMessage("empty")
        self.arrived.append((sender, message))

    def handle_callback(self, request: str, outcome: Outcome) -> None:
        """Keeps an outcome."""
        self.arrived.append((request, outcome))

    def health(self) -> HealthStatus:
        """Is not well."""
        return HealthStatus.DEGRADED

    def shutdown(self) -> None:
        """Fails to end."""
        raise errors.Internal("still busy")


def test_init_gets_the_config(host: FakeHost) -> None:
    limits = ResourceLimits(max_cpu_time_ms=7)
    probe = host.start(Probe, environment={"A": "1"}, data=b"data", limits=limits)
    assert probe.instance.config == ComponentConfig(
        ComponentId("acme", "probe", "0.1.0"), (("A", "1"),), b"data", limits
    )
    assert host.start(Probe).instance is not probe.instance


def test_a_class_without_the_decorator_is_no_component(host: FakeHost) -> None:
    with pytest.raises(TypeError, match="put @component on it"):
        host.start(Component)


def test_init_can_fail(host: FakeHost) -> None:
    with pytest.raises(errors.ConfigurationInvalid, match="no good"):
        host.start(Probe, environment=[("FAIL", "no good")])


def test_an_operation_gets_input_and_context(host: FakeHost) -> None:
    probe = host.start(Probe)
    assert probe.execute("echo", "grüß dich") == "grüß dich".encode()
    assert probe.execute("echo") == b""
    assert probe.instance.context is not None
    assert isinstance(probe.instance.context.caller, HostCaller)
    for caller in (ExternalCaller("web"), ComponentCaller(OTHER)):
        context = ExecutionContext("call", caller, Timestamp(1, 2), "00-trace")
        assert probe.execute("echo", b"\xff", context) == b"\xff"
        assert probe.instance.context == context


@pytest.mark.parametrize(
    "kind",
    [
        errors.UnknownOperation,
        errors.InvalidInput,
        errors.ProcessingFailed,
        errors.ExecutionPermissionDenied,
        errors.ExecutionTimeout,
        errors.ResourceExhausted,
    ],
)
def test_an_operation_can_fail(host: FakeHost, kind: type[errors.ExecutionError]) -> None:
    with pytest.raises(errors.ExecutionError, match="as asked") as raised:
        host.start(Probe).execute("fail", kind.__name__)
    assert type(raised.value) is kind


def test_an_unknown_operation_is_an_error(host: FakeHost) -> None:
    with pytest.raises(errors.UnknownOperation, match="dance"):
        host.start(Probe).execute("dance")


def test_a_denial_arrives_as_the_missing_line(host: FakeHost) -> None:
    host.deny_path("/data")
    with pytest.raises(errors.ExecutionPermissionDenied) as raised:
        host.start(Probe).execute("read")
    assert str(raised.value) == 'filesystem = [{ action = "read", path = "/data/a" }]'


def test_a_mistake_is_logged_and_ends_the_instance(host: FakeHost) -> None:
    probe = host.start(Probe)
    with pytest.raises(ZeroDivisionError):
        probe.execute("fail", "by mistake")
    assert [(record.level, record.message) for record in host.logs] == [(LogLevel.ERROR, "as asked")]
    with pytest.raises(RuntimeError, match="Probe has ended: ZeroDivisionError"):
        probe.health()


def test_messages_requests_and_callbacks_are_handed_over(host: FakeHost) -> None:
    probe = host.start(Probe)
    probe.handle_message("acme/other@1.0.0", "hello")
    probe.handle_callback("r1", Reply(b"yes"))
    probe.handle_callback("r2", Failure("timeout"))
    assert probe.instance.arrived == [(OTHER, b"hello"), ("r1", Reply(b"yes")), ("r2", Failure("timeout"))]
    with pytest.raises(errors.InvalidMessage):
        probe.handle_message(OTHER)
    assert probe.handle_request(OTHER, "who?") == f"{ComponentCaller(OTHER)}: who?".encode()


def test_a_request_with_an_outcome_cannot_be_cancelled(host: FakeHost) -> None:
    host.add_component(OTHER)
    probe = host.start(Probe)
    request = host_services.send_request(OTHER, b"", 1)
    probe.handle_callback(request, Reply(b""))
    with pytest.raises(errors.UnknownRequest):
        host_services.cancel_request(request)


def test_the_rest_of_the_lifecycle(host: FakeHost) -> None:
    probe = host.start(Probe)
    assert probe.metadata().description == "Shows what arrives."
    assert host_services.list_components() == [probe.metadata().id]
    assert host_services.get_component_metadata(probe.metadata().id) == probe.metadata()
    assert probe.health() is HealthStatus.DEGRADED
    with pytest.raises(errors.Internal, match="still busy"):
        probe.shutdown()
    with pytest.raises(RuntimeError, match="it was shut down"):
        probe.execute("echo")


def test_hosts_do_not_share_anything() -> None:
    with FakeHost() as outer:
        outer.permit_all()
        outer.files["/a"] = b"outer"
        with FakeHost() as inner:
            assert inner.files == {}
            host_services.log(LogLevel.INFO, "to the inner one")
        assert files.read_file("/a") == b"outer"
        assert (len(inner.logs), outer.logs) == (1, [])
        with pytest.raises(RuntimeError, match="in use"), outer:
            pass


def test_without_a_host_in_use_a_call_says_how_to_get_one() -> None:
    with pytest.raises(RuntimeError, match=r"files\.read_file needs a host: call it within `with FakeHost\(\)`"):
        files.read_file("/a")


class TestUnderUnittest(unittest.TestCase):
    """The same without pytest's fixtures."""

    def setUp(self) -> None:
        """Takes a host for the test."""
        self.host = self.enterContext(FakeHost())

    def test_runs_a_component(self) -> None:
        """Runs one."""
        assert self.host.start(Probe).execute("echo", "here") == b"here"


@pytest.mark.parametrize("first", ["from airssys_wasm import files", "import airssys_wasm.testing"])
def test_the_order_of_imports_does_not_matter(first: str) -> None:
    program = f"""
{first}
from airssys_wasm import errors, files, host_services
from airssys_wasm.testing import FakeHost
with FakeHost() as host:
    host.permit_all()
    host.files["/a"] = b"a"
    assert files.read_file("/a") == b"a"
    with files.open("/a", "r+") as file:
        file.seek(0, 2)
        file.lock()
    try:
        files.read_file("/b")
    except errors.NotFound:
        print("done")
"""
    environment = {"PYTHONPATH": str(SDK / "src")}
    result = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert (result.stdout, result.stderr) == ("done\n", "")
    assert not list((SDK / "typings").rglob("*.pyc")), "the typings are sources and nothing else"


@pytest.mark.parametrize("elsewhere", [False, True])
def test_the_test_in_the_readme_works_with_one_line_in_conftest(tmp_path: Path, elsewhere: bool) -> None:
    readme = (SDK / "README.md").read_text()
    programs = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    component, test = programs[0], programs[-1]
    (tmp_path / "app.py").write_text(component)
    (tmp_path / "test_app.py").write_text(test)
    (tmp_path / "Component.toml").write_text(re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)[0])
    (tmp_path / "conftest.py").write_text(re.findall(r"pytest_plugins = .*\]", test)[0])
    (tmp_path / "pyproject.toml").write_text(f"[tool.pytest.ini_options]\npythonpath = ['.', '{SDK / 'src'}']\n")
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    folder = tmp_path.parent if elsewhere else tmp_path
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "3 passed" in result.stdout, result.stdout + result.stderr
