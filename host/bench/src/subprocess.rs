//! A program that gives back what comes through a pipe, length first: what one does who has no component.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::task::Task;

/// The most that one message has, as the host has a limit as well.
const MOST_BYTES: usize = 16 << 20;

/// The program, and its pipes.
pub struct Subprocess {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl Subprocess {
    /// Starts it.
    ///
    /// # Errors
    /// Fails when it cannot be started.
    pub fn new() -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--task").arg(serde_json::to_string(&Task::Echo)?);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("failed to start")?;
        let input = child.stdin.take().context("the other process has no standard input")?;
        let output = child.stdout.take().context("the other process has no standard output")?;
        Ok(Self { child, input, output })
    }

    /// Calls one after the other, and says how long they took together.
    ///
    /// # Errors
    /// Fails when the program has ended, or gives back another number of bytes.
    pub fn calls(&mut self, payload: &[u8], calls: usize) -> Result<Duration> {
        let started = Instant::now();
        for _ in 0..calls {
            // The program reads all of a message before it answers, so that neither waits for the other.
            send(&mut self.input, payload)?;
            let output = receive(&mut self.output)?.context("the program has ended")?;
            if output.len() != payload.len() {
                bail!("the program gives back another number of bytes than it was given");
            }
        }
        Ok(started.elapsed())
    }
}

impl Drop for Subprocess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program itself: gives back messages until there is none.
///
/// # Errors
/// Fails when a message is cut off or too large.
pub fn echo() -> Result<()> {
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    while let Some(message) = receive(&mut input)? {
        send(&mut output, &message)?;
        output.flush()?;
    }
    Ok(())
}

fn send(to: &mut impl Write, message: &[u8]) -> Result<()> {
    to.write_all(&u32::try_from(message.len())?.to_le_bytes())?;
    Ok(to.write_all(message)?)
}

fn receive(from: &mut impl Read) -> Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    let Err(error) = from.read_exact(&mut length) else {
        let length = u32::from_le_bytes(length) as usize;
        if length > MOST_BYTES {
            bail!("a message of {length} bytes is too large");
        }
        let mut message = vec![0; length];
        from.read_exact(&mut message)?;
        return Ok(Some(message));
    };
    if error.kind() == std::io::ErrorKind::UnexpectedEof { Ok(None) } else { Err(error.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_back_until_there_are_none() {
        let mut pipe = Vec::new();
        send(&mut pipe, b"one").unwrap();
        send(&mut pipe, b"").unwrap();
        let mut pipe = pipe.as_slice();
        assert_eq!(receive(&mut pipe).unwrap().unwrap(), b"one");
        assert_eq!(receive(&mut pipe).unwrap().unwrap(), b"");
        assert_eq!(receive(&mut pipe).unwrap(), None);
    }

    #[test]
    fn a_message_that_is_too_large_takes_no_memory() {
        let error = receive(&mut u32::MAX.to_le_bytes().as_slice()).unwrap_err();
        assert!(error.to_string().contains("is too large"), "{error}");
    }
}
