//! What a child tells its supervisor on the way to its program. Nothing here allocates or panics.

use std::os::fd::RawFd;

use libc::c_int;

use super::fd_passing;
use super::report::Stage;

/// What a child on its way to its program tells its supervisor.
pub(super) enum Message {
    End,
    /// Here is where descendants ask whether they may fork or listen.
    Requests(RawFd),
    Failed(Stage, c_int),
}

/// The length of what a child says: a stage, or 0, and a code.
const MESSAGE_BYTES: usize = 8;

impl Message {
    /// Sends it; a channel that is gone has nobody who could be told.
    pub(super) fn send(&self, channel: RawFd) -> Result<(), c_int> {
        let mut bytes = [0; MESSAGE_BYTES];
        match self {
            Message::End => Ok(()),
            Message::Requests(descriptor) => fd_passing::send(channel, &bytes, &[*descriptor]),
            Message::Failed(stage, code) => {
                bytes[0] = *stage as u8;
                bytes[4..8].copy_from_slice(&code.to_ne_bytes());
                fd_passing::send(channel, &bytes, &[])
            }
        }
    }

    pub(super) fn receive(channel: RawFd) -> Result<Message, c_int> {
        let (mut bytes, mut descriptors) = ([0; MESSAGE_BYTES], [-1; fd_passing::MAX_DESCRIPTORS]);
        Ok(match fd_passing::receive(channel, &mut bytes, &mut descriptors)? {
            (0, _) => Message::End,
            (_, 1..) => Message::Requests(descriptors[0]),
            _ => {
                let code = c_int::from_ne_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
                Stage::of(bytes[0]).map_or(Message::End, |stage| Message::Failed(stage, code))
            }
        })
    }
}
