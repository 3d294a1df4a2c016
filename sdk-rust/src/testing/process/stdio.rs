//! Streams of a script.

use super::processes::Process;
use super::programs::Result;
use crate::bindings::airssys::ext_process::types::{ProcessError, ProcessOutput, StdioStream};

pub fn write_stdin(process: &Process, data: &[u8]) -> Result<u32> {
    let child = &process.child;
    child.piped(StdioStream::Stdin)?;
    if child.input_closed.get() || child.exit.get().is_some() {
        return Err(ProcessError::StdinClosed);
    }
    child.input.borrow_mut().extend(data);
    Ok(u32::try_from(data.len()).expect("the caller bounds it"))
}

pub fn close_stdin(process: &Process) -> Result<()> {
    process.child.piped(StdioStream::Stdin)?;
    if process.child.input_closed.replace(true) { Err(ProcessError::StdinClosed) } else { Ok(()) }
}

pub fn read_stdout(process: &Process, max_bytes: u32) -> Result<Vec<u8>> {
    read(process, StdioStream::Stdout, 0, max_bytes)
}

pub fn read_stderr(process: &Process, max_bytes: u32) -> Result<Vec<u8>> {
    read(process, StdioStream::Stderr, 1, max_bytes)
}

pub fn read_stdout_to_end(process: &Process) -> Result<Vec<u8>> {
    read_to_end(process, StdioStream::Stdout, 0)
}

pub fn read_stderr_to_end(process: &Process) -> Result<Vec<u8>> {
    read_to_end(process, StdioStream::Stderr, 1)
}

pub fn communicate(process: &Process, input: &[u8]) -> Result<ProcessOutput> {
    if !input.is_empty() {
        process.child.piped(StdioStream::Stdin)?;
        if process.child.input_closed.get() {
            return Err(ProcessError::StdinClosed);
        }
    }
    process.child.communicate(input)
}

fn read(process: &Process, stream: StdioStream, at: usize, max_bytes: u32) -> Result<Vec<u8>> {
    process.child.piped(stream)?;
    process.child.finish()?;
    let mut output = process.child.output.borrow_mut();
    let length = output[at].len().min(max_bytes as usize);
    Ok(output[at].drain(..length).collect())
}

fn read_to_end(process: &Process, stream: StdioStream, at: usize) -> Result<Vec<u8>> {
    process.child.piped(stream)?;
    process.child.finish()?;
    process.child.collect(at)
}
