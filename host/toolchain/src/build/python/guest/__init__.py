"""What a Python component is made from: the program is imported, and everything that it may import later.

It runs once, in the interpreter that becomes the component, while its files are still there. What is in memory when it
ends is the component.
"""

import gc
import importlib
import json
import sys
from pathlib import Path

_HERE = Path(__file__).parent
_PLAN = json.loads((_HERE / "plan.json").read_text())

# The folders belong to the author: nothing is written there, and nothing is taken from what others have written.
sys.dont_write_bytecode = True
# Programs look there for their name. componentize-py empties it and adds what the host gives at the first call.
sys.argv[:] = [_PLAN["name"]]

from . import finders, preload, report, resources  # noqa: E402

_exports = None


def __getattr__(name: str) -> object:
    """Gives what componentize-py looks for: what the program exports."""
    return getattr(_exports, name)


def _make() -> object:
    finders.install(_PLAN)
    try:
        program = importlib.import_module(_PLAN["module"])
        report.check(program, _PLAN)
        preload.all_that_may_be_needed(_PLAN)
        report.keep_sources(_PLAN)
    except BaseException as error:
        (_HERE / "failure.json").write_text(json.dumps(report.failure(error, _PLAN)))
        raise SystemError("the program cannot be imported") from None
    finders.seal(preload.failures)
    resources.leave_to_the_host()
    importlib.invalidate_caches()
    gc.collect()
    return program


_exports = _make()
