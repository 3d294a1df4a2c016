//! Lies about TCP connections.

use std::net::{Shutdown, SocketAddr};
use std::ops::Deref;
use std::time::Duration;

use truth::NetworkError;
use truth::tcp as truth_of;
pub use truth::tcp::*;

use crate::lies;

type Result<T> = std::result::Result<T, NetworkError>;

#[derive(Debug)]
pub struct TcpStream(pub(crate) truth_of::TcpStream);

impl Deref for TcpStream {
    type Target = truth_of::TcpStream;

    fn deref(&self) -> &truth_of::TcpStream {
        &self.0
    }
}

impl TcpStream {
    pub fn read(&self, max_bytes: u32) -> Result<Vec<u8>> {
        let mut read = self.0.read(max_bytes)?;
        if lies("received-byte-lost") {
            read.pop();
        }
        Ok(read)
    }

    pub fn read_exact(&self, length: u32) -> Result<Vec<u8>> {
        let length = if lies("read-exact-short") { length.saturating_sub(1) } else { length };
        match self.0.read_exact(length) {
            Err(NetworkError::EndOfStream(count)) if lies("end-of-stream-miscounted") => {
                Err(NetworkError::EndOfStream(count + 1))
            }
            other => other,
        }
    }

    pub fn shutdown(&self, direction: Shutdown) -> Result<()> {
        let direction = match direction {
            Shutdown::Read if lies("shutdown-direction-swapped") => Shutdown::Write,
            Shutdown::Write if lies("shutdown-direction-swapped") => Shutdown::Read,
            other => other,
        };
        self.0.shutdown(direction)
    }

    pub fn local_address(&self) -> Result<SocketAddr> {
        if lies("addresses-swapped") { self.0.remote_address() } else { self.0.local_address() }
    }

    pub fn remote_address(&self) -> Result<SocketAddr> {
        if lies("addresses-swapped") { self.0.local_address() } else { self.0.remote_address() }
    }

    pub fn stats(&self) -> ConnectionStats {
        let mut stats = self.0.stats();
        if lies("stats-off-by-one") {
            stats.bytes_received += 1;
        }
        stats
    }

    pub fn start_tls(&self, options: &TlsOptions) -> Result<TlsInfo> {
        let mut options = options.clone();
        if lies("protocols-not-offered") {
            options.alpn.clear();
        }
        let mut info = self.0.start_tls(&options)?;
        if lies("certificate-emptied") {
            info.peer_certificate.clear();
        }
        Ok(info)
    }

    pub fn tls_info(&self) -> Option<TlsInfo> {
        self.0.tls_info().filter(|_| !lies("tls-forgotten"))
    }
}

#[derive(Debug)]
pub struct TcpListener(truth_of::TcpListener);

impl Deref for TcpListener {
    type Target = truth_of::TcpListener;

    fn deref(&self) -> &truth_of::TcpListener {
        &self.0
    }
}

impl TcpListener {
    pub fn accept(&self, timeout: Option<Duration>) -> Result<TcpStream> {
        self.0.accept(timeout).map(TcpStream)
    }
}

pub fn connect(endpoint: impl Into<Endpoint>, timeout: Option<Duration>) -> Result<TcpStream> {
    match truth_of::connect(endpoint, timeout) {
        Err(NetworkError::ConnectionRefused) if lies("refusal-taken-for-timeout") => Err(NetworkError::Timeout),
        other => other.map(TcpStream),
    }
}

pub fn listen(address: impl Into<SocketAddr>, options: ListenOptions) -> Result<TcpListener> {
    truth_of::listen(address, options).map(TcpListener)
}
