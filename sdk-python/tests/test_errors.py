"""Every error case of the contract arrives as an exception of its own, and every one to raise leaves as its case."""

from __future__ import annotations

import copy
import dataclasses
import errno
import pickle
import re
from typing import Any, get_args

import pytest
from componentize_py_types import Err
from scripted_host import ScriptedHost
from wit_world.imports import (
    capabilities,
    core_types,
    filesystem_types,
    host_services,
    network_types,
    process_types,
)

from airssys_wasm import _core, _filesystem, _network, _process, errors
from airssys_wasm import host_services as sdk_host_services
from airssys_wasm.process_types import ExitStatus, OtherSignal, StdioStream
from airssys_wasm.types import ComponentId, PermissionDenial

DENIAL = capabilities.PermissionDenial("ext-filesystem/files.open", "/data/a", "filesystem = [...]")
ID = core_types.ComponentId("acme", "other", "1.0.0")
PAYLOADS: dict[str, Any] = {
    "permission-denied": DENIAL,
    "component-not-found": ID,
    "mailbox-full": ID,
    "payload-too-large": 1 << 63,
    "end-of-stream": 2**64 - 1,
    "output-too-large": 2**64 - 1,
    "process-not-found": 2**32 - 1,
    "already-exited": process_types.ExitStatus_Code(-(2**31)),
    "not-piped": process_types.StdioStream.STDERR,
}
HOST_ERRORS: list[tuple[type, Any, type]] = [
    *((case, _filesystem.error, errors.FilesystemError) for case in get_args(filesystem_types.FilesystemError)),
    *((case, _network.error, errors.NetworkError) for case in get_args(network_types.NetworkError)),
    *((case, _process.error, errors.ProcessError) for case in get_args(process_types.ProcessError)),
]


def code(case: type) -> str:
    """The name of a case in the contract, from the name of its class."""
    name = case.__name__.partition("_")[2]
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def make(case: Any) -> Any:
    """A value of a case."""
    return case(PAYLOADS.get(code(case), "payload")) if dataclasses.fields(case) else case()


def name(value: object) -> str | None:
    """What a test calls a case: the name of its class."""
    return value.__name__ if isinstance(value, type) and "_" in value.__name__ else ""


@pytest.mark.parametrize(("case", "convert", "base"), HOST_ERRORS, ids=name)
def test_each_error_of_the_system_has_its_exception(case: type, convert: Any, base: type[Any]) -> None:
    error: Any = convert(make(case))
    assert isinstance(error, base)
    assert issubclass(base, OSError)
    assert error.code == code(case)
    assert error.errno in errno.errorcode
    assert type(error).__doc__
    assert type(error).__module__ == "airssys_wasm.errors"
    if dataclasses.fields(case) and code(case) not in PAYLOADS:
        assert any("payload" in str(text) for text in (error.filename, error.strerror))
        assert "payload" in str(error)


@pytest.mark.parametrize("case", get_args(core_types.MessagingError), ids=code)
def test_each_messaging_error_has_its_exception(case: type) -> None:
    error: Any = _core.messaging_error(make(case))
    assert isinstance(error, errors.MessagingError)
    assert error.code == code(case)


@pytest.mark.parametrize(
    ("builtin", "case"),
    [
        (FileNotFoundError, filesystem_types.FilesystemError_NotFound),
        (FileExistsError, filesystem_types.FilesystemError_AlreadyExists),
        (NotADirectoryError, filesystem_types.FilesystemError_NotADirectory),
        (IsADirectoryError, filesystem_types.FilesystemError_IsADirectory),
        (PermissionError, filesystem_types.FilesystemError_PermissionDenied),
        (PermissionError, network_types.NetworkError_PermissionDenied),
        (ConnectionRefusedError, network_types.NetworkError_ConnectionRefused),
        (ConnectionResetError, network_types.NetworkError_ConnectionReset),
        (ConnectionAbortedError, network_types.NetworkError_ConnectionAborted),
        (TimeoutError, network_types.NetworkError_Timeout),
        (EOFError, network_types.NetworkError_EndOfStream),
        (PermissionError, process_types.ProcessError_PermissionDenied),
        (FileNotFoundError, process_types.ProcessError_ProgramNotFound),
        (ProcessLookupError, process_types.ProcessError_ProcessNotFound),
        (ProcessLookupError, process_types.ProcessError_AlreadyExited),
        (BrokenPipeError, process_types.ProcessError_StdinClosed),
        (TimeoutError, process_types.ProcessError_Timeout),
    ],
)
def test_exceptions_are_those_of_python_too(builtin: type[Exception], case: type) -> None:
    convert: Any = next(convert for known, convert, _ in HOST_ERRORS if known is case)
    assert isinstance(convert(make(case)), builtin)


def test_payloads_of_network_and_process_errors_are_attributes() -> None:
    no_name = _network.error(network_types.NetworkError_NameNotFound("no.example"))
    assert isinstance(no_name, errors.NameNotFound)
    assert no_name.name == "no.example"
    end = _network.error(network_types.NetworkError_EndOfStream(2**64 - 1))
    assert isinstance(end, errors.EndOfStream)
    assert end.received == 2**64 - 1
    too_large = _process.error(process_types.ProcessError_OutputTooLarge(2**64 - 1))
    assert isinstance(too_large, errors.OutputTooLarge)
    assert too_large.limit == 2**64 - 1
    unknown = _process.error(process_types.ProcessError_ProcessNotFound(7))
    assert isinstance(unknown, errors.ProcessNotFound)
    assert unknown.id == 7
    signaled = process_types.ExitStatus_Signaled(process_types.Signal_Other(34))
    exited = _process.error(process_types.ProcessError_AlreadyExited(signaled))
    assert isinstance(exited, errors.AlreadyExited)
    assert exited.status == ExitStatus(signal=OtherSignal(34))
    not_piped = _process.error(process_types.ProcessError_NotPiped(process_types.StdioStream.STDERR))
    assert isinstance(not_piped, errors.NotPiped)
    assert not_piped.stream is StdioStream.STDERR


def test_one_class_catches_every_denial_and_tells_what_is_missing() -> None:
    for error in (
        _filesystem.error(filesystem_types.FilesystemError_PermissionDenied(DENIAL)),
        _core.messaging_error(core_types.MessagingError_PermissionDenied(DENIAL)),
        _network.error(network_types.NetworkError_PermissionDenied(DENIAL)),
        _process.error(process_types.ProcessError_PermissionDenied(DENIAL)),
    ):
        assert isinstance(error, errors.PermissionDenied)
        assert error.denial == PermissionDenial(DENIAL.operation, DENIAL.resource, DENIAL.missing)
        assert (error.operation, error.resource, error.missing) == (DENIAL.operation, DENIAL.resource, DENIAL.missing)
        assert error.filename == "/data/a"
        assert DENIAL.missing in str(error)


def test_payloads_of_messaging_errors_are_attributes() -> None:
    other = ComponentId("acme", "other", "1.0.0")
    not_found = _core.messaging_error(core_types.MessagingError_ComponentNotFound(ID))
    assert isinstance(not_found, errors.ComponentNotFound)
    assert not_found.id == other
    assert str(not_found) == "component acme/other@1.0.0 not found"
    too_large = _core.messaging_error(core_types.MessagingError_PayloadTooLarge(2**64 - 1))
    assert isinstance(too_large, errors.PayloadTooLarge)
    assert too_large.limit == 2**64 - 1
    unknown = _core.messaging_error(core_types.MessagingError_UnknownRequest("r-1"))
    assert isinstance(unknown, errors.UnknownRequest)
    assert unknown.request == "r-1"


@pytest.mark.parametrize(("case", "convert", "base"), HOST_ERRORS, ids=name)
def test_exceptions_survive_copying_and_pickling(case: type, convert: Any, base: type) -> None:
    error = convert(make(case))
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert type(twin) is type(error)
        assert str(twin) == str(error)
        assert twin.errno == error.errno


def subclasses(base: type) -> set[Any]:
    """All subclasses, with theirs."""
    direct: set[Any] = set(base.__subclasses__())
    return direct.union(*map(subclasses, direct))


def test_each_execution_error_can_be_raised() -> None:
    made = {type(_core.execution_error(kind("text"))): kind for kind in subclasses(errors.ExecutionError)}
    assert made.keys() == set(get_args(core_types.ExecutionError))
    assert all(code(case) == kind.code for case, kind in made.items())


def test_each_component_error_can_be_raised() -> None:
    made = {type(_core.component_error(kind("text"))): kind for kind in subclasses(errors.ComponentError)}
    assert made.keys() == set(get_args(core_types.ComponentError))
    assert all(code(case) == kind.code for case, kind in made.items())


@pytest.mark.parametrize(("case", "convert", "base"), HOST_ERRORS, ids=name)
def test_each_error_of_the_system_that_nobody_catches_fails_an_operation(case: type, convert: Any, base: type) -> None:
    error = convert(make(case))
    failure = _core.execution_error(error)
    match code(case):
        case "permission-denied":
            assert failure == core_types.ExecutionError_PermissionDenied(DENIAL.missing)
        case "timeout":
            assert failure == core_types.ExecutionError_Timeout(str(error))
        case code_ if code_.startswith("too-many-") and code_ != "too-many-links":
            assert failure == core_types.ExecutionError_ResourceExhausted(str(error))
        case "quota-exceeded" | "pool-exhausted" | "output-too-large":
            assert failure == core_types.ExecutionError_ResourceExhausted(str(error))
        case _:
            assert failure == core_types.ExecutionError_ProcessingFailed(str(error))
    assert isinstance(error, _core.HOST_ERRORS)


def test_text_that_is_not_unicode_does_not_end_the_instance() -> None:
    failure = _core.execution_error(errors.InvalidInput("lone \ud800"))
    assert failure == core_types.ExecutionError_InvalidInput("lone \\ud800")


def test_what_the_host_refuses_is_raised(host: ScriptedHost) -> None:
    host.on(host_services, "cancel_request", Err(core_types.MessagingError_UnknownRequest("r")))
    with pytest.raises(errors.UnknownRequest) as raised:
        sdk_host_services.cancel_request("r")
    assert raised.value.__suppress_context__
