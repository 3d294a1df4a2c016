"""What describes a component: the arguments of `@component`, or the Component.toml beside its module."""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .types import ComponentId, ComponentMetadata

_NAME = re.compile(r"[^/@]+/[^/@]+")


def describe(class_: type, given: Mapping[str, Any], methods: tuple[str, ...]) -> ComponentMetadata:
    """Gives what a component says of itself; `methods` are the names of its `@operation` methods."""
    known = {key: value for key, value in given.items() if value is not None}
    if "name" not in known or "version" not in known:
        known = _component_table(class_) | known
    name, version = known["name"], known["version"]
    if not _NAME.fullmatch(name):
        raise ValueError(f"the name of a component is namespace/name, not {name!r}")
    namespace, _, name = name.partition("/")
    operations = tuple(known.get("operations", methods))
    if methods and sorted(operations) != sorted(methods):
        raise ValueError(
            f"the operations {', '.join(operations)} are listed, but {class_.__name__} has {', '.join(methods)}"
        )
    return ComponentMetadata(
        id=ComponentId(namespace, name, version),
        description=known.get("description", ""),
        authors=tuple(known.get("authors", ())),
        license=known.get("license"),
        operations=operations,
    )


def _component_table(class_: type) -> dict[str, Any]:
    file = Path(inspect.getfile(class_)).with_name("Component.toml")
    try:
        with file.open("rb") as content:
            table: dict[str, Any] = tomllib.load(content)["component"]
            return table
    except FileNotFoundError:
        raise ValueError(
            "@component needs name and version, or a Component.toml in the folder of the module that uses it"
        ) from None
