"""Asks other components, and answers them."""

from airssys_wasm import Component, ComponentId, Outcome, Reply, component, host_services, operation
from airssys_wasm.errors import InvalidInput, ProcessingFailed

TIMEOUT_MS = 10_000
"""How long another component may take to answer."""

MAX_OUTCOMES = 100
"""How many outcomes are kept: those that nobody asks for must not pile up."""


@component
class Ask(Component):
    """Name, version and description are those of the Component.toml beside this file."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {}

    @operation
    def ask(self, question: str) -> str:
        """The input is a line `namespace/name@version` and the text to send; the output is the id of the request."""
        try:
            target, text = question.split("\n", 1)
            id = ComponentId.parse(target)
        except ValueError:
            raise InvalidInput("expected namespace/name@version and a text, a line each") from None
        # It does not wait: the outcome comes to `handle_callback`, when this operation has returned.
        return host_services.send_request(id, text.encode(), TIMEOUT_MS)

    @operation
    def answer(self, request: str) -> bytes:
        """The input is the id of a request; the output is the reply to it."""
        outcome = self.outcomes.get(request)
        if outcome is None:
            raise ProcessingFailed("no answer yet")
        if isinstance(outcome, Reply):
            return outcome.data
        raise ProcessingFailed(outcome.reason)

    @operation
    def handle_request(self, text: str) -> str:
        """A request of another component arrives as this operation; what it returns is the reply."""
        return f"python says: {text}"

    def handle_callback(self, request: str, outcome: Outcome) -> None:
        """Called exactly once a request: with the reply, or with why there is none."""
        if len(self.outcomes) == MAX_OUTCOMES:
            # A dict keeps the order in which its keys came: the first is the oldest.
            del self.outcomes[next(iter(self.outcomes))]
        self.outcomes[request] = outcome
