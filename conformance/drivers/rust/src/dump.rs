//! The text form in which the driver tells what arrived: see ../../README.md.

use airssys_wasm_sdk::{Caller, ComponentConfig, ComponentId, ExecutionContext};

pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn id(id: &ComponentId) -> String {
    format!("{}/{}@{}", hex(&id.namespace), hex(&id.name), hex(&id.version))
}

pub fn config(config: &ComponentConfig) -> String {
    let mut text = format!(
        "id.namespace={}\nid.name={}\nid.version={}\n",
        hex(&config.id.namespace),
        hex(&config.id.name),
        hex(&config.id.version)
    );
    for (key, value) in &config.environment {
        text += &format!("environment.{}={}\n", hex(key), hex(value));
    }
    if let Some(data) = &config.data {
        text += &format!("data={}\n", hex(data));
    }
    let limits = [
        ("max-memory-bytes", config.limits.max_memory_bytes),
        ("max-cpu-time-ms", config.limits.max_cpu_time_ms),
        ("max-execution-time-ms", config.limits.max_execution_time_ms),
    ];
    for (name, limit) in limits {
        if let Some(limit) = limit {
            text += &format!("limits.{name}={limit}\n");
        }
    }
    text
}

pub fn context(context: &ExecutionContext) -> String {
    let caller = match &context.caller {
        Caller::Component(component) => format!("component:{}", id(component)),
        Caller::External(name) => format!("external:{}", hex(name)),
        Caller::Host => "host".to_owned(),
    };
    let mut text = format!("request-id={}\ncaller={caller}\n", hex(&context.request_id));
    if let Some(deadline) = context.deadline {
        text += &format!("deadline={}.{}\n", deadline.seconds, deadline.nanoseconds);
    }
    if let Some(parent) = &context.trace_parent {
        text += &format!("trace-parent={}\n", hex(parent));
    }
    text
}
