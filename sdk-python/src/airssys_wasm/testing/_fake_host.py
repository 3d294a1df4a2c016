"""The fake host: what a test sets up, and what it looks at afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from .. import _network
from .._arguments import StrPath
from ..component_lifecycle import Component
from ..errors import (
    FilesystemError,
    MessagingError,
    NetworkError,
    NetworkUnsupported,
    PermissionDenied,
    ProcessError,
    ProcessUnsupported,
    Unsupported,
)
from ..types import ComponentConfig, ComponentId, ComponentMetadata, ResourceLimits, Timestamp
from . import _contract
from ._directories import Directories
from ._files import Files, regular
from ._paths import Paths
from ._policy import FilesystemAction, Policy, find_manifest
from ._programs import Program, Programs
from ._running import RunningComponent, component_id
from ._servers import Answer, Servers
from ._services import MAX_MAILBOX_MESSAGES, LogRecord, Peer, SentMessage, SentRequest, Services
from ._tree import Directory, FinalLink, RegularFile, Tree, normalize, segments, walk

C = TypeVar("C", bound=Component)

_UNSUPPORTED: dict[str, Callable[[str], Exception]] = {
    "core": Unsupported,
    "ext-filesystem": Unsupported,
    "ext-network": NetworkUnsupported,
    "ext-process": ProcessUnsupported,
}
"""How each package says that the host cannot do something."""

_START = Timestamp(1_767_225_600)
"""2026-01-01T00:00:00Z: some time that is the same in every run."""


class FileContents(MutableMapping[str, bytes]):
    """The content of each file by its path, as the test sees it: nothing is denied here. Links are not followed.

    Setting a file creates the directories on the way to it.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def __getitem__(self, path: str) -> bytes:
        node = self._tree.resolve(path, FinalLink.KEEP).node
        if not isinstance(node, RegularFile):
            raise KeyError(path)
        return bytes(node.content)

    def __setitem__(self, path: str, content: bytes) -> None:
        names = segments(normalize(path))
        directory = _create_directories(self._tree, names[:-1])
        target = self._tree.resolve(path, FinalLink.KEEP)
        if target.exists():
            regular(target).content[:] = content
        else:
            directory.entries[names[-1]] = RegularFile(created=self._tree.now(), content=bytearray(content))

    def __delitem__(self, path: str) -> None:
        target = self._tree.resolve(path, FinalLink.KEEP)
        if not isinstance(target.node, RegularFile):
            raise KeyError(path)
        target.unlink()

    def __iter__(self) -> Iterator[str]:
        return (path for path, node in walk(self._tree.root, "/") if isinstance(node, RegularFile))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))


class FakeHost:
    """A host for one test, within a `with` statement or as the pytest fixture `host`.

    It has an empty filesystem, knows no components and permits what the Component.toml of the component does: what that
    leaves out is denied as in a real host whose operator grants all of it. The functions of `host_services`, `files`,
    `directories` and `paths` do what the contract says, for the component and for the test itself. A path that ends in
    `/` or `/.` leads to directories only, and a command is refused that a real host refuses: one with the variable
    `LD_PRELOAD`, with which any program would load code that is not its own, or one that is too long. Of the network it
    has connections to the servers of `add_server`, and of processes those that run a program of `add_program` to its
    end. Everything else of these two raises `NetworkUnsupported` or `ProcessUnsupported`, unless `fail` says otherwise.
    """

    def __init__(self, manifest: StrPath | None = None) -> None:
        """Makes a host.

        Args:
            manifest: the Component.toml. By default it is that of the current folder, or of the nearest one above that
                has one; without any, nothing is permitted but what the test permits.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: its `[permissions]` are not as they should be.
        """
        file = find_manifest() if manifest is None else Path(manifest)
        self._policy = Policy(file, "" if file is None else file.read_text(encoding="utf-8"))
        self._services = Services(self._policy, _START)
        self._tree = Tree(self._policy, lambda: self._services.now)
        self._servers = Servers(self._policy, lambda: self._services.now, lambda function: self._begin("tcp", function))
        self._programs = Programs(self._policy)
        self._failures: dict[str, Exception] = {}
        self._parts: dict[str, object] = {
            "host_services": self._services,
            "files": Files(self._tree, lambda function: self._begin("files", function)),
            "directories": Directories(self._tree, lambda function: self._begin("directories", function)),
            "paths": Paths(self._tree),
            "tcp": self._servers,
            "processes": self._programs,
        }
        self._files = FileContents(self._tree)

    def __enter__(self) -> Self:
        if self in _contract.in_use:
            raise RuntimeError("the fake host is in use already")
        _contract.in_use.append(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        _contract.in_use.remove(self)

    def start(
        self,
        component: type[C],
        *,
        environment: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        data: bytes | None = None,
        limits: ResourceLimits = ResourceLimits(),  # noqa: B008, which is frozen
    ) -> RunningComponent[C]:
        """Makes an instance of a component and calls its `init` with this configuration.

        Args:
            component: the class with `@component`.
            environment: names and values, as `environment` of Component.toml has them.
            data: the bytes of `data`; `None` if there is no such key.
            limits: those that the component asks for. The fake host enforces none.

        Raises:
            ComponentError: `init` failed with it.
            TypeError: the class has no `@component`.
        """
        metadata = getattr(component, "_metadata", None)
        if metadata is None:
            raise TypeError(f"{component.__name__} is not a component: put @component on it")
        self._services.own[metadata.id] = Peer(metadata, MAX_MAILBOX_MESSAGES)
        pairs = environment.items() if isinstance(environment, Mapping) else environment
        config = ComponentConfig(metadata.id, tuple(pairs), data, limits)
        return RunningComponent(component, config, self._services.pending.discard, self._policy.why_nothing)

    @property
    def files(self) -> FileContents:
        """The content of each file by its path: `host.files["/data/a"] = b"…"`, `assert host.files == {…}`."""
        return self._files

    def create_directory(self, path: str) -> None:
        """Creates a directory, and those on the way to it."""
        _create_directories(self._tree, segments(normalize(path)))

    def permit(self, lines: str) -> None:
        """Permits more than Component.toml does.

        Args:
            lines: as in `[permissions]`: `'filesystem = [{ action = "read", path = "/data/**" }]'`.

        Raises:
            ValueError: they are not such lines.
        """
        self._policy.permit(lines)

    def permit_all(self) -> None:
        """Permits everything that is not denied, for tests that are not about permissions."""
        self._policy.permit_all()

    def deny(self, lines: str) -> None:
        """Denies what Component.toml or the test permits, as an operator may who does not grant all of it.

        Args:
            lines: as in `[permissions]`; what they would permit is denied.

        Raises:
            ValueError: they are not such lines.
        """
        self._policy.deny(lines)

    def deny_path(self, path: str, *actions: FilesystemAction) -> None:
        """Denies actions on a path and everything below it, whatever permits them.

        Args:
            path: an absolute path.
            actions: `read`, `write`, `delete` or `list`; all of them if none is given.
        """
        self._policy.deny_path(normalize(path), actions)

    def deny_target(self, target: str) -> None:
        """Denies sending to the components of a pattern as in Component.toml, such as `acme/*`."""
        self._policy.deny_target(target)

    def add_component(
        self,
        id: ComponentId | str,
        metadata: ComponentMetadata | None = None,
        *,
        mailbox: int = MAX_MAILBOX_MESSAGES,
    ) -> ComponentId:
        """Makes another component known; nothing runs it.

        Args:
            id: its id, which may be text of the form `namespace/name@version`.
            metadata: what it says of itself. The default is nothing but the id.
            mailbox: how many messages and requests it takes before its mailbox is full.
        """
        known = component_id(id)
        self._services.peers[known] = Peer(metadata or ComponentMetadata(known), mailbox)
        return known

    def add_server(self, host: str, port: int, answer: Answer) -> None:
        """Makes a server that `tcp.connect` reaches, with and without TLS.

        Args:
            host: its name or address, as the component gives it.
            port: its port.
            answer: what it does: it gets what the component has sent, as soon as that waits to receive, and gives what
                comes back. When all of it is received and nothing more was sent, the stream is at its end.
        """
        self._servers.known[host, port] = answer

    def add_program(self, program: str, run: Program) -> None:
        """Makes a program that `processes.run` and `processes.run_pipeline` start.

        Args:
            program: its path or name, as the component gives it.
            run: what it does: it gets its arguments and its standard input, and gives a `ProcessOutput`, or mere bytes
                for its output when all went well.
        """
        self._programs.known[program] = run

    def fail(
        self,
        operation: str,
        error: FilesystemError | NetworkError | ProcessError | MessagingError | PermissionDenied | None,
    ) -> None:
        """Lets every call of an operation fail from now on, before it does anything; with `None` none any more.

        Args:
            operation: its name as in denials, such as `ext-filesystem/files.write-file`.
            error: what to raise.

        Raises:
            ValueError: there is no such operation.
        """
        if operation not in _contract.OPERATIONS:
            raise ValueError(f"not an operation: {operation!r}; one is ext-filesystem/files.write-file")
        if error is None:
            self._failures.pop(operation, None)
        else:
            self._failures[operation] = error

    @property
    def now(self) -> Timestamp:
        """The time of its clock, for the test to set. It stands still, but for `sleep`, which moves it at once."""
        return self._services.now

    @now.setter
    def now(self, time: Timestamp) -> None:
        self._services.now = time

    def advance(self, duration_ms: int) -> None:
        """Sets the clock this many milliseconds forward."""
        self._services.advance(duration_ms)

    @property
    def logs(self) -> list[LogRecord]:
        """What was logged, in order."""
        return self._services.logs

    @property
    def messages(self) -> list[SentMessage]:
        """The messages that were sent, in order."""
        return self._services.messages

    @property
    def requests(self) -> list[SentRequest]:
        """The requests that were sent, in order. `RunningComponent.handle_callback` hands over their outcomes."""
        return self._services.requests

    @property
    def cancelled(self) -> list[str]:
        """The ids of the requests that were cancelled. Their outcome is `Failure("cancelled")`."""
        return self._services.cancelled

    def answer(self, interface: str, function: str, arguments: tuple[Any, ...]) -> Any:
        """Answers a call of a function of the contract. It is for the package, not for tests."""
        self._begin(interface, function)
        self._authorize(interface, function, arguments)
        implementation = getattr(self._parts.get(interface), function, None)
        if implementation is None:
            error = _UNSUPPORTED[_contract.INTERFACES[interface]]
            raise error(f"the fake host does not offer {_contract.operation(interface, function)}")
        return implementation(*arguments)

    def _authorize(self, interface: str, function: str, arguments: tuple[Any, ...]) -> None:
        """Denies what the fake host does not offer, too, before it says so."""
        operation, policy = _contract.operation(interface, function), self._policy
        match interface, function, arguments:
            case ("tcp", "listen", (address, *_)) | ("udp", "bind", (address, *_)):
                policy.authorize_host(operation, "inbound", str(_network.ip_from_host(address.ip)), address.port)
            case "connections", "resolve_host", (host, *_):
                policy.authorize_host(operation, "resolve", host, None)
            case "connections", "reverse_lookup", (address,):
                policy.authorize_host(operation, "resolve", str(_network.ip_from_host(address)), None)
            case "processes", "spawn", (command,):
                policy.authorize_program(operation, command.program)

    def _begin(self, interface: str, function: str) -> None:
        failure = self._failures.get(_contract.operation(interface, function))
        if failure is not None:
            raise failure


def _create_directories(tree: Tree, names: list[str]) -> Directory:
    directory = tree.root
    for name in names:
        below = directory.entries.setdefault(name, Directory(created=tree.now()))
        if not isinstance(below, Directory):
            raise NotADirectoryError(f"{name} of /{'/'.join(names)} is a file")
        directory = below
    return directory
