//! The conversation between `cargo dev bench` and a program that is measured beside the host, so that both are measured
//! in turns: a line that says what is to be done, and a line of JSON that says how many nanoseconds it took.

use std::io::{BufRead, Write};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Something that gives back the bytes it is given.
pub trait Peer {
    /// Calls one after the other, and says how long they took together.
    ///
    /// # Errors
    /// Fails as the calls do, and when another number of bytes comes back.
    fn calls(&mut self, payload: &[u8], calls: usize) -> Result<Duration>;

    /// Makes further instances, and says how long it took until they were there.
    ///
    /// # Errors
    /// Fails when one cannot be made, or there are none.
    fn instances(&mut self, _instances: usize) -> Result<Duration> {
        bail!("there are no instances of this")
    }
}

/// Does what the lines of standard input say, until there is none.
///
/// # Errors
/// Fails when a line says nothing that can be done. What fails while it is done goes back as an error.
pub fn serve(peer: &mut dyn Peer) -> Result<()> {
    let mut output = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        let number = |text: &str| text.parse::<usize>().with_context(|| format!("{text} is no number"));
        let took = match words[..] {
            ["calls", bytes, calls] => {
                let payload: Vec<u8> = (0..number(bytes)?).map(|index| (index % 251) as u8).collect();
                peer.calls(&payload, number(calls)?)
            }
            ["instances", instances] => peer.instances(number(instances)?),
            _ => bail!("{line} is nothing that can be done"),
        };
        let answer = match took {
            Ok(took) => serde_json::json!({ "nanoseconds": took.as_nanos() as u64 }),
            Err(error) => serde_json::json!({ "error": format!("{error:#}") }),
        };
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}
