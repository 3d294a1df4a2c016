"""The driver of the Python SDK: see ../README.md. The build looks for what it exports in this module."""

from typing import NoReturn

from airssys_wasm import Component, ComponentConfig, ComponentId, ExecutionContext, HealthStatus, Outcome, component
from airssys_wasm import files as sdk_files
from airssys_wasm.errors import (
    ComponentError,
    ConfigurationInvalid,
    ExecutionError,
    ExecutionPermissionDenied,
    ExecutionTimeout,
    InitializationFailed,
    Internal,
    InvalidInput,
    InvalidMessage,
    ProcessingFailed,
    ResourceExhausted,
    UnknownOperation,
)

import connections
import directories
import dump
import files
import processes
import tcp
import udp
from driver import Directories, Files, HostServices, Paths
from driver_network import Connections, Tcp, Udp
from driver_process import Processes, Signals, Stdio

__all__ = [
    "Connections",
    "Directories",
    "Driver",
    "Files",
    "HostServices",
    "Paths",
    "Processes",
    "Signals",
    "Stdio",
    "Tcp",
    "Udp",
    "connections",
    "directories",
    "files",
    "processes",
    "tcp",
    "udp",
]

COMPONENT_ERRORS: list[type[ComponentError]] = [
    InitializationFailed,
    ConfigurationInvalid,
    InvalidMessage,
    ResourceExhausted,
    Internal,
]
EXECUTION_ERRORS: list[type[ExecutionError]] = [
    UnknownOperation,
    InvalidInput,
    ProcessingFailed,
    ExecutionPermissionDenied,
    ExecutionTimeout,
    ResourceExhausted,
]


def spin() -> NoReturn:
    """Never ends."""
    while True:
        pass


@component
class Driver(Component):
    """Keeps what arrives and tells of it."""

    def __init__(self) -> None:
        self.messages = ""
        self.callbacks = ""
        self.status = HealthStatus.HEALTHY

    def init(self, config: ComponentConfig) -> None:
        """Keeps the config, or fails as its environment asks."""
        self.config = config
        panic = config.get("INIT_PANIC")
        if panic is not None:
            raise RuntimeError(panic)
        failure = config.get("INIT_FAIL")
        if failure is not None:
            raise component_error(failure)
        path = config.get("INIT_READS")
        if path is not None:
            sdk_files.read_file(path)

    def execute(self, operation: str, input: bytes, context: ExecutionContext) -> bytes:
        """Does one of the operations that every driver has."""
        match operation:
            case "echo":
                return input
            case "config":
                return dump.config(self.config).encode()
            case "context":
                return dump.context(context).encode()
            case "messages":
                return self.messages.encode()
            case "callbacks":
                return self.callbacks.encode()
            case "fail":
                raise execution_error(text(input))
            case "panic":
                raise RuntimeError(text(input))
            case "spin":
                spin()
            case "handle-request":
                return handle_request(input)
            case _:
                raise UnknownOperation(operation)

    def handle_message(self, sender: ComponentId, message: bytes) -> None:
        """Keeps a message, takes its health from it, or refuses it."""
        if message.startswith(b"reject:"):
            raise InvalidMessage(text(message.removeprefix(b"reject:")))
        if message.startswith(b"health:"):
            self.status = HealthStatus(text(message.removeprefix(b"health:")))
        self.messages += f"message={dump.component_id(sender)}:{message.hex()}\n"

    def handle_callback(self, request: str, outcome: Outcome) -> None:
        """Keeps the outcome of a request."""
        self.callbacks += f"callback={dump.hexadecimal(request)}:{dump.outcome(outcome)}\n"

    def health(self) -> HealthStatus:
        """Gives what a message has set."""
        return self.status

    def shutdown(self) -> None:
        """Ends, or does not, as the environment asks."""
        if self.config.get("SHUTDOWN_SPIN") is not None:
            spin()
        failure = self.config.get("SHUTDOWN_FAIL")
        if failure is not None:
            raise component_error(failure)
        path = self.config.get("SHUTDOWN_READS")
        if path is not None:
            sdk_files.read_file(path)


def handle_request(input: bytes) -> bytes:
    """Answers a request of another component."""
    kind, _, rest = input.partition(b":")
    if input == b"spin":
        spin()
    match kind:
        case b"reply":
            return rest
        case b"panic":
            raise RuntimeError(text(rest))
        case b"fail":
            raise ProcessingFailed(text(rest))
        case _:
            raise ProcessingFailed("unknown request")


def text(data: bytes) -> str:
    """Gives bytes as text, whatever they are."""
    return data.decode(errors="replace")


def component_error(failure: str) -> ComponentError:
    """Makes an error of `<case>:<text>`."""
    case, _, text = failure.partition(":")
    return next(kind for kind in COMPONENT_ERRORS if kind.code == case)(text)


def execution_error(failure: str) -> ExecutionError:
    """Makes an error of `<case>:<text>`."""
    case, _, text = failure.partition(":")
    return next(kind for kind in EXECUTION_ERRORS if kind.code == case)(text)
