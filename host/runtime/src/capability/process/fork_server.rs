//! The fork server: a process that the host forks before its first child, and which forks all supervisors from then on.
//!
//! A fork copies how the whole memory of a process is laid out, and each page that is written to afterwards. For a host
//! that is large, that would be much more work than the child. The fork server gives back everything that it has of the host
//! but its code, the variables of that, and one stack, so that a child costs the same however large the host is, what a
//! child has used of memory is its own, and neither the host's heap nor the memory of its components is in any other
//! process.
//!
//! The supervisors are children of the host all the same. The fork server ends when its socket to the host is closed, be it
//! because the host is dead.
#![allow(unsafe_code)]

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::ptr;
use std::sync::Mutex;

use libc::{c_int, pid_t};

use crate::locked::locked;

use super::errno::checked;
use super::fd_passing::{self, MAX_DESCRIPTORS};
use super::mappings::{Content, Mapping};
use super::plan::{self, Plan, WrittenPlan};
use super::supervise::{close_all_but, supervise};
use super::system::{self, Forked};

/// A request has the socket to the supervisor, the written plan, and the descriptors of the plan.
const OWN_DESCRIPTORS: usize = 2;
const _: () = assert!(OWN_DESCRIPTORS + plan::MAX_DESCRIPTORS <= MAX_DESCRIPTORS);
/// A request is the length of the plan, and its answer the number of the supervisor or, negative, the system's error.
const MESSAGE_BYTES: usize = size_of::<i64>();
/// The lowest number that descriptors are moved to, out of the way of the standard streams.
const FIRST_DESCRIPTOR: c_int = 10;
/// The highest signal of Linux.
const LAST_SIGNAL: c_int = 64;
/// At least the length of the kernel's `struct sigaction`, whose mask is one word.
const SIGACTION_WORDS: usize = 4;
/// Many lines of `/proc/self/maps`; a longer one has a path and is passed over.
const MAPPINGS_BYTES: usize = 16 * 1024;

/// The fork server of a runtime, from its first child on.
#[derive(Default)]
pub(super) struct ForkServer(Mutex<Option<Connection>>);

struct Connection {
    socket: UnixStream,
    process: OwnedFd,
}

impl ForkServer {
    /// Starts a supervisor, which starts the child. Blocks.
    ///
    /// What the child has of the host, as its user and its control group, is as it was when the first one was started.
    pub(super) fn start(&self, plan: &Plan) -> io::Result<Forked> {
        let mut connection = locked(&self.0);
        if let Some(fork_server) = &*connection
            && let Ok(started) = fork_server.ask(plan)
        {
            return started;
        }
        // There was none so far, or somebody has killed it.
        connection.insert(Connection::open()?).ask(plan)?
    }
}

impl Connection {
    fn open() -> io::Result<Connection> {
        let (socket, theirs) = UnixStream::pair()?;
        let mut process: c_int = -1;
        let signals = SignalsBlocked::new();
        // SAFETY: a fork without shared memory. The new process has the memory of this thread alone, and goes on in
        // `serve`, which needs no lock of the host, does not allocate and never returns. It sends no signal when it ends
        // and is waited for with its own descriptor, so that nobody else in this program notices it.
        let result = unsafe {
            let host = libc::getpid();
            match libc::syscall(libc::SYS_clone, libc::CLONE_PIDFD, 0_usize, &raw mut process, 0_usize, 0_usize) {
                0 => serve(theirs.as_raw_fd(), host),
                result => result,
            }
        };
        let error = io::Error::last_os_error();
        drop(signals);
        if result == -1 {
            return Err(error);
        }
        // SAFETY: a descriptor that the call has just made.
        Ok(Connection { socket, process: unsafe { OwnedFd::from_raw_fd(process) } })
    }

    /// Has a supervisor forked; an error of its own if there is nobody to do it.
    fn ask(&self, plan: &Plan) -> io::Result<io::Result<Forked>> {
        let (control, theirs) = UnixStream::pair()?;
        control.set_nonblocking(true)?;
        let (written, length) = plan.write()?;
        let mut descriptors = vec![theirs.as_raw_fd(), written.as_raw_fd()];
        descriptors.extend(plan.descriptors());
        let failed = io::Error::from_raw_os_error;
        let socket = self.socket.as_raw_fd();
        fd_passing::send(socket, &(length as i64).to_ne_bytes(), &descriptors).map_err(failed)?;
        // They make room for what arrives.
        drop((theirs, written));
        let (mut answer, mut given) = ([0; MESSAGE_BYTES], [-1; MAX_DESCRIPTORS]);
        let (bytes, count) = fd_passing::receive(socket, &mut answer, &mut given).map_err(failed)?;
        if bytes < MESSAGE_BYTES {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let answer = i64::from_ne_bytes(answer);
        if answer < 0 {
            return Ok(Err(failed(answer.unsigned_abs() as c_int)));
        }
        let process = match count {
            // SAFETY: a descriptor that has just arrived.
            1.. => Ok(unsafe { OwnedFd::from_raw_fd(given[0]) }),
            // There was no room for it.
            _ => system::open_process(answer as pid_t),
        };
        if process.is_err() {
            system::hang_up(&control);
            let _ = system::reap_number(answer as pid_t);
        }
        Ok(process.map(|process| Forked { control, process: Some(process) }))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        system::hang_up(&self.socket);
        system::wait_and_reap(&self.process);
    }
}

/// All signals wait as long as this lives: the handlers of the host must not run in a process that was forked from it.
struct SignalsBlocked(libc::sigset_t);

impl SignalsBlocked {
    fn new() -> Self {
        let mut before = MaybeUninit::uninit();
        // SAFETY: both sets are filled in before they are used.
        unsafe {
            let mut all = MaybeUninit::uninit();
            libc::sigfillset(all.as_mut_ptr());
            libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
            SignalsBlocked(before.assume_init())
        }
    }
}

impl Drop for SignalsBlocked {
    fn drop(&mut self) {
        // SAFETY: the set that was there before.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &self.0, ptr::null_mut()) };
    }
}

/// Goes on as the fork server. From here on nothing allocates, takes a lock or panics: another thread of the host may have
/// held any lock when this process was forked.
fn serve(socket: RawFd, host: pid_t) -> ! {
    if let Ok(socket) = settle(socket) {
        give_back_memory();
        while let Ok(()) = answer(socket, host) {}
    }
    // SAFETY: ends this process and nothing else; no destructor of the host runs.
    unsafe { libc::_exit(0) }
}

/// Leaves everything of the host, except the socket; its number from now on.
fn settle(socket: RawFd) -> Result<RawFd, c_int> {
    // SAFETY: plain system calls on this process alone, which uses none of the descriptors that are closed.
    unsafe {
        // The kernel's own call: the C library keeps two signals to itself, which somebody may have had ignored all the
        // same. All zeros is the default. Those that cannot be changed need no change.
        let default = [0_u64; SIGACTION_WORDS];
        for signal in 1..=LAST_SIGNAL {
            let none = ptr::null_mut::<libc::c_void>();
            libc::syscall(libc::SYS_rt_sigaction, signal, default.as_ptr(), none, size_of::<u64>());
        }
        libc::setsid();
        libc::prctl(libc::PR_SET_NAME, c"airssys-fork".as_ptr());
        checked(libc::chdir(c"/".as_ptr()))?;
        let socket = checked(libc::fcntl(socket, libc::F_DUPFD_CLOEXEC, FIRST_DESCRIPTOR))? as RawFd;
        close_all_but([socket])?;
        // What arrives must not take the numbers of the standard streams, onto which children have theirs copied.
        for _ in 0..3 {
            checked(libc::open(c"/dev/null".as_ptr(), libc::O_RDWR))?;
        }
        Ok(socket)
    }
}

/// Gives back all memory but that of programs and libraries, of the kernel, and of this thread.
fn give_back_memory() {
    let mut text = [0_u8; MAPPINGS_BYTES];
    // The stack, and where the C library keeps what it has for each thread.
    // SAFETY: asks for an address.
    let own = [(&raw const text) as usize, unsafe { libc::__errno_location() } as usize];
    // SAFETY: a descriptor for this function; the kernel writes no more than there is room for. What is unmapped is used by
    // nobody: this process has one thread, which keeps its stack, its variables, and those of its code.
    unsafe {
        let file = libc::open(c"/proc/self/maps".as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC);
        let (mut filled, mut variables_end) = (0, 0);
        while let Some(room) = text.get_mut(filled..) {
            let read = libc::read(file, room.as_mut_ptr().cast(), room.len());
            if read <= 0 {
                break;
            }
            filled += read as usize;
            let mut rest = text.get(..filled).unwrap_or_default();
            while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                let (line, after) = rest.split_at_checked(end).unwrap_or_default();
                rest = after.get(1..).unwrap_or_default();
                let Some(mapping) = Mapping::parse(line) else { continue };
                match mapping.content {
                    // The variables of a program that begin with zeros are right behind those that do not.
                    Content::File { is_writable: true } => variables_end = mapping.end,
                    Content::Memory
                        if mapping.start != variables_end && !own.iter().any(|at| mapping.contains(*at)) =>
                    {
                        libc::munmap(mapping.start as *mut libc::c_void, mapping.end - mapping.start);
                    }
                    _ => {}
                }
            }
            let (from, left) = (filled - rest.len(), rest.len());
            text.copy_within(from..filled, 0);
            filled = left;
        }
        libc::close(file);
    }
}

/// Serves one request. Fails when nobody will ask any more.
fn answer(socket: RawFd, host: pid_t) -> Result<(), c_int> {
    let (mut request, mut given) = ([0; MESSAGE_BYTES], [-1; MAX_DESCRIPTORS]);
    let (bytes, count) = fd_passing::receive(socket, &mut request, &mut given)?;
    if bytes < MESSAGE_BYTES {
        return Err(libc::EPIPE);
    }
    let length = i64::from_ne_bytes(request) as usize;
    let descriptors = given.get(..count).unwrap_or_default();
    let mut process: c_int = -1;
    let flags = libc::CLONE_PIDFD | libc::CLONE_PARENT;
    // SAFETY: a fork without shared memory, whose parent is the host. It goes on with what the host has written.
    let supervisor = unsafe {
        match libc::syscall(libc::SYS_clone, flags, 0_usize, &raw mut process, 0_usize, 0_usize) {
            0 => follow(descriptors, length, host),
            supervisor => checked(supervisor),
        }
    };
    // First of all: somebody may wait for the end of a pipe.
    for descriptor in descriptors {
        // SAFETY: they came with the request and are used no more.
        unsafe { libc::close(*descriptor) };
    }
    match supervisor {
        Ok(number) => {
            let sent = fd_passing::send(socket, &number.to_ne_bytes(), &[process]);
            // SAFETY: it was sent, and is used no more.
            unsafe { libc::close(process) };
            sent
        }
        Err(code) => fd_passing::send(socket, &(-i64::from(code)).to_ne_bytes(), &[]),
    }
}

/// Goes on as a supervisor.
fn follow(descriptors: &[RawFd], length: usize, host: pid_t) -> ! {
    let (control, result) = match descriptors {
        [control, written, descriptors @ ..] => {
            // SAFETY: the host has written it.
            (*control, unsafe { WrittenPlan::read(*written, length, descriptors) })
        }
        // The system had no room for them.
        _ => (-1, Err(libc::EMFILE)),
    };
    supervise(result, host, control)
}
