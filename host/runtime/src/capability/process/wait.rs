//! What becomes of the children of a supervisor. Like everything in a supervisor it allocates nothing and cannot panic.
#![allow(unsafe_code)]

use libc::{c_int, pid_t};

use super::errno::checked;
use super::{ExitStatus, ProcessUsage, Signal};

/// What became of a child.
pub(super) struct Change {
    pub(super) pid: pid_t,
    pub(super) code: c_int,
    pub(super) status: c_int,
    pub(super) usage: ProcessUsage,
}

impl Change {
    pub(super) fn exit_status(&self) -> ExitStatus {
        if self.code == libc::CLD_EXITED {
            ExitStatus::Code(self.status)
        } else {
            ExitStatus::Signaled(Signal(self.status as u8))
        }
    }
}

/// Asks, or waits, for what became of a child; none if there is nothing to tell yet.
pub(super) fn wait_for(kind: libc::idtype_t, pid: pid_t, options: c_int) -> Result<Option<Change>, c_int> {
    // SAFETY: both are plain data for which zero is valid, and live through the call.
    let (info, usage) = unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let mut usage: libc::rusage = std::mem::zeroed();
        let usage_at: *mut libc::rusage = &mut usage;
        checked(libc::syscall(libc::SYS_waitid, kind, pid, &mut info, options | libc::__WALL, usage_at))?;
        (info, usage)
    };
    // SAFETY: `waitid` fills in these fields, or leaves the zeros.
    let (pid, status) = unsafe { (info.si_pid(), info.si_status()) };
    let milliseconds =
        |time: libc::timeval| (time.tv_sec as u64).saturating_mul(1000).saturating_add(time.tv_usec as u64 / 1000);
    let usage = ProcessUsage {
        user_time_ms: milliseconds(usage.ru_utime),
        system_time_ms: milliseconds(usage.ru_stime),
        max_resident_bytes: (usage.ru_maxrss as u64).saturating_mul(1024),
    };
    Ok((pid != 0).then_some(Change { pid, code: info.si_code, status, usage }))
}

/// Reaps this child if it is dead.
pub(super) fn reap(pid: pid_t) {
    drop(wait_for(libc::P_PID, pid, libc::WEXITED | libc::WNOHANG));
}
