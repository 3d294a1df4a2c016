"""Every error case of the contract arrives as an exception of its own, and every one to raise leaves as its case."""

from __future__ import annotations

import copy
import errno
import pickle
import re
from typing import Any, get_args

import pytest
from componentize_py_types import Err
from scripted_host import ScriptedHost
from wit_world.imports import capabilities, core_types, filesystem_types, host_services

from airssys_wasm import _core, _filesystem, errors
from airssys_wasm import host_services as sdk_host_services
from airssys_wasm.types import ComponentId, PermissionDenial

DENIAL = capabilities.PermissionDenial("ext-filesystem/files.open", "/data/a", "filesystem = [...]")
ID = core_types.ComponentId("acme", "other", "1.0.0")
PAYLOADS: dict[str, Any] = {
    "permission-denied": DENIAL,
    "component-not-found": ID,
    "mailbox-full": ID,
    "payload-too-large": 1 << 63,
}


def code(case: type) -> str:
    """The name of a case in the contract, from the name of its class."""
    name = case.__name__.partition("_")[2]
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def make(case: Any) -> Any:
    """A value of a case."""
    return case() if code(case) == "too-many-open-files" else case(PAYLOADS.get(code(case), "payload"))


@pytest.mark.parametrize("case", get_args(filesystem_types.FilesystemError), ids=code)
def test_each_filesystem_error_has_its_exception(case: type) -> None:
    error: Any = _filesystem.error(make(case))
    assert isinstance(error, errors.FilesystemError)
    assert isinstance(error, OSError)
    assert error.code == code(case)
    assert error.errno in errno.errorcode
    assert type(error).__doc__
    if code(case) not in {"too-many-open-files", "permission-denied"}:
        assert "payload" in (error.filename, error.strerror)
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
    ],
)
def test_exceptions_are_those_of_python_too(builtin: type[OSError], case: type) -> None:
    assert isinstance(_filesystem.error(make(case)), builtin)


def test_one_class_catches_every_denial_and_tells_what_is_missing() -> None:
    for error in (
        _filesystem.error(filesystem_types.FilesystemError_PermissionDenied(DENIAL)),
        _core.messaging_error(core_types.MessagingError_PermissionDenied(DENIAL)),
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


@pytest.mark.parametrize("case", get_args(filesystem_types.FilesystemError), ids=code)
def test_exceptions_survive_copying_and_pickling(case: type) -> None:
    error = _filesystem.error(make(case))
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


def test_text_that_is_not_unicode_does_not_end_the_instance() -> None:
    failure = _core.execution_error(errors.InvalidInput("lone \ud800"))
    assert failure == core_types.ExecutionError_InvalidInput("lone \\ud800")


def test_what_the_host_refuses_is_raised(host: ScriptedHost) -> None:
    host.on(host_services, "cancel_request", Err(core_types.MessagingError_UnknownRequest("r")))
    with pytest.raises(errors.UnknownRequest) as raised:
        sdk_host_services.cancel_request("r")
    assert raised.value.__suppress_context__
