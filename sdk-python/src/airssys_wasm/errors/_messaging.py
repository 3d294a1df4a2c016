"""The cases of `messaging-error`."""

from __future__ import annotations

from typing import ClassVar

from ..types import ComponentId
from ._permission import PermissionDenied


class MessagingError(Exception):
    """Why a message or request was not accepted, or a component was not found."""

    code: ClassVar[str]
    """The name of the case in the contract, such as `mailbox-full`."""


class ComponentNotFound(MessagingError):
    """No component has this id, or the caller may not see it."""

    code = "component-not-found"

    def __init__(self, id: ComponentId) -> None:
        super().__init__(id)
        self.id = id

    def __str__(self) -> str:
        return f"component {self.id} not found"


class MessagingPermissionDenied(PermissionDenied, MessagingError):
    """The component lacks the permission to send to the target."""


class MailboxFull(MessagingError):
    """The mailbox of the target is full. Nothing was queued; try again later."""

    code = "mailbox-full"

    def __init__(self, id: ComponentId) -> None:
        super().__init__(id)
        self.id = id

    def __str__(self) -> str:
        return f"the mailbox of {self.id} is full"


class PayloadTooLarge(MessagingError):
    """The message or request is larger than the host's limit."""

    code = "payload-too-large"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit

    def __str__(self) -> str:
        return f"larger than {self.limit} bytes"


class MessagingTimeout(MessagingError, TimeoutError):
    """The host could not accept the message in time."""

    code = "timeout"


class UnknownRequest(MessagingError):
    """No unfinished request of the caller has this id."""

    code = "unknown-request"

    def __init__(self, request: str) -> None:
        super().__init__(request)
        self.request = request

    def __str__(self) -> str:
        return f"unknown request {self.request}"


class DeliveryFailed(MessagingError):
    """The message could not be delivered for another reason."""

    code = "delivery-failed"
