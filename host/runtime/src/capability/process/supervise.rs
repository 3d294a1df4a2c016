//! The supervisor: a process between the host and one child, which lives as long as the child's handle and takes
//! everything that the child has started with it when it goes.
//!
//! It is forked from the fork server, which was forked from the host, and never becomes another program, so everything here
//! has to do without allocation, locks and panics: another thread of the host may have held any lock. What it needs is in
//! the plan that the host has written.
//!
//! - It is the subreaper of its child: what loses its parent becomes its own, daemons included, and cannot leave.
//! - It is the root of a Landlock domain in which signals stay. `kill(-1)` then means exactly the processes that descend
//!   from it, all at once and without a race: a fork either is over, or fails with the signal that is pending.
//! - It holds one end of a socket whose other end is the host's. When that is closed, be it because the host is dead, it
//!   kills what is left and goes.
//! - It never reaps the child until then, so that the number of the child cannot mean another process meanwhile.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;
use std::os::fd::RawFd;

use libc::{c_int, c_void, pid_t};

use super::Signal;
use super::errno::{checked, errno};
use super::exec::exec;
use super::listening::Ports;
use super::memory::Watch;
use super::message::Message;
use super::plan::{Bounds, WrittenPlan};
use super::report::{REPORT_BYTES, Report, Stage};
use super::requests::{Answer, Request};
use super::tally::Tally;
use super::task_limit::{self, TaskLimit};
use super::wait::{reap, wait_for};

const CHILD_STACK_BYTES: usize = 64 * 1024;
/// How long to wait between two rounds of killing where they have to be repeated.
const ROUND_MS: c_int = 5;

/// Goes on as the supervisor. `host` is the host's process, and `control` the end of the socket to it.
///
/// Called in a forked process in which all signals are blocked and have their default; see above for what it must not
/// do.
pub(super) fn supervise(plan: Result<WrittenPlan, c_int>, host: pid_t, control: RawFd) -> ! {
    let (bounds, tally) = match &plan {
        Ok(plan) => (plan.bounds(), plan.tally()),
        Err(_) => (Bounds::default(), -1),
    };
    let tally = Tally::new(tally, bounds.place);
    let mut supervisor = Supervisor {
        control,
        signals: -1,
        requests: -1,
        listening: plan.as_ref().ok().and_then(WrittenPlan::listening),
        child: 0,
        exited: false,
        scoped: false,
        task_limit: TaskLimit::new(&bounds, tally),
        memory: Watch::new(&bounds, tally),
    };
    let started = plan.map_err(|code| (Stage::Supervisor, code)).and_then(|plan| supervisor.start(&plan, host));
    match started {
        Ok(()) => supervisor.run(),
        Err((stage, code)) => {
            supervisor.report(Report::Failed(stage, code));
            supervisor.end();
        }
    }
    exit()
}

fn exit() -> ! {
    // SAFETY: ends this process and nothing else; no destructor of the host runs.
    unsafe { libc::_exit(0) }
}

/// Closes all descriptors but these.
pub(super) fn close_all_but<const COUNT: usize>(mut kept: [RawFd; COUNT]) -> Result<(), c_int> {
    kept.sort_unstable();
    let mut first = 0;
    for (last, next) in
        kept.map(|kept| (kept.wrapping_sub(1), kept.wrapping_add(1))).into_iter().chain([(c_int::MAX, 0)])
    {
        if first <= last {
            // SAFETY: forked processes use no descriptor behind the back of those who own it.
            checked(unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) })?;
        }
        first = first.max(next);
    }
    Ok(())
}

/// What a child is started with.
struct Start<'a> {
    plan: &'a WrittenPlan,
    supervisor: pid_t,
    channel: RawFd,
}

/// The stack of a child until it is its program. The calls that it makes there need a few hundred bytes.
#[repr(C, align(16))]
struct ChildStack([MaybeUninit<u8>; CHILD_STACK_BYTES]);

/// Starts a child and waits until it is its program or has ended.
///
/// It borrows the memory of the supervisor meanwhile, as with `vfork`, instead of a copy to be thrown away at once.
fn start_child(start: &Start<'_>) -> Result<pid_t, c_int> {
    extern "C" fn run(start: *mut c_void) -> c_int {
        // SAFETY: what `start_child` passes, which waits as long as this runs.
        let start = unsafe { &*start.cast::<Start<'_>>() };
        exec(start.plan, start.supervisor, start.channel)
    }
    let mut stack = ChildStack([MaybeUninit::uninit(); CHILD_STACK_BYTES]);
    let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
    let start: *const Start<'_> = start;
    // SAFETY: this process has one thread, which the kernel holds until the child has a memory of its own or is gone; the
    // child has a stack of its own, which grows down from its end, and leaves everything else as it is.
    let child = unsafe {
        let top = stack.0.as_mut_ptr().add(CHILD_STACK_BYTES);
        libc::clone(run, top.cast(), flags, start.cast_mut().cast())
    };
    checked(child).map(|child| child as pid_t)
}

struct Supervisor {
    control: RawFd,
    /// Where the end or stop of a child shows.
    signals: RawFd,
    /// Where descendants ask whether they may fork or listen; -1 if nobody asks.
    requests: RawFd,
    /// The ports that they may listen on, if that is asked.
    listening: Option<Ports<'static>>,
    child: pid_t,
    exited: bool,
    /// Whether signals stay with the descendants.
    scoped: bool,
    task_limit: TaskLimit,
    memory: Watch,
}

impl Supervisor {
    fn start(&mut self, plan: &WrittenPlan, host: pid_t) -> Result<(), (Stage, c_int)> {
        let failed = |code| (Stage::Supervisor, code);
        // SAFETY: plain system calls on this process alone, with arguments that live through each call.
        let channel = unsafe {
            libc::setsid();
            libc::prctl(libc::PR_SET_NAME, c"airssys-process".as_ptr());
            checked(libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)).map_err(failed)?;
            checked(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)).map_err(failed)?;
            if let Some(scope) = plan.scope() {
                checked(libc::syscall(libc::SYS_landlock_restrict_self, scope, 0)).map_err(failed)?;
                // Believed only if it shows: the way out of here is a signal to everything in reach.
                self.scoped = libc::kill(host, 0) == -1 && errno() == libc::EPERM;
                if !self.scoped {
                    return Err(failed(libc::EPERM));
                }
            }
            let mut channel = [-1; 2];
            let kind = libc::SOCK_STREAM | libc::SOCK_CLOEXEC;
            checked(libc::socketpair(libc::AF_UNIX, kind, 0, channel.as_mut_ptr())).map_err(failed)?;
            channel
        };
        let [own, childs] = channel;
        // SAFETY: asks for a number.
        let start = Start { plan, supervisor: unsafe { libc::getpid() }, channel: childs };
        self.child = start_child(&start).map_err(|code| (Stage::Fork, code))?;
        // Above all the ends of pipes that others wait for.
        close_all_but([self.control, own, plan.tally()]).map_err(failed)?;
        self.await_program(own)?;
        // SAFETY: as above.
        unsafe { libc::close(own) };
        self.signals = signal_descriptor().map_err(failed)?;
        self.report(Report::Started(self.child));
        Ok(())
    }

    /// Waits until the child is its program, or says why it is not.
    fn await_program(&mut self, channel: RawFd) -> Result<(), (Stage, c_int)> {
        loop {
            let message = Message::receive(channel).map_err(|code| (Stage::Supervisor, code))?;
            match message {
                // Only a program's start closes the other end; or the child's death, which is seen later.
                Message::End => return Ok(()),
                Message::Requests(descriptor) => self.requests = descriptor,
                Message::Failed(stage, code) => return Err((stage, code)),
            }
        }
    }

    fn run(&mut self) {
        loop {
            let polled = |fd| libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
            let mut sources = [polled(self.control), polled(self.signals), polled(self.requests)];
            // SAFETY: three entries, which live through the call; those below 0 are left out.
            let ready = unsafe { libc::poll(sources.as_mut_ptr(), 3, self.memory.pause()) };
            if ready == -1 && errno() != libc::EINTR {
                break;
            }
            if self.memory.look(self.child, self.task_limit.is_alone(), self.scoped) {
                self.kill_all();
            }
            let [control, signals, requests] = sources.map(|source| source.revents);
            // The host writes nothing: whatever it is, it is the end.
            if control != 0 {
                break;
            }
            if signals != 0 {
                self.drain_signals();
                self.look_after_children();
            }
            if requests & libc::POLLIN != 0 {
                self.answer();
            } else if requests != 0 {
                // SAFETY: its own descriptor, and not used again.
                unsafe { libc::close(self.requests) };
                self.requests = -1;
            }
        }
        self.end();
    }

    /// Answers one descendant.
    fn answer(&mut self) {
        let Some(request) = Request::receive(self.requests) else { return };
        if request.call == libc::SYS_listen {
            let answer = self.listening.map_or(Answer::Fails(libc::EPERM), |ports| ports.listen(&request));
            request.answer(&answer);
            return;
        }
        // Whatever else asks wants to fork or start a thread.
        let has_room = self.task_limit.has_room(self.scoped, self.child);
        let answer = if has_room { Answer::GoesOn } else { Answer::Fails(libc::EAGAIN) };
        if request.answer(&answer) && has_room {
            self.task_limit.count_one();
        }
    }

    fn drain_signals(&self) {
        let mut info = [0_u8; size_of::<libc::signalfd_siginfo>()];
        // SAFETY: the buffer has the length that is given. The descriptor does not block.
        while unsafe { libc::read(self.signals, info.as_mut_ptr().cast(), info.len()) } > 0 {}
    }

    /// Tells what has become of the child, and reaps what it has left.
    fn look_after_children(&mut self) {
        loop {
            match wait_for(libc::P_PID, self.child, libc::WSTOPPED | libc::WCONTINUED | libc::WNOHANG) {
                Ok(Some(change)) if change.code == libc::CLD_CONTINUED => self.report(Report::Continued),
                Ok(Some(change)) => self.report(Report::Stopped(Signal(change.status as u8))),
                _ => break,
            }
        }
        self.look_for_exit();
        while !self.exited {
            match wait_for(libc::P_ALL, 0, libc::WEXITED | libc::WNOHANG | libc::WNOWAIT) {
                Ok(Some(dead)) if dead.pid == self.child => self.look_for_exit(),
                Ok(Some(dead)) => reap(dead.pid),
                _ => break,
            }
        }
    }

    fn look_for_exit(&mut self) {
        if self.exited {
            return;
        }
        if let Ok(Some(end)) = wait_for(libc::P_PID, self.child, libc::WEXITED | libc::WNOHANG | libc::WNOWAIT) {
            self.exited = true;
            self.report(Report::Exited(end.exit_status(), end.usage));
        }
    }

    /// Kills every descendant and waits until none is left.
    fn end(&mut self) {
        loop {
            self.kill_all();
            self.look_for_exit();
            // With the signals in their domain one round is enough, and waiting for the dead needs no clock.
            let block = if self.scoped { 0 } else { libc::WNOHANG };
            match wait_for(libc::P_ALL, 0, libc::WEXITED | libc::WNOWAIT | block) {
                Ok(Some(dead)) => {
                    if dead.pid == self.child && !self.exited {
                        self.look_for_exit();
                    }
                    reap(dead.pid);
                }
                // SAFETY: no descriptors, only the time.
                Ok(None) => drop(unsafe { libc::poll(std::ptr::null_mut(), 0, ROUND_MS) }),
                Err(libc::EINTR) => {}
                Err(_) => return,
            }
        }
    }

    fn kill_all(&self) {
        if self.scoped {
            // SAFETY: `scoped` says that only descendants of this process can get it.
            unsafe { libc::kill(-1, libc::SIGKILL) };
            return;
        }
        // SAFETY: a child that has not been reaped, and its own group.
        unsafe {
            if self.child > 0 {
                libc::kill(-self.child, libc::SIGKILL);
                libc::kill(self.child, libc::SIGKILL);
            }
        }
        task_limit::kill_own_children();
    }

    fn report(&self, report: Report) {
        let bytes = report.encode();
        let mut sent = 0;
        while let Some(rest) = bytes.get(sent..).filter(|rest| !rest.is_empty()) {
            // SAFETY: the slice is valid for its length.
            let result = unsafe { libc::send(self.control, rest.as_ptr().cast(), rest.len(), libc::MSG_NOSIGNAL) };
            match result {
                -1 if errno() == libc::EINTR => {}
                count if count > 0 => sent = sent.saturating_add(count as usize).min(REPORT_BYTES),
                _ => return,
            }
        }
    }
}

fn signal_descriptor() -> Result<RawFd, c_int> {
    // SAFETY: the set is initialized before it is used. All signals are blocked already.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, libc::SIGCHLD);
        checked(libc::signalfd(-1, &set, libc::SFD_NONBLOCK | libc::SFD_CLOEXEC)).map(|fd| fd as RawFd)
    }
}
