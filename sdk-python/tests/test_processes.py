"""Processes: commands as `subprocess` takes them, streams of Python, and signals."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, get_args

import pytest
from componentize_py_types import Err
from scripted_host import ScriptedHandle, ScriptedHost
from wit_world.imports import capabilities, core_types
from wit_world.imports import process_types as types
from wit_world.imports import processes as imported
from wit_world.imports import signals as imported_signals
from wit_world.imports import stdio as imported_stdio

from airssys_wasm import errors, processes, signals, stdio
from airssys_wasm.process_types import (
    AnySignal,
    AppendFile,
    Command,
    Continued,
    Exited,
    ExitStatus,
    Finished,
    OtherSignal,
    PipelineOutput,
    ProcessInfo,
    ProcessLimits,
    ProcessOutput,
    ProcessState,
    ProcessUsage,
    ReadFile,
    Signal,
    SignalTarget,
    Stdio,
    StdioTarget,
    Stopped,
    WriteFile,
)
from airssys_wasm.types import Timestamp

NO_LIMITS = types.ProcessLimits(None, None, None, None, None)
PIPES = types.StdioConfig(types.Stdio_Null(), types.Stdio_Piped(), types.Stdio_Piped())
DONE = types.ExitStatus_Code(0)


def plain(program: str, *arguments: str) -> types.Command:
    """A command of which nothing else was said."""
    return types.Command(program, list(arguments), types.Environment([], []), None, PIPES, NO_LIMITS)


def spawned(host: ScriptedHost, **answers: Any) -> tuple[processes.Process, ScriptedHandle]:
    """A process of the SDK and the fake behind it."""
    handle = ScriptedHandle(imported.Process, **answers)
    host.on(imported, "spawn", lambda _: handle)
    return processes.spawn("cat"), handle


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("ls", plain("ls")),
        (["/bin/echo", "a b", "'\"", ""], plain("/bin/echo", "a b", "'\"", "")),
        (("echo", "é\0"), plain("echo", "é\0")),
        (Command("echo", ["a"]), plain("echo", "a")),
    ],
)
def test_commands_are_those_of_subprocess(host: ScriptedHost, command: Any, wanted: types.Command) -> None:
    host.on(imported, "spawn", lambda _: ScriptedHandle(imported.Process))
    host.on(imported, "run", types.ProcessOutput(DONE, b"", b""))
    host.on(imported, "run_pipeline", types.PipelineOutput([], b"", b""))
    processes.spawn(command)
    processes.run(command, bytearray(b"in"))
    processes.run_pipeline([command, command], b"in")
    assert host.calls == [("spawn", wanted), ("run", wanted, b"in"), ("run_pipeline", [wanted, wanted], b"in")]


def test_everything_of_a_command_can_be_said(host: ScriptedHost) -> None:
    host.on(imported, "run", types.ProcessOutput(DONE, b"", b""))
    limits = ProcessLimits(2**64 - 1, 0, 1, 2**32 - 1, 2**53 + 1)
    processes.run(
        ["p"],
        environment={"A": "1", "B": ""},
        inherit=["C"],
        working_directory=PurePosixPath("/data"),
        stdin=ReadFile("/data/in"),
        stdout=WriteFile("/data/out"),
        stderr=Stdio.TO_STDOUT,
        limits=limits,
    )
    twice = Command("p", environment=[("A", "1"), ("A", "2")], stderr=AppendFile("/data/log"))
    processes.run(twice, stdout=Stdio.INHERIT)
    assert host.calls == [
        (
            "run",
            types.Command(
                "p",
                [],
                types.Environment(["C"], [("A", "1"), ("B", "")]),
                "/data",
                types.StdioConfig(
                    types.Stdio_ReadFile("/data/in"), types.Stdio_WriteFile("/data/out"), types.Stdio_ToStdout()
                ),
                types.ProcessLimits(2**64 - 1, 0, 1, 2**32 - 1, 2**53 + 1),
            ),
            b"",
        ),
        (
            "run",
            types.Command(
                "p",
                [],
                types.Environment([], [("A", "1"), ("A", "2")]),
                None,
                types.StdioConfig(types.Stdio_Null(), types.Stdio_Inherit(), types.Stdio_AppendFile("/data/log")),
                NO_LIMITS,
            ),
            b"",
        ),
    ]


def test_each_place_for_a_stream_has_its_case(host: ScriptedHost) -> None:
    host.on(imported, "run", types.ProcessOutput(DONE, b"", b""))
    places: list[StdioTarget] = [*Stdio, ReadFile("/a"), WriteFile("/a"), AppendFile("/a")]
    for place in places:
        processes.run("p", stdin=place)
    assert {type(call[1].stdio.stdin) for call in host.calls} == set(get_args(types.Stdio))


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ([], ValueError),
        (Command("p", "argument"), TypeError),
        (Command("p", inherit="PATH"), TypeError),
        (Command("p", limits=ProcessLimits(max_memory_bytes=-1)), ValueError),
        (Command("p", limits=ProcessLimits(max_open_files=2**32)), ValueError),
        (Command("p", stdin="null"), TypeError),  # type: ignore[arg-type]
    ],
)
def test_commands_that_make_no_sense_never_reach_the_host(
    host: ScriptedHost, command: Any, error: type[Exception]
) -> None:
    host.on(imported, "run")
    with pytest.raises(error):
        processes.run(command)
    assert host.calls == []


def test_output_comes_back(host: ScriptedHost) -> None:
    host.on(imported, "run", types.ProcessOutput(types.ExitStatus_Code(-(2**31)), b"out\0", b"err"))
    output = processes.run("p")
    assert output == ProcessOutput(ExitStatus(code=-(2**31)), b"out\0", b"err")
    assert not output.status.success
    killed = types.ExitStatus_Signaled(types.Signal_Kill())
    host.on(imported, "run_pipeline", types.PipelineOutput([DONE, killed], b"out", b""))
    pipeline = processes.run_pipeline(["a", "b"])
    assert pipeline == PipelineOutput((ExitStatus(0), ExitStatus(signal=Signal.KILL)), b"out", b"")
    assert [status.success for status in pipeline.statuses] == [True, False]
    assert [str(status) for status in pipeline.statuses] == ["code 0", "the signal kill"]


@pytest.mark.parametrize("state", ProcessState)
def test_what_is_known_of_a_process(host: ScriptedHost, state: ProcessState) -> None:
    ended = DONE if state is ProcessState.EXITED else None
    info = types.ProcessInfo(
        2**32 - 1, "/bin/cat", ["-"], core_types.Timestamp(1, 2), types.ProcessState[state.name], ended
    )
    host.on(imported, "get_process_info", info)
    host.on(imported, "list_processes", [info])
    process, _ = spawned(
        host,
        id=2**32 - 1,
        info=info,
        is_running=ended is None,
        usage=types.ProcessUsage(2**64 - 1, 0, 2**53 + 1),
        limits=types.ProcessLimits(None, 0, 1, 2**32 - 1, 2**64 - 1),
    )
    wanted = ProcessInfo(
        2**32 - 1, "/bin/cat", ("-",), Timestamp(1, 2), state, None if ended is None else ExitStatus(code=0)
    )
    assert process.info() == wanted
    assert processes.get_process_info(2**32 - 1) == wanted
    assert processes.list_processes() == [wanted]
    assert process.id == 2**32 - 1
    assert process.is_running() == (state is not ProcessState.EXITED)
    assert process.usage() == ProcessUsage(2**64 - 1, 0, 2**53 + 1)
    assert process.limits() == ProcessLimits(None, 0, 1, 2**32 - 1, 2**64 - 1)


def test_limits_are_set_all_at_once(host: ScriptedHost) -> None:
    process, handle = spawned(host)
    process.set_limits(ProcessLimits(max_cpu_time_ms=1))
    assert handle.calls == [("set_limits", types.ProcessLimits(None, 1, None, None, None))]


def test_waiting(host: ScriptedHost) -> None:
    left = [None, DONE]
    process, handle = spawned(
        host, wait=types.ExitStatus_Signaled(types.Signal_Other(64)), wait_timeout=lambda _: left.pop(0), try_wait=None
    )
    assert process.wait() == ExitStatus(signal=OtherSignal(64))
    assert process.wait_timeout(0) is None
    assert process.wait_timeout(2**32 - 1) == ExitStatus(code=0)
    assert process.try_wait() is None
    assert handle.calls == [("wait",), ("wait_timeout", 0), ("wait_timeout", 2**32 - 1), ("try_wait",)]


def test_waiting_for_the_first_of_several(host: ScriptedHost) -> None:
    process, _ = spawned(host, id=7)
    host.on(imported, "wait_any", types.Finished(2**32 - 1, DONE))
    assert processes.wait_any([process, 8], 5) == Finished(2**32 - 1, ExitStatus(0))
    host.on(imported, "wait_any", None)
    assert processes.wait_any([]) is None
    assert host.calls[1:] == [("wait_any", [7, 8], 5), ("wait_any", [], None)]


def test_closing_a_process_drops_the_handle_once(host: ScriptedHost) -> None:
    process, handle = spawned(host)
    with process:
        pass
    process.close()
    assert handle.drops == 1
    for call in (process.wait, process.stdout.read, lambda: signals.kill(process), lambda: process.stdin.write(b"x")):
        with pytest.raises(ValueError, match="closed process"):
            call()


def test_output_is_read_line_by_line_with_few_calls(host: ScriptedHost) -> None:
    process, handle = spawned(host)
    out, err = [b"one\nt", b"wo\n", b"three"], [b"oops"]
    host.on(imported_stdio, "read_stdout", lambda _, most: out.pop(0)[:most] if out else b"")
    host.on(imported_stdio, "read_stderr", lambda _, most: err.pop(0)[:most] if err else b"")
    assert list(process.stdout) == [b"one\n", b"two\n", b"three"]
    assert process.stderr.read() == b"oops"
    reads = [call for call in host.calls if call[0] == "read_stdout"]
    assert len(reads) <= 5
    assert {call[1:] for call in reads} == {(handle, 1 << 16)}


def test_input_is_written_whole_and_ended_once(host: ScriptedHost) -> None:
    process, handle = spawned(host)
    host.on(imported_stdio, "write_stdin", lambda _, data: min(len(data), 2))
    host.on(imported_stdio, "close_stdin")
    with process.stdin as stdin:
        assert stdin.write(memoryview(b"hello")) == 5
    stdin.close()
    with pytest.raises(ValueError, match="closed standard input"):
        stdin.write(b"x")
    assert host.calls[1:] == [
        ("write_stdin", handle, b"hello"),
        ("write_stdin", handle, b"llo"),
        ("write_stdin", handle, b"o"),
        ("close_stdin", handle),
    ]


def test_ending_input_that_the_process_has_closed_is_no_error(host: ScriptedHost) -> None:
    process, _ = spawned(host)
    host.on(imported_stdio, "close_stdin", Err(types.ProcessError_StdinClosed()))
    process.stdin.close()
    assert process.stdin.closed
    with pytest.raises(errors.StdinClosed):
        stdio.close_stdin(process)


def test_a_stream_that_is_not_piped_says_so(host: ScriptedHost) -> None:
    process, _ = spawned(host)
    host.on(imported_stdio, "read_stderr", Err(types.ProcessError_NotPiped(types.StdioStream.STDERR)))
    with pytest.raises(errors.NotPiped, match="stderr of the process is not piped"):
        process.stderr.read()


def test_functions_of_stdio_pass_their_arguments_on(host: ScriptedHost) -> None:
    process, handle = spawned(host)
    host.on(imported_stdio, "write_stdin", 2**32 - 1)
    host.on(imported_stdio, "close_stdin")
    for name in ("read_stdout", "read_stderr", "read_stdout_to_end", "read_stderr_to_end"):
        host.on(imported_stdio, name, name.encode())
    host.on(imported_stdio, "communicate", types.ProcessOutput(DONE, b"out", b"err"))
    assert stdio.write_stdin(process, bytearray(b"x")) == 2**32 - 1
    stdio.close_stdin(process)
    assert stdio.read_stdout(process, 0) == b"read_stdout"
    assert stdio.read_stderr(process, 2**32 - 1) == b"read_stderr"
    assert stdio.read_stdout_to_end(process) == b"read_stdout_to_end"
    assert stdio.read_stderr_to_end(process) == b"read_stderr_to_end"
    assert stdio.communicate(process, b"in") == ProcessOutput(ExitStatus(0), b"out", b"err")
    stdio.communicate(process)
    assert host.calls[1:] == [
        ("write_stdin", handle, b"x"),
        ("close_stdin", handle),
        ("read_stdout", handle, 0),
        ("read_stderr", handle, 2**32 - 1),
        ("read_stdout_to_end", handle),
        ("read_stderr_to_end", handle),
        ("communicate", handle, b"in"),
        ("communicate", handle, b""),
    ]


def test_functions_of_signals_pass_their_arguments_on(host: ScriptedHost) -> None:
    process, handle = spawned(host)
    names = ["interrupt", "kill", "kill_group", "suspend", "resume"]
    for name in names:
        host.on(imported_signals, name)
        getattr(signals, name)(process)
    host.on(imported_signals, "terminate", types.ExitStatus_Signaled(types.Signal_Terminate()))
    assert signals.terminate(process, 2**32 - 1) == ExitStatus(signal=Signal.TERMINATE)
    assert host.calls[1:] == [*((name, handle) for name in names), ("terminate", handle, 2**32 - 1)]


@pytest.mark.parametrize("case", get_args(types.Signal))
@pytest.mark.parametrize("target", SignalTarget)
def test_each_signal_goes_both_ways(host: ScriptedHost, case: type[Any], target: SignalTarget) -> None:
    process, handle = spawned(host)
    there = case(255) if case is types.Signal_Other else case()
    host.on(imported_signals, "parse_signal", there)
    host.on(imported_signals, "list_signals", [types.SignalInfo(there, 255, "SIGNAME")])
    host.on(imported_signals, "send_signal")
    here: AnySignal = signals.parse_signal("NAME")
    assert isinstance(here, OtherSignal) == (case is types.Signal_Other)
    assert signals.list_signals() == [signals.SignalInfo(here, 255, "SIGNAME")]
    signals.send_signal(process, here, target)
    assert host.calls[-1] == ("send_signal", handle, there, types.SignalTarget[target.name])


def test_a_number_that_is_no_signal_never_reaches_the_host(host: ScriptedHost) -> None:
    process, _ = spawned(host)
    host.on(imported_signals, "send_signal")
    with pytest.raises(ValueError, match="number"):
        signals.send_signal(process, OtherSignal(256))
    assert [call[0] for call in host.calls] == ["spawn"]


@pytest.mark.parametrize(
    ("there", "here"),
    [
        (None, None),
        (types.StateChange_Stopped(types.Signal_Stop()), Stopped(Signal.STOP)),
        (types.StateChange_Continued(), Continued()),
        (types.StateChange_Exited(DONE), Exited(ExitStatus(code=0))),
    ],
)
def test_changes_of_state(host: ScriptedHost, there: Any, here: Any) -> None:
    process, handle = spawned(host)
    host.on(imported_signals, "wait_state_change", there)
    assert signals.wait_state_change(process) == here
    assert signals.wait_state_change(process, 0) == here
    assert host.calls[1:] == [("wait_state_change", handle, None), ("wait_state_change", handle, 0)]


def test_a_denial_of_a_process_is_one_of_the_language(host: ScriptedHost) -> None:
    line = 'process = [{ action = "spawn", program = "/usr/bin/sort" }]'
    denial = capabilities.PermissionDenial("ext-process/processes.spawn", "/usr/bin/sort", line)
    host.on(imported, "spawn", Err(types.ProcessError_PermissionDenied(denial)))
    with pytest.raises(errors.PermissionDenied) as raised:
        processes.spawn("sort")
    assert (raised.value.missing, raised.value.resource) == (line, "/usr/bin/sort")
    assert isinstance(raised.value, (errors.ProcessError, PermissionError))
