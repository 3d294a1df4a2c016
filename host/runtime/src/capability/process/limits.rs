//! Which limits apply to a process, and how the operating system is told.
#![allow(clippy::unnecessary_cast, reason = "the C libraries disagree about the type of a limit's number")]

use std::time::Duration;

use super::{ProcessConfig, ProcessError, ProcessLimits, Result, system};
use crate::milliseconds::milliseconds;

/// Limits of address space and files are counted by the system as they are asked for; of CPU time it counts seconds.
const MILLISECONDS: u64 = 1000;

/// Signals and timers of a child: no program needs many at a time.
const MAX_PENDING_SIGNALS: u64 = 1024;

/// A limit of the operating system, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Resource {
    pub(super) number: u32,
    pub(super) value: u64,
}

/// What applies to a process that asks for this: what it asks for, or else the operator's default.
///
/// # Errors
/// `invalid-argument` if a limit is above that of the operator, or of the host itself.
pub(super) fn resolve(config: &ProcessConfig, asked: ProcessLimits) -> Result<ProcessLimits> {
    let (default, ceiling) = (config.default_limits, config.limit_ceilings);
    let limits = ProcessLimits {
        max_memory_bytes: pick(
            "max-memory-bytes",
            asked.max_memory_bytes,
            default.max_memory_bytes,
            lower(ceiling.max_memory_bytes, hard(libc::RLIMIT_AS as u32, 1)),
        )?,
        max_cpu_time: pick(
            "max-cpu-time-ms",
            asked.max_cpu_time.map(milliseconds),
            default.max_cpu_time.map(milliseconds),
            lower(ceiling.max_cpu_time.map(milliseconds), hard(libc::RLIMIT_CPU as u32, MILLISECONDS)),
        )?
        .map(Duration::from_millis),
        max_wall_time: pick(
            "max-wall-time-ms",
            asked.max_wall_time.map(milliseconds),
            default.max_wall_time.map(milliseconds),
            ceiling.max_wall_time.map(milliseconds),
        )?
        .map(Duration::from_millis),
        max_open_files: pick(
            "max-open-files",
            asked.max_open_files.map(u64::from),
            default.max_open_files.map(u64::from),
            lower(ceiling.max_open_files.map(u64::from), hard(libc::RLIMIT_NOFILE as u32, 1)),
        )?
        .map(|files| u32::try_from(files).unwrap_or(u32::MAX)),
        max_output_bytes: pick(
            "max-output-bytes",
            asked.max_output_bytes,
            default.max_output_bytes,
            ceiling.max_output_bytes,
        )?,
    };
    Ok(limits)
}

fn pick(name: &str, asked: Option<u64>, default: Option<u64>, ceiling: Option<u64>) -> Result<Option<u64>> {
    match (asked, ceiling) {
        (Some(asked), Some(ceiling)) if asked > ceiling => {
            Err(ProcessError::InvalidArgument(format!("{name} is above the host's limit of {ceiling}")))
        }
        (Some(asked), _) => Ok(Some(asked)),
        // A host that may not do more than its own default starts processes all the same.
        (None, ceiling) => Ok(lower(default, ceiling)),
    }
}

fn lower(left: Option<u64>, right: Option<u64>) -> Option<u64> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (left, right) => left.or(right),
    }
}

/// What the host itself may use at most.
fn hard(number: u32, unit: u64) -> Option<u64> {
    match system::hard_limit(number) {
        libc::RLIM64_INFINITY => None,
        value => Some(value.saturating_mul(unit)),
    }
}

/// Those of the limits that the operating system enforces.
pub(super) fn resources(limits: &ProcessLimits) -> Vec<Resource> {
    let seconds = limits.max_cpu_time.map(|time| milliseconds(time).div_ceil(MILLISECONDS));
    [
        (libc::RLIMIT_AS as u32, limits.max_memory_bytes),
        (libc::RLIMIT_CPU as u32, seconds),
        (libc::RLIMIT_NOFILE as u32, limits.max_open_files.map(u64::from)),
        // Signals and timers that wait are the host's user's, who has a number of them for all processes.
        (
            libc::RLIMIT_SIGPENDING as u32,
            Some(MAX_PENDING_SIGNALS.min(system::hard_limit(libc::RLIMIT_SIGPENDING as u32))),
        ),
        // What a core dump shows is nobody's but the component's, and there it cannot go.
        (libc::RLIMIT_CORE as u32, Some(0)),
    ]
    .into_iter()
    .filter_map(|(number, value)| value.map(|value| Resource { number, value }))
    .collect()
}

/// How large a process may make a file: no larger than its component may.
pub(super) fn file_size(bytes: u64) -> Resource {
    let number = libc::RLIMIT_FSIZE as u32;
    Resource { number, value: bytes.min(system::hard_limit(number)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(5);

    #[test]
    fn what_is_asked_for_goes_before_the_default_and_not_above_the_ceiling() {
        let config = ProcessConfig::default();
        let ceiling = config.limit_ceilings.max_wall_time.unwrap();
        let wall = |time| resolve(&config, ProcessLimits { max_wall_time: time, ..ProcessLimits::default() });
        assert_eq!(wall(None).unwrap().max_wall_time, config.default_limits.max_wall_time);
        assert_eq!(wall(Some(SHORT)).unwrap().max_wall_time, Some(SHORT));
        assert_eq!(wall(Some(ceiling)).unwrap().max_wall_time, Some(ceiling));
        assert!(matches!(wall(Some(ceiling + Duration::from_millis(1))), Err(ProcessError::InvalidArgument(_))));
    }

    #[test]
    fn parts_of_a_second_of_cpu_time_are_rounded_up() {
        let limits = ProcessLimits { max_cpu_time: Some(Duration::from_millis(1001)), ..ProcessLimits::default() };
        let cpu = Resource { number: libc::RLIMIT_CPU as u32, value: 2 };
        assert!(resources(&limits).contains(&cpu));
    }
}
