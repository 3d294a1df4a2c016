//! The steps of a filter, and how they are put together: each call that is named ends in an answer, and what is left over
//! is allowed.

use libc::{c_int, c_long, c_uint, sock_filter};

/// Offsets in `struct seccomp_data`. The lower half of an argument comes first on the machines that are supported.
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;
const ARGUMENTS: u32 = 16;
const ARGUMENT_BYTES: u32 = 8;
const HALF_BYTES: u32 = 4;

#[cfg(target_arch = "x86_64")]
pub(super) const NATIVE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
pub(super) const NATIVE: u32 = 0xc000_00b7;

/// Elsewhere nobody is confined.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(super) const NATIVE: u32 = 0;

pub(super) const ALLOW: u32 = libc::SECCOMP_RET_ALLOW;
/// Asks the supervisor.
pub(super) const ASK: u32 = libc::SECCOMP_RET_USER_NOTIF;
const KILL: u32 = libc::SECCOMP_RET_KILL_PROCESS;

/// The answer that fails with this code.
pub(super) const fn refusal(code: c_int) -> u32 {
    libc::SECCOMP_RET_ERRNO | code as u32
}

/// A filter in the making.
pub(super) struct Filter(Vec<sock_filter>);

impl Filter {
    /// Kills what comes in by another machine's calls, which have other numbers, and tells that calls above `newest` are
    /// missing: nobody has looked at them yet. Calls of x86-64 with short pointers are among those.
    pub(super) fn begin(newest: Option<c_long>) -> Self {
        let mut filter = vec![load(ARCHITECTURE), if_equal(NATIVE, 1, 0), give(KILL), load(NUMBER)];
        if let Some(newest) = newest {
            filter.extend([if_above(newest as u32, 0, 1), give(refusal(libc::ENOSYS))]);
        }
        Filter(filter)
    }

    /// What to do when a call has this number. It ends in an answer.
    pub(super) fn on(&mut self, call: c_long, steps: &[sock_filter]) {
        self.0.push(if_equal(call as u32, 0, steps.len() as u8));
        self.0.extend_from_slice(steps);
    }

    /// The same answer to each of these calls.
    pub(super) fn answer(&mut self, calls: &[c_long], answer: u32) {
        for call in calls {
            self.on(*call, &[give(answer)]);
        }
    }

    /// One answer if an argument is among these values, and another one if not.
    pub(super) fn by_value(&mut self, call: c_long, argument: u32, values: &[u32], among: u32, other: u32) {
        let mut steps = vec![low(argument)];
        let left = |index: usize| (values.len() - index) as u8;
        steps.extend(values.iter().zip(0..).map(|(value, index)| if_equal(*value, left(index), 0)));
        steps.extend([give(other), give(among)]);
        self.on(call, &steps);
    }

    /// Everything else is allowed.
    pub(super) fn end(mut self) -> Vec<sock_filter> {
        self.0.push(give(ALLOW));
        self.0
    }
}

fn step(code: c_uint, yes: u8, no: u8, value: u32) -> sock_filter {
    sock_filter { code: code as u16, jt: yes, jf: no, k: value }
}

fn load(offset: u32) -> sock_filter {
    step(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, offset)
}

/// The lower half of an argument, which is all of it where the kernel takes an `int`.
pub(super) fn low(argument: u32) -> sock_filter {
    load(ARGUMENTS + argument * ARGUMENT_BYTES)
}

pub(super) fn high(argument: u32) -> sock_filter {
    load(ARGUMENTS + argument * ARGUMENT_BYTES + HALF_BYTES)
}

pub(super) fn both(mask: u32) -> sock_filter {
    step(libc::BPF_ALU | libc::BPF_AND | libc::BPF_K, 0, 0, mask)
}

pub(super) fn if_equal(value: u32, yes: u8, no: u8) -> sock_filter {
    step(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, yes, no, value)
}

fn if_above(value: u32, yes: u8, no: u8) -> sock_filter {
    step(libc::BPF_JMP | libc::BPF_JGT | libc::BPF_K, yes, no, value)
}

pub(super) fn if_any(bits: u32, yes: u8, no: u8) -> sock_filter {
    step(libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K, yes, no, bits)
}

pub(super) fn give(answer: u32) -> sock_filter {
    step(libc::BPF_RET | libc::BPF_K, 0, 0, answer)
}
