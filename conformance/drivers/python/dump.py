"""The text form in which the driver tells what arrived: see ../README.md."""

from airssys_wasm import (
    ComponentCaller,
    ComponentConfig,
    ComponentId,
    ExecutionContext,
    ExternalCaller,
    Outcome,
    Reply,
)


def hexadecimal(text: str) -> str:
    """Gives the bytes of text in lowercase hexadecimal."""
    return text.encode().hex()


def component_id(id: ComponentId) -> str:
    """Gives an id, each part in hexadecimal."""
    return f"{hexadecimal(id.namespace)}/{hexadecimal(id.name)}@{hexadecimal(id.version)}"


def config(config: ComponentConfig) -> str:
    """Gives the lines of a config."""
    lines = [
        f"id.namespace={hexadecimal(config.id.namespace)}",
        f"id.name={hexadecimal(config.id.name)}",
        f"id.version={hexadecimal(config.id.version)}",
    ]
    lines += [f"environment.{hexadecimal(name)}={hexadecimal(value)}" for name, value in config.environment]
    if config.data is not None:
        lines.append(f"data={config.data.hex()}")
    limits = {
        "max-memory-bytes": config.limits.max_memory_bytes,
        "max-cpu-time-ms": config.limits.max_cpu_time_ms,
        "max-execution-time-ms": config.limits.max_execution_time_ms,
    }
    lines += [f"limits.{name}={limit}" for name, limit in limits.items() if limit is not None]
    return "".join(f"{line}\n" for line in lines)


def context(context: ExecutionContext) -> str:
    """Gives the lines of a context."""
    match context.caller:
        case ComponentCaller(id):
            caller = f"component:{component_id(id)}"
        case ExternalCaller(name):
            caller = f"external:{hexadecimal(name)}"
        case _:
            caller = "host"
    lines = [f"request-id={hexadecimal(context.request_id)}", f"caller={caller}"]
    if context.deadline is not None:
        lines.append(f"deadline={context.deadline.seconds}.{context.deadline.nanoseconds}")
    if context.trace_parent is not None:
        lines.append(f"trace-parent={hexadecimal(context.trace_parent)}")
    return "".join(f"{line}\n" for line in lines)


def outcome(outcome: Outcome) -> str:
    """Gives the outcome of a request."""
    return f"ok:{outcome.data.hex()}" if isinstance(outcome, Reply) else f"err:{hexadecimal(outcome.reason)}"
