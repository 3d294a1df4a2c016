"""The exported functions of processes, each forwarded to the SDK."""

from airssys_wasm import processes, signals, stdio
from airssys_wasm.signals import SignalTarget
from wit_world.imports import process_types

import convert_process as convert
from forward import forward
from processes import Process


class Processes:
    """`processes`, forwarded."""

    def spawn(self, command: process_types.Command) -> Process:
        """Forwards `spawn`."""
        return Process(forward(processes.spawn, convert.to_command(command)))

    def run(self, command: process_types.Command, stdin: bytes) -> process_types.ProcessOutput:
        """Forwards `run`."""
        return convert.from_output(forward(processes.run, convert.to_command(command), stdin))

    def run_pipeline(self, commands: list[process_types.Command], stdin: bytes) -> process_types.PipelineOutput:
        """Forwards `run-pipeline`."""
        output = forward(processes.run_pipeline, [convert.to_command(command) for command in commands], stdin)
        statuses = [convert.from_status(status) for status in output.statuses]
        return process_types.PipelineOutput(statuses, output.stdout, output.stderr)

    def wait_any(self, ids: list[int], timeout_ms: int | None) -> process_types.Finished | None:
        """Forwards `wait-any`."""
        finished = forward(processes.wait_any, ids, timeout_ms)
        return (
            None if finished is None else process_types.Finished(finished.index, convert.from_status(finished.status))
        )

    def list_processes(self) -> list[process_types.ProcessInfo]:
        """Forwards `list-processes`."""
        return [convert.from_info(info) for info in processes.list_processes()]

    def get_process_info(self, id: int) -> process_types.ProcessInfo:
        """Forwards `get-process-info`."""
        return convert.from_info(forward(processes.get_process_info, id))


class Stdio:
    """`stdio`, forwarded."""

    def write_stdin(self, process: Process, data: bytes) -> int:
        """Forwards `write-stdin`."""
        return forward(stdio.write_stdin, process.process, data)

    def close_stdin(self, process: Process) -> None:
        """Forwards `close-stdin`."""
        forward(stdio.close_stdin, process.process)

    def read_stdout(self, process: Process, max_bytes: int) -> bytes:
        """Forwards `read-stdout`."""
        return forward(stdio.read_stdout, process.process, max_bytes)

    def read_stderr(self, process: Process, max_bytes: int) -> bytes:
        """Forwards `read-stderr`."""
        return forward(stdio.read_stderr, process.process, max_bytes)

    def read_stdout_to_end(self, process: Process) -> bytes:
        """Forwards `read-stdout-to-end`."""
        return forward(stdio.read_stdout_to_end, process.process)

    def read_stderr_to_end(self, process: Process) -> bytes:
        """Forwards `read-stderr-to-end`."""
        return forward(stdio.read_stderr_to_end, process.process)

    def communicate(self, process: Process, input: bytes) -> process_types.ProcessOutput:
        """Forwards `communicate`."""
        return convert.from_output(forward(stdio.communicate, process.process, input))


class Signals:
    """`signals`, forwarded."""

    def send_signal(self, process: Process, signal: process_types.Signal, target: process_types.SignalTarget) -> None:
        """Forwards `send-signal`."""
        forward(signals.send_signal, process.process, convert.to_signal(signal), SignalTarget[target.name])

    def interrupt(self, process: Process) -> None:
        """Forwards `interrupt`."""
        forward(signals.interrupt, process.process)

    def terminate(self, process: Process, grace_ms: int) -> process_types.ExitStatus:
        """Forwards `terminate`."""
        return convert.from_status(forward(signals.terminate, process.process, grace_ms))

    def kill(self, process: Process) -> None:
        """Forwards `kill`."""
        forward(signals.kill, process.process)

    def kill_group(self, process: Process) -> None:
        """Forwards `kill-group`."""
        forward(signals.kill_group, process.process)

    def suspend(self, process: Process) -> None:
        """Forwards `suspend`."""
        forward(signals.suspend, process.process)

    def resume(self, process: Process) -> None:
        """Forwards `resume`."""
        forward(signals.resume, process.process)

    def wait_state_change(self, process: Process, timeout_ms: int | None) -> process_types.StateChange | None:
        """Forwards `wait-state-change`."""
        change = forward(signals.wait_state_change, process.process, timeout_ms)
        return None if change is None else convert.from_change(change)

    def parse_signal(self, name_or_number: str) -> process_types.Signal:
        """Forwards `parse-signal`."""
        return convert.from_signal(forward(signals.parse_signal, name_or_number))

    def list_signals(self) -> list[process_types.SignalInfo]:
        """Forwards `list-signals`."""
        return [
            process_types.SignalInfo(convert.from_signal(info.signal), info.number, info.name)
            for info in signals.list_signals()
        ]
