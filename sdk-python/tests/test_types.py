"""Types: what they hold and how they convert."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta, timezone

import pytest

from airssys_wasm.types import ComponentConfig, ComponentId, Timestamp


def test_ids_are_written_and_read() -> None:
    id = ComponentId("acme", "resizer", "1.2.0-rc.1+build")
    assert str(id) == "acme/resizer@1.2.0-rc.1+build"
    assert ComponentId.parse(str(id)) == id
    with pytest.raises(dataclasses.FrozenInstanceError):
        id.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize("text", ["", "acme", "acme/resizer", "acme@1.0.0", "/resizer@1.0.0", "acme/@1.0.0", "acme/x@"])
def test_other_text_is_no_id(text: str) -> None:
    with pytest.raises(ValueError, match="not a component id"):
        ComponentId.parse(text)


def test_timestamps_convert_to_datetimes_and_back() -> None:
    time = Timestamp(1_700_000_000, 123_456_789)
    assert time.to_datetime() == datetime(2023, 11, 14, 22, 13, 20, 123_456, tzinfo=UTC)
    assert Timestamp.from_datetime(time.to_datetime()) == Timestamp(1_700_000_000, 123_456_000)
    elsewhere = datetime(1970, 1, 1, 2, tzinfo=timezone(timedelta(hours=1)))
    assert Timestamp.from_datetime(elsewhere) == Timestamp(3600)


def test_timestamps_are_exact_and_ordered() -> None:
    assert Timestamp(1, 999_999_999) < Timestamp(2)
    assert Timestamp(2**64 - 1) > Timestamp(2**53 + 1) > Timestamp(2**53)
    with pytest.raises(OverflowError):
        Timestamp(2**64 - 1).to_datetime()


@pytest.mark.parametrize("time", [datetime(2023, 1, 1), datetime(1969, 12, 31, tzinfo=UTC)])
def test_other_times_are_no_timestamps(time: datetime) -> None:
    with pytest.raises(ValueError, match="time"):
        Timestamp.from_datetime(time)


def test_a_config_gives_the_first_value_of_a_name() -> None:
    config = ComponentConfig(ComponentId("a", "b", "1.0.0"), (("K", "1"), ("K", "2"), ("E", "")))
    assert config.get("K") == "1"
    assert config.get("E") == ""
    assert config.get("X") is None
    assert config.get("X", "default") == "default"
