"""Does what no component should, one attack an operation.

INIT, MESSAGE, CALLBACK, REQUEST, HEALTH and SHUTDOWN in its environment, and the file /data/metadata, do one elsewhere:
an operation, a blank, its input.
"""

from dataclasses import replace

from airssys_wasm import (
    Component,
    ComponentConfig,
    ComponentId,
    ComponentMetadata,
    ExecutionContext,
    HealthStatus,
    Outcome,
    component,
    files,
)
from airssys_wasm.errors import ExecutionError, FilesystemError, Internal, ProcessingFailed

from attacks import OPERATIONS, Attacks


@component(name="tests/hostile-python", version="1.0.0", operations=OPERATIONS)
class Hostile(Component):
    """Attacks when it is told to."""

    def __init__(self) -> None:
        self.attacks = Attacks()
        self.environment: dict[str, str] = {}

    def occasion(self, name: str) -> None:
        """Does what the environment says for it; nothing otherwise."""
        attack = self.environment.get(name)
        if attack is None:
            return
        try:
            self.line(attack)
        except ExecutionError as error:
            raise Internal(str(error)) from error

    def line(self, line: str) -> bytes:
        """Does one attack."""
        operation, _, input = line.partition(" ")
        return self.attacks.run(operation, input.encode())

    def init(self, config: ComponentConfig) -> None:
        """Keeps the environment."""
        self.environment = dict(config.environment)
        self.occasion("INIT")

    def execute(self, operation: str, input: bytes, context: ExecutionContext) -> bytes:
        """Attacks, or takes a request."""
        if operation == "handle-request":
            try:
                self.occasion("REQUEST")
            except Internal as error:
                raise ProcessingFailed(str(error)) from error
            return input
        return self.attacks.run(operation, input)

    def handle_message(self, sender: ComponentId, message: bytes) -> None:
        """Does what the environment says."""
        self.occasion("MESSAGE")

    def handle_callback(self, request: str, outcome: Outcome) -> None:
        """Keeps the outcome and does what the environment says."""
        self.attacks.keep(outcome)
        self.occasion("CALLBACK")

    def metadata(self) -> ComponentMetadata:
        """Describes itself as the file says."""
        metadata = super().metadata()
        try:
            attack = files.read_file("/data/metadata")
        except FilesystemError:
            return metadata
        return replace(metadata, description=self.line(attack.decode()).decode())

    def health(self) -> HealthStatus:
        """Does what the environment says."""
        self.occasion("HEALTH")
        return HealthStatus.HEALTHY

    def shutdown(self) -> None:
        """Does what the environment says."""
        self.occasion("SHUTDOWN")
