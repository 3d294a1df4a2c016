//! On which ports a child may listen, where that is not on all.
//!
//! A socket that was never bound gets a port from the kernel when it listens, and so does one that was connected; Landlock
//! is asked about neither. So the supervisor looks at what the socket is bound to, and has it listen itself: nothing that
//! the child exchanges meanwhile makes it another one.
//!
//! Like everything in a supervisor it allocates nothing and cannot panic.
#![allow(unsafe_code)]

use std::os::fd::RawFd;

use libc::c_int;

use super::errno::checked;
use super::requests::{Answer, Request};

/// A bit for each port.
const WORDS: usize = (1 << 16) / WORD_BITS;
const WORD_BITS: usize = u64::BITS as usize;
/// Room for an address of any family.
const ADDRESS_BYTES: usize = size_of::<libc::sockaddr_storage>();

/// Ports, as they are written into a plan.
#[derive(Clone, Copy)]
pub(super) struct Ports<'a>(pub(super) &'a [u64]);

/// A table of the ports.
pub(super) fn table(ports: &[u16]) -> Vec<u64> {
    let mut words = vec![0; WORDS];
    for port in ports.iter().map(|port| usize::from(*port)) {
        words[port / WORD_BITS] |= 1 << (port % WORD_BITS);
    }
    words
}

impl Ports<'_> {
    fn have(&self, port: u16) -> bool {
        let port = usize::from(port);
        self.0.get(port / WORD_BITS).is_some_and(|word| (word >> (port % WORD_BITS)) & 1 == 1)
    }

    /// Does what a descendant has asked for, if it may.
    pub(super) fn listen(&self, request: &Request) -> Answer {
        let result = socket_of(request).and_then(|socket| {
            let result = self.listen_on(socket, request.arguments[1] as c_int);
            // SAFETY: a descriptor of this function.
            unsafe { libc::close(socket) };
            result
        });
        result.map_or_else(Answer::Fails, |()| Answer::Done)
    }

    fn listen_on(&self, socket: RawFd, backlog: c_int) -> Result<(), c_int> {
        if !self.have(port(socket)?) {
            return Err(libc::EPERM);
        }
        // SAFETY: no memory is involved.
        checked(unsafe { libc::listen(socket, backlog) }).map(drop)
    }
}

/// The socket that the call is about, as a descriptor of this process.
fn socket_of(request: &Request) -> Result<RawFd, c_int> {
    // SAFETY: makes descriptors and touches no memory.
    unsafe {
        let thread = checked(libc::syscall(libc::SYS_pidfd_open, request.thread, libc::O_EXCL))? as RawFd;
        let socket = match request.waits() {
            true => checked(libc::syscall(libc::SYS_pidfd_getfd, thread, request.arguments[0] as c_int, 0)),
            false => Err(libc::ESRCH),
        };
        libc::close(thread);
        socket.map(|socket| socket as RawFd)
    }
}

/// The port that a socket of TCP is bound to, or 0.
fn port(socket: RawFd) -> Result<u16, c_int> {
    #[repr(C, align(8))]
    struct Address([u8; ADDRESS_BYTES]);
    let mut address = Address([0; ADDRESS_BYTES]);
    let mut length = ADDRESS_BYTES as libc::socklen_t;
    // SAFETY: the buffer has the length that is given.
    checked(unsafe { libc::getsockname(socket, address.0.as_mut_ptr().cast(), &mut length) })?;
    let [first, second, high, low, ..] = address.0;
    match c_int::from(u16::from_ne_bytes([first, second])) {
        libc::AF_INET | libc::AF_INET6 => Ok(u16::from_be_bytes([high, low])),
        _ => Err(libc::EPERM),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, UdpSocket};
    use std::os::fd::AsRawFd;
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn a_table_has_the_ports_that_are_put_into_it() {
        let words = table(&[0, 63, 64, 8080, 65_535]);
        let ports = Ports(&words);
        let found: Vec<u16> = (0..=u16::MAX).filter(|port| ports.have(*port)).collect();
        assert_eq!(found, [0, 63, 64, 8080, 65_535]);
        assert!(!Ports(&[]).have(0));
    }

    #[test]
    fn the_port_of_a_socket_is_read() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let listener = TcpListener::bind(address).unwrap();
            assert_eq!(port(listener.as_raw_fd()), Ok(listener.local_addr().unwrap().port()));
        }
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        assert_eq!(port(socket.as_raw_fd()), Ok(socket.local_addr().unwrap().port()));
        assert_eq!(port(UnixStream::pair().unwrap().0.as_raw_fd()), Err(libc::EPERM));
        assert_eq!(port(-1), Err(libc::EBADF));
    }
}
