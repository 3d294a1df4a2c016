//! The last steps of a child: it takes its place, gives up what it must not have, and executes its program.
//!
//! This runs in a forked process that borrows the memory of its supervisor, so it allocates nothing, takes no lock, cannot
//! panic, and changes nothing that it did not make.
#![allow(unsafe_code)]

use std::os::fd::RawFd;

use libc::{c_int, c_ulong, pid_t};

use super::errno::checked;
use super::message::Message;
use super::plan::WrittenPlan;
use super::report::Stage;

/// Files that it makes are its own to write and everybody's to read, as far as they ask for that.
const UMASK: libc::mode_t = 0o022;
/// Beyond any capability that Linux has or could have in its masks.
const CAPABILITIES: c_int = 64;
const LINUX_CAPABILITY_VERSION_3: u32 = 0x2008_0522;

/// Executes the program of the plan, or tells the supervisor why not.
pub(super) fn exec(plan: &WrittenPlan, supervisor: pid_t, channel: RawFd) -> ! {
    if let Err((stage, code)) = prepare_and_execute(plan, supervisor, channel) {
        let _ = Message::Failed(stage, code).send(channel);
    }
    // SAFETY: ends this process and nothing else.
    unsafe { libc::_exit(127) }
}

fn prepare_and_execute(plan: &WrittenPlan, supervisor: pid_t, channel: RawFd) -> Result<(), (Stage, c_int)> {
    // SAFETY: plain system calls on this process, which has nothing in common with the host any more and only its memory
    // with the supervisor, which waits; their arguments live through each call.
    unsafe {
        let at = |stage| move |code| (stage, code);
        checked(libc::setsid()).map_err(at(Stage::Session))?;
        checked(libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as c_ulong, 0, 0, 0)).map_err(at(Stage::Session))?;
        if libc::getppid() != supervisor {
            return Err((Stage::Session, libc::ESRCH));
        }
        for (descriptor, standard) in plan.streams().into_iter().zip(0..) {
            checked(libc::dup2(descriptor, standard)).map_err(at(Stage::Streams))?;
        }
        checked(libc::fchdir(plan.directory())).map_err(at(Stage::Directory))?;
        libc::umask(UMASK);
        give_up_privileges().map_err(at(Stage::Privileges))?;
        if let Some(domain) = plan.domain() {
            checked(libc::syscall(libc::SYS_landlock_restrict_self, domain, 0)).map_err(at(Stage::Confinement))?;
        }
        let mut none = std::mem::zeroed();
        libc::sigemptyset(&mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &none, std::ptr::null_mut());
        checked(libc::syscall(libc::SYS_close_range, 3, c_int::MAX, libc::CLOSE_RANGE_CLOEXEC))
            .map_err(at(Stage::Streams))?;
        install_filters(plan, channel).map_err(at(Stage::Confinement))?;
        // As late as possible: what comes before needs descriptors of its own.
        for [resource, value] in plan.limits() {
            let limit = libc::rlimit { rlim_cur: *value, rlim_max: *value };
            checked(libc::setrlimit(*resource as _, &limit)).map_err(at(Stage::Limits))?;
        }
        let (arguments, environment) = plan.pointers();
        let flags = libc::AT_EMPTY_PATH;
        checked(libc::syscall(libc::SYS_execveat, plan.program(), c"".as_ptr(), arguments, environment, flags))
            .map_err(at(Stage::Execution))?;
    }
    Ok(())
}

/// After this there is nothing that the user of the host is not allowed as well, even if that is root.
unsafe fn give_up_privileges() -> Result<(), c_int> {
    /// The kernel's header and data of capabilities.
    #[repr(C)]
    struct Header {
        version: u32,
        pid: c_int,
    }
    // SAFETY: the structures are those that the kernel expects for this version, and all sets are empty.
    unsafe {
        checked(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))?;
        libc::prctl(libc::PR_CAP_AMBIENT, libc::PR_CAP_AMBIENT_CLEAR_ALL as c_ulong, 0, 0, 0);
        for capability in 0..CAPABILITIES {
            // Who may not do this has none to lose.
            libc::prctl(libc::PR_CAPBSET_DROP, capability as c_ulong, 0, 0, 0);
        }
        let header = Header { version: LINUX_CAPABILITY_VERSION_3, pid: 0 };
        let sets = [0_u32; 6];
        checked(libc::syscall(libc::SYS_capset, &header, sets.as_ptr())).map(drop)
    }
}

/// Installs the filters. The supervisor gets the descriptor on which it is asked in between: the second one
/// lets no descriptor pass any more.
unsafe fn install_filters(plan: &WrittenPlan, channel: RawFd) -> Result<(), c_int> {
    let flags = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    for (filter, flags) in [(plan.counting(), flags), (plan.filter(), 0)] {
        let Some(filter) = filter else { continue };
        let program = libc::sock_fprog { len: filter.len() as u16, filter: filter.as_ptr().cast_mut() };
        // SAFETY: the program lives through the call; the kernel only reads it.
        let result = unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, &program) };
        let result = checked(result)?;
        if flags != 0 {
            Message::Requests(result as RawFd).send(channel)?;
        }
    }
    Ok(())
}
