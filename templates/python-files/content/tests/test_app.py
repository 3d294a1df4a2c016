"""The component runs against a fake host: `host` is one, fresh for each test."""

import pytest
from airssys_wasm import errors
from airssys_wasm.testing import FakeHost

from app import JOURNAL, MyComponent


@pytest.fixture(autouse=True)
def data(host: FakeHost) -> None:
    """The folder that a real host mounts."""
    host.create_directory("/data")


def test_entries_are_counted_and_listed(host: FakeHost) -> None:
    journal = host.start(MyComponent)
    assert journal.execute("add", "first") == b"1"
    assert journal.execute("add", "second") == b"2"
    assert journal.execute("list") == b"first\nsecond\n"
    assert host.files == {JOURNAL: b"first\nsecond\n"}


def test_no_journal_has_no_entries(host: FakeHost) -> None:
    assert host.start(MyComponent).execute("list") == b""


@pytest.mark.parametrize("entry", ["", "two\nlines"])
def test_an_entry_is_one_line(host: FakeHost, entry: str) -> None:
    with pytest.raises(errors.InvalidInput):
        host.start(MyComponent).execute("add", entry)
    assert host.files == {}


def test_a_refusal_shows_the_line_that_is_missing(host: FakeHost) -> None:
    host.deny_path(JOURNAL, "write")
    with pytest.raises(errors.ExecutionPermissionDenied) as raised:
        host.start(MyComponent).execute("add", "first")
    assert '{ action = "write", path = "/data/journal.txt" }' in str(raised.value)


def test_a_full_disk_is_said(host: FakeHost) -> None:
    host.fail("ext-filesystem/files.append-file", errors.QuotaExceeded("the device is full"))
    with pytest.raises(errors.ResourceExhausted, match="the device is full"):
        host.start(MyComponent).execute("add", "first")
