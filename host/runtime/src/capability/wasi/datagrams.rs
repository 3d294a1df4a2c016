//! `wasi:sockets/udp`: WASI's own sockets, with buffers that are no larger than those of the contract.

use wasmtime::component::Resource;
use wasmtime_wasi::p2::bindings::sockets::network::{IpAddressFamily, IpSocketAddress};
use wasmtime_wasi::p2::bindings::sockets::udp::{
    self, HostIncomingDatagramStream, HostOutgoingDatagramStream, HostUdpSocket, IncomingDatagram,
    IncomingDatagramStream, Network, OutgoingDatagram, OutgoingDatagramStream,
};
use wasmtime_wasi::p2::{DynPollable, SocketResult, UdpSocket};
use wasmtime_wasi::sockets::WasiSocketsView as _;

use crate::host_state::HostState;

impl udp::Host for HostState {}

/// Methods that are WASI's own.
macro_rules! unchanged {
    ($interface:ident for $resource:ty: $($name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {
        $(fn $name(&mut self, resource: Resource<$resource>, $($argument: $type),*) -> $result {
            $interface::$name(&mut self.sockets(), resource, $($argument),*)
        })*
    };
}

impl HostUdpSocket for HostState {
    async fn start_bind(
        &mut self,
        socket: Resource<UdpSocket>,
        network: Resource<Network>,
        address: IpSocketAddress,
    ) -> SocketResult<()> {
        HostUdpSocket::start_bind(&mut self.sockets(), socket, network, address).await
    }

    async fn stream(
        &mut self,
        socket: Resource<UdpSocket>,
        remote: Option<IpSocketAddress>,
    ) -> SocketResult<(Resource<IncomingDatagramStream>, Resource<OutgoingDatagramStream>)> {
        HostUdpSocket::stream(&mut self.sockets(), socket, remote).await
    }

    fn set_receive_buffer_size(&mut self, socket: Resource<UdpSocket>, value: u64) -> SocketResult<()> {
        let value = value.min(self.capabilities.network.max_buffer_bytes());
        HostUdpSocket::set_receive_buffer_size(&mut self.sockets(), socket, value)
    }

    fn set_send_buffer_size(&mut self, socket: Resource<UdpSocket>, value: u64) -> SocketResult<()> {
        let value = value.min(self.capabilities.network.max_buffer_bytes());
        HostUdpSocket::set_send_buffer_size(&mut self.sockets(), socket, value)
    }

    unchanged! { HostUdpSocket for UdpSocket:
        finish_bind() -> SocketResult<()>;
        local_address() -> SocketResult<IpSocketAddress>;
        remote_address() -> SocketResult<IpSocketAddress>;
        address_family() -> wasmtime::Result<IpAddressFamily>;
        unicast_hop_limit() -> SocketResult<u8>;
        set_unicast_hop_limit(value: u8) -> SocketResult<()>;
        receive_buffer_size() -> SocketResult<u64>;
        send_buffer_size() -> SocketResult<u64>;
        subscribe() -> wasmtime::Result<Resource<DynPollable>>;
        drop() -> wasmtime::Result<()>;
    }
}

impl HostIncomingDatagramStream for HostState {
    unchanged! { HostIncomingDatagramStream for IncomingDatagramStream:
        receive(max_results: u64) -> SocketResult<Vec<IncomingDatagram>>;
        subscribe() -> wasmtime::Result<Resource<DynPollable>>;
        drop() -> wasmtime::Result<()>;
    }
}

impl HostOutgoingDatagramStream for HostState {
    async fn drop(&mut self, stream: Resource<OutgoingDatagramStream>) -> wasmtime::Result<()> {
        HostOutgoingDatagramStream::drop(&mut self.sockets(), stream).await
    }

    unchanged! { HostOutgoingDatagramStream for OutgoingDatagramStream:
        check_send() -> SocketResult<u64>;
        send(datagrams: Vec<OutgoingDatagram>) -> SocketResult<u64>;
        subscribe() -> wasmtime::Result<Resource<DynPollable>>;
    }
}
