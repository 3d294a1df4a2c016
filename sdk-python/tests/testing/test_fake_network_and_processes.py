"""Servers and programs of the fake host are functions of the test; what it does not have says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from airssys_wasm import connections, errors, processes, signals, tcp, udp
from airssys_wasm.network_types import ShutdownDirection, TcpOptions, TlsVersion
from airssys_wasm.process_types import ExitStatus, PipelineOutput, ProcessOutput
from airssys_wasm.testing import FakeHost
from airssys_wasm.types import PermissionDenial


def test_a_server_answers_what_was_sent(host: FakeHost) -> None:
    host.add_server("example.com", 7, bytes.upper)
    with tcp.connect("example.com", 7, timeout_ms=1) as stream:
        stream.write(b"he")
        stream.write_all(b"llo")
        assert stream.read_exact(2) == b"HE"
        assert stream.read(100) == b"LLO"
        assert stream.read(100) == b""
        stream.write_all(b"again")
        assert stream.read() == b"AGAIN"
        with pytest.raises(errors.EndOfStream) as raised:
            stream.read_exact(1)
        assert raised.value.received == 0
        assert (stream.stats().bytes_sent, stream.stats().bytes_received) == (10, 10)
        assert stream.remote_address().port == 7


def test_a_connection_has_options_directions_and_tls(host: FakeHost) -> None:
    host.add_server("example.com", 443, bytes.upper)
    stream = tcp.connect("example.com", 443)
    stream.set_options(TcpOptions(no_delay=True, read_timeout_ms=5))
    assert stream.options() == TcpOptions(no_delay=True, read_timeout_ms=5)
    assert stream.tls_info() is None
    assert stream.start_tls("example.com", alpn=["h2"]).alpn == "h2"
    info = stream.tls_info()
    assert info is not None
    assert info.version is TlsVersion.TLS13
    with pytest.raises(errors.NetworkInvalidArgument):
        stream.start_tls("example.com")
    stream.write_all(b"x")
    stream.shutdown(ShutdownDirection.WRITE)
    with pytest.raises(errors.NotConnected):
        stream.write_all(b"y")
    assert stream.read() == b"X"


def test_a_program_is_run_to_its_end(host: FakeHost) -> None:
    failed = ProcessOutput(ExitStatus(code=1), b"", b"no\n")
    host.add_program("tr", lambda arguments, text: text.replace(arguments[0].encode(), arguments[1].encode()))
    host.add_program("false", lambda *_: failed)
    assert processes.run(["tr", "a", "b"], b"aha") == ProcessOutput(ExitStatus(code=0), b"bhb")
    assert processes.run("false") == failed
    output = processes.run_pipeline([["tr", "a", "b"], ["tr", "b", "c"]], b"aha")
    assert output == PipelineOutput((ExitStatus(code=0), ExitStatus(code=0)), b"chc")
    assert processes.run_pipeline(["false", ["tr", "a", "b"]]).statuses == (ExitStatus(code=1), ExitStatus(code=0))
    with pytest.raises(errors.ProcessInvalidArgument):
        processes.run_pipeline([])


@pytest.mark.parametrize(
    "call",
    [
        lambda: tcp.connect("example.com", 80),
        lambda: tcp.listen(("127.0.0.1", 0)),
        lambda: udp.bind(("127.0.0.1", 0)),
        lambda: connections.resolve_host("example.com"),
        lambda: connections.ConnectionPool(),
    ],
)
def test_the_fake_host_says_that_it_has_no_network(host: FakeHost, call: Callable[[], object]) -> None:
    with pytest.raises(errors.NetworkUnsupported, match=r"the fake host (has no network|does not offer ext-network/)"):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: processes.spawn("ls"),
        lambda: processes.run("ls"),
        lambda: processes.list_processes(),
        lambda: signals.parse_signal("TERM"),
    ],
)
def test_the_fake_host_says_that_it_has_no_programs(host: FakeHost, call: Callable[[], object]) -> None:
    with pytest.raises(errors.ProcessUnsupported, match=r"the fake host (has no programs|does not offer ext-process/)"):
        call()


def test_operations_of_both_can_be_made_to_fail(host: FakeHost) -> None:
    host.add_server("example.com", 80, bytes.upper)
    host.add_program("ls", lambda *_: b"")
    stream = tcp.connect("example.com", 80)
    host.fail("ext-network/tcp.tcp-stream.read", errors.ConnectionReset())
    with pytest.raises(ConnectionResetError):
        stream.read(1)
    line = 'process = [{ action = "spawn", program = "/usr/bin/ls" }]'
    denial = PermissionDenial("ext-process/processes.run", "/usr/bin/ls", line)
    host.fail("ext-process/processes.run", errors.ProcessPermissionDenied(denial))
    with pytest.raises(errors.PermissionDenied) as raised:
        processes.run("ls")
    assert raised.value.missing == line
    host.fail("ext-network/connections.connection-pool", errors.TooManySockets())
    with pytest.raises(errors.TooManySockets):
        connections.ConnectionPool()
