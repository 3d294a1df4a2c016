//! How many descendants a supervisor has, and whether there may be one more.
//!
//! Like everything in a supervisor it allocates nothing and cannot panic.
#![allow(unsafe_code)]

use std::os::fd::RawFd;

use libc::pid_t;

use super::supervise::{bury, checked};

/// One read of `/proc`.
const LISTING_BYTES: usize = 4096;
/// `/proc/<pid>/stat` is shorter up to the fields that matter.
const STAT_BYTES: usize = 1024;

/// Counts the processes and threads below a supervisor.
pub(super) struct Census {
    limit: u32,
    /// What was counted last, and what was allowed since. What was allowed just before counting and had not happened yet
    /// is missing, and no more than that.
    estimate: u32,
}

impl Census {
    pub(super) fn new(limit: u32) -> Self {
        Census { limit, estimate: 1 }
    }

    /// Answers one descendant that wants to fork or start a thread.
    pub(super) fn answer(&mut self, requests: RawFd, scoped: bool, child: pid_t) {
        // SAFETY: plain data for which zero is valid, and the kernel wants it to be zero.
        let mut request: libc::seccomp_notif = unsafe { std::mem::zeroed() };
        // SAFETY: the request lives through the call.
        if unsafe { libc::ioctl(requests, libc::SECCOMP_IOCTL_NOTIF_RECV as _, &mut request) } == -1 {
            // Who asked is dead meanwhile.
            return;
        }
        if self.estimate >= self.limit {
            self.estimate = count(scoped, child, self.limit);
        }
        let allowed = self.estimate < self.limit;
        let mut response = libc::seccomp_notif_resp {
            id: request.id,
            val: 0,
            error: if allowed { 0 } else { -libc::EAGAIN },
            flags: if allowed { libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32 } else { 0 },
        };
        // SAFETY: the response lives through the call.
        let sent = unsafe { libc::ioctl(requests, libc::SECCOMP_IOCTL_NOTIF_SEND as _, &mut response) } == 0;
        if sent && allowed {
            self.estimate = self.estimate.saturating_add(1);
        }
    }
}

/// The processes and threads below this one, but no more than the limit. Buries the dead on the way, except the child.
fn count(scoped: bool, child: pid_t, limit: u32) -> u32 {
    if !scoped {
        // Without the domain nothing tells its descendants from others.
        return limit;
    }
    // SAFETY: cannot fail.
    let own = unsafe { libc::getpid() };
    let mut tasks = 0_u32;
    for_each_process(|pid| {
        // SAFETY: a signal of 0 does nothing; it only tells who is in the domain.
        if pid == own || unsafe { libc::kill(pid, 0) } == -1 {
            return;
        }
        if pid != child {
            bury(pid);
        }
        tasks = tasks.saturating_add(field(pid, Field::Threads));
    });
    tasks.min(limit)
}

/// Kills whatever has this process as parent: what loses its own parent by that comes next.
pub(super) fn kill_own_children() {
    // SAFETY: cannot fail.
    let own = unsafe { libc::getpid() };
    for_each_process(|pid| {
        if field(pid, Field::Parent) == own as u32 {
            // SAFETY: a child of this process that it has not reaped keeps its number.
            unsafe { libc::kill(pid, libc::SIGKILL) };
        }
    });
}

fn for_each_process(mut found: impl FnMut(pid_t)) {
    // SAFETY: the name ends in NUL.
    let folder = unsafe { libc::open(c"/proc".as_ptr(), libc::O_RDONLY | libc::O_DIRECTORY | libc::O_CLOEXEC) };
    if folder == -1 {
        return;
    }
    let mut listing = [0_u8; LISTING_BYTES];
    loop {
        // SAFETY: the buffer has the length that is given.
        let read = unsafe { libc::syscall(libc::SYS_getdents64, folder, listing.as_mut_ptr(), LISTING_BYTES) };
        let Ok(1..) = checked(read) else { break };
        let mut rest = listing.get(..read as usize).unwrap_or_default();
        // Each entry: inode, offset, length of the entry, type, and the name up to a NUL.
        while let (Some(length), Some(name)) = (rest.get(16..18), rest.get(19..)) {
            let length = usize::from(u16::from_ne_bytes([length[0], length[1]]));
            if let Some(pid) = number(name) {
                found(pid);
            }
            if length == 0 {
                break;
            }
            rest = rest.get(length..).unwrap_or_default();
        }
    }
    // SAFETY: its own descriptor, and not used again.
    unsafe { libc::close(folder) };
}

/// The number that a name is, if it is one.
fn number(name: &[u8]) -> Option<pid_t> {
    let mut value: pid_t = 0;
    for (index, byte) in name.iter().enumerate() {
        match byte {
            b'0'..=b'9' => value = value.checked_mul(10)?.checked_add(pid_t::from(byte - b'0'))?,
            0 if index > 0 => return Some(value),
            _ => return None,
        }
    }
    None
}

/// Fields of `/proc/<pid>/stat`, by their place after the name.
#[derive(Clone, Copy)]
enum Field {
    Parent = 1,
    Threads = 17,
}

/// One field; 0 if the process is gone.
fn field(pid: pid_t, field: Field) -> u32 {
    let mut path = [0_u8; 32];
    let mut end = 0;
    let mut push = |bytes: &[u8]| {
        for byte in bytes {
            if let Some(place) = path.get_mut(end) {
                *place = *byte;
            }
            end += 1;
        }
    };
    let mut digits = [0_u8; 10];
    let mut first = digits.len();
    let mut rest = pid.unsigned_abs();
    while let Some(place) = first.checked_sub(1).and_then(|at| digits.get_mut(at)) {
        *place = b'0' + (rest % 10) as u8;
        first -= 1;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    push(b"/proc/");
    push(digits.get(first..).unwrap_or_default());
    push(b"/stat\0");
    let mut stat = [0_u8; STAT_BYTES];
    // SAFETY: the path ends in NUL, the buffer has the length that is given.
    let read = unsafe {
        let file = libc::open(path.as_ptr().cast(), libc::O_RDONLY | libc::O_CLOEXEC);
        if file == -1 {
            return 0;
        }
        let read = libc::read(file, stat.as_mut_ptr().cast(), STAT_BYTES);
        libc::close(file);
        read
    };
    let stat = usize::try_from(read).ok().and_then(|read| stat.get(..read)).unwrap_or_default();
    // The name may contain anything, but nothing after it contains a parenthesis.
    let Some(after) = stat.iter().rposition(|byte| *byte == b')').and_then(|at| stat.get(at + 1..)) else { return 0 };
    let value = after.split(|byte| *byte == b' ').filter(|part| !part.is_empty()).nth(field as usize);
    value.map_or(0, |digits| {
        digits.iter().fold(0_u32, |value, digit| {
            value.saturating_mul(10).saturating_add(u32::from(digit.wrapping_sub(b'0').min(9)))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_found_with_its_parent_and_threads() {
        let own = std::process::id() as pid_t;
        let mut seen = false;
        for_each_process(|pid| seen |= pid == own);
        assert!(seen);
        assert_eq!(field(own, Field::Parent), std::os::unix::process::parent_id());
        let threads = std::fs::read_dir("/proc/self/task").unwrap().count();
        assert!(threads >= 1 && field(own, Field::Threads) >= 1);
        assert_eq!(field(pid_t::MAX, Field::Threads), 0);
    }

    #[test]
    fn only_digits_are_a_number() {
        assert_eq!(number(b"120\0rest"), Some(120));
        for name in [&b"\0"[..], b"1a\0", b"self\0", b"12", b"99999999999\0"] {
            assert_eq!(number(name), None);
        }
    }
}
