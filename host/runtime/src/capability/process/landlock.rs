//! Landlock as the kernel has it: what rights there are, and domains that keep a process to some of them.
#![allow(unsafe_code)]

use std::io;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;

/// The version with signals that stay in their domain, which a supervisor cannot do without: Linux 6.12.
const NEEDED_VERSION: i64 = 6;
/// `LANDLOCK_CREATE_RULESET_VERSION`.
const ASK_VERSION: u32 = 1;
/// `LANDLOCK_RULE_PATH_BENEATH` and `LANDLOCK_RULE_NET_PORT`.
const PATH_BENEATH: u32 = 1;
const NET_PORT: u32 = 2;
/// `LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET` and `LANDLOCK_SCOPE_SIGNAL`.
const SCOPE_ABSTRACT_SOCKETS: u64 = 1;
const SCOPE_SIGNALS: u64 = 2;

/// Rights on files, as bits.
pub(super) mod right {
    pub(crate) const EXECUTE: u64 = 1;
    pub(crate) const WRITE_FILE: u64 = 1 << 1;
    pub(crate) const READ_FILE: u64 = 1 << 2;
    pub(crate) const READ_DIRECTORY: u64 = 1 << 3;
    pub(crate) const REMOVE_DIRECTORY: u64 = 1 << 4;
    pub(crate) const REMOVE_FILE: u64 = 1 << 5;
    pub(crate) const MAKE_DIRECTORY: u64 = 1 << 7;
    pub(crate) const MAKE_FILE: u64 = 1 << 8;
    /// Renaming and linking into another directory.
    pub(crate) const REFER: u64 = 1 << 13;
    pub(crate) const TRUNCATE: u64 = 1 << 14;
    /// All that the needed version knows.
    pub(crate) const ALL: u64 = (1 << 16) - 1;
    /// Those that a file can have; the others are of directories.
    pub(crate) const OF_FILES: u64 = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE;
}

/// Rights on TCP ports, as bits.
pub(super) mod port {
    pub(crate) const BIND: u64 = 1;
    pub(crate) const CONNECT: u64 = 1 << 1;
    pub(crate) const ALL: u64 = BIND | CONNECT;
}

/// A domain that nobody has entered yet.
pub(super) struct Domain(OwnedFd);

/// What a domain governs, as `struct landlock_ruleset_attr`.
#[repr(C)]
struct Governed {
    files: u64,
    ports: u64,
    scopes: u64,
}

/// `struct landlock_path_beneath_attr`.
#[repr(C, packed)]
struct PathRule {
    rights: u64,
    place: RawFd,
}

/// `struct landlock_net_port_attr`.
#[repr(C)]
struct PortRule {
    rights: u64,
    port: u64,
}

/// Whether the kernel has all that is needed.
pub(super) fn is_supported() -> bool {
    // SAFETY: without a structure the call only gives the version.
    let version =
        unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, ptr::null::<Governed>(), 0_usize, ASK_VERSION) };
    version >= NEEDED_VERSION
}

impl Domain {
    /// Governs nothing but signals, which do not leave it.
    pub(super) fn of_signals() -> io::Result<Domain> {
        Domain::governing(&Governed { files: 0, ports: 0, scopes: SCOPE_SIGNALS })
    }

    /// Governs everything but these rights on ports, and allows nothing.
    pub(super) fn closed_except(ports: u64) -> io::Result<Domain> {
        let scopes = SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS;
        Domain::governing(&Governed { files: right::ALL, ports: port::ALL & !ports, scopes })
    }

    fn governing(governed: &Governed) -> io::Result<Domain> {
        // SAFETY: the structure lives through the call and has the size that is given.
        let result = unsafe {
            libc::syscall(libc::SYS_landlock_create_ruleset, ptr::from_ref(governed), size_of::<Governed>(), 0_u32)
        };
        if result == -1 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: a descriptor that the call has just made.
        Ok(Domain(unsafe { OwnedFd::from_raw_fd(result as RawFd) }))
    }

    /// Allows these rights on a file, or on a directory and everything below it.
    pub(super) fn allow(&self, place: impl AsFd, rights: u64) -> io::Result<()> {
        let rule = PathRule { rights, place: place.as_fd().as_raw_fd() };
        self.add(PATH_BENEATH, ptr::from_ref(&rule).cast())
    }

    /// Allows these rights on a port.
    pub(super) fn allow_port(&self, port: u16, rights: u64) -> io::Result<()> {
        let rule = PortRule { rights, port: port.into() };
        self.add(NET_PORT, ptr::from_ref(&rule).cast())
    }

    fn add(&self, kind: u32, rule: *const libc::c_void) -> io::Result<()> {
        // SAFETY: the rule is of this kind and lives through the call.
        match unsafe { libc::syscall(libc::SYS_landlock_add_rule, self.0.as_raw_fd(), kind, rule, 0_u32) } {
            -1 => Err(io::Error::last_os_error()),
            _ => Ok(()),
        }
    }

    pub(super) fn into_descriptor(self) -> OwnedFd {
        self.0
    }
}
