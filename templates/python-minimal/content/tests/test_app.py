"""The component runs against a fake host: `host` is one, fresh for each test."""

import pytest
from airssys_wasm.errors import InvalidInput, UnknownOperation
from airssys_wasm.testing import FakeHost

from app import MyComponent


def test_greets_by_name(host: FakeHost) -> None:
    assert host.start(MyComponent).execute("greet", "World") == b"Hello, World!"


def test_nobody_is_not_greeted(host: FakeHost) -> None:
    with pytest.raises(InvalidInput):
        host.start(MyComponent).execute("greet", "")


def test_knows_no_other_operation(host: FakeHost) -> None:
    with pytest.raises(UnknownOperation):
        host.start(MyComponent).execute("leave")
