"""Host services: the log, messages and time."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from scripted_host import ScriptedHost
from wit_world.imports import core_types
from wit_world.imports import host_services as imported

from airssys_wasm import host_services
from airssys_wasm.types import ComponentId, ComponentMetadata, LogLevel, Timestamp

ID = ComponentId("acme", "othér", "1.0.0")
HOST_ID = core_types.ComponentId("acme", "othér", "1.0.0")


@pytest.mark.parametrize("level", list(LogLevel))
def test_each_level_arrives(host: ScriptedHost, level: LogLevel) -> None:
    host.on(imported, "log")
    host_services.log(level, "message 🐍")
    assert host.calls == [("log", core_types.LogLevel[level.name], "message 🐍", [])]


@pytest.mark.parametrize("fields", [{"b": "1", "a": ""}, [("b", "1"), ("a", "")], iter([("b", "1"), ("a", "")])])
def test_fields_are_a_mapping_or_pairs_and_keep_their_order(host: ScriptedHost, fields: Any) -> None:
    host.on(imported, "log")
    host_services.log(LogLevel.INFO, "", fields)
    assert host.calls[0][3] == [("b", "1"), ("a", "")]


@pytest.mark.parametrize("message", ["\ud800", 5, b"bytes"])
def test_a_message_that_is_no_text_never_reaches_the_host(host: ScriptedHost, message: Any) -> None:
    host.on(imported, "log")
    with pytest.raises((TypeError, UnicodeEncodeError)):
        host_services.log(LogLevel.INFO, message)
    assert host.calls == []


def test_messages_and_requests_arrive(host: ScriptedHost) -> None:
    host.on(imported, "send_message")
    host.on(imported, "send_request", "r-1")
    host.on(imported, "cancel_request")
    host_services.send_message(ID, bytearray(b"m"))
    assert host_services.send_request(ID, b"", 2**32 - 1) == "r-1"
    host_services.cancel_request("r-1")
    assert host.calls == [
        ("send_message", HOST_ID, b"m"),
        ("send_request", HOST_ID, b"", 2**32 - 1),
        ("cancel_request", "r-1"),
    ]
    assert type(host.calls[0][2]) is bytes


def test_durations_that_do_not_fit_never_reach_the_host(host: ScriptedHost) -> None:
    host.on(imported, "send_request")
    host.on(imported, "sleep")
    with pytest.raises(ValueError, match="timeout_ms"):
        host_services.send_request(ID, b"", -1)
    with pytest.raises(ValueError, match="duration_ms"):
        host_services.sleep(2**32)
    with pytest.raises(TypeError):
        host_services.sleep(0.5)  # type: ignore[arg-type]
    assert host.calls == []


def test_time_and_components_come_back(host: ScriptedHost) -> None:
    host.on(imported, "current_time", core_types.Timestamp(2**64 - 1, 999_999_999))
    host.on(imported, "list_components", [HOST_ID])
    metadata = core_types.ComponentMetadata(HOST_ID, "does", ["A <a@example.org>"], None, ["greet"])
    host.on(imported, "get_component_metadata", metadata)
    host.on(imported, "sleep")
    assert host_services.current_time() == Timestamp(2**64 - 1, 999_999_999)
    assert host_services.list_components() == [ID]
    assert host_services.get_component_metadata(ID) == ComponentMetadata(
        ID, "does", ("A <a@example.org>",), None, ("greet",)
    )
    host_services.sleep(0)
    assert host.calls[2:] == [("get_component_metadata", HOST_ID), ("sleep", 0)]


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    """A logger with the handler."""
    logger = logging.Logger("acme.worker", level=1)
    handler = host_services.LogHandler()
    logger.addHandler(handler)
    yield logger
    handler.close()


@pytest.mark.parametrize(
    ("number", "level"),
    [(5, "TRACE"), (10, "DEBUG"), (20, "INFO"), (25, "INFO"), (30, "WARN"), (40, "ERROR"), (50, "ERROR")],
)
def test_the_standard_logging_goes_to_the_host(
    host: ScriptedHost, logger: logging.Logger, number: int, level: str
) -> None:
    host.on(imported, "log")
    logger.log(number, "%s of %s", 1, 2)
    assert host.calls == [("log", core_types.LogLevel[level], "1 of 2", [("logger", "acme.worker")])]


def test_logged_exceptions_carry_their_traceback(host: ScriptedHost, logger: logging.Logger) -> None:
    host.on(imported, "log")
    try:
        raise LookupError("lone \ud800")
    except LookupError:
        logger.exception("failed")
    fields = dict(host.calls[0][3])
    assert "LookupError: lone \\ud800" in fields["traceback"]
