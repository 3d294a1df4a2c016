//! A call through the secured API beside all other ways to have bytes given back.

use std::sync::Arc;

use anyhow::{Context, Result};

use crate::bare::{Bare, Mode};
use crate::comparison::{Batch, Comparison, Named, in_turns};
use crate::family::Family;
use crate::host::Host;
use crate::names::{ASYNCHRONOUS, BLOCKING, OUTSIDE, SECURED, SUBPROCESS, SYNCHRONOUS};
use crate::numbers::bytes;
use crate::plan::{Plan, SIZES};
use crate::process::Served;
use crate::subprocess::Subprocess;
use crate::task::{Beside, Code};

/// Measures calls of every size.
///
/// # Errors
/// Fails when the guest does, or what is beside it.
pub fn measure(code: &Code, beside: &[Beside], plan: &Plan) -> Result<Vec<Comparison>> {
    let host = Host::new(&code.cache)?;
    let component = host.load(&code.component)?;
    let blocking = host.blocking(&code.component)?;
    let mut asynchronous = Bare::new(&code.component, Mode::Asynchronous).context("failed to make a bare component")?;
    let mut synchronous = Bare::new(&code.component, Mode::Synchronous).context("failed to make a bare component")?;
    // A pipe is the same for every guest: it is measured where the other native way is.
    let mut subprocess = if beside.len() > 1 { Some(Subprocess::new()?) } else { None };
    let mut started = Vec::new();
    for way in beside {
        let program = match &way.program {
            Ok(program) => Ok(Served::peer(program).with_context(|| format!("failed to start {}", way.name))?),
            Err(reason) => Err(reason.clone()),
        };
        started.push((way.name.clone(), program));
    }

    let mut comparisons = Vec::new();
    for size in SIZES {
        let payload = Arc::new((0..size).map(|index| (index % 251) as u8).collect::<Vec<_>>());
        host.check(&component, &payload)?;
        let mut ways: Vec<Named<'_>> = vec![
            (SECURED.to_owned(), Ok(Box::new(|calls| host.calls(&component, &payload, calls)))),
            (OUTSIDE.to_owned(), Ok(Box::new(|calls| host.calls_from_outside(&component, &payload, calls)))),
            (BLOCKING.to_owned(), Ok(Box::new(|calls| Host::calls_blocking(&blocking, &payload, calls)))),
            (ASYNCHRONOUS.to_owned(), Ok(Box::new(|calls| asynchronous.calls(&host, &payload, calls)))),
            (SYNCHRONOUS.to_owned(), Ok(Box::new(|calls| synchronous.calls(&host, &payload, calls)))),
        ];
        for (name, program) in &mut started {
            let program = program.as_mut().map_err(|reason| reason.clone());
            let batch = program.map(|program| -> Batch<'_> { Box::new(move |calls| program.calls(size, calls)) });
            ways.push((name.clone(), batch));
        }
        if let Some(subprocess) = &mut subprocess {
            ways.push((SUBPROCESS.to_owned(), Ok(Box::new(|calls| subprocess.calls(&payload, calls)))));
        }
        let ways = in_turns(ways, plan)?;
        comparisons.push(Comparison { family: Family::Calls, subject: String::new(), what: bytes(size as f64), ways });
    }
    blocking.shutdown()?;
    host.shut_down(component)?;
    Ok(comparisons)
}
