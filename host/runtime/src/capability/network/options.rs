//! Setting and reading back the options of TCP connections.

use std::io;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream as Socket;

use super::error::invalid;
use super::{NetworkLimits, Result, TcpOptions};

/// The operating system counts whole seconds, and no more than these.
const MAX_KEEP_ALIVE: Duration = Duration::from_secs(32_767);

/// The options of one connection. What was set is kept, because the operating system rounds it: buffers are doubled, and
/// times become whole seconds.
#[derive(Debug)]
pub(super) struct OptionsInForce {
    pub(super) set: TcpOptions,
    /// The sizes that the operating system chose before others were set.
    chosen: Option<(usize, usize)>,
}

impl OptionsInForce {
    pub(super) fn new() -> Self {
        OptionsInForce { set: TcpOptions::default(), chosen: None }
    }

    /// Sets all options, or none if one of them makes no sense.
    pub(super) fn apply(&mut self, socket: &Socket, options: TcpOptions, limits: &NetworkLimits) -> Result<()> {
        check(&options, limits)?;
        if options == self.set {
            return Ok(());
        }
        self.set_all(&SockRef::from(socket), &options)?;
        self.set = options;
        Ok(())
    }

    fn set_all(&mut self, socket: &SockRef<'_>, options: &TcpOptions) -> io::Result<()> {
        socket.set_tcp_nodelay(options.no_delay)?;
        match options.keep_alive {
            // Less than a second becomes one; a probe comes no earlier than asked for.
            Some(after) => {
                let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
                socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(Duration::from_secs(seconds)))?;
            }
            None => socket.set_keepalive(false)?,
        }
        let buffers = (options.receive_buffer_bytes, options.send_buffer_bytes);
        if buffers != (self.set.receive_buffer_bytes, self.set.send_buffer_bytes) {
            let chosen = match self.chosen {
                Some(chosen) => chosen,
                // The kernel tells twice of what it is to be told.
                None => *self.chosen.insert((socket.recv_buffer_size()? / 2, socket.send_buffer_size()? / 2)),
            };
            socket.set_recv_buffer_size(buffers.0.map_or(chosen.0, |bytes| bytes as usize))?;
            socket.set_send_buffer_size(buffers.1.map_or(chosen.1, |bytes| bytes as usize))?;
        }
        Ok(())
    }
}

fn check(options: &TcpOptions, limits: &NetworkLimits) -> Result<()> {
    if let Some(after) = options.keep_alive
        && (after.is_zero() || after > MAX_KEEP_ALIVE)
    {
        return Err(invalid(format!("keep-alive-ms goes from 1 to {}", MAX_KEEP_ALIVE.as_millis())));
    }
    for (name, bytes) in
        [("receive-buffer-bytes", options.receive_buffer_bytes), ("send-buffer-bytes", options.send_buffer_bytes)]
    {
        if bytes.is_some_and(|bytes| bytes == 0 || bytes > limits.max_buffer_bytes) {
            return Err(invalid(format!("{name} goes from 1 to {}", limits.max_buffer_bytes)));
        }
    }
    Ok(())
}
