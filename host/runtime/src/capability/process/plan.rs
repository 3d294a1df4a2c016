//! Everything that a process needs to become a program: the host writes it down in a file in memory, and the supervisor,
//! which has no memory in common with the host, reads it there.
#![allow(unsafe_code)]

use std::ffi::{CString, c_char};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::ptr;

use libc::c_int;
use rustix::fs::MemfdFlags;

use super::errno::errno;
use super::listening::Ports;

/// Everything that a process needs to become a program.
pub(super) struct Plan {
    /// The file that is executed.
    pub(super) program: OwnedFd,
    /// With the name that the program is given for itself.
    pub(super) arguments: Vec<CString>,
    /// As `NAME=value`.
    pub(super) environment: Vec<CString>,
    pub(super) stdin: OwnedFd,
    pub(super) stdout: OwnedFd,
    pub(super) stderr: OwnedFd,
    pub(super) directory: OwnedFd,
    /// The numbers of the system's limits, with their values.
    pub(super) limits: Vec<(u32, u64)>,
    /// The Landlock domain of the supervisor, in which signals stay.
    pub(super) scope: Option<OwnedFd>,
    /// The Landlock domain of the child.
    pub(super) domain: Option<OwnedFd>,
    /// Has the supervisor asked about forks.
    pub(super) counting: Option<Vec<libc::sock_filter>>,
    /// What the child may ask of the system.
    pub(super) filter: Option<Vec<libc::sock_filter>>,
    /// The ports that it may listen on, as a [table](super::listening::table), where it has to ask.
    pub(super) listening: Option<Vec<Word>>,
    /// What the children of the component have together, see [`tally`](super::tally).
    pub(super) tally: OwnedFd,
    pub(super) bounds: Bounds,
}

/// All that is written down before the text.
pub(super) type Word = u64;
const WORD: usize = size_of::<Word>();
const _: () = assert!(size_of::<*const c_char>() == WORD, "an offset becomes a pointer in place");
const _: () = assert!(size_of::<libc::sock_filter>() == WORD);

/// How a written plan begins. The arguments and the environment follow, as tables of offsets that end with 0, then the
/// limits, the filters, the ports, and the text to which the offsets lead.
#[derive(Clone, Copy)]
struct Header {
    arguments: usize,
    environment: usize,
    limits: usize,
    counting: Option<usize>,
    filter: Option<usize>,
    listening: Option<usize>,
    has_scope: bool,
    has_domain: bool,
    bounds: Bounds,
}

/// What a child may take, and all children of its component together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Bounds {
    /// Tasks of this child and of what comes from it.
    pub(super) max_tasks: u32,
    /// Tasks of all children.
    pub(super) max_component_tasks: u32,
    /// Memory of all children.
    pub(super) max_component_mebibytes: Option<u32>,
    /// The place of this child in the tally.
    pub(super) place: u32,
}

impl Header {
    const WORDS: usize = 12;
    const NO_PART: Word = Word::MAX;
    const NO_LIMIT: Word = Word::MAX;

    fn words(self) -> [Word; Header::WORDS] {
        let Header { arguments, environment, limits, counting, filter, listening, has_scope, has_domain, bounds } =
            self;
        let part = |length: Option<usize>| length.map_or(Header::NO_PART, |length| length as Word);
        let Bounds { max_tasks, max_component_tasks, max_component_mebibytes, place } = bounds;
        [
            arguments as Word,
            environment as Word,
            limits as Word,
            part(counting),
            part(filter),
            part(listening),
            has_scope.into(),
            has_domain.into(),
            max_tasks.into(),
            max_component_tasks.into(),
            max_component_mebibytes.map_or(Header::NO_LIMIT, Word::from),
            place.into(),
        ]
    }

    fn of(words: [Word; Header::WORDS]) -> Header {
        let [arguments, environment, limits, rest @ ..] = words;
        let [counting, filter, listening, has_scope, has_domain, tasks, all_tasks, memory, place] = rest;
        let part = |length: Word| (length != Header::NO_PART).then_some(length as usize);
        Header {
            arguments: arguments as usize,
            environment: environment as usize,
            limits: limits as usize,
            counting: part(counting),
            filter: part(filter),
            listening: part(listening),
            has_scope: has_scope != 0,
            has_domain: has_domain != 0,
            bounds: Bounds {
                max_tasks: tasks as u32,
                max_component_tasks: all_tasks as u32,
                max_component_mebibytes: (memory != Header::NO_LIMIT).then_some(memory as u32),
                place: place as u32,
            },
        }
    }

    /// The words at which the parts begin.
    fn environment_at(&self) -> usize {
        Header::WORDS + self.arguments + 1
    }

    fn limits_at(&self) -> usize {
        self.environment_at() + self.environment + 1
    }

    fn counting_at(&self) -> usize {
        self.limits_at() + 2 * self.limits
    }

    fn filter_at(&self) -> usize {
        self.counting_at() + self.counting.unwrap_or(0)
    }

    fn listening_at(&self) -> usize {
        self.filter_at() + self.filter.unwrap_or(0)
    }

    fn text_at(&self) -> usize {
        self.listening_at() + self.listening.unwrap_or(0)
    }
}

/// Descriptors that every plan has.
const DESCRIPTORS: usize = 6;
/// Descriptors that a plan can have.
pub(super) const MAX_DESCRIPTORS: usize = DESCRIPTORS + 2;

impl Plan {
    /// The descriptors, in the order in which [`WrittenPlan::read`] takes them.
    pub(super) fn descriptors(&self) -> Vec<RawFd> {
        let always = [&self.program, &self.stdin, &self.stdout, &self.stderr, &self.directory, &self.tally];
        always.into_iter().chain(&self.scope).chain(&self.domain).map(AsRawFd::as_raw_fd).collect()
    }

    /// Writes down everything else: a file in memory, and its length.
    pub(super) fn write(&self) -> io::Result<(File, usize)> {
        let header = Header {
            arguments: self.arguments.len(),
            environment: self.environment.len(),
            limits: self.limits.len(),
            counting: self.counting.as_ref().map(Vec::len),
            filter: self.filter.as_ref().map(Vec::len),
            listening: self.listening.as_ref().map(Vec::len),
            has_scope: self.scope.is_some(),
            has_domain: self.domain.is_some(),
            bounds: self.bounds,
        };
        let mut words = header.words().to_vec();
        let mut text = Vec::new();
        for strings in [&self.arguments, &self.environment] {
            for string in strings {
                words.push((header.text_at() * WORD + text.len()) as Word);
                text.extend_from_slice(string.as_bytes_with_nul());
            }
            words.push(0);
        }
        words.extend(self.limits.iter().flat_map(|(number, value)| [Word::from(*number), *value]));
        let mut bytes: Vec<u8> = words.into_iter().flat_map(Word::to_ne_bytes).collect();
        for step in self.counting.iter().chain(&self.filter).flatten() {
            bytes.extend(step.code.to_ne_bytes());
            bytes.extend([step.jt, step.jf]);
            bytes.extend(step.k.to_ne_bytes());
        }
        bytes.extend(self.listening.iter().flatten().flat_map(|word| word.to_ne_bytes()));
        bytes.extend(text);
        let mut file = File::from(rustix::fs::memfd_create("airssys-plan", MemfdFlags::CLOEXEC)?);
        file.write_all(&bytes)?;
        Ok((file, bytes.len()))
    }
}

/// A plan that the host has written down, in the process that carries it out.
pub(super) struct WrittenPlan {
    words: *const Word,
    header: Header,
    descriptors: [RawFd; MAX_DESCRIPTORS],
}

impl WrittenPlan {
    /// Reads what [`Plan::write`] has written, with the descriptors of the plan as they are called here. What it takes in
    /// memory is never given back.
    ///
    /// This and everything below is for forked processes: it allocates nothing and cannot panic.
    ///
    /// # Safety
    /// The file is what the host has written.
    pub(super) unsafe fn read(file: RawFd, length: usize, descriptors: &[RawFd]) -> Result<WrittenPlan, c_int> {
        let access = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: a new place in memory, which nobody else has.
        let start = unsafe { libc::mmap(ptr::null_mut(), length, access, libc::MAP_PRIVATE, file, 0) };
        if start == libc::MAP_FAILED {
            return Err(errno());
        }
        let words: *mut Word = start.cast();
        // SAFETY: the caller says what is in there; each table ends before the next part begins, and each offset leads to
        // the text.
        let header = unsafe {
            let header = Header::of(words.cast::<[Word; Header::WORDS]>().read());
            for entry in (Header::WORDS..header.limits_at()).map(|at| words.add(at)) {
                if *entry != 0 {
                    *entry += start as Word;
                }
            }
            header
        };
        let mut own = [-1; MAX_DESCRIPTORS];
        for (own, given) in own.iter_mut().zip(descriptors) {
            *own = *given;
        }
        Ok(WrittenPlan { words, header, descriptors: own })
    }

    fn at<T>(&self, word: usize) -> *const T {
        // SAFETY: where a part of this plan begins.
        unsafe { self.words.add(word).cast() }
    }

    /// The arguments and the environment, as the system takes them.
    pub(super) fn pointers(&self) -> (*const *const c_char, *const *const c_char) {
        (self.at(Header::WORDS), self.at(self.header.environment_at()))
    }

    pub(super) fn program(&self) -> RawFd {
        let [program, ..] = self.descriptors;
        program
    }

    /// Standard input, output and error.
    pub(super) fn streams(&self) -> [RawFd; 3] {
        let [_, stdin, stdout, stderr, ..] = self.descriptors;
        [stdin, stdout, stderr]
    }

    pub(super) fn directory(&self) -> RawFd {
        let [.., directory, _, _, _] = self.descriptors;
        directory
    }

    pub(super) fn tally(&self) -> RawFd {
        let [.., tally, _, _] = self.descriptors;
        tally
    }

    /// The numbers of the system's limits, with their values.
    pub(super) fn limits(&self) -> &[[u64; 2]] {
        // SAFETY: what was written there.
        unsafe { std::slice::from_raw_parts(self.at(self.header.limits_at()), self.header.limits) }
    }

    pub(super) fn scope(&self) -> Option<RawFd> {
        let [.., first, _] = self.descriptors;
        self.header.has_scope.then_some(first)
    }

    pub(super) fn domain(&self) -> Option<RawFd> {
        let [.., first, second] = self.descriptors;
        self.header.has_domain.then_some(if self.header.has_scope { second } else { first })
    }

    pub(super) fn counting(&self) -> Option<&[libc::sock_filter]> {
        self.steps(self.header.counting_at(), self.header.counting)
    }

    pub(super) fn filter(&self) -> Option<&[libc::sock_filter]> {
        self.steps(self.header.filter_at(), self.header.filter)
    }

    /// The memory of a plan is never given back, so this outlives it.
    pub(super) fn listening(&self) -> Option<Ports<'static>> {
        let length = self.header.listening?;
        // SAFETY: what was written there.
        Some(Ports(unsafe { std::slice::from_raw_parts(self.at(self.header.listening_at()), length) }))
    }

    fn steps(&self, start: usize, length: Option<usize>) -> Option<&[libc::sock_filter]> {
        // SAFETY: what was written there.
        Some(unsafe { std::slice::from_raw_parts(self.at(start), length?) })
    }

    pub(super) fn bounds(&self) -> Bounds {
        self.header.bounds
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;

    fn strings(mut table: *const *const c_char) -> Vec<String> {
        let mut found = Vec::new();
        // SAFETY: a table of pointers to text, which ends with a null pointer.
        unsafe {
            while !(*table).is_null() {
                found.push(CStr::from_ptr(*table).to_str().unwrap().to_owned());
                table = table.add(1);
            }
        }
        found
    }

    const BOUNDS: Bounds =
        Bounds { max_tasks: 12, max_component_tasks: 34, max_component_mebibytes: Some(56), place: 7 };

    fn plan(scope: Option<OwnedFd>, domain: Option<OwnedFd>, filters: [Option<Vec<libc::sock_filter>>; 2]) -> Plan {
        let [counting, filter] = filters;
        let descriptor = || OwnedFd::from(File::open("/dev/null").unwrap());
        let text = |all: &[&str]| all.iter().map(|text| CString::new(*text).unwrap()).collect();
        Plan {
            program: descriptor(),
            arguments: text(&["cat", "", "a b"]),
            environment: text(&["A=1", "B="]),
            stdin: descriptor(),
            stdout: descriptor(),
            stderr: descriptor(),
            directory: descriptor(),
            limits: vec![(7, u64::MAX), (9, 0)],
            scope,
            domain,
            listening: filter.is_some().then(|| vec![1, Word::MAX]),
            counting,
            filter,
            tally: descriptor(),
            bounds: BOUNDS,
        }
    }

    fn read(plan: &Plan) -> WrittenPlan {
        let (file, length) = plan.write().unwrap();
        // SAFETY: it was just written.
        unsafe { WrittenPlan::read(file.as_raw_fd(), length, &plan.descriptors()).unwrap() }
    }

    #[test]
    fn what_is_written_is_read() {
        let filter = vec![libc::sock_filter { code: 6, jt: 1, jf: 2, k: 0x7fff_0000 }; 3];
        let counting = vec![libc::sock_filter { code: 5, jt: 0, jf: 0, k: 1 }; 2];
        let open = || Some(OwnedFd::from(File::open("/").unwrap()));
        let plan = plan(open(), open(), [Some(counting), Some(filter)]);
        let written = read(&plan);
        let (arguments, environment) = written.pointers();
        assert_eq!(strings(arguments), ["cat", "", "a b"]);
        assert_eq!(strings(environment), ["A=1", "B="]);
        assert_eq!(written.limits(), [[7, u64::MAX], [9, 0]]);
        assert_eq!(written.bounds(), BOUNDS);
        assert_eq!(written.listening().unwrap().0, [1, Word::MAX]);
        let steps = |filter: Option<&[libc::sock_filter]>| -> Vec<_> {
            filter.unwrap().iter().map(|step| (step.code, step.jt, step.jf, step.k)).collect()
        };
        assert_eq!(steps(written.counting()), [(5, 0, 0, 1); 2]);
        assert_eq!(steps(written.filter()), [(6, 1, 2, 0x7fff_0000); 3]);
        assert_eq!(written.program(), plan.program.as_raw_fd());
        assert_eq!(written.streams(), [&plan.stdin, &plan.stdout, &plan.stderr].map(AsRawFd::as_raw_fd));
        assert_eq!(written.directory(), plan.directory.as_raw_fd());
        assert_eq!(written.tally(), plan.tally.as_raw_fd());
        assert_eq!(written.scope(), plan.scope.as_ref().map(AsRawFd::as_raw_fd));
        assert_eq!(written.domain(), plan.domain.as_ref().map(AsRawFd::as_raw_fd));
    }

    #[test]
    fn parts_that_are_missing_are_none() {
        let open = || Some(OwnedFd::from(File::open("/").unwrap()));
        let bare = read(&plan(None, None, [None, None]));
        assert!(
            bare.scope().is_none() && bare.domain().is_none() && bare.filter().is_none() && bare.listening().is_none()
        );
        let empty = read(&plan(None, None, [None, Some(Vec::new())]));
        assert_eq!(empty.filter().map(<[_]>::len), Some(0));
        assert!(empty.counting().is_none());
        let scoped = plan(open(), None, [None, None]);
        assert_eq!(read(&scoped).scope(), scoped.scope.as_ref().map(AsRawFd::as_raw_fd));
        assert_eq!(read(&scoped).domain(), None);
        let confined = plan(None, open(), [None, None]);
        assert_eq!(read(&confined).domain(), confined.domain.as_ref().map(AsRawFd::as_raw_fd));
        assert_eq!(read(&confined).scope(), None);
    }
}
