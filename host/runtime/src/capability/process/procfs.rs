//! What `/proc` tells about processes, for supervisors: it allocates nothing and cannot panic.
#![allow(unsafe_code)]

use libc::pid_t;

use super::errno::checked;

/// One read of `/proc`.
const LISTING_BYTES: usize = 4096;
/// More than any of the files that are read here has up to what matters.
pub(super) const FILE_BYTES: usize = 4096;
const PATH_BYTES: usize = 48;

/// Every process of the machine.
pub(super) fn for_each_process(mut found: impl FnMut(pid_t)) {
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
pub(super) enum Field {
    Parent = 1,
    Threads = 17,
}

/// One field; 0 if the process is gone.
pub(super) fn field(pid: pid_t, field: Field) -> u32 {
    let mut stat = [0_u8; FILE_BYTES];
    let stat = read(pid, b"/stat", &mut stat);
    // The name may contain anything, but nothing after it contains a parenthesis.
    let Some(after) = stat.iter().rposition(|byte| *byte == b')').and_then(|at| stat.get(at + 1..)) else { return 0 };
    let value = after.split(|byte| *byte == b' ').filter(|part| !part.is_empty()).nth(field as usize);
    value.map_or(0, |digits| u32::try_from(decimal(digits)).unwrap_or(u32::MAX))
}

/// The kibibytes in the lines of a file that begin so; 0 if the process is gone.
pub(super) fn kibibytes(pid: pid_t, file: &[u8], lines: [&[u8]; 2]) -> u64 {
    let mut text = [0_u8; FILE_BYTES];
    let text = read(pid, file, &mut text);
    let mut sum = 0_u64;
    for line in text.split(|byte| *byte == b'\n') {
        for start in lines {
            if let Some(rest) = line.strip_prefix(start) {
                sum = sum.saturating_add(decimal(rest.trim_ascii_start()));
            }
        }
    }
    sum
}

/// The number at the beginning.
fn decimal(digits: &[u8]) -> u64 {
    digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .fold(0_u64, |value, digit| value.saturating_mul(10).saturating_add(u64::from(digit.wrapping_sub(b'0'))))
}

/// The beginning of a file of a process, as far as there is room for it.
fn read<'a>(pid: pid_t, file: &[u8], content: &'a mut [u8]) -> &'a [u8] {
    let mut path = [0_u8; PATH_BYTES];
    let mut end = 0;
    let mut push = |bytes: &[u8]| {
        for byte in bytes {
            // The last one stays the NUL.
            if end < PATH_BYTES - 1
                && let Some(place) = path.get_mut(end)
            {
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
    push(file);
    let mut filled = 0;
    // SAFETY: the path ends in NUL, the kernel writes no more than there is room for.
    unsafe {
        let file = libc::open(path.as_ptr().cast(), libc::O_RDONLY | libc::O_CLOEXEC);
        while let Some(room @ [_, ..]) = content.get_mut(filled..) {
            match libc::read(file, room.as_mut_ptr().cast(), room.len()) {
                read if read > 0 => filled += read as usize,
                _ => break,
            }
        }
        libc::close(file);
    }
    content.get(..filled).unwrap_or_default()
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
