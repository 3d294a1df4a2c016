//! Everything that a forked process needs to become a program, made before the fork.

use std::ffi::{CString, c_char};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::ptr;

/// Everything that a forked process needs. Nothing in here is changed or allocated after the fork.
pub(super) struct Plan {
    parts: Parts,
    arguments: Vec<*const c_char>,
    environment: Vec<*const c_char>,
    pub(super) max_tasks: u32,
}

/// What a [`Plan`] is made from.
pub(super) struct Parts {
    /// The file that is executed.
    pub(super) program: OwnedFd,
    /// With the name that the program is given for itself.
    pub(super) arguments: Vec<CString>,
    /// As `NAME=value`.
    pub(super) environment: Vec<CString>,
    pub(super) stdin: OwnedFd,
    pub(super) stdout: OwnedFd,
    pub(super) stderr: OwnedFd,
    pub(super) directory: OwnedFd,
    /// The numbers of the system's limits, with their values.
    pub(super) limits: Vec<(u32, u64)>,
    /// The Landlock domain of the supervisor, in which signals stay.
    pub(super) scope: Option<OwnedFd>,
    /// The Landlock domain of the child.
    pub(super) domain: Option<OwnedFd>,
    /// What the child may ask of the system.
    pub(super) filter: Option<Vec<libc::sock_filter>>,
    pub(super) max_tasks: u32,
}

impl Plan {
    pub(super) fn new(parts: Parts) -> Plan {
        // The text stays where it is when the vectors that own it move.
        let pointers = |strings: &[CString]| strings.iter().map(|text| text.as_ptr()).chain([ptr::null()]).collect();
        Plan {
            arguments: pointers(&parts.arguments),
            environment: pointers(&parts.environment),
            max_tasks: parts.max_tasks,
            parts,
        }
    }

    /// The arguments and the environment, as the system takes them.
    pub(super) fn pointers(&self) -> (*const *const c_char, *const *const c_char) {
        (self.arguments.as_ptr(), self.environment.as_ptr())
    }

    pub(super) fn program(&self) -> RawFd {
        self.parts.program.as_raw_fd()
    }

    /// Standard input, output and error.
    pub(super) fn streams(&self) -> [RawFd; 3] {
        [self.parts.stdin.as_raw_fd(), self.parts.stdout.as_raw_fd(), self.parts.stderr.as_raw_fd()]
    }

    pub(super) fn directory(&self) -> RawFd {
        self.parts.directory.as_raw_fd()
    }

    pub(super) fn limits(&self) -> &[(u32, u64)] {
        &self.parts.limits
    }

    pub(super) fn scope(&self) -> Option<RawFd> {
        self.parts.scope.as_ref().map(AsRawFd::as_raw_fd)
    }

    pub(super) fn domain(&self) -> Option<RawFd> {
        self.parts.domain.as_ref().map(AsRawFd::as_raw_fd)
    }

    pub(super) fn filter(&self) -> Option<&[libc::sock_filter]> {
        self.parts.filter.as_deref()
    }
}
