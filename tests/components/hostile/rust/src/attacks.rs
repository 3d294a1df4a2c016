//! The attacks.

use std::hint::black_box;

use airssys_wasm_sdk::files::{self, OpenFlags};
use airssys_wasm_sdk::{ComponentId, ExecutionError, FilesystemError, LogLevel, directories, host_services};

use crate::Hostile;

impl Hostile {
    pub(crate) fn attack(&mut self, operation: &str, input: Vec<u8>) -> Result<Vec<u8>, ExecutionError> {
        let text = String::from_utf8_lossy(&input).into_owned();
        let number = || text.parse::<usize>().map_err(|_| ExecutionError::InvalidInput(text.clone()));
        match operation {
            "echo" => Ok(input),
            "trap" => core::arch::wasm32::unreachable(),
            "spin" => loop {
                std::hint::spin_loop();
            },
            "recurse" => Ok(recurse(0).to_le_bytes().to_vec()),
            "grow-memory" => grow_memory(),
            "big-result" => Ok(untouched(number()?)),
            "wild-result" => Ok(wild()),
            "panic" => panic!("{}", "x".repeat(number()?)),
            "fail" => Err(ExecutionError::ProcessingFailed("x".repeat(number()?))),
            "log" => {
                for line in 0..number()? {
                    host_services::log(LogLevel::Info, &format!("line {line}"), &[]);
                }
                Ok(vec![])
            }
            "log-fields" => {
                let long = "x".repeat(number()?);
                host_services::log(LogLevel::Info, &long, &[(&long, &long), ("short", &long)]);
                Ok(vec![])
            }
            "log-output" => {
                host_services::log(LogLevel::Info, &"a\n".repeat(number()? / 2), &[("stream", "stdout")]);
                Ok(vec![])
            }
            "open-files" => Ok(self.open(number()?, |hostile| {
                hostile.files.push(files::open("/data/file", OpenFlags::READ)?);
                Ok(())
            })),
            "open-cursors" => Ok(self.open(number()?, |hostile| {
                hostile.cursors.push(directories::open_directory("/data/folder")?);
                Ok(())
            })),
            "deep-path" => {
                let path = format!("/data{}", "/a".repeat(number()?));
                Ok(self.open(1, |_| files::open(&path, OpenFlags::READ).map(drop)))
            }
            "denied" => {
                let tried = (0..number()?).filter(|_| files::open("/secret", OpenFlags::READ).is_err()).count();
                Ok(tried.to_string().into_bytes())
            }
            "send" => {
                let words: Vec<_> = text.split(' ').collect();
                let (target, count) = (id(words[0]), words[1].parse().unwrap_or(0));
                Ok(until_refused(count, || host_services::send_message(&target, b"message")))
            }
            "request" => {
                let words: Vec<_> = text.split(' ').collect();
                let (target, count, timeout) =
                    (id(words[0]), words[1].parse().unwrap_or(0), words[2].parse().unwrap_or(0));
                Ok(until_refused(count, || host_services::send_request(&target, b"request", timeout).map(drop)))
            }
            "outcomes" => Ok(self.outcomes.join(",").into_bytes()),
            "sleep" => {
                host_services::sleep(u32::try_from(number()?).unwrap_or(u32::MAX));
                Ok(vec![])
            }
            unknown => Err(ExecutionError::UnknownOperation(unknown.to_owned())),
        }
    }

    /// Opens and keeps until it is refused; how many there were, and why no more.
    fn open(&mut self, most: usize, mut open: impl FnMut(&mut Self) -> Result<(), FilesystemError>) -> Vec<u8> {
        let mut opened = 0;
        while opened < most {
            match open(self) {
                Ok(()) => opened += 1,
                Err(FilesystemError::TooManyOpenFiles) => return format!("{opened} too-many-open-files").into_bytes(),
                Err(FilesystemError::InvalidPath(_)) => return format!("{opened} invalid-path").into_bytes(),
                Err(FilesystemError::NotFound(_)) => return format!("{opened} not-found").into_bytes(),
                Err(other) => return format!("{opened} {other}").into_bytes(),
            }
        }
        opened.to_string().into_bytes()
    }
}

/// Sends until it is refused; how many there were, and why no more.
fn until_refused(most: usize, mut send: impl FnMut() -> Result<(), host_services::MessagingError>) -> Vec<u8> {
    for sent in 0..most {
        match send() {
            Ok(()) => {}
            Err(host_services::MessagingError::MailboxFull(_)) => return format!("{sent} mailbox-full").into_bytes(),
            Err(host_services::MessagingError::DeliveryFailed(_)) => {
                return format!("{sent} delivery-failed").into_bytes();
            }
            Err(other) => return format!("{sent} {other}").into_bytes(),
        }
    }
    most.to_string().into_bytes()
}

pub(crate) fn id(text: &str) -> ComponentId {
    let (name, version) = text.split_once('@').unwrap_or((text, ""));
    let (namespace, name) = name.split_once('/').unwrap_or(("", name));
    ComponentId { namespace: namespace.to_owned(), name: name.to_owned(), version: version.to_owned() }
}

/// Recurses in a way that no compiler takes for a loop.
fn recurse(depth: u64) -> u64 {
    if depth == u64::MAX { 0 } else { black_box(recurse(black_box(depth + 1)).wrapping_add(depth)) }
}

fn grow_memory() -> ! {
    let mut kept = Vec::new();
    loop {
        kept.push(black_box(vec![1_u8; 1 << 20]));
    }
}

/// So many bytes without writing a single one: a guest gets memory for less than it costs the host.
#[allow(clippy::uninit_vec)]
fn untouched(length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length);
    // SAFETY: linear memory always has a value, and u8 takes any.
    unsafe { bytes.set_len(length) };
    bytes
}

/// Bytes that lie behind the end of the memory.
fn wild() -> Vec<u8> {
    let length = 1 << 16;
    // SAFETY: none. The host must find out; the guest never looks at them.
    unsafe { Vec::from_raw_parts(std::ptr::without_provenance_mut(usize::MAX - length - 1), length, length) }
}
