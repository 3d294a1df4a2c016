//! `wasi:sockets`: WASI's own sockets, each with a check that asks the component's gate about every address.
//!
//! A socket that only connects is bound to any address and port before: that reaches nobody, and is not asked for. To
//! listen there is, and so is to receive from a peer that the component may not send to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use airssys_wasm_policy::Operation;
use wasmtime::component::Resource;
use wasmtime_wasi::WasiCtxBuilder;
use wasmtime_wasi::p2::bindings::sockets::network::{self, ErrorCode, IpAddressFamily, IpSocketAddress};
use wasmtime_wasi::p2::bindings::sockets::tcp::{self, HostTcpSocket, ShutdownType};
use wasmtime_wasi::p2::bindings::sockets::{tcp_create_socket, udp_create_socket};
use wasmtime_wasi::p2::{
    DynInputStream, DynOutputStream, DynPollable, SocketError, SocketResult, TcpSocket, UdpSocket,
};
use wasmtime_wasi::sockets::{SocketAddrUse, WasiSocketsCtx, WasiSocketsCtxView, WasiSocketsView as _};

use super::known_names::Names;
use crate::capability::network::{Network, SocketSlot};
use crate::host_state::HostState;

const BIND_TCP: Operation = Operation("wasi:sockets/tcp.tcp-socket.start-bind");
const LISTEN: Operation = Operation("wasi:sockets/tcp.tcp-socket.start-listen");
const CONNECT: Operation = Operation("wasi:sockets/tcp.tcp-socket.start-connect");
const BIND_UDP: Operation = Operation("wasi:sockets/udp.udp-socket.start-bind");
const SEND: Operation = Operation("wasi:sockets/udp.outgoing-datagram-stream.send");

/// The check of one socket. It lives as long as the socket, and the room that the socket takes with it.
struct Check {
    network: Network,
    names: Names,
    /// Whether the component may receive where the socket is bound, from whoever sends.
    receives: AtomicBool,
    _slot: SocketSlot,
}

impl Check {
    fn allows(&self, address: SocketAddr, purpose: SocketAddrUse) -> bool {
        match purpose {
            SocketAddrUse::TcpBind => is_any(address) || self.bind(BIND_TCP, address),
            SocketAddrUse::UdpBind => match is_any(address) && !self.network.allows_binding(address) {
                true => true,
                false => self.bind(BIND_UDP, address),
            },
            // The port was the operating system's choice, unless it was asked for already.
            SocketAddrUse::TcpListen => {
                self.receives.load(Ordering::Relaxed) || self.bind(LISTEN, SocketAddr::new(address.ip(), 0))
            }
            // As in the contract: who may listen accepts whoever comes.
            SocketAddrUse::TcpAccept => true,
            SocketAddrUse::TcpConnect => self.reach(CONNECT, address),
            SocketAddrUse::UdpSend => self.reach(SEND, address),
            SocketAddrUse::UdpReceive => {
                self.receives.load(Ordering::Relaxed)
                    || self.network.allows_reaching(address, &self.names.of(address.ip()))
            }
        }
    }

    fn bind(&self, operation: Operation, address: SocketAddr) -> bool {
        let allowed = self.network.may_bind(operation, address);
        self.receives.store(allowed, Ordering::Relaxed);
        allowed
    }

    fn reach(&self, operation: Operation, address: SocketAddr) -> bool {
        self.network.may_reach(operation, address, &self.names.of(address.ip()))
    }
}

/// Whether it is what the operating system takes for "whichever there is".
fn is_any(address: SocketAddr) -> bool {
    address.ip().is_unspecified() && address.port() == 0
}

impl HostState {
    /// What one new socket is made with.
    fn new_socket(&self) -> SocketResult<WasiSocketsCtx> {
        let slot = self.capabilities.network.count_socket().map_err(|_| ErrorCode::NewSocketLimit)?;
        let (network, names) = (self.capabilities.network.clone(), self.sockets.names.clone());
        let check = Arc::new(Check { network, names, receives: AtomicBool::new(false), _slot: slot });
        let mut context = WasiCtxBuilder::new()
            .allow_tcp(true)
            .allow_udp(true)
            .socket_addr_check(move |address, purpose| {
                let allowed = check.allows(address, purpose);
                Box::pin(std::future::ready(allowed))
            })
            .build();
        Ok(context.sockets().clone())
    }
}

impl network::Host for HostState {
    fn convert_error_code(&mut self, error: SocketError) -> wasmtime::Result<ErrorCode> {
        error.downcast()
    }

    fn network_error_code(&mut self, error: Resource<wasmtime::Error>) -> wasmtime::Result<Option<ErrorCode>> {
        network::Host::network_error_code(&mut self.sockets(), error)
    }
}

impl network::HostNetwork for HostState {
    fn drop(&mut self, network: Resource<network::Network>) -> wasmtime::Result<()> {
        network::HostNetwork::drop(&mut self.sockets(), network)
    }
}

impl tcp_create_socket::Host for HostState {
    fn create_tcp_socket(&mut self, family: IpAddressFamily) -> SocketResult<Resource<TcpSocket>> {
        let mut context = self.new_socket()?;
        let mut view = WasiSocketsCtxView { ctx: &mut context, table: &mut self.table };
        let socket = tcp_create_socket::Host::create_tcp_socket(&mut view, family)?;
        // Who says nothing about it gets as many as who asks for too many.
        let backlog = self.capabilities.network.max_backlog();
        HostTcpSocket::set_listen_backlog_size(&mut self.sockets(), Resource::new_borrow(socket.rep()), backlog)?;
        Ok(socket)
    }
}

impl udp_create_socket::Host for HostState {
    async fn create_udp_socket(&mut self, family: IpAddressFamily) -> SocketResult<Resource<UdpSocket>> {
        let mut context = self.new_socket()?;
        let mut view = WasiSocketsCtxView { ctx: &mut context, table: &mut self.table };
        udp_create_socket::Host::create_udp_socket(&mut view, family).await
    }
}

impl tcp::Host for HostState {}

/// Methods that are WASI's own.
macro_rules! unchanged {
    ($($name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {
        $(fn $name(&mut self, socket: Resource<TcpSocket>, $($argument: $type),*) -> $result {
            HostTcpSocket::$name(&mut self.sockets(), socket, $($argument),*)
        })*
    };
}

impl HostTcpSocket for HostState {
    async fn start_bind(
        &mut self,
        socket: Resource<TcpSocket>,
        network: Resource<tcp::Network>,
        address: IpSocketAddress,
    ) -> SocketResult<()> {
        HostTcpSocket::start_bind(&mut self.sockets(), socket, network, address).await
    }

    async fn start_listen(&mut self, socket: Resource<TcpSocket>) -> SocketResult<()> {
        HostTcpSocket::start_listen(&mut self.sockets(), socket).await
    }

    fn accept(
        &mut self,
        listener: Resource<TcpSocket>,
    ) -> SocketResult<(Resource<TcpSocket>, Resource<DynInputStream>, Resource<DynOutputStream>)> {
        // Before anything is taken: a connection that finds no room goes on waiting.
        let slot = self.capabilities.network.count_socket().map_err(|_| ErrorCode::NewSocketLimit)?;
        let accepted = HostTcpSocket::accept(&mut self.sockets(), listener)?;
        self.sockets.accepted.insert(accepted.0.rep(), slot);
        Ok(accepted)
    }

    fn drop(&mut self, socket: Resource<TcpSocket>) -> wasmtime::Result<()> {
        let place = socket.rep();
        HostTcpSocket::drop(&mut self.sockets(), socket)?;
        self.sockets.accepted.remove(&place);
        Ok(())
    }

    fn set_listen_backlog_size(&mut self, socket: Resource<TcpSocket>, value: u64) -> SocketResult<()> {
        let value = value.min(self.capabilities.network.max_backlog());
        HostTcpSocket::set_listen_backlog_size(&mut self.sockets(), socket, value)
    }

    fn set_receive_buffer_size(&mut self, socket: Resource<TcpSocket>, value: u64) -> SocketResult<()> {
        let value = value.min(self.capabilities.network.max_buffer_bytes());
        HostTcpSocket::set_receive_buffer_size(&mut self.sockets(), socket, value)
    }

    fn set_send_buffer_size(&mut self, socket: Resource<TcpSocket>, value: u64) -> SocketResult<()> {
        let value = value.min(self.capabilities.network.max_buffer_bytes());
        HostTcpSocket::set_send_buffer_size(&mut self.sockets(), socket, value)
    }

    unchanged! {
        finish_bind() -> SocketResult<()>;
        start_connect(network: Resource<tcp::Network>, address: IpSocketAddress) -> SocketResult<()>;
        finish_connect() -> SocketResult<(Resource<DynInputStream>, Resource<DynOutputStream>)>;
        finish_listen() -> SocketResult<()>;
        local_address() -> SocketResult<IpSocketAddress>;
        remote_address() -> SocketResult<IpSocketAddress>;
        is_listening() -> wasmtime::Result<bool>;
        address_family() -> wasmtime::Result<IpAddressFamily>;
        keep_alive_enabled() -> SocketResult<bool>;
        set_keep_alive_enabled(value: bool) -> SocketResult<()>;
        keep_alive_idle_time() -> SocketResult<u64>;
        set_keep_alive_idle_time(value: u64) -> SocketResult<()>;
        keep_alive_interval() -> SocketResult<u64>;
        set_keep_alive_interval(value: u64) -> SocketResult<()>;
        keep_alive_count() -> SocketResult<u32>;
        set_keep_alive_count(value: u32) -> SocketResult<()>;
        hop_limit() -> SocketResult<u8>;
        set_hop_limit(value: u8) -> SocketResult<()>;
        receive_buffer_size() -> SocketResult<u64>;
        send_buffer_size() -> SocketResult<u64>;
        subscribe() -> wasmtime::Result<Resource<DynPollable>>;
        shutdown(direction: ShutdownType) -> SocketResult<()>;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use airssys_wasm_policy::{AuditRecord, AuditSink, Decision, Gate, Permissions};

    use super::*;
    use crate::capability::network::{NetworkConfig, NetworkServices};

    #[derive(Default)]
    struct Kept(Mutex<Vec<AuditRecord>>);

    impl AuditSink for Kept {
        fn record(&self, record: AuditRecord) {
            self.0.lock().unwrap().push(record);
        }
    }

    impl Kept {
        /// What was decided since the last time: `allowed 192.0.2.1:80`.
        fn decisions(&self) -> Vec<String> {
            let records = std::mem::take(&mut *self.0.lock().unwrap());
            let word = |decision| if decision == Decision::Allowed { "allowed" } else { "denied" };
            records.into_iter().map(|record| format!("{} {}", word(record.decision), record.resource)).collect()
        }
    }

    /// A socket of a component with this permission, of which it may have one.
    fn socket(permission: &str) -> (Check, Arc<Kept>) {
        let kept = Arc::new(Kept::default());
        let permissions = Permissions::parse(&format!("network = [{permission}]"), "test").unwrap();
        let gate = Gate::new("acme/test@1.0.0".parse().unwrap(), permissions.clone(), permissions, kept.clone());
        let mut config = NetworkConfig::default();
        config.limits.max_sockets = 1;
        let network = Network::new(gate, Arc::new(NetworkServices::new(&config).unwrap()));
        let slot = network.count_socket().unwrap();
        let check = Check { network, names: Names::default(), receives: AtomicBool::new(false), _slot: slot };
        (check, kept)
    }

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_is_reached_by_the_name_that_led_to_it() {
        let (socket, kept) = socket(r#"{ action = "outbound", host = "example.com", port = 443 }"#);
        let web = address("93.184.215.14:443");
        assert!(!socket.allows(web, SocketAddrUse::TcpConnect), "nobody has looked a name up");
        socket.names.remember("other.example".to_owned(), vec![web.ip()]);
        assert!(!socket.allows(web, SocketAddrUse::TcpConnect), "that is another name");
        socket.names.remember("example.com".to_owned(), vec![web.ip(), address("10.0.0.1:443").ip()]);
        assert!(socket.allows(web, SocketAddrUse::TcpConnect));
        assert!(!socket.allows(address("93.184.215.14:80"), SocketAddrUse::TcpConnect), "that is another port");
        assert!(
            !socket.allows(address("10.0.0.1:443"), SocketAddrUse::TcpConnect),
            "a name gives no non-public address"
        );
        assert_eq!(
            kept.decisions(),
            [
                "denied 93.184.215.14:443",
                "denied other.example:443 (93.184.215.14)",
                "allowed example.com:443 (93.184.215.14)",
                "denied example.com:80 (93.184.215.14)",
                "denied example.com:443 (10.0.0.1)",
            ]
        );
    }

    #[test]
    fn a_socket_that_only_connects_is_bound_unasked_and_does_not_listen() {
        let (socket, kept) = socket(r#"{ action = "outbound", host = "127.0.0.1" }"#);
        assert!(socket.allows(address("0.0.0.0:0"), SocketAddrUse::TcpBind));
        assert!(socket.allows(address("127.0.0.1:80"), SocketAddrUse::TcpConnect));
        assert_eq!(kept.decisions(), ["allowed 127.0.0.1:80"]);
        assert!(!socket.allows(address("0.0.0.0:40000"), SocketAddrUse::TcpListen));
        assert!(!socket.allows(address("127.0.0.1:0"), SocketAddrUse::TcpBind));
        assert_eq!(kept.decisions(), ["denied 0.0.0.0:0", "denied 127.0.0.1:0"]);
    }

    #[test]
    fn who_may_listen_is_asked_once_and_keeps_the_port() {
        let (socket, kept) = socket(r#"{ action = "inbound", host = "127.0.0.1", port = 0 }"#);
        assert!(socket.allows(address("127.0.0.1:0"), SocketAddrUse::TcpBind));
        assert!(socket.allows(address("127.0.0.1:40000"), SocketAddrUse::TcpListen));
        assert_eq!(kept.decisions(), ["allowed 127.0.0.1:0"]);
        assert!(!socket.allows(address("127.0.0.1:80"), SocketAddrUse::TcpConnect));
    }

    #[test]
    fn datagrams_come_from_peers_that_are_permitted_or_to_addresses_that_are() {
        let (sender, _) = socket(r#"{ action = "outbound", host = "192.0.2.1", port = 53 }"#);
        assert!(sender.allows(address("0.0.0.0:0"), SocketAddrUse::UdpBind));
        assert!(sender.allows(address("192.0.2.1:53"), SocketAddrUse::UdpReceive));
        assert!(!sender.allows(address("192.0.2.2:53"), SocketAddrUse::UdpReceive));
        let (server, kept) = socket(r#"{ action = "inbound", host = "0.0.0.0" }"#);
        assert!(server.allows(address("0.0.0.0:0"), SocketAddrUse::UdpBind));
        assert_eq!(kept.decisions(), ["allowed 0.0.0.0:0"]);
        assert!(server.allows(address("192.0.2.2:53"), SocketAddrUse::UdpReceive));
        assert!(!server.allows(address("192.0.2.2:53"), SocketAddrUse::UdpSend));
    }

    #[test]
    fn a_socket_takes_room_as_long_as_it_lives() {
        let (socket, _) = socket(r#"{ action = "outbound", host = "*" }"#);
        let network = socket.network.clone();
        assert!(network.count_socket().is_err());
        drop(socket);
        assert!(network.count_socket().is_ok());
    }
}
