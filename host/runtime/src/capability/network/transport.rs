//! What the bytes of a connection go over: the socket itself, or TLS on it.

use std::future::poll_fn;
use std::io;
use std::mem::MaybeUninit;
use std::net::Shutdown;
use std::pin::Pin;
use std::task::{Poll, ready};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream as Socket;
use tokio_rustls::client::TlsStream;

/// How much is read at a time. A guest may ask for a thousand times as much without anything there.
const READ_STEP_BYTES: usize = 64 * 1024;

pub(super) enum Transport {
    Plain(Socket),
    Tls(Encrypted),
}

/// A TLS connection that says goodbye when it is dropped.
pub(super) struct Encrypted(Box<TlsStream<Socket>>);

impl Encrypted {
    pub(super) fn new(stream: TlsStream<Socket>) -> Self {
        Encrypted(Box::new(stream))
    }
}

/// Tells the peer that the connection ends, as far as that takes no waiting: without it, it has to take the end for one
/// that somebody on the way has made.
impl Drop for Encrypted {
    fn drop(&mut self) {
        let (socket, session) = self.0.get_mut();
        session.send_close_notify();
        let mut goodbye = Vec::new();
        while session.wants_write() && session.write_tls(&mut goodbye).is_ok_and(|written| written > 0) {}
        let _ = socket.try_write(&goodbye);
    }
}

/// What reading gave.
pub(super) enum Received {
    Bytes(Vec<u8>),
    /// The peer has closed its side.
    End,
}

impl Transport {
    pub(super) fn socket(&self) -> &Socket {
        match self {
            Transport::Plain(socket) => socket,
            Transport::Tls(Encrypted(stream)) => stream.get_ref().0,
        }
    }

    /// The socket, if there is no TLS on it.
    pub(super) fn into_plain(self) -> Option<Socket> {
        match self {
            Transport::Plain(socket) => Some(socket),
            Transport::Tls(_) => None,
        }
    }

    /// Waits until there is something and gives what is there, at most `max` bytes. Nothing is lost if it is dropped
    /// while it waits. An error counts only if there was nothing before it; it then comes with the next call, or an end
    /// does.
    pub(super) async fn receive(&mut self, max: usize) -> io::Result<Received> {
        let mut data = Vec::new();
        poll_fn(|context| {
            while data.len() < max {
                let filled = data.len();
                data.resize(filled + READ_STEP_BYTES.min(max - filled), 0);
                let mut buffer = ReadBuf::new(&mut data[filled..]);
                let polled = match self {
                    Transport::Plain(socket) => Pin::new(socket).poll_read(context, &mut buffer),
                    Transport::Tls(Encrypted(stream)) => Pin::new(stream.as_mut()).poll_read(context, &mut buffer),
                };
                let read = buffer.filled().len();
                data.truncate(filled + read);
                if data.is_empty() {
                    return Poll::Ready(ready!(polled).map(|()| Received::End));
                }
                if polled.is_pending() || read == 0 {
                    break;
                }
            }
            let mut data = std::mem::take(&mut data);
            data.shrink_to_fit();
            Poll::Ready(Ok(Received::Bytes(data)))
        })
        .await
    }

    /// Waits until something is taken and says how much.
    pub(super) async fn send(&mut self, data: &[u8]) -> io::Result<usize> {
        match self {
            Transport::Plain(socket) => socket.write(data).await,
            Transport::Tls(Encrypted(stream)) => stream.write(data).await,
        }
    }

    /// Waits until what was taken is with the operating system.
    pub(super) async fn flush(&mut self) -> io::Result<()> {
        match self {
            Transport::Plain(_) => Ok(()),
            Transport::Tls(Encrypted(stream)) => stream.flush().await,
        }
    }

    /// Ends sending.
    pub(super) async fn end(&mut self) -> io::Result<()> {
        match self {
            // The asynchronous one says nothing of a connection that has ended.
            Transport::Plain(socket) => SockRef::from(&*socket).shutdown(Shutdown::Write),
            Transport::Tls(Encrypted(stream)) => stream.shutdown().await,
        }
    }

    /// Whether the peer is still there and has sent nothing that was not read.
    pub(super) fn is_quiet(&self) -> bool {
        matches!(self.peek(), Err(error) if error.kind() == io::ErrorKind::WouldBlock)
    }

    /// Whether there are bytes that were not read.
    pub(super) fn has_unread(&self) -> bool {
        matches!(self.peek(), Ok(1..))
    }

    fn peek(&self) -> io::Result<usize> {
        SockRef::from(self.socket()).peek(&mut [MaybeUninit::uninit()])
    }
}
