//! Calls a dynamic library, as `cargo dev bench` says: `native LIBRARY`.

use std::time::{Duration, Instant};

use airssys_wasm_bench_turns::{Peer, serve};
use anyhow::{Context, Result, ensure};
use libloading::{Library, Symbol};

/// As the library has it.
#[repr(C)]
struct Buffer {
    bytes: *mut u8,
    length: usize,
}

type Echo = unsafe extern "C" fn(*const u8, usize) -> Buffer;
type Release = unsafe extern "C" fn(Buffer);

struct Native<'a> {
    echo: Symbol<'a, Echo>,
    release: Symbol<'a, Release>,
}

impl Native<'_> {
    /// The bytes that come back, as the caller's own.
    fn call(&self, payload: &[u8]) -> Vec<u8> {
        // SAFETY: the library reads the payload, and its buffer is read before it is given back, once.
        unsafe {
            let buffer = (self.echo)(payload.as_ptr(), payload.len());
            let output = std::slice::from_raw_parts(buffer.bytes, buffer.length).to_vec();
            (self.release)(buffer);
            output
        }
    }
}

impl Peer for Native<'_> {
    fn calls(&mut self, payload: &[u8], calls: usize) -> Result<Duration> {
        let started = Instant::now();
        for _ in 0..calls {
            ensure!(self.call(payload).len() == payload.len(), "the library gives back another number of bytes");
        }
        Ok(started.elapsed())
    }
}

fn main() -> Result<()> {
    let file = std::env::args_os().nth(1).context("the library to call is not named")?;
    // SAFETY: it is the one of this workspace, which does nothing when it is loaded and has these functions.
    let library = unsafe { Library::new(file)? };
    // SAFETY: as above.
    let (echo, release) = unsafe { (library.get::<Echo>(b"echo")?, library.get::<Release>(b"release")?) };
    let mut native = Native { echo, release };
    ensure!(native.call(b"bytes") == b"bytes", "the library gives back other bytes");
    serve(&mut native)
}
