//! What a child may reach: its program, what programs need to start, and what its component may reach itself.
//!
//! Landlock governs files and TCP ports, and keeps signals within the tree of the child; [`filter`] closes what it does
//! not govern. What it cannot express is not allowed: a permission that is finer than a whole directory, save for single
//! files, and network permissions for certain hosts, because of TCP it knows the ports and not the addresses.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;

use airssys_wasm_policy::{Access, Gate, NetworkAction, ProcessAction};
use rustix::fs::{FileType, Mode, OFlags};

use super::filter::Tcp;
use super::landlock::{Domain, port, right};
use super::program::{Program, real_path};
use super::{ProcessConfig, filter, landlock};
use crate::capability::filesystem::{Filesystem, Lent};

/// Programs of one permission with a wildcard that are looked up one by one: as many as a folder of them has.
const MAX_PROGRAMS: usize = 4096;

/// What loads programs, under its names on the machines and C libraries there are.
const LOADERS: [&str; 4] = [
    "/lib64/ld-linux-x86-64.so.2",
    "/lib/ld-linux-aarch64.so.1",
    "/lib/ld-musl-x86_64.so.1",
    "/lib/ld-musl-aarch64.so.1",
];
/// Devices that hold nothing, with what they are good for.
const DEVICES: [(&str, u64); 4] = [
    ("/dev/null", right::READ_FILE | right::WRITE_FILE),
    ("/dev/zero", right::READ_FILE),
    ("/dev/random", right::READ_FILE),
    ("/dev/urandom", right::READ_FILE),
];

/// How a child is kept in.
pub(super) struct Confinement {
    /// The domain of its supervisor.
    pub(super) scope: Option<OwnedFd>,
    pub(super) domain: Option<OwnedFd>,
    pub(super) filter: Option<Vec<libc::sock_filter>>,
}

/// Whether children can be confined on this machine.
pub(super) fn is_supported() -> bool {
    landlock::is_supported() && filter::is_supported()
}

/// For a child that can do what the host's user can.
pub(super) fn none() -> io::Result<Confinement> {
    if !is_supported() {
        return Ok(Confinement { scope: None, domain: None, filter: None });
    }
    // Signals stay among its own all the same: it must not be able to kill what keeps watch over it.
    let domain = || Domain::of_signals().map(Domain::into_descriptor);
    Ok(Confinement { scope: Some(domain()?), domain: Some(domain()?), filter: Some(filter::counting()) })
}

/// For a child that can do what its component can.
pub(super) fn confine(
    config: &ProcessConfig,
    gate: &Gate,
    filesystem: &Filesystem,
    program: &Program,
) -> io::Result<Confinement> {
    let ports =
        [Ports::of(gate, NetworkAction::Outbound, port::CONNECT), Ports::of(gate, NetworkAction::Inbound, port::BIND)];
    let all = ports.iter().filter(|ports| ports.are_all()).map(|ports| ports.right).sum();
    let domain = Domain::closed_except(all)?;
    for ports in ports.iter().filter(|ports| !ports.are_all()) {
        for port in &ports.ports {
            domain.allow_port(*port, ports.right)?;
        }
    }
    let tcp = Tcp { connect: ports[0].is_any(), listen: ports[1].is_any() };
    allow_program(&domain, program)?;
    if let Some(interpreter) = &program.interpreter {
        allow_program(&domain, &interpreter.program)?;
    }
    for loader in LOADERS {
        allow_path(&domain, loader.as_ref(), right::READ_FILE | right::EXECUTE)?;
    }
    for path in &config.system_paths {
        allow_path(&domain, path, right::READ_FILE | right::READ_DIRECTORY)?;
    }
    for (device, rights) in DEVICES {
        allow_path(&domain, device.as_ref(), rights)?;
    }
    allow_other_programs(&domain, gate)?;
    for lent in filesystem.lent() {
        let rights = rights_of(&lent);
        let rights = if lent.is_directory { rights } else { rights & right::OF_FILES };
        if rights != 0 {
            domain.allow(&*lent.place, rights)?;
        }
    }
    Ok(Confinement {
        scope: Some(Domain::of_signals()?.into_descriptor()),
        domain: Some(domain.into_descriptor()),
        filter: Some(filter::confined(tcp)),
    })
}

fn rights_of(lent: &Lent) -> u64 {
    let mut rights = 0;
    if lent.read {
        rights |= right::READ_FILE;
    }
    if lent.list {
        rights |= right::READ_DIRECTORY;
    }
    if lent.write {
        // Links are not among it: one that is made here could point anywhere, and somebody else might follow it.
        rights |= right::WRITE_FILE | right::TRUNCATE | right::MAKE_FILE | right::MAKE_DIRECTORY;
    }
    if lent.delete {
        rights |= right::REMOVE_FILE | right::REMOVE_DIRECTORY;
    }
    if lent.write && lent.delete {
        rights |= right::REFER;
    }
    rights
}

fn allow_program(domain: &Domain, program: &Program) -> io::Result<()> {
    domain.allow(&program.file, right::READ_FILE | right::EXECUTE)
}

/// What else the component may start, its children may start.
fn allow_other_programs(domain: &Domain, gate: &Gate) -> io::Result<()> {
    let spawning = |program: String| Access::Process { action: ProcessAction::Spawn, program };
    let mut looked_at = 0;
    for allowed in gate.permissions().into_iter().flat_map(|permissions| &permissions.process) {
        if allowed.action != ProcessAction::Spawn {
            continue;
        }
        let start = allowed.program.literal_start();
        let Some((place, path, is_directory)) = open(start.as_ref()) else { continue };
        let rights = right::READ_FILE | right::EXECUTE;
        let access = spawning(path);
        if !is_directory {
            if gate.allows(&access) {
                domain.allow(&place, rights)?;
            }
        } else if gate.allows_below(&access) {
            domain.allow(&place, rights)?;
        } else if start != allowed.program.as_str() {
            // A pattern within one folder; those that go deeper are too many to look up.
            let Ok(entries) = fs::read_dir(&start) else { continue };
            for entry in entries.flatten() {
                looked_at += 1;
                if looked_at > MAX_PROGRAMS {
                    return Ok(());
                }
                let Some((place, path, false)) = open(&entry.path()) else { continue };
                if gate.allows(&spawning(path)) {
                    domain.allow(&place, rights)?;
                }
            }
        }
    }
    Ok(())
}

/// Allows a path of the host, if it is there.
fn allow_path(domain: &Domain, path: &std::path::Path, rights: u64) -> io::Result<()> {
    match open(path) {
        Some((place, _, true)) => domain.allow(place, rights),
        Some((place, _, false)) => domain.allow(place, rights & right::OF_FILES),
        None => Ok(()),
    }
}

/// What is at a path, where that really is, and whether it is a directory.
fn open(path: &std::path::Path) -> Option<(OwnedFd, String, bool)> {
    let place = rustix::fs::open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty()).ok()?;
    let is_directory = FileType::from_raw_mode(rustix::fs::fstat(&place).ok()?.st_mode) == FileType::Directory;
    let path = real_path(&place)?;
    Some((place, path, is_directory))
}

/// The ports on which the component may reach every address there is, or be reached from it.
struct Ports {
    right: u64,
    ports: Vec<u16>,
}

impl Ports {
    fn of(gate: &Gate, action: NetworkAction, right: u64) -> Ports {
        let ports = (0..=u16::MAX).filter(|port| gate.allows_every_address(action, *port)).collect();
        Ports { right, ports }
    }

    fn is_any(&self) -> bool {
        !self.ports.is_empty()
    }

    /// All of them need no rule each.
    fn are_all(&self) -> bool {
        self.ports.len() == 1 << 16
    }
}
