"""The exported resource `process`. The build wants it in a module named as the interface."""

from airssys_wasm import processes
from wit_world.imports import process_types

import convert_process as convert
from forward import forward


class Process:
    """Forwards to a process of the SDK, which the host closes by dropping this."""

    def __init__(self, process: processes.Process) -> None:
        self.process = process

    def id(self) -> int:
        """Forwards `id`."""
        return self.process.id

    def info(self) -> process_types.ProcessInfo:
        """Forwards `info`."""
        return convert.from_info(forward(self.process.info))

    def wait(self) -> process_types.ExitStatus:
        """Forwards `wait`."""
        return convert.from_status(forward(self.process.wait))

    def wait_timeout(self, timeout_ms: int) -> process_types.ExitStatus | None:
        """Forwards `wait-timeout`."""
        return convert.from_optional_status(forward(self.process.wait_timeout, timeout_ms))

    def try_wait(self) -> process_types.ExitStatus | None:
        """Forwards `try-wait`."""
        return convert.from_optional_status(forward(self.process.try_wait))

    def is_running(self) -> bool:
        """Forwards `is-running`."""
        return self.process.is_running()

    def usage(self) -> process_types.ProcessUsage:
        """Forwards `usage`."""
        usage = forward(self.process.usage)
        return process_types.ProcessUsage(usage.user_time_ms, usage.system_time_ms, usage.max_resident_bytes)

    def limits(self) -> process_types.ProcessLimits:
        """Forwards `limits`."""
        return convert.from_limits(forward(self.process.limits))

    def set_limits(self, limits: process_types.ProcessLimits) -> None:
        """Forwards `set-limits`."""
        forward(self.process.set_limits, convert.to_limits(limits))
