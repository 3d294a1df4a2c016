//! What an instance holds, as the guest and as the system see it.

use anyhow::Result;

use crate::host::{Host, SMALL};
use crate::leaks;
use crate::plan::Plan;
use crate::resident::resident_bytes;
use crate::results::Memory;
use crate::summary::Summary;
use crate::task::Code;

/// Measures a guest whose compiled code is on the disk: what compiling leaves in a process would be taken for memory that
/// instances need.
///
/// # Errors
/// Fails when the guest or the host does.
pub fn measure(code: &Code, plan: &Plan) -> Result<Memory> {
    // First, while this process is small.
    let (linear_memory_bytes, resident_memory_bytes) = instances(code, plan)?;
    let host = Host::new(&code.cache)?;
    let component = host.load(&code.component)?;
    let leaks = leaks::check(&host, &component, plan.leak_calls)?;
    host.shut_down(component)?;
    Ok(Memory { linear_memory_bytes, resident_memory_bytes, leaks })
}

/// Linear memory of one instance, and what the process grows by for each further one.
fn instances(code: &Code, plan: &Plan) -> Result<(u64, Summary)> {
    let mut linear = 0;
    let mut resident = Vec::new();
    for _ in 0..plan.memory {
        // In a new runtime, whose pool is untouched.
        let host = Host::new(&code.cache)?;
        let component = host.load(&code.component)?;
        host.check(&component, &SMALL)?;
        linear = component.stats().memory_bytes;
        let before = resident_bytes()?;
        let mut together = Vec::new();
        for number in 0..plan.instances_together {
            together.push(host.further_instance(&component, number)?.0);
        }
        let grown = resident_bytes()?.saturating_sub(before);
        resident.push(grown as f64 / together.len() as f64);
        for further in together {
            host.shut_down(further)?;
        }
        host.shut_down(component)?;
    }
    Ok((linear, Summary::of(resident)))
}
