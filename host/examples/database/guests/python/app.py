"""Answers queries from a database of the host."""

import json
from typing import Any

from componentize_py_types import Err
from wit_world.imports import client
from wit_world.imports.client import Value, Value_Blob, Value_Null, Value_Number, Value_Text

from airssys_wasm import Component, component, operation
from airssys_wasm.errors import InvalidInput


@component
class Database(Component):
    """Name, version and description are those of the Component.toml beside this file."""

    @operation
    def query(self, question: str) -> str:
        """The input is `{"database", "sql", "parameters"}`; the output is the rows, or `{"error": {"code"}}`."""
        try:
            asked = json.loads(question)
            database, sql = str(asked["database"]), str(asked["sql"])
            parameters = [_parameter(value) for value in asked.get("parameters", [])]
        except (ValueError, TypeError, KeyError) as error:
            raise InvalidInput(f"expected database, sql and parameters: {error}") from None
        try:
            rows = client.query(database, sql, parameters)
        except Err as failure:
            return json.dumps({"error": _told(failure.value)})
        return json.dumps([[_shown(value) for value in row] for row in rows])


def _parameter(value: object) -> Value:
    match value:
        case None:
            return Value_Null()
        case bool():
            raise ValueError("a parameter is null, a number or text")
        case int() | float():
            return Value_Number(float(value))
        case str():
            return Value_Text(value)
    raise ValueError("a parameter is null, a number or text")


def _shown(value: Value) -> object:
    match value:
        case Value_Null():
            return None
        case Value_Number(number):
            return int(number) if number.is_integer() else number
        case Value_Text(text):
            return text
        case Value_Blob(data):
            return {"blob": list(data)}


def _told(failure: client.Failure) -> dict[str, Any]:
    match failure:
        case client.Failure_PermissionDenied(denial):
            fields = {"operation": denial.operation, "resource": denial.resource, "missing": denial.missing}
            return {"code": "permission-denied", **fields}
        case client.Failure_InvalidSql(message):
            return {"code": "invalid-sql", "message": message}
        case client.Failure_TooLarge():
            return {"code": "too-large"}
        case client.Failure_TimedOut():
            return {"code": "timed-out"}
