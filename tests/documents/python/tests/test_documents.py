"""The examples of the README, against the fake host."""

import pytest
from airssys_wasm.errors import InvalidInput, ProcessUnsupported
from airssys_wasm.testing import FakeHost

from app import Notes


def test_a_note_that_is_not_there_is_named(host: FakeHost) -> None:
    with pytest.raises(InvalidInput, match="no note bread"):
        host.start(Notes).execute("read", "bread")


def test_a_connection_is_used(host: FakeHost) -> None:
    host.permit_all()
    host.add_server(
        "example.com", 443, lambda request: b"HTTP/1.1 200 OK" if request.startswith(b"GET /") else b""
    )
    # block: sdk-python/README.md#network
    assert answer == b"HTTP/1.1 200 OK"


def test_a_program_is_run(host: FakeHost, capsys: pytest.CaptureFixture[str]) -> None:
    host.permit_all()
    host.add_program("/usr/bin/sort", lambda arguments, stdin: repr((arguments, stdin)).encode())
    # The fake has no programs that go on beside the component: that far it comes.
    with pytest.raises(ProcessUnsupported, match="spawn"):
        # block: sdk-python/README.md#processes
    assert "-rn" in capsys.readouterr().out
