//! What a process has in its memory, as `/proc/self/maps` tells it.
//!
//! Forked processes use this, so it allocates nothing, takes no lock and cannot panic.

/// What is mapped somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mapping {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) content: Content,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// A program, a library, or something else with a path.
    File { is_writable: bool },
    /// What the kernel has put there.
    System,
    /// Memory of the process, whatever it is for; files that are only in memory included.
    Memory,
}

impl Mapping {
    /// Reads a line, without its end.
    pub(super) fn parse(line: &[u8]) -> Option<Mapping> {
        let mut fields = line.split(|byte| *byte == b' ').filter(|field| !field.is_empty());
        let mut range = fields.next()?.split(|byte| *byte == b'-');
        let (start, end) = (hexadecimal(range.next()?)?, hexadecimal(range.next()?)?);
        let access = fields.next()?;
        let name = fields.nth(3).unwrap_or_default();
        let is_in_memory = [b"/memfd:".as_slice(), b"/dev/zero", b"/SYSV"].iter().any(|start| name.starts_with(start));
        let content = match name.first() {
            Some(b'/') if !is_in_memory => Content::File { is_writable: access.get(1) == Some(&b'w') },
            Some(b'[') if name != b"[heap]" && !name.starts_with(b"[anon") => Content::System,
            _ => Content::Memory,
        };
        Some(Mapping { start, end, content })
    }

    pub(super) fn contains(&self, address: usize) -> bool {
        (self.start..self.end).contains(&address)
    }
}

fn hexadecimal(digits: &[u8]) -> Option<usize> {
    digits.iter().try_fold(0_usize, |value, digit| {
        let digit = char::from(*digit).to_digit(16)? as usize;
        value.checked_mul(16)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(line: &str) -> Content {
        Mapping::parse(line.as_bytes()).unwrap().content
    }

    #[test]
    fn lines_are_read() {
        let line = "7f01a000-7f01b000 rw-p 0001f000 fe:00 1234                  /usr/lib/with space.so (deleted)";
        let mapping = Mapping::parse(line.as_bytes()).unwrap();
        assert_eq!((mapping.start, mapping.end), (0x7f01_a000, 0x7f01_b000));
        assert_eq!(mapping.content, Content::File { is_writable: true });
        assert!(mapping.contains(0x7f01_a000) && !mapping.contains(0x7f01_b000));
        assert_eq!(content("1000-2000 r-xp 00000000 fe:00 1 /bin/x"), Content::File { is_writable: false });
        assert_eq!(content("1000-2000 rw-p 00000000 00:00 0"), Content::Memory);
        assert_eq!(content("1000-2000 rw-p 00000000 00:00 0 [heap]"), Content::Memory);
        assert_eq!(content("1000-2000 rw-p 00000000 00:00 0 [anon:arena]"), Content::Memory);
        assert_eq!(content("1000-2000 rw-p 00000000 00:01 7 /memfd:image (deleted)"), Content::Memory);
        for system in ["[stack]", "[vdso]", "[vvar]", "[vsyscall]"] {
            assert_eq!(content(&format!("1000-2000 r-xp 00000000 00:00 0 {system}")), Content::System);
        }
        for nonsense in ["", "x-y rw-p 0 0 0", "1000 rw-p", "1000-2000"] {
            assert_eq!(Mapping::parse(nonsense.as_bytes()), None, "{nonsense}");
        }
    }
}
