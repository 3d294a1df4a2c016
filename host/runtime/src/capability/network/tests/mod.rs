//! What the operations do and refuse, on real sockets.

mod attacks;
mod authority;
mod denials;
mod instances;
mod limits;
mod name_server;
mod names;
mod pools;
mod tcp;
mod tls;
mod udp;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use airssys_wasm_policy::{AuditRecord, AuditSink, Decision, Denial, Gate, Permissions};
use tokio::net::TcpListener as Listener;

use super::*;
use name_server::NameServer;

/// What comes to nothing comes to nothing in any time; so tests do not wait long for it.
const SHORT: Duration = Duration::from_millis(50);

/// Keeps what was decided.
#[derive(Default)]
struct Audit(Mutex<Vec<AuditRecord>>);

impl AuditSink for Audit {
    fn record(&self, record: AuditRecord) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(record);
    }
}

/// What a component is permitted on the network.
struct World {
    network: Network,
    audit: Arc<Audit>,
}

impl World {
    /// With these permissions, such as `outbound 127.0.0.1` or `outbound example.com:443`.
    fn with(permissions: &[&str]) -> World {
        World::built(permissions, NetworkConfig::default())
    }

    /// With every permission on loopback.
    fn open() -> World {
        World::with(&EVERYTHING)
    }

    /// With every permission on loopback, and these limits.
    fn limited(change: impl FnOnce(&mut NetworkLimits)) -> World {
        let mut config = NetworkConfig::default();
        change(&mut config.limits);
        World::built(&EVERYTHING, config)
    }

    /// With names that this server knows, and no others.
    fn named(permissions: &[&str], server: &NameServer) -> World {
        World::built(permissions, NetworkConfig { dns: Dns::Servers(vec![server.address]), ..Default::default() })
    }

    fn built(permissions: &[&str], config: NetworkConfig) -> World {
        let audit = Arc::new(Audit::default());
        let lines: Vec<String> = permissions.iter().map(|line| permission(line)).collect();
        let declared = Permissions::parse(&format!("network = [{}]", lines.join(", ")), "test").unwrap();
        let services = Arc::new(NetworkServices::new(&config).unwrap());
        let gate = Gate::new("acme/test@1.0.0".parse().unwrap(), declared.clone(), declared, audit.clone())
            .within(services.surroundings());
        World { network: Network::new(gate, services), audit }
    }

    async fn connect(&self, address: SocketAddr) -> TcpStream {
        self.network.connect(&endpoint(address), None).await.unwrap()
    }

    async fn connect_name(&self, host: &str, port: u16) -> Result<TcpStream> {
        self.network.connect(&Endpoint { host: host.to_owned(), port }, Some(Duration::from_secs(5))).await
    }

    /// A connection, and what a peer has in its hands of it.
    async fn pair(&self) -> (TcpStream, tokio::net::TcpStream) {
        let listener = listener().await;
        let stream = self.connect(listener.local_addr().unwrap()).await;
        (stream, listener.accept().await.unwrap().0)
    }

    /// What was decided since the last time: `allowed tcp.connect network.outbound 127.0.0.1:80`.
    fn decisions(&self) -> Vec<String> {
        let records = std::mem::take(&mut *self.audit.0.lock().unwrap());
        let text = |record: AuditRecord| {
            let decision = if record.decision == Decision::Allowed { "allowed" } else { "denied" };
            let operation = record.operation.strip_prefix("ext-network/").unwrap().to_owned();
            format!("{decision} {operation} {} {}", record.action, record.resource)
        };
        records.into_iter().map(text).collect()
    }
}

const EVERYTHING: [&str; 9] = [
    "outbound 127.0.0.0/8",
    "outbound ::1",
    "outbound 0.0.0.0",
    "inbound 127.0.0.0/8",
    "inbound ::1",
    "inbound 0.0.0.0",
    "inbound ::",
    "resolve *",
    "resolve 127.0.0.1",
];

/// The TOML of `action host` or `action host:port`, where a host with colons stands in brackets if a port follows.
fn permission(line: &str) -> String {
    let (action, rest) = line.split_once(' ').unwrap();
    let (host, port) = match rest.parse::<SocketAddr>() {
        Ok(address) => (address.ip().to_string(), Some(address.port().to_string())),
        Err(_) => match rest.rsplit_once(':').filter(|(host, _)| !host.contains(':')) {
            Some((host, port)) => (host.to_owned(), Some(port.to_owned())),
            None => (rest.to_owned(), None),
        },
    };
    let port = port.map(|port| format!(", port = {port}")).unwrap_or_default();
    format!("{{ action = \"{action}\", host = \"{host}\"{port} }}")
}

fn endpoint(address: SocketAddr) -> Endpoint {
    Endpoint { host: address.ip().to_string(), port: address.port() }
}

/// A listener of somebody else.
async fn listener() -> Listener {
    Listener::bind("127.0.0.1:0").await.unwrap()
}

fn any_port(host: &str) -> SocketAddr {
    SocketAddr::new(host.parse().unwrap(), 0)
}

const LISTENING: ListenOptions = ListenOptions { backlog: 16, reuse_address: false, ipv6_only: false };

/// Whether nobody has knocked at a listener.
async fn untouched(listener: &Listener) -> bool {
    // A probe of our own comes after whatever came before.
    let probe = tokio::net::TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (_, first) = listener.accept().await.unwrap();
    first == probe.local_addr().unwrap()
}

/// The denial that an operation gave.
#[track_caller]
fn denied<T>(result: Result<T>) -> Denial {
    match result.err() {
        Some(NetworkError::PermissionDenied(denial)) => *denial,
        other => panic!("not denied: {other:?}"),
    }
}

/// The error of an operation.
#[track_caller]
fn failure<T>(result: Result<T>) -> NetworkError {
    result.err().expect("it worked")
}

#[track_caller]
fn invalid_argument<T>(result: Result<T>) {
    let error = failure(result);
    assert!(matches!(error, NetworkError::InvalidArgument(_)), "{error:?}");
}

#[track_caller]
fn name_not_found<T>(result: Result<T>) -> String {
    match failure(result) {
        NetworkError::NameNotFound(name) => name,
        other => panic!("{other:?}"),
    }
}
