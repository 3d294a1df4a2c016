//! Short messages with descriptors, over a socket between two processes of the host.
//!
//! Forked processes use this, so it allocates nothing, takes no lock and cannot panic.
#![allow(unsafe_code)]

use std::os::fd::RawFd;

use libc::{c_int, c_void};

use super::errno::checked;

/// The most descriptors that one message has.
pub(super) const MAX_DESCRIPTORS: usize = 10;
/// Room for so many descriptors and their header.
const CONTROL_BYTES: usize = 64;

/// Aligned as headers of control messages must be.
#[repr(C, align(8))]
struct Control([u8; CONTROL_BYTES]);

/// Sends a message, which is short enough to be sent in one piece.
pub(super) fn send(socket: RawFd, bytes: &[u8], descriptors: &[RawFd]) -> Result<(), c_int> {
    if descriptors.is_empty() {
        // The plain call: a child that is confined already may not make the other one.
        loop {
            // SAFETY: the slice is valid for its length.
            let sent = unsafe { libc::send(socket, bytes.as_ptr().cast(), bytes.len(), libc::MSG_NOSIGNAL) };
            match checked(sent as i64) {
                Err(libc::EINTR) => {}
                other => return other.map(drop),
            }
        }
    }
    let length = size_of_val(descriptors) as u32;
    let mut control = Control([0; CONTROL_BYTES]);
    let mut part = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    // SAFETY: all buffers live through the call, which only reads them, and `CONTROL_BYTES` are enough for the descriptors.
    unsafe {
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_iov = &mut part;
        message.msg_iovlen = 1;
        if descriptors.len() > MAX_DESCRIPTORS {
            return Err(libc::EINVAL);
        }
        message.msg_control = control.0.as_mut_ptr().cast();
        message.msg_controllen = libc::CMSG_SPACE(length) as _;
        let header = libc::CMSG_FIRSTHDR(&message);
        (*header).cmsg_level = libc::SOL_SOCKET;
        (*header).cmsg_type = libc::SCM_RIGHTS;
        (*header).cmsg_len = libc::CMSG_LEN(length) as _;
        std::ptr::copy_nonoverlapping(descriptors.as_ptr().cast(), libc::CMSG_DATA(header), length as usize);
        loop {
            match checked(libc::sendmsg(socket, &message, libc::MSG_NOSIGNAL) as i64) {
                Err(libc::EINTR) => {}
                other => return other.map(drop),
            }
        }
    }
}

/// Receives a message: how many bytes it has, none at the end of the connection, and how many descriptors.
pub(super) fn receive(
    socket: RawFd,
    bytes: &mut [u8],
    descriptors: &mut [RawFd; MAX_DESCRIPTORS],
) -> Result<(usize, usize), c_int> {
    let mut control = Control([0; CONTROL_BYTES]);
    let mut part = libc::iovec { iov_base: bytes.as_mut_ptr().cast::<c_void>(), iov_len: bytes.len() };
    // SAFETY: all buffers live through the call and have the lengths that are given; the descriptors are as many as the
    // header says, and no more than there is room for.
    unsafe {
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_iov = &mut part;
        message.msg_iovlen = 1;
        message.msg_control = control.0.as_mut_ptr().cast();
        message.msg_controllen = CONTROL_BYTES as _;
        let received = loop {
            match checked(libc::recvmsg(socket, &mut message, libc::MSG_CMSG_CLOEXEC) as i64) {
                Err(libc::EINTR) => {}
                other => break other? as usize,
            }
        };
        let header = libc::CMSG_FIRSTHDR(&message);
        if header.is_null() || (*header).cmsg_type != libc::SCM_RIGHTS {
            return Ok((received, 0));
        }
        let length = ((*header).cmsg_len as usize).saturating_sub(libc::CMSG_LEN(0) as usize);
        let length = length.min(size_of_val(descriptors));
        std::ptr::copy_nonoverlapping(libc::CMSG_DATA(header), descriptors.as_mut_ptr().cast(), length);
        Ok((received, length / size_of::<RawFd>()))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{Read, Write, pipe};
    use std::os::fd::{AsRawFd, FromRawFd};
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn descriptors_arrive_in_their_order() {
        let (one, other) = UnixStream::pair().unwrap();
        let (mut reader, writer) = pipe().unwrap();
        send(one.as_raw_fd(), b"12345678", &[reader.as_raw_fd(), writer.as_raw_fd()]).unwrap();
        drop(writer);
        let (mut bytes, mut descriptors) = ([0; 8], [-1; MAX_DESCRIPTORS]);
        assert_eq!(receive(other.as_raw_fd(), &mut bytes, &mut descriptors), Ok((8, 2)));
        assert_eq!(&bytes, b"12345678");
        // SAFETY: both have just arrived and belong to nobody else.
        let [own_reader, mut own_writer] = [0, 1].map(|at: usize| unsafe { File::from_raw_fd(descriptors[at]) });
        own_writer.write_all(b"through").unwrap();
        drop((own_writer, own_reader));
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        assert_eq!(text, "through");
    }

    #[test]
    fn messages_may_have_none_and_not_too_many() {
        let (one, other) = UnixStream::pair().unwrap();
        send(one.as_raw_fd(), b"1", &[]).unwrap();
        assert_eq!(send(one.as_raw_fd(), b"1", &[0; MAX_DESCRIPTORS + 1]), Err(libc::EINVAL));
        drop(one);
        let (mut bytes, mut descriptors) = ([0; 8], [-1; MAX_DESCRIPTORS]);
        assert_eq!(receive(other.as_raw_fd(), &mut bytes, &mut descriptors), Ok((1, 0)));
        assert_eq!(receive(other.as_raw_fd(), &mut bytes, &mut descriptors), Ok((0, 0)));
    }
}
