//! The standard streams of a process: where they lead, and those that are pipes to the component.

use std::{fmt, io};

use crate::ProcessError;
pub use crate::bindings::airssys::ext_process::types::{Stdio, StdioStream};
use crate::host::stdio as host;
use crate::processes::{Process, ProcessOutput};
use crate::tcp::length;

type Result<T> = std::result::Result<T, ProcessError>;

/// The standard input of a process. It implements [`io::Write`].
///
/// Dropping it leaves the stream open, for another one; [`close`](Self::close) tells the process that its input ends.
#[derive(Debug)]
pub struct Stdin<'a> {
    process: &'a Process,
}

/// The standard output of a process. It implements [`io::Read`].
#[derive(Debug)]
pub struct Stdout<'a> {
    process: &'a Process,
}

/// The standard error of a process. It implements [`io::Read`].
#[derive(Debug)]
pub struct Stderr<'a> {
    process: &'a Process,
}

impl Process {
    /// The standard input, to write to if it is piped.
    pub fn stdin(&self) -> Stdin<'_> {
        Stdin { process: self }
    }

    /// The standard output, to read from if it is piped.
    pub fn stdout(&self) -> Stdout<'_> {
        Stdout { process: self }
    }

    /// The standard error, to read from if it is piped.
    pub fn stderr(&self) -> Stderr<'_> {
        Stderr { process: self }
    }

    /// Writes `input`, closes standard input, reads both outputs until their end, and waits until the process has
    /// ended. All of it goes on at once, so that large input and output do not block each other.
    ///
    /// An output that is not piped gives an empty list. A process that ends without reading its input is no error.
    ///
    /// # Errors
    /// `NotPiped` and `StdinClosed` when there is input and no open pipe for it, `OutputTooLarge` after the output
    /// limit of the process, `Timeout` after its wall time limit, the process being gone.
    pub fn communicate(&self, input: &[u8]) -> Result<ProcessOutput> {
        Ok(host::communicate(&self.handle, input)?)
    }
}

impl Stdin<'_> {
    /// Writes and returns how many bytes the pipe took, at least one if any were given.
    ///
    /// # Errors
    /// `NotPiped`, `StdinClosed`.
    pub fn write(&self, data: &[u8]) -> Result<u32> {
        Ok(host::write_stdin(&self.process.handle, data)?)
    }

    /// Closes the stream: the process then reads the end of its input.
    ///
    /// # Errors
    /// `NotPiped`, `StdinClosed` when it is closed already.
    pub fn close(self) -> Result<()> {
        Ok(host::close_stdin(&self.process.handle)?)
    }
}

impl Stdout<'_> {
    /// Reads what is there, at most `max_bytes` and at most the host's limit (by default 16 MiB), waiting until there is
    /// something. Empty is the end.
    ///
    /// # Errors
    /// `NotPiped`.
    pub fn read(&self, max_bytes: u32) -> Result<Vec<u8>> {
        Ok(host::read_stdout(&self.process.handle, max_bytes)?)
    }

    /// Reads until the end.
    ///
    /// # Errors
    /// `NotPiped`, `OutputTooLarge` when there is more than the output limit of the process.
    pub fn read_to_end(&self) -> Result<Vec<u8>> {
        Ok(host::read_stdout_to_end(&self.process.handle)?)
    }
}

impl Stderr<'_> {
    /// Reads what is there, at most `max_bytes` and at most the host's limit (by default 16 MiB), waiting until there is
    /// something. Empty is the end.
    ///
    /// # Errors
    /// `NotPiped`.
    pub fn read(&self, max_bytes: u32) -> Result<Vec<u8>> {
        Ok(host::read_stderr(&self.process.handle, max_bytes)?)
    }

    /// Reads until the end.
    ///
    /// # Errors
    /// `NotPiped`, `OutputTooLarge` when there is more than the output limit of the process.
    pub fn read_to_end(&self) -> Result<Vec<u8>> {
        Ok(host::read_stderr_to_end(&self.process.handle)?)
    }
}

impl io::Write for Stdin<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        Ok(Stdin::write(self, &buffer[..length(buffer) as usize])? as usize)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl io::Read for Stdout<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let data = Stdout::read(self, length(buffer))?;
        buffer[..data.len()].copy_from_slice(&data);
        Ok(data.len())
    }
}

impl io::Read for Stderr<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let data = Stderr::read(self, length(buffer))?;
        buffer[..data.len()].copy_from_slice(&data);
        Ok(data.len())
    }
}

impl fmt::Display for StdioStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Stdin => "standard input",
            Self::Stdout => "standard output",
            Self::Stderr => "standard error",
        })
    }
}
