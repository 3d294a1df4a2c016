"""What a component raises from its own functions: the cases of `execution-error` and `component-error`."""

from __future__ import annotations

from typing import ClassVar


class ExecutionError(Exception):
    """Why an operation failed. Raise one of its subclasses, with a text, from an operation or `execute`.

    Raised itself it counts as `ProcessingFailed`. Any exception that is neither this nor `PermissionDenied` is a
    mistake in the component: it is logged with its traceback, and the instance ends.
    """

    code: ClassVar[str] = "processing-failed"
    """The name of the case in the contract, such as `invalid-input`."""


class ComponentError(Exception):
    """Why another lifecycle function failed. Raise one of its subclasses, with a text, from anything but an operation.

    Raised itself it counts as `Internal`. The text is for the operator and is passed on word for word.
    """

    code: ClassVar[str] = "internal"
    """The name of the case in the contract, such as `configuration-invalid`."""


class UnknownOperation(ExecutionError):
    """The component has no operation of this name. The text is the name."""

    code = "unknown-operation"


class InvalidInput(ExecutionError):
    """The input is not what the operation takes."""

    code = "invalid-input"


class ProcessingFailed(ExecutionError):
    """The operation began and failed."""

    code = "processing-failed"


class ExecutionPermissionDenied(ExecutionError):
    """The operation needs something that the component is not permitted: usually the missing line of Component.toml."""

    code = "permission-denied"


class ExecutionTimeout(ExecutionError):
    """The operation, or something that it waited for, ran out of time."""

    code = "timeout"


class ResourceExhausted(ExecutionError, ComponentError):
    """The component ran out of something that it needs. For operations and other lifecycle functions alike."""

    code = "resource-exhausted"


class InitializationFailed(ComponentError):
    """The component could not be set up."""

    code = "initialization-failed"


class ConfigurationInvalid(ComponentError):
    """The environment or data of the configuration is missing something or has an invalid value."""

    code = "configuration-invalid"


class InvalidMessage(ComponentError):
    """The message or the outcome of a request is not one that the component understands."""

    code = "invalid-message"


class Internal(ComponentError):
    """Anything else that went wrong within the component."""

    code = "internal"
