"""Unit tests for components: a fake host, so that a component runs under pytest or unittest with no runtime at all.

With pytest, `pytest_plugins = ["airssys_wasm.testing.plugin"]` in `conftest.py` gives each test a `host` of its own:

    def test_keeps_a_note(host: FakeHost) -> None:
        host.create_directory("/data")
        notes = host.start(Notes)
        notes.execute("write", "remember the milk")
        assert host.files == {"/data/note": b"remember the milk"}

    def test_says_what_is_missing(host: FakeHost) -> None:
        host.deny('filesystem = [{ action = "write", path = "/data/note" }]')
        with pytest.raises(ExecutionPermissionDenied, match='action = "write", path = "/data/note"'):
            host.start(Notes).execute("write", "remember the milk")

It permits what the nearest Component.toml does, from the current folder upwards; `permit`, `permit_all` and `deny`
change that for a test.

Everywhere else it is a context manager: `with FakeHost() as host:`, or `host = self.enterContext(FakeHost())` in the
`setUp` of a `unittest.TestCase`.
"""

from . import _contract  # noqa: F401, which the others need to be first
from ._fake_host import FakeHost, FileContents
from ._policy import FilesystemAction
from ._programs import Program
from ._running import RunningComponent
from ._servers import Answer
from ._services import LogRecord, SentMessage, SentRequest

__all__ = [
    "Answer",
    "FakeHost",
    "FileContents",
    "FilesystemAction",
    "LogRecord",
    "Program",
    "RunningComponent",
    "SentMessage",
    "SentRequest",
]
