//! What a filter has the supervisor asked: a call of the kernel that waits for its answer.
//!
//! Like everything in a supervisor it allocates nothing and cannot panic.
#![allow(unsafe_code)]

use std::os::fd::RawFd;

use libc::{c_int, pid_t};

/// A call that waits.
pub(super) struct Request {
    requests: RawFd,
    id: u64,
    /// The thread that makes it.
    pub(super) thread: pid_t,
    pub(super) call: libc::c_long,
    pub(super) arguments: [u64; 6],
}

/// What becomes of it.
pub(super) enum Answer {
    /// The kernel does it. Its arguments in memory could be others by now, so this is for calls that have none.
    GoesOn,
    /// It was done here.
    Done,
    /// It fails with this code.
    Fails(c_int),
}

impl Request {
    /// The next one; none if who asked is dead meanwhile.
    pub(super) fn receive(requests: RawFd) -> Option<Request> {
        // SAFETY: plain data for which zero is valid, and the kernel wants it to be zero.
        let mut request: libc::seccomp_notif = unsafe { std::mem::zeroed() };
        // SAFETY: the request lives through the call.
        if unsafe { libc::ioctl(requests, libc::SECCOMP_IOCTL_NOTIF_RECV as _, &mut request) } == -1 {
            return None;
        }
        let (thread, call) = (request.pid as pid_t, request.data.nr.into());
        Some(Request { requests, id: request.id, thread, call, arguments: request.data.args })
    }

    /// Whether who asked still waits. Its number is its own then, and was so before this was asked.
    pub(super) fn waits(&self) -> bool {
        // SAFETY: the number lives through the call.
        unsafe { libc::ioctl(self.requests, libc::SECCOMP_IOCTL_NOTIF_ID_VALID as _, &self.id) == 0 }
    }

    /// Answers it; whether somebody was there to take it.
    pub(super) fn answer(self, answer: &Answer) -> bool {
        let (error, flags) = match answer {
            Answer::GoesOn => (0, libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32),
            Answer::Done => (0, 0),
            Answer::Fails(code) => (-*code, 0),
        };
        let mut response = libc::seccomp_notif_resp { id: self.id, val: 0, error, flags };
        // SAFETY: the response lives through the call.
        unsafe { libc::ioctl(self.requests, libc::SECCOMP_IOCTL_NOTIF_SEND as _, &mut response) == 0 }
    }
}
