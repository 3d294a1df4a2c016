//! The program that guests of the suite start: one file, no dependencies, compiled by the runner.
//!
//! Its first argument says what it does. A failure that a case expects has an exit code of its own; the text on
//! standard error is for people. What goes on until it is killed first writes `ready` and a line break to standard
//! output.

use std::ffi::c_int;
use std::io::{Read, Write};
use std::net::{TcpStream, UdpSocket};
use std::process::exit;
use std::time::Duration;

/// The arguments are not what the program takes.
const MISUSED: i32 = 64;
/// Memory was not given.
const NO_MEMORY: i32 = 3;
/// A file could not be read or written.
const NO_FILE: i32 = 4;
/// A connection could not be made, or a datagram not sent.
const NO_NETWORK: i32 = 5;

const SIGINT: c_int = 2;
const SIGTERM: c_int = 15;
const F_GETFD: c_int = 1;
const SIG_IGN: usize = 1;
/// How many descriptors are looked at; a fresh process has the lowest ones.
const DESCRIPTORS: c_int = 1024;
/// The default action of these neither ends nor stops a process, or they cannot be caught.
const NOT_CAUGHT: [c_int; 2] = [9, 19];
/// Signals from here on are the real-time ones, two of which the C library keeps for itself.
const SIGNALS: c_int = 32;

unsafe extern "C" {
    fn close(descriptor: c_int) -> c_int;
    fn fcntl(descriptor: c_int, command: c_int, ...) -> c_int;
    fn fork() -> c_int;
    fn getpgrp() -> c_int;
    fn kill(process: c_int, signal: c_int) -> c_int;
    fn pause() -> c_int;
    fn raise(signal: c_int) -> c_int;
    fn setsid() -> c_int;
    fn signal(signal: c_int, handler: usize) -> usize;
    fn write(descriptor: c_int, bytes: *const u8, length: usize) -> isize;
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["arguments", rest @ ..] => rest.iter().for_each(|argument| put(1, format!("{argument}\0").as_bytes())),
        ["environment"] => {
            let mut pairs: Vec<String> = std::env::vars().map(|(name, value)| format!("{name}={value}\0")).collect();
            pairs.sort();
            put(1, pairs.concat().as_bytes());
        }
        ["directory"] => put(1, std::env::current_dir().expect("a directory").to_string_lossy().as_bytes()),
        ["cat"] => copy(|_| {}),
        ["upper"] => copy(|bytes| bytes.make_ascii_uppercase()),
        ["exit", code] => exit(number(code) as i32),
        ["raise", number_of_signal] => {
            // SAFETY: raising a signal touches no memory.
            unsafe { raise(number(number_of_signal) as c_int) };
        }
        ["say", pairs @ ..] => {
            for pair in pairs.chunks_exact(2) {
                put(number(pair[0]) as c_int, pair[1].as_bytes());
            }
        }
        ["repeat", descriptor, text, times] => put(number(descriptor) as c_int, text.repeat(number(times)).as_bytes()),
        ["interleave", times] => {
            for turn in 0..number(times) {
                put(1, format!("{turn}\n").as_bytes());
                put(2, format!("{turn}\n").as_bytes());
            }
        }
        ["sleep"] => ready_forever(),
        ["ignore"] => {
            for ignored in [SIGINT, SIGTERM] {
                // SAFETY: ignoring a signal runs no code of this program.
                unsafe { signal(ignored, SIG_IGN) };
            }
            ready_forever();
        }
        ["catch"] => {
            for caught in (1..SIGNALS).filter(|number| !NOT_CAUGHT.contains(number)) {
                // SAFETY: the handler only writes, which a handler may do.
                unsafe { signal(caught, tell as *const () as usize) };
            }
            ready_forever();
        }
        ["grandchild"] => {
            if fork_process() == 0 {
                forever();
            }
            ready_forever();
        }
        ["daemon", stay] => {
            if fork_process() == 0 {
                // SAFETY: a new session touches no memory.
                unsafe { setsid() };
                if fork_process() == 0 {
                    put(1, b"ready\n");
                    forever();
                }
                exit(0);
            }
            if *stay == "stay" {
                forever();
            }
        }
        ["leader"] => {
            // SAFETY: reading an id touches no memory.
            let leads = unsafe { getpgrp() } == std::process::id() as c_int;
            put(1, if leads { b"yes" } else { b"no" });
        }
        ["burn", "forever"] => burn(Duration::MAX),
        ["burn", milliseconds] => burn(Duration::from_millis(number(milliseconds) as u64)),
        ["eat", bytes] => eat(number(bytes)),
        ["read", path] => match std::fs::read(path) {
            Ok(content) => put(1, &content),
            Err(error) => fail(NO_FILE, &error),
        },
        ["write", path, text] => {
            if let Err(error) = std::fs::write(path, text) {
                fail(NO_FILE, &error);
            }
        }
        ["connect", host, port] => match TcpStream::connect((*host, number(port) as u16)) {
            Ok(_) => put(1, b"connected"),
            Err(error) => fail(NO_NETWORK, &error),
        },
        ["datagram", host, port] => {
            let send = || {
                UdpSocket::bind((if host.contains(':') { "::" } else { "0.0.0.0" }, 0))?
                    .send_to(b"from the child", (*host, number(port) as u16))
            };
            if let Err(error) = send() {
                fail(NO_NETWORK, &error);
            }
        }
        ["descriptors"] => {
            for descriptor in 0..DESCRIPTORS {
                // SAFETY: asking for the flags of any number is allowed.
                if unsafe { fcntl(descriptor, F_GETFD) } != -1 {
                    put(1, format!("{descriptor}\n").as_bytes());
                }
            }
        }
        ["signal", process, number_of_signal] => {
            // SAFETY: sending a signal touches no memory.
            if unsafe { kill(number(process) as c_int, number(number_of_signal) as c_int) } != 0 {
                fail(NO_NETWORK, &std::io::Error::last_os_error());
            }
        }
        ["close-stdin"] => {
            // SAFETY: nothing else in this program uses standard input.
            unsafe { close(0) };
            ready_forever();
        }
        _ => {
            eprintln!("no such use: {arguments:?}");
            exit(MISUSED);
        }
    }
}

fn number(text: &str) -> usize {
    text.parse().unwrap_or_else(|_| {
        eprintln!("{text:?} is no number");
        exit(MISUSED)
    })
}

fn fail(code: i32, error: &std::io::Error) -> ! {
    eprintln!("{error}");
    exit(code)
}

/// Writes all bytes to a descriptor, without a buffer in between.
fn put(descriptor: c_int, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        // SAFETY: the pointer and length are those of a slice.
        let written = unsafe { write(descriptor, bytes.as_ptr(), bytes.len()) };
        match usize::try_from(written) {
            Ok(written) => bytes = &bytes[written..],
            Err(_) if std::io::Error::last_os_error().kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => exit(1),
        }
    }
}

fn copy(change: impl Fn(&mut [u8])) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = std::io::stdin().read(&mut buffer).unwrap_or(0);
        if length == 0 {
            return;
        }
        change(&mut buffer[..length]);
        put(1, &buffer[..length]);
    }
}

fn fork_process() -> c_int {
    // SAFETY: this program has one thread, so that nothing is left locked in the child.
    match unsafe { fork() } {
        -1 => fail(MISUSED, &std::io::Error::last_os_error()),
        process => process,
    }
}

fn ready_forever() -> ! {
    put(1, b"ready\n");
    forever()
}

fn forever() -> ! {
    loop {
        // SAFETY: waiting for a signal touches no memory.
        unsafe { pause() };
    }
}

/// Writes the number of the signal as a line.
extern "C" fn tell(number: c_int) {
    let digits = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8, b'\n'];
    // SAFETY: the pointer and length are those of an array; a failed write is nothing that a handler can tell.
    unsafe { write(1, digits.as_ptr(), digits.len()) };
}

/// Uses the processor until this much of its time is used.
fn burn(long: Duration) {
    let start = std::time::Instant::now();
    let mut value = 1_u64;
    while start.elapsed() < long {
        for turn in 0..100_000_u64 {
            value = std::hint::black_box(value.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(turn));
        }
    }
    let _ = std::io::stdout().flush();
}

/// Takes memory and writes to all of it.
fn eat(bytes: usize) {
    let mut taken: Vec<u8> = Vec::new();
    if taken.try_reserve_exact(bytes).is_err() {
        exit(NO_MEMORY);
    }
    for at in (0..bytes).step_by(4096) {
        taken.resize(at + 1, 1);
    }
    taken.resize(bytes, 1);
    put(1, std::hint::black_box(&taken).len().to_string().as_bytes());
}
