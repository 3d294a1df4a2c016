"""Counts equal lines with the programs of the host: `sort | uniq -c | sort -rn`, without a shell."""

from airssys_wasm import Component, component, operation, processes
from airssys_wasm.errors import ProcessingFailed
from airssys_wasm.processes import Command

# A child has the environment that its command names and no other. This one makes the order that of the bytes.
ENVIRONMENT = {"LC_ALL": "C"}

STAGES = {
    "sort": Command("/usr/bin/sort", environment=ENVIRONMENT),
    "uniq -c": Command("/usr/bin/uniq", ["-c"], environment=ENVIRONMENT),
    "sort -rn": Command("/usr/bin/sort", ["-rn"], environment=ENVIRONMENT),
}


@component
class Pipeline(Component):
    """Name, version and description are those of the Component.toml beside this file."""

    @operation
    def count_lines(self, text: bytes) -> bytes:
        """The input is text; the output is each line with how often it came, the most frequent first."""
        # The host starts all three or none, and feeds and empties them at the same time.
        output = processes.run_pipeline(STAGES.values(), text)
        # A program that fails is no error of run_pipeline: the statuses tell.
        for stage, status in zip(STAGES, output.statuses, strict=True):
            if not status.success:
                raise ProcessingFailed(f"{stage}: {status}: {output.stderr.decode(errors='replace').rstrip()}")
        return output.stdout
