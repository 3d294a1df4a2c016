"""The attacks."""

import os
from collections.abc import Callable
from typing import NoReturn

from airssys_wasm import ComponentId, Failure, LogLevel, Outcome, directories, files, host_services
from airssys_wasm.errors import (
    DeliveryFailed,
    FilesystemError,
    InvalidPath,
    MailboxFull,
    MessagingError,
    NotFound,
    ProcessingFailed,
    TooManyOpenFiles,
    UnknownOperation,
)

CODES: dict[type[Exception], str] = {
    TooManyOpenFiles: "too-many-open-files",
    InvalidPath: "invalid-path",
    NotFound: "not-found",
    MailboxFull: "mailbox-full",
    DeliveryFailed: "delivery-failed",
}

OPERATIONS = [
    "echo", "trap", "spin", "recurse", "grow-memory", "grow-table", "big-result", "wild-result", "panic", "fail",
    "exit", "log", "log-fields", "log-output", "print", "open-files", "open-cursors", "deep-path", "denied", "send",
    "request", "outcomes", "sleep", "handle-request",
]  # fmt: skip


class Attacks:
    """What it has not given back, and what it was told."""

    def __init__(self) -> None:
        self.files: list[files.File] = []
        self.cursors: list[directories.DirectoryCursor] = []
        self.outcomes: list[str] = []

    def keep(self, outcome: Outcome) -> None:
        """Keeps the outcome of a request."""
        self.outcomes.append(outcome.reason if isinstance(outcome, Failure) else "ok")

    def run(self, operation: str, input: bytes) -> bytes:
        """Does one attack."""
        words = input.decode().split(" ")
        number = int(words[0]) if words[0].isdigit() else 0
        match operation:
            case "echo":
                return input
            case "trap":
                raise RuntimeError("trap")
            case "spin":
                spin()
            case "recurse":
                return str(recurse(0)).encode()
            case "grow-memory":
                grow_memory()
            case "big-result":
                return bytes(number)
            case "panic":
                raise RuntimeError("x" * number)
            case "fail":
                raise ProcessingFailed("x" * number)
            case "exit":
                os._exit(3)
            case "log":
                for _ in range(number):
                    host_services.log(LogLevel.INFO, "line")
            case "log-fields":
                long = "x" * number
                host_services.log(LogLevel.INFO, long, [(long, long), ("short", long)])
            case "log-output":
                host_services.log(LogLevel.INFO, "a\n" * (number // 2), [("stream", "stdout")])
            case "print":
                for _ in range(number):
                    print("line")
            case "open-files":
                return until_refused(number, lambda: self.files.append(files.open("/data/file")))
            case "open-cursors":
                return until_refused(number, lambda: self.cursors.append(directories.open_directory("/data/folder")))
            case "deep-path":
                path = "/data" + "/a" * number
                return until_refused(1, lambda: self.files.append(files.open(path)))
            case "denied":
                return str(sum(is_refused() for _ in range(number))).encode()
            case "send":
                target, most = component_id(words[0]), int(words[1])
                return until_refused(most, lambda: host_services.send_message(target, b"message"))
            case "request":
                target, most, timeout = component_id(words[0]), int(words[1]), int(words[2])
                return until_refused(most, lambda: drop(host_services.send_request(target, b"request", timeout)))
            case "outcomes":
                return ",".join(self.outcomes).encode()
            case "sleep":
                host_services.sleep(number)
            case _:
                raise UnknownOperation(operation)
        return b""


def until_refused(most: int, do: Callable[[], None]) -> bytes:
    """Does something so often or until it fails: how often it went well, and why no more."""
    for done in range(most):
        try:
            do()
        except (FilesystemError, MessagingError) as error:
            return f"{done} {CODES.get(type(error), error)}".encode()
    return str(most).encode()


def is_refused() -> bool:
    """Tries to open what is forbidden."""
    try:
        files.open("/secret").close()
    except FilesystemError:
        return True
    return False


def drop(_: str) -> None:
    """Takes no interest in a request's id."""


def component_id(text: str) -> ComponentId:
    """Reads namespace/name@version."""
    name, _, version = text.partition("@")
    namespace, _, name = name.partition("/")
    return ComponentId(namespace, name, version)


def spin() -> NoReturn:
    """Never ends."""
    while True:
        pass


def recurse(depth: int) -> int:
    """Never ends either."""
    return recurse(depth + 1) + depth


def grow_memory() -> NoReturn:
    """Takes memory until there is none."""
    kept: list[bytearray] = []
    while True:
        kept.append(bytearray(1 << 20))
