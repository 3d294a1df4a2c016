"""The fake host's log, messages and clock."""

from __future__ import annotations

import pytest

from airssys_wasm import ComponentId, ComponentMetadata, LogLevel, Timestamp, errors, files, host_services
from airssys_wasm.testing import FakeHost, LogRecord, SentMessage, SentRequest

OTHER = ComponentId("acme", "other", "1.0.0")


def test_records_are_kept(host: FakeHost) -> None:
    host_services.log(LogLevel.WARN, "low on disk", {"free": "3"})
    host_services.log(LogLevel.INFO, "still there")
    assert host.logs == [
        LogRecord(LogLevel.WARN, "low on disk", (("free", "3"),)),
        LogRecord(LogLevel.INFO, "still there"),
    ]


def test_messages_and_requests_are_kept(host: FakeHost) -> None:
    assert host.add_component("acme/other@1.0.0") == OTHER
    host_services.send_message(OTHER, b"hello")
    first = host_services.send_request(OTHER, b"who?", 5000)
    second = host_services.send_request(OTHER, b"what?", 100)
    assert host.messages == [SentMessage(OTHER, b"hello")]
    assert host.requests == [SentRequest(first, OTHER, b"who?", 5000), SentRequest(second, OTHER, b"what?", 100)]
    assert first != second


@pytest.mark.parametrize("target", [OTHER, ComponentId("", "", ""), ComponentId("acme", "other", "one")])
def test_a_component_that_was_not_added_is_not_found(host: FakeHost, target: ComponentId) -> None:
    for send in (
        lambda: host_services.send_message(target, b""),
        lambda: host_services.send_request(target, b"", 1),
        lambda: host_services.get_component_metadata(target),
    ):
        with pytest.raises(errors.ComponentNotFound) as raised:
            send()
        assert raised.value.id == target
    assert (host.messages, host.requests) == ([], [])


def test_what_is_no_id_names_nobody_who_could_be_denied(host: FakeHost) -> None:
    host.deny_target("*/*")
    with pytest.raises(errors.ComponentNotFound):
        host_services.send_message(ComponentId("acme", "other", "one"), b"")


def test_a_mailbox_has_so_much_room(host: FakeHost) -> None:
    host.add_component(OTHER, mailbox=1)
    host_services.send_message(OTHER, b"fits")
    with pytest.raises(errors.MailboxFull):
        host_services.send_request(OTHER, b"does not", 1)
    assert (len(host.messages), host.requests) == (1, [])


def test_a_payload_has_a_limit(host: FakeHost) -> None:
    host.add_component(OTHER)
    host_services.send_message(OTHER, bytes(1 << 20))
    with pytest.raises(errors.PayloadTooLarge) as raised:
        host_services.send_message(OTHER, bytes((1 << 20) + 1))
    assert raised.value.limit == 1 << 20


def test_a_request_is_cancelled_once(host: FakeHost) -> None:
    host.add_component(OTHER)
    request = host_services.send_request(OTHER, b"", 1)
    host_services.cancel_request(request)
    assert host.cancelled == [request]
    for unknown in (request, "never sent"):
        with pytest.raises(errors.UnknownRequest):
            host_services.cancel_request(unknown)


def test_the_clock_stands_still_but_for_sleep(host: FakeHost) -> None:
    host.now = Timestamp(10, 999_000_000)
    assert host_services.current_time() == host_services.current_time() == Timestamp(10, 999_000_000)
    host_services.sleep(2**32 - 1)
    assert host_services.current_time() == Timestamp(4294978, 294_000_000)
    host.advance(706)
    assert host.now == Timestamp(4294979)


def test_components_are_listed_with_their_metadata(host: FakeHost) -> None:
    second = ComponentMetadata(ComponentId("acme", "second", "2.0.0"), "The second.", operations=("greet",))
    host.add_component(second.id, second)
    host.add_component(OTHER)
    assert host_services.list_components() == [OTHER, second.id]
    assert host_services.get_component_metadata(second.id) == second
    assert host_services.get_component_metadata(OTHER) == ComponentMetadata(OTHER)


def test_any_operation_fails_on_demand(host: FakeHost) -> None:
    host.files["/a"] = b"a"
    host.fail("ext-filesystem/files.read-file", errors.Io("the disk is on fire"))
    host.fail("ext-filesystem/files.file.write-at", errors.QuotaExceeded("full"))
    with pytest.raises(errors.Io, match="on fire"):
        files.read_file("/a")
    with files.open("/a", "r+") as file, pytest.raises(errors.QuotaExceeded):
        file.write_at(0, b"b")
    host.fail("ext-filesystem/files.read-file", None)
    assert files.read_file("/a") == b"a"
    with pytest.raises(ValueError, match="not an operation"):
        host.fail("files.read_file", errors.Io(""))


def test_what_is_not_offered_names_itself(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("airssys_wasm.testing._files.Files.read_file")
    with pytest.raises(errors.Unsupported, match=r"does not offer ext-filesystem/files\.read-file"):
        files.read_file("/a")
