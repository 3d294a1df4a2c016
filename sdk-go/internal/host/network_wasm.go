//go:build wasm

package host

import (
	connections "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_connections"
	tcp "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_tcp"
	network "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_types"
	udp "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_udp"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

func init() {
	Imports.TCP = tcpImports{}
	Imports.UDP = udpImports{}
	Imports.Connections = connectionsImports{}
}

type tcpImports struct{}

func (tcpImports) Connect(endpoint network.Endpoint, timeoutMs wit.Option[uint32]) Network[TCPStream] {
	return call(func() Network[TCPStream] {
		result := tcp.Connect(endpoint, timeoutMs)
		if result.IsErr() {
			return wit.Err[TCPStream](result.Err())
		}
		return wit.Ok[TCPStream, network.NetworkError](streamHandle(result.Ok().TakeHandle()))
	})
}

func (tcpImports) Listen(address network.SocketAddress, options network.ListenOptions) Network[TCPListener] {
	return call(func() Network[TCPListener] {
		result := tcp.Listen(address, options)
		if result.IsErr() {
			return wit.Err[TCPListener](result.Err())
		}
		return wit.Ok[TCPListener, network.NetworkError](listenerHandle(result.Ok().TakeHandle()))
	})
}

// streamHandle is the bare handle, for the same reason as fileHandle.
type streamHandle int32

func (h streamHandle) borrow() *tcp.TcpStream { return tcp.TcpStreamFromBorrowHandle(int32(h)) }

func (h streamHandle) Read(maxBytes uint32) Network[[]byte] {
	return call(func() Network[[]byte] { return h.borrow().Read(maxBytes) })
}

func (h streamHandle) ReadExact(length uint32) Network[[]byte] {
	return call(func() Network[[]byte] { return h.borrow().ReadExact(length) })
}

func (h streamHandle) Write(data []byte) Network[uint32] {
	return call(func() Network[uint32] { return h.borrow().Write(data) })
}

func (h streamHandle) WriteAll(data []byte) Network[wit.Unit] {
	return call(func() Network[wit.Unit] { return h.borrow().WriteAll(data) })
}

func (h streamHandle) Shutdown(direction network.ShutdownDirection) Network[wit.Unit] {
	return call(func() Network[wit.Unit] { return h.borrow().Shutdown(direction) })
}

func (h streamHandle) LocalAddress() Network[network.SocketAddress] {
	return call(func() Network[network.SocketAddress] { return h.borrow().LocalAddress() })
}

func (h streamHandle) RemoteAddress() Network[network.SocketAddress] {
	return call(func() Network[network.SocketAddress] { return h.borrow().RemoteAddress() })
}

func (h streamHandle) Options() Network[network.TcpOptions] {
	return call(func() Network[network.TcpOptions] { return h.borrow().Options() })
}

func (h streamHandle) SetOptions(options network.TcpOptions) Network[wit.Unit] {
	return call(func() Network[wit.Unit] { return h.borrow().SetOptions(options) })
}

func (h streamHandle) Stats() network.ConnectionStats {
	return call(func() network.ConnectionStats { return h.borrow().Stats() })
}

func (h streamHandle) StartTls(options network.TlsOptions) Network[network.TlsInfo] {
	return call(func() Network[network.TlsInfo] { return h.borrow().StartTls(options) })
}

func (h streamHandle) TlsInfo() wit.Option[network.TlsInfo] {
	return call(func() wit.Option[network.TlsInfo] { return h.borrow().TlsInfo() })
}

func (h streamHandle) Drop() {
	call(func() wit.Unit { tcp.TcpStreamFromOwnHandle(int32(h)).Drop(); return wit.Unit{} })
}

// listenerHandle is the bare handle, for the same reason as fileHandle.
type listenerHandle int32

func (h listenerHandle) borrow() *tcp.TcpListener { return tcp.TcpListenerFromBorrowHandle(int32(h)) }

func (h listenerHandle) Accept(timeoutMs wit.Option[uint32]) Network[TCPStream] {
	return call(func() Network[TCPStream] {
		result := h.borrow().Accept(timeoutMs)
		if result.IsErr() {
			return wit.Err[TCPStream](result.Err())
		}
		return wit.Ok[TCPStream, network.NetworkError](streamHandle(result.Ok().TakeHandle()))
	})
}

func (h listenerHandle) LocalAddress() Network[network.SocketAddress] {
	return call(func() Network[network.SocketAddress] { return h.borrow().LocalAddress() })
}

func (h listenerHandle) Drop() {
	call(func() wit.Unit { tcp.TcpListenerFromOwnHandle(int32(h)).Drop(); return wit.Unit{} })
}

type udpImports struct{}

func (udpImports) Bind(address network.SocketAddress) Network[UDPSocket] {
	return call(func() Network[UDPSocket] {
		result := udp.Bind(address)
		if result.IsErr() {
			return wit.Err[UDPSocket](result.Err())
		}
		return wit.Ok[UDPSocket, network.NetworkError](socketHandle(result.Ok().TakeHandle()))
	})
}

// socketHandle is the bare handle, for the same reason as fileHandle.
type socketHandle int32

func (h socketHandle) borrow() *udp.UdpSocket { return udp.UdpSocketFromBorrowHandle(int32(h)) }

func (h socketHandle) Connect(remote network.SocketAddress) Network[wit.Unit] {
	return call(func() Network[wit.Unit] { return h.borrow().Connect(remote) })
}

func (h socketHandle) Send(data []byte) Network[uint32] {
	return call(func() Network[uint32] { return h.borrow().Send(data) })
}

func (h socketHandle) SendTo(data []byte, remote network.SocketAddress) Network[uint32] {
	return call(func() Network[uint32] { return h.borrow().SendTo(data, remote) })
}

func (h socketHandle) Receive(maxBytes uint32) Network[network.Datagram] {
	return call(func() Network[network.Datagram] { return h.borrow().Receive(maxBytes) })
}

func (h socketHandle) LocalAddress() Network[network.SocketAddress] {
	return call(func() Network[network.SocketAddress] { return h.borrow().LocalAddress() })
}

func (h socketHandle) Options() Network[network.UdpOptions] {
	return call(func() Network[network.UdpOptions] { return h.borrow().Options() })
}

func (h socketHandle) SetOptions(options network.UdpOptions) Network[wit.Unit] {
	return call(func() Network[wit.Unit] { return h.borrow().SetOptions(options) })
}

func (h socketHandle) JoinMulticast(group network.IpAddress) Network[wit.Unit] {
	return call(func() Network[wit.Unit] { return h.borrow().JoinMulticast(group) })
}

func (h socketHandle) LeaveMulticast(group network.IpAddress) Network[wit.Unit] {
	return call(func() Network[wit.Unit] { return h.borrow().LeaveMulticast(group) })
}

func (h socketHandle) Drop() {
	call(func() wit.Unit { udp.UdpSocketFromOwnHandle(int32(h)).Drop(); return wit.Unit{} })
}

type connectionsImports struct{}

func (connectionsImports) MakePool(options network.PoolOptions) ConnectionPool {
	return call(func() ConnectionPool { return poolHandle(connections.MakeConnectionPool(options).TakeHandle()) })
}

func (connectionsImports) ResolveHost(host string, family network.IpFamily) Network[[]network.IpAddress] {
	return call(func() Network[[]network.IpAddress] { return connections.ResolveHost(host, family) })
}

func (connectionsImports) ReverseLookup(address network.IpAddress) Network[string] {
	return call(func() Network[string] { return connections.ReverseLookup(address) })
}

// poolHandle is the bare handle, for the same reason as fileHandle.
type poolHandle int32

func (h poolHandle) borrow() *connections.ConnectionPool {
	return connections.ConnectionPoolFromBorrowHandle(int32(h))
}

func (h poolHandle) Acquire(endpoint network.Endpoint) Network[TCPStream] {
	return call(func() Network[TCPStream] {
		result := h.borrow().Acquire(endpoint)
		if result.IsErr() {
			return wit.Err[TCPStream](result.Err())
		}
		return wit.Ok[TCPStream, network.NetworkError](streamHandle(result.Ok().TakeHandle()))
	})
}

func (h poolHandle) Release(connection TCPStream) {
	stream := tcp.TcpStreamFromOwnHandle(int32(connection.(streamHandle)))
	call(func() wit.Unit { h.borrow().Release(stream); return wit.Unit{} })
}

func (h poolHandle) Stats() network.PoolStats {
	return call(func() network.PoolStats { return h.borrow().Stats() })
}

func (h poolHandle) Drop() {
	call(func() wit.Unit { connections.ConnectionPoolFromOwnHandle(int32(h)).Drop(); return wit.Unit{} })
}
