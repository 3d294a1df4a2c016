//! Does a task in this process: the one place that knows what measures what.

use anyhow::Result;
use serde::Serialize;

use crate::plan::Plan;
use crate::task::Task;
use crate::{calls, counts, loaded, memory, operations, permission, process, replicas, starting, subprocess};

/// Measures, and prints the results as JSON.
///
/// # Errors
/// Fails as what is measured does.
pub fn run(task: &Task, plan: &Plan) -> Result<()> {
    match task {
        Task::Compile(code) => print(&starting::compile(code, plan)?),
        Task::Starting(code) => print(&starting::start(code, plan)?),
        Task::Instances { code, beside } => print(&starting::beside(code, beside, plan)?),
        Task::Memory(code) => print(&memory::measure(code, plan)?),
        Task::Calls { code, beside } => print(&calls::measure(code, beside, plan)?),
        Task::Loaded { code, count } => {
            let many = loaded::Many::load(code, *count)?;
            process::serve(&many.facts(), |bytes, calls| many.calls(bytes, calls))
        }
        Task::Replicas { code, replicas } => {
            let component = replicas::Replicated::load(code, *replicas)?;
            process::serve(&(), |bytes, calls| component.calls(bytes, calls))
        }
        Task::Engine { code, instances } => {
            let mut engine = replicas::Instances::load(code, *instances)?;
            process::serve(&(), |bytes, calls| engine.calls(bytes, calls))
        }
        Task::Operations(code) => print(&operations::measure(code, plan)?),
        Task::Permission => print(&permission::measure(plan)?),
        Task::Echo => subprocess::echo(),
        Task::Counted { code, what, times } => counts::perform(*what, code, *times),
    }
}

fn print(results: &impl Serialize) -> Result<()> {
    println!("{}", serde_json::to_string(results)?);
    Ok(())
}
