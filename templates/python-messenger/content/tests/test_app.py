"""The component runs against a fake host: `host` is one, fresh for each test."""

import pytest
from airssys_wasm import ComponentId, Failure, Reply, errors
from airssys_wasm.testing import FakeHost, SentMessage, SentRequest

from app import MyComponent

OTHER = ComponentId("my-namespace", "other", "0.1.0")


def test_a_message_is_sent(host: FakeHost) -> None:
    host.add_component(OTHER)
    assert host.start(MyComponent).execute("tell", f"{OTHER} good morning") == b""
    assert host.messages == [SentMessage(OTHER, b"good morning")]


def test_the_outcome_of_a_request_arrives_in_the_inbox(host: FakeHost) -> None:
    host.add_component(OTHER)
    messenger = host.start(MyComponent)
    answered = messenger.execute("ask", f"{OTHER} how are you?").decode()
    lost = messenger.execute("ask", f"{OTHER} really?").decode()
    assert host.requests[0] == SentRequest(answered, OTHER, b"how are you?", timeout_ms=5_000)

    messenger.handle_callback(answered, Reply(b"well"))
    messenger.handle_callback(lost, Failure("timeout"))
    inbox = messenger.execute("inbox").decode()
    assert inbox == f"answer to {answered}: well\nno answer to {lost}: timeout"


def test_a_message_arrives_in_the_inbox(host: FakeHost) -> None:
    messenger = host.start(MyComponent)
    assert messenger.execute("inbox") == b"nothing has arrived"
    messenger.handle_message(OTHER, "hello")
    assert messenger.execute("inbox") == b"message from my-namespace/other@0.1.0: hello"


def test_a_request_is_answered(host: FakeHost) -> None:
    answer = host.start(MyComponent).handle_request(OTHER, "hello")
    assert answer == b"my-namespace/my-component heard: hello"


@pytest.mark.parametrize("line", ["", "hello", "other hello", f"{OTHER}"])
def test_a_target_and_a_text_are_needed(host: FakeHost, line: str) -> None:
    with pytest.raises(errors.InvalidInput):
        host.start(MyComponent).execute("tell", line)


def test_who_is_unknown_or_has_a_full_mailbox_cannot_be_told(host: FakeHost) -> None:
    messenger = host.start(MyComponent)
    with pytest.raises(errors.ProcessingFailed, match="not found"):
        messenger.execute("tell", f"{OTHER} hello")
    host.add_component(OTHER, mailbox=0)
    with pytest.raises(errors.ProcessingFailed, match="is full"):
        messenger.execute("tell", f"{OTHER} hello")


def test_a_refusal_shows_the_line_that_is_missing(host: FakeHost) -> None:
    host.deny_target("my-namespace/other")
    with pytest.raises(errors.ExecutionPermissionDenied) as raised:
        host.start(MyComponent).execute("ask", f"{OTHER} hello")
    assert str(raised.value) == 'messaging = [{ target = "my-namespace/other" }]'
