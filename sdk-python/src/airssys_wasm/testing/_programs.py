"""`airssys:ext-process/processes` with programs that the test writes: functions from input to output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from .. import errors
from ..process_types import ExitStatus, ProcessOutput
from ._commands import MAX_COMMANDS, check, check_input, check_lines
from ._policy import Policy

if TYPE_CHECKING:
    from wit_world.imports import process_types as types
else:
    from .._process import _types as types

Program: TypeAlias = Callable[[list[str], bytes], "ProcessOutput | bytes"]
"""What a program does with its arguments and its standard input. Mere bytes are its output when all went well."""


class Programs:
    """The functions of the interface that run a program to its end."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.known: dict[str, Program] = {}

    def run(self, command: types.Command, stdin: bytes) -> types.ProcessOutput:
        check_input(stdin)
        # Its own standard input is not used.
        command = replace(command, stdio=replace(command.stdio, stdin=types.Stdio_Piped()))
        output = self._run(self._find("ext-process/processes.run", command), command, stdin)
        return types.ProcessOutput(_status(output.status), output.stdout, output.stderr)

    def run_pipeline(self, commands: list[types.Command], stdin: bytes) -> types.PipelineOutput:
        if not commands:
            raise errors.ProcessInvalidArgument("a pipeline of no commands")
        check_input(stdin)
        piped = types.Stdio_Piped()
        commands = [replace(command, stdio=replace(command.stdio, stdin=piped, stdout=piped)) for command in commands]
        programs = [self._find("ext-process/processes.run-pipeline", command) for command in commands]
        if len(commands) > MAX_COMMANDS:
            raise errors.TooManyProcesses
        statuses, stderr = [], b""
        for program, command in zip(programs, commands, strict=True):
            output = self._run(program, command, stdin)
            stdin = output.stdout
            stderr += output.stderr
            statuses.append(_status(output.status))
        return types.PipelineOutput(statuses, stdin, stderr)

    def _find(self, operation: str, command: types.Command) -> Program:
        check(command)
        self._policy.authorize_program(operation, command.program)
        program = self.known.get(command.program)
        if program is None:
            raise errors.ProcessUnsupported(
                f"the fake host has no programs, and add_program was not told of {command.program}"
            )
        check_lines(command.environment)
        return program

    def _run(self, program: Program, command: types.Command, stdin: bytes) -> ProcessOutput:
        output = program(list(command.arguments), stdin)
        return output if isinstance(output, ProcessOutput) else ProcessOutput(ExitStatus(code=0), output)


def _status(status: ExitStatus) -> types.ExitStatus:
    if status.code is None:
        raise ValueError("a program of the fake host ends with a code: ExitStatus(code=...)")
    return types.ExitStatus_Code(status.code)
