"""Talks to other components: sends messages and requests, answers requests, keeps what arrives."""

from airssys_wasm import Component, ComponentId, Outcome, Reply, component, operation
from airssys_wasm.errors import InvalidInput
from airssys_wasm.host_services import send_message, send_request

TIMEOUT_MS = 5_000


@component
class MyComponent(Component):
    """Tells, asks, answers and listens."""

    def __init__(self) -> None:
        self.arrived: list[str] = []

    @operation
    def tell(self, line: str) -> None:
        """Sends a message. The input is `namespace/name@version text`."""
        target, text = addressed(line)
        send_message(target, text.encode())

    @operation
    def ask(self, line: str) -> str:
        """Sends a request, as `tell`, and answers its id. The outcome arrives in the inbox."""
        target, text = addressed(line)
        return send_request(target, text.encode(), TIMEOUT_MS)

    @operation
    def inbox(self) -> str:
        """Answers what has arrived, one line each."""
        return "\n".join(self.arrived) or "nothing has arrived"

    @operation
    def handle_request(self, text: str) -> str:
        """Answers a request of another component."""
        return f"my-namespace/my-component heard: {text}"

    def handle_message(self, sender: ComponentId, message: bytes) -> None:
        """Keeps a message of another component."""
        self.arrived.append(f"message from {sender}: {message.decode(errors='replace')}")

    def handle_callback(self, request: str, outcome: Outcome) -> None:
        """Keeps what became of a request."""
        if isinstance(outcome, Reply):
            answer = outcome.data.decode(errors="replace")
            self.arrived.append(f"answer to {request}: {answer}")
        else:
            self.arrived.append(f"no answer to {request}: {outcome.reason}")


def addressed(line: str) -> tuple[ComponentId, str]:
    """Parts the target from the text."""
    id, space, text = line.partition(" ")
    try:
        target = ComponentId.parse(id)
    except ValueError as error:
        raise InvalidInput(str(error)) from None
    if not space:
        raise InvalidInput("a text is needed after the target")
    return target, text
