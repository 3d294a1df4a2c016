"""Asks a model of the host."""

import json
from typing import Any

from componentize_py_types import Err
from wit_world.imports import inference
from wit_world.imports.inference import Model

from airssys_wasm import Component, component, operation
from airssys_wasm.errors import InvalidInput


@component
class Inference(Component):
    """Name, version and description are those of the Component.toml beside this file."""

    @operation
    def infer(self, question: str) -> str:
        """The input is `{"model", "features"}`; the output is the numbers, or `{"error": {"code"}}`."""
        try:
            asked = json.loads(question)
            name, features = str(asked["model"]), [float(feature) for feature in asked["features"]]
        except (ValueError, TypeError, KeyError) as error:
            raise InvalidInput(f"expected model and features: {error}") from None
        try:
            # It goes back to the host at the end of the block.
            with Model.open(name) as model:
                return json.dumps(model.infer(features))
        except Err as failure:
            return json.dumps({"error": _told(failure.value)})


def _told(failure: inference.Failure) -> dict[str, Any]:
    match failure:
        case inference.Failure_PermissionDenied(denial):
            fields = {"operation": denial.operation, "resource": denial.resource, "missing": denial.missing}
            return {"code": "permission-denied", **fields}
        case inference.Failure_NotFound(message):
            return {"code": "not-found", "message": message}
        case inference.Failure_InvalidInput(message):
            return {"code": "invalid-input", "message": message}
        case inference.Failure_Busy():
            return {"code": "busy"}
