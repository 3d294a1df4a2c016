//! What a supervisor tells the host about its child, in records of one length.

use super::{ExitStatus, ProcessUsage, Signal};

/// The length of a record.
pub(super) const REPORT_BYTES: usize = 32;

/// Where the way from a fork to a program can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Stage {
    Supervisor = 1,
    Fork = 2,
    Session = 3,
    Streams = 4,
    Directory = 5,
    Limits = 6,
    Privileges = 7,
    Confinement = 8,
    Execution = 9,
}

impl Stage {
    const ALL: [Stage; 9] = [
        Stage::Supervisor,
        Stage::Fork,
        Stage::Session,
        Stage::Streams,
        Stage::Directory,
        Stage::Limits,
        Stage::Privileges,
        Stage::Confinement,
        Stage::Execution,
    ];

    pub(super) fn of(number: u8) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| *stage as u8 == number)
    }
}

/// One message of a supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Report {
    /// The program runs, as the process of this number.
    Started(i32),
    /// It could not be started; the system's code for why.
    Failed(Stage, i32),
    Stopped(Signal),
    Continued,
    Exited(ExitStatus, ProcessUsage),
}

impl Report {
    /// Allocates nothing and cannot panic: supervisors use it.
    pub(super) fn encode(self) -> [u8; REPORT_BYTES] {
        let (kind, detail, value, usage) = match self {
            Report::Started(pid) => (1, 0, pid, None),
            Report::Failed(stage, code) => (2, stage as u8, code, None),
            Report::Stopped(signal) => (3, signal.0, 0, None),
            Report::Continued => (4, 0, 0, None),
            Report::Exited(ExitStatus::Code(code), usage) => (5, 0, code, Some(usage)),
            Report::Exited(ExitStatus::Signaled(signal), usage) => (6, signal.0, 0, Some(usage)),
        };
        let usage = usage.unwrap_or(ProcessUsage { user_time_ms: 0, system_time_ms: 0, max_resident_bytes: 0 });
        let mut bytes = [0; REPORT_BYTES];
        bytes[0] = kind;
        bytes[1] = detail;
        bytes[4..8].copy_from_slice(&value.to_ne_bytes());
        bytes[8..16].copy_from_slice(&usage.user_time_ms.to_ne_bytes());
        bytes[16..24].copy_from_slice(&usage.system_time_ms.to_ne_bytes());
        bytes[24..32].copy_from_slice(&usage.max_resident_bytes.to_ne_bytes());
        bytes
    }

    /// What was encoded; none if it was nothing.
    pub(super) fn decode(bytes: &[u8; REPORT_BYTES]) -> Option<Report> {
        let number = |at: usize| u64::from_ne_bytes(std::array::from_fn(|index| bytes[at + index]));
        let value = i32::from_ne_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
        let signal = Signal(bytes[1]);
        let usage =
            ProcessUsage { user_time_ms: number(8), system_time_ms: number(16), max_resident_bytes: number(24) };
        Some(match bytes[0] {
            1 => Report::Started(value),
            2 => Report::Failed(Stage::of(bytes[1])?, value),
            3 => Report::Stopped(signal),
            4 => Report::Continued,
            5 => Report::Exited(ExitStatus::Code(value), usage),
            6 => Report::Exited(ExitStatus::Signaled(signal), usage),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        let usage = ProcessUsage { user_time_ms: 1, system_time_ms: u64::MAX, max_resident_bytes: 1 << 40 };
        for report in [
            Report::Started(i32::MAX),
            Report::Failed(Stage::Execution, 13),
            Report::Stopped(Signal::STOP),
            Report::Continued,
            Report::Exited(ExitStatus::Code(-1), usage),
            Report::Exited(ExitStatus::Signaled(Signal::KILL), usage),
        ] {
            assert_eq!(Report::decode(&report.encode()), Some(report));
        }
        assert_eq!(Report::decode(&[0; REPORT_BYTES]), None);
    }
}
