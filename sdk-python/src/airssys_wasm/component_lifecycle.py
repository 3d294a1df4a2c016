"""What the host calls: the life of a component from `init` to `shutdown`.

A component is a class. Its operations are methods marked `@operation`, or it overrides `Component.execute` and does
everything by hand:

    from airssys_wasm import Component, component, operation

    @component(name="acme/hello", version="0.1.0", description="Says hello.")
    class Hello(Component):
        @operation
        def greet(self, name: str) -> str:
            return f"Hello, {name}!"

The decorated class must be in the module that `source` of Component.toml names.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, overload

from . import _methods, _tracebacks
from ._exports import Lifecycle
from ._manifest import describe
from ._operations import Operation, collect, mark
from .errors import InvalidMessage, UnknownOperation
from .types import ComponentConfig, ComponentId, ComponentMetadata, ExecutionContext, HealthStatus, Outcome

__all__ = ["HANDLE_REQUEST", "Component", "component", "operation"]

HANDLE_REQUEST = "handle-request"
"""The operation as which a request of another component arrives."""

C = TypeVar("C", bound="type[Component]")
F = TypeVar("F", bound=Callable[..., Any])


class Component:
    """A component: what the host starts, calls and stops. Subclass it and put `@component` on the subclass.

    The instance is made at the first call, not when the component is built. The host calls one method at a time. An
    exception that a method does not declare is logged with its traceback and ends the instance; the host reports it
    as a trap.
    """

    _metadata: ClassVar[ComponentMetadata]
    _operations: ClassVar[dict[str, Operation]] = {}

    def init(self, config: ComponentConfig) -> None:
        """Starts the component. Called once, before anything but `metadata`. The default does nothing.

        Raises:
            ComponentError: stops the start; the operator sees its text word for word.
            PermissionDenied, FilesystemError, NetworkError, ProcessError, MessagingError: an error of the host that is
                not caught is passed on as `initialization-failed`, with its text.
        """

    def execute(self, operation: str, input: bytes, context: ExecutionContext) -> bytes:
        """Performs one operation: bytes in, bytes out. The default calls the `@operation` method of that name.

        Args:
            operation: the name, `handle-request` for a request of another component.
            input: what the caller gives; what it means is between the two.
            context: who asked, and until when.

        Raises:
            ExecutionError: the operation failed; the caller gets the case and the text.
            PermissionDenied: passed on to the caller as the case `permission-denied`, with the missing line.
            FilesystemError, NetworkError, ProcessError, MessagingError: passed on as `resource-exhausted` (a quota, or
                too many of something), `timeout` or `processing-failed`.
        """
        method = self._operations.get(operation)
        if method is None:
            raise UnknownOperation(operation)
        return method(self, input, context)

    def handle_message(self, sender: ComponentId, message: bytes) -> None:
        """Takes one message of another component. `sender` is set by the host and cannot be forged.

        Raises:
            ComponentError: is logged; the sender does not learn of it. The default refuses every message.
            PermissionDenied, FilesystemError, NetworkError, ProcessError, MessagingError: are passed on as `internal`,
                with their text.
        """
        raise InvalidMessage(f"messages are not handled (sent by {sender})")

    def handle_callback(self, request: str, outcome: Outcome) -> None:
        """Takes the outcome of a request sent with `host_services.send_request`, exactly once. The default forgets it.

        Raises:
            ComponentError: the outcome makes no sense to the component.
            PermissionDenied, FilesystemError, NetworkError, ProcessError, MessagingError: are passed on as `internal`,
                with their text.
        """

    def metadata(self) -> ComponentMetadata:
        """Says what the component is. May be called before `init`. The default is what `@component` was given."""
        return self._metadata

    def health(self) -> HealthStatus:
        """Says how the component is. The default is healthy."""
        return HealthStatus.HEALTHY

    def shutdown(self) -> None:
        """Ends the component. Nothing is called afterwards. The default does nothing.

        Raises:
            ComponentError: the operator sees its text; the instance is dropped all the same.
            PermissionDenied, FilesystemError, NetworkError, ProcessError, MessagingError: are passed on as `internal`,
                with their text.
        """


@overload
def component(class_: C, /) -> C: ...


@overload
def component(
    *,
    name: str | None = None,
    version: str | None = None,
    description: str | None = None,
    authors: list[str] | None = None,
    license: str | None = None,
    operations: list[str] | None = None,
) -> Callable[[C], C]: ...


def component(
    class_: C | None = None,
    /,
    *,
    name: str | None = None,
    version: str | None = None,
    description: str | None = None,
    authors: list[str] | None = None,
    license: str | None = None,
    operations: list[str] | None = None,
) -> C | Callable[[C], C]:
    """Makes a class the component of its module.

    Without `name` and `version` they, and everything else that is not given, are read from the Component.toml beside
    the module. With them the file is not read; they must be the same as in it.

    Args:
        name: `namespace/name`.
        version: a semantic version.
        description: what the component is for, in a sentence.
        authors: each as `Name <address>`.
        license: an SPDX expression.
        operations: the names that `execute` knows. By default those of the `@operation` methods.

    Raises:
        TypeError: it is not a subclass of `Component`, its module has a component already, the signature of an
            operation is not one that `operation` allows, or the host could not call a method of the lifecycle: it is
            `async def` or a generator, or takes other arguments.
        ValueError: `name` is not `namespace/name`, or Component.toml lists other operations than the class has.
    """
    given = {
        "name": name,
        "version": version,
        "description": description,
        "authors": authors,
        "license": license,
        "operations": operations,
    }

    def decorate(class_: C) -> C:
        if not issubclass(class_, Component):
            raise TypeError("@component goes on a subclass of Component")
        _methods.check(class_)
        module = sys.modules[class_.__module__]
        if hasattr(module, Lifecycle.EXPORT):
            raise TypeError(f"the module {module.__name__} has a component already")
        class_._operations = collect(class_)
        class_._metadata = describe(class_, given, tuple(class_._operations))
        _tracebacks.keep_sources(module)
        setattr(module, Lifecycle.EXPORT, Lifecycle.of(class_))
        return class_

    return decorate if class_ is None else decorate(class_)


@overload
def operation(function: F, /) -> F: ...


@overload
def operation(*, name: str | None = None) -> Callable[[F], F]: ...


def operation(function: F | None = None, /, *, name: str | None = None) -> F | Callable[[F], F]:
    """Makes a method an operation, by default named as the method with `-` for `_`.

    The method takes the input as `bytes` or as `str` (in UTF-8; anything else fails with `invalid-input`), or none,
    and if it likes the `ExecutionContext`. It returns `bytes`, `str` or `None`. Each must be annotated. It is a plain
    method: nothing would run an `async def` or a generator, which `@component` refuses as it does static methods, class
    methods and properties.
    """

    def decorate(function: F) -> F:
        return mark(function, name)

    return decorate if function is None else decorate(function)
