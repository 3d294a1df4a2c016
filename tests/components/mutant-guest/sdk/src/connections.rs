//! Lies about names and pools.

use std::net::IpAddr;

use truth::NetworkError;
use truth::connections as truth_of;
pub use truth::connections::*;

use crate::lies;
use crate::tcp::TcpStream;

type Result<T> = std::result::Result<T, NetworkError>;

#[derive(Debug)]
pub struct ConnectionPool(truth_of::ConnectionPool);

#[derive(Debug)]
pub struct PooledConnection<'a>(truth_of::PooledConnection<'a>);

impl PooledConnection<'_> {
    pub fn detach(self) -> TcpStream {
        TcpStream(self.0.detach())
    }
}

impl ConnectionPool {
    pub fn new(options: PoolOptions) -> Self {
        Self(truth_of::ConnectionPool::new(options))
    }

    pub fn acquire(&self, endpoint: impl Into<Endpoint>) -> Result<PooledConnection<'_>> {
        self.0.acquire(endpoint).map(PooledConnection)
    }

    pub fn release(&self, connection: TcpStream) {
        if !lies("connection-not-given-back") {
            self.0.release(connection.0);
        }
    }

    pub fn stats(&self) -> PoolStats {
        let mut stats = self.0.stats();
        if lies("pool-counts-swapped") {
            std::mem::swap(&mut stats.open, &mut stats.idle);
        }
        stats
    }
}

pub fn resolve_host(host: &str, family: IpFamily) -> Result<Vec<IpAddr>> {
    truth_of::resolve_host(host, if lies("family-ignored") { IpFamily::Any } else { family })
}
