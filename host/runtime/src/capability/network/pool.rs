//! `connections.connection-pool`: connections that are kept for use again.
//!
//! A pool hands out plain TCP. A connection on which TLS was started is closed when it comes back: see
//! [`Connection::is_reusable`].

use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Duration;

use airssys_wasm_policy::Operation;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::locked::locked;

use super::error::invalid;
use super::gate::Target;
use super::membership::{Counts, Key, Membership, Places};
use super::stream::Connection;
use super::{Endpoint, Network, NetworkError, PoolOptions, PoolStats, Result, TcpOptions, TcpStream};

const ACQUIRE: Operation = Operation("ext-network/connections.connection-pool.acquire");

/// A pool. Clones are the same handle; with the last one the idle connections are closed.
#[derive(Clone)]
pub struct ConnectionPool(Arc<Handle>);

struct Handle {
    network: Network,
    options: PoolOptions,
    shared: Arc<Shared>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        // Outside of the lock, which each of them takes when it goes.
        let idle = std::mem::take(&mut self.shared.state().idle);
        drop(idle);
    }
}

/// What the pool and the timers of its idle connections have in common.
#[derive(Default)]
struct Shared {
    places: Arc<Places>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The one that was released last at the end.
    idle: Vec<Idle>,
    next_id: u64,
}

struct Idle {
    id: u64,
    key: Key,
    connection: Connection,
    _expiry: Expiry,
}

/// Closes an idle connection after a while, unless it is dropped before.
struct Expiry(AbortHandle);

impl Drop for Expiry {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    /// Takes out an idle connection to the same host and port that is still good; those that are not are closed.
    fn take_idle(&self, key: &Key) -> Option<Connection> {
        loop {
            let mut state = self.state();
            let last = state.idle.iter().rposition(|idle| idle.key == *key)?;
            let idle = state.idle.remove(last);
            drop(state);
            if idle.connection.is_reusable() {
                return Some(idle.connection);
            }
        }
    }

    /// Makes room for one connection more: if need be, the one that was idle the longest is closed.
    fn make_room(&self, key: &Key, max: u32) -> Option<Membership> {
        if let Some(membership) = self.places.take(key, max) {
            return Some(membership);
        }
        let mut state = self.state();
        let oldest = (!state.idle.is_empty()).then(|| state.idle.remove(0))?;
        drop(state);
        // Outside of the lock: with it goes its place.
        drop(oldest);
        self.places.take(key, max)
    }

    fn remove(&self, id: u64) {
        let mut state = self.state();
        let found = state.idle.iter().position(|idle| idle.id == id).map(|at| state.idle.remove(at));
        drop(state);
        drop(found);
    }
}

impl Network {
    /// Makes an empty pool.
    ///
    /// # Errors
    /// `max_connections` is 0.
    pub fn connection_pool(&self, options: PoolOptions) -> Result<ConnectionPool> {
        if options.max_connections == 0 {
            return Err(invalid("a connection pool needs room for a connection: max-connections is 0"));
        }
        Ok(ConnectionPool(Arc::new(Handle { network: self.clone(), options, shared: Arc::default() })))
    }
}

impl ConnectionPool {
    /// Gives a connection to an endpoint: an idle one, or a new one.
    ///
    /// # Errors
    /// As `connections.connection-pool.acquire`.
    pub async fn acquire(&self, endpoint: &Endpoint) -> Result<TcpStream> {
        let Handle { network, options, shared } = &*self.0;
        let target = Target::parse(endpoint)?;
        let deadline = Instant::now() + options.connect_timeout;
        let permit = network.ask_for_target(ACQUIRE, &target)?;
        let key = key(&target);
        let membership = loop {
            // From here on nothing that is freed goes unnoticed.
            let freed = shared.places.freed.notified();
            tokio::pin!(freed);
            freed.as_mut().enable();
            if let Some(mut connection) = shared.take_idle(&key) {
                // It was permitted when it was made; its address has to be so again.
                if let (Some(_), Some(remote)) = (target.host.name(), connection.remote_address()) {
                    let _permit = network.ask_for_address(ACQUIRE, &target, remote.ip())?;
                }
                if connection.set_options(TcpOptions::default()).is_ok() {
                    return Ok(TcpStream::new(connection));
                }
                continue;
            }
            if let Some(membership) = shared.make_room(&key, options.max_connections) {
                break membership;
            }
            let _waiting = shared.places.wait();
            if tokio::time::timeout_at(deadline, freed).await.is_err() {
                return Err(NetworkError::PoolExhausted);
            }
        };
        let mut connection = network.connect_to(ACQUIRE, &target, permit, Some(deadline)).await?;
        connection.membership = Some(membership);
        Ok(TcpStream::new(connection))
    }

    /// Takes a connection back and keeps it, if somebody else can use it.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub fn release(&self, stream: TcpStream) {
        let Handle { options, shared, .. } = &*self.0;
        let Some(connection) = stream.into_connection() else { return };
        let key = match &connection.membership {
            Some(membership) if membership.is_in(&shared.places) => membership.key.clone(),
            _ => return,
        };
        if !connection.is_reusable() {
            return;
        }
        let mut state = shared.state();
        let id = state.next_id;
        state.next_id += 1;
        let expiry = expire(Arc::downgrade(shared), id, options.max_idle);
        state.idle.push(Idle { id, key, connection, _expiry: expiry });
        drop(state);
        shared.places.freed.notify_waiters();
    }

    /// The state of the pool. An idle connection that its peer has closed is none any more.
    pub fn stats(&self) -> PoolStats {
        let shared = &self.0.shared;
        let mut state = shared.state();
        let dead: Vec<Idle> = state.idle.extract_if(.., |idle| !idle.connection.is_reusable()).collect();
        drop(state);
        drop(dead);
        let state = shared.state();
        let Counts { open, waiting } = shared.places.counts();
        PoolStats { open, idle: u32::try_from(state.idle.len()).unwrap_or(u32::MAX), waiting }
    }
}

/// What two endpoints have in common that mean the same.
fn key(target: &Target) -> Key {
    let host = match (target.host.name(), target.host.address()) {
        (Some(name), _) => name.to_owned(),
        (None, address) => address.map(|address| address.to_string()).unwrap_or_default(),
    };
    (host, target.port)
}

fn expire(shared: Weak<Shared>, id: u64, after: Duration) -> Expiry {
    let timer = tokio::spawn(async move {
        tokio::time::sleep(after).await;
        if let Some(shared) = shared.upgrade() {
            shared.remove(id);
        }
    });
    Expiry(timer.abort_handle())
}
