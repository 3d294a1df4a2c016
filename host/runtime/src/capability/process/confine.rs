//! What a child may reach: its program, what programs need to start, and what its component may reach itself.
//!
//! Landlock governs files and TCP ports, and keeps signals within the tree of the child; [`filter`] closes what it does
//! not govern. What it cannot express is not allowed: a permission that is finer than a whole directory, save for single
//! files, and network permissions for certain hosts, because of TCP it knows the ports and not the addresses.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::LazyLock;

use airssys_wasm_policy::{Access, Gate, NetworkAction, ProcessAction};
use rustix::fs::{FileType, Mode, OFlags};

use super::filter::Tcp;
use super::landlock::{Domain, port, right};
use super::program::{Program, real_path};
use super::{ProcessConfig, filter, landlock, listening};
use crate::capability::filesystem::{ChildAccess, Filesystem};

/// Files that are looked at, whether a permission with a wildcard covers them: as many as a folder of programs has.
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
    pub(super) counting: Option<Vec<libc::sock_filter>>,
    pub(super) filter: Option<Vec<libc::sock_filter>>,
    /// The ports that it may listen on, where it has to ask.
    pub(super) listening: Option<Vec<u64>>,
}

/// Whether children can be confined on this machine, of which the kernel is asked once.
pub(super) fn is_supported() -> bool {
    static SUPPORTED: LazyLock<bool> = LazyLock::new(|| landlock::is_supported() && filter::is_supported());
    *SUPPORTED
}

/// For a child that can do what the host's user can.
pub(super) fn none(is_supported: bool) -> io::Result<Confinement> {
    if !is_supported {
        return Ok(Confinement { scope: None, domain: None, counting: None, filter: None, listening: None });
    }
    // Signals stay among its own all the same: it must not be able to kill what keeps watch over it.
    let domain = || Domain::of_signals().map(Domain::into_descriptor);
    let counting = Some(filter::counting(false));
    Ok(Confinement { scope: Some(domain()?), domain: Some(domain()?), counting, filter: None, listening: None })
}

/// For a child that can do what its component can.
pub(super) fn confine(
    config: &ProcessConfig,
    gate: &Gate,
    ports: &TcpPorts,
    filesystem: &Filesystem,
    program: &Program,
) -> io::Result<Confinement> {
    let TcpPorts(ports) = ports;
    let all = ports.iter().filter(|ports| ports.are_all()).map(|ports| ports.right).sum();
    let domain = Domain::closed_except(all)?;
    for ports in ports.iter().filter(|ports| !ports.are_all()) {
        for port in &ports.ports {
            domain.allow_port(*port, ports.right)?;
        }
    }
    let [outbound, inbound] = ports;
    let tcp = Tcp { connect: outbound.is_any(), listen: inbound.is_any() };
    let listening = (inbound.is_any() && !inbound.are_all()).then(|| listening::table(&inbound.ports));
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
    allow_other_programs(&domain, gate, config)?;
    for access in filesystem.child_access() {
        let rights = rights_of(&access, config.write_past_quota || !filesystem.has_quota());
        let rights = if access.is_directory { rights } else { rights & right::OF_FILES };
        if rights != 0 {
            domain.allow(&*access.place, rights)?;
        }
    }
    Ok(Confinement {
        scope: Some(Domain::of_signals()?.into_descriptor()),
        domain: Some(domain.into_descriptor()),
        counting: Some(filter::counting(listening.is_some())),
        filter: Some(filter::confined(tcp)),
        listening,
    })
}

/// What a child may do there. Nobody counts what it writes, so where somebody should it does not write.
fn rights_of(access: &ChildAccess, may_write: bool) -> u64 {
    let mut rights = 0;
    if access.read {
        rights |= right::READ_FILE;
    }
    if access.list {
        rights |= right::READ_DIRECTORY;
    }
    let write = access.write && may_write;
    if write {
        // Links are not among it: one that is made here could point anywhere, and somebody else might follow it.
        rights |= right::WRITE_FILE | right::TRUNCATE | right::MAKE_FILE | right::MAKE_DIRECTORY;
    }
    if access.delete {
        rights |= right::REMOVE_FILE | right::REMOVE_DIRECTORY;
    }
    if write && access.delete {
        rights |= right::REFER;
    }
    rights
}

fn allow_program(domain: &Domain, program: &Program) -> io::Result<()> {
    domain.allow(&program.file, right::READ_FILE | right::EXECUTE)
}

/// What else the component may start, its children may start: what is in the folders of programs, and what permissions
/// name, or have in the folder that they name.
///
/// To start a file is to read it, so a permission for whole trees is taken at its word only where there are programs and
/// nothing else.
fn allow_other_programs(domain: &Domain, gate: &Gate, config: &ProcessConfig) -> io::Result<()> {
    let spawning = |program: String| Access::Process { action: ProcessAction::Spawn, program };
    let rights = right::READ_FILE | right::EXECUTE;
    let mut whole = BTreeSet::new();
    for folder in &config.search_path {
        if let Some((place, path, Kind::Folder)) = open(folder)
            && gate.allows_below(&spawning(path.clone()))
        {
            domain.allow(&place, rights)?;
            whole.insert(path);
        }
    }
    let allowed = gate.permissions().into_iter().flat_map(|permissions| &permissions.process);
    let starts: BTreeSet<String> = allowed
        .filter(|allowed| allowed.action == ProcessAction::Spawn)
        .map(|allowed| allowed.program.literal_start())
        .collect();
    let mut looked_at = 0;
    for start in starts.difference(&whole) {
        let Some((place, path, kind)) = open(start.as_ref()) else { continue };
        if kind == Kind::Program && gate.allows(&spawning(path)) {
            domain.allow(&place, rights)?;
        } else if kind == Kind::Folder {
            let Ok(entries) = fs::read_dir(start) else { continue };
            for entry in entries.flatten() {
                looked_at += 1;
                if looked_at > MAX_PROGRAMS {
                    return Ok(());
                }
                if let Some((place, path, Kind::Program)) = open(&entry.path())
                    && gate.allows(&spawning(path))
                {
                    domain.allow(&place, rights)?;
                }
            }
        }
    }
    Ok(())
}

/// Allows a path of the host, if it is there.
fn allow_path(domain: &Domain, path: &Path, rights: u64) -> io::Result<()> {
    match open(path) {
        Some((place, _, Kind::Folder)) => domain.allow(place, rights),
        Some((place, ..)) => domain.allow(place, rights & right::OF_FILES),
        None => Ok(()),
    }
}

/// What is at a path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Folder,
    /// A file that can be executed.
    Program,
    Other,
}

/// What is at a path, and where that really is.
fn open(path: &Path) -> Option<(OwnedFd, String, Kind)> {
    let place = rustix::fs::open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty()).ok()?;
    let mode = rustix::fs::fstat(&place).ok()?.st_mode;
    let kind = match FileType::from_raw_mode(mode) {
        FileType::Directory => Kind::Folder,
        FileType::RegularFile if mode & 0o111 != 0 => Kind::Program,
        _ => Kind::Other,
    };
    let path = real_path(&place)?;
    Some((place, path, kind))
}

/// The ports of TCP that children may connect to and listen on. Each one is asked for, so this is made once for a component.
pub(super) struct TcpPorts([Ports; 2]);

impl TcpPorts {
    pub(super) fn of(gate: &Gate) -> TcpPorts {
        let outbound = Ports::of(gate, NetworkAction::Outbound, port::CONNECT);
        TcpPorts([outbound, Ports::of(gate, NetworkAction::Inbound, port::BIND)])
    }
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
