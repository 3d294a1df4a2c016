package host

import (
	"net/netip"
	"time"
	"unicode/utf8"

	network "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_types"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// Network is the result of an operation on the network.
type Network[T any] = wit.Result[T, network.NetworkError]

// TCPImports is the interface airssys:ext-network/tcp.
type TCPImports interface {
	Connect(endpoint network.Endpoint, timeoutMs wit.Option[uint32]) Network[TCPStream]
	Listen(address network.SocketAddress, options network.ListenOptions) Network[TCPListener]
}

// TCPStream is the resource tcp.tcp-stream.
type TCPStream interface {
	Read(maxBytes uint32) Network[[]byte]
	ReadExact(length uint32) Network[[]byte]
	Write(data []byte) Network[uint32]
	WriteAll(data []byte) Network[wit.Unit]
	Shutdown(direction network.ShutdownDirection) Network[wit.Unit]
	LocalAddress() Network[network.SocketAddress]
	RemoteAddress() Network[network.SocketAddress]
	Options() Network[network.TcpOptions]
	SetOptions(options network.TcpOptions) Network[wit.Unit]
	Stats() network.ConnectionStats
	StartTls(options network.TlsOptions) Network[network.TlsInfo]
	TlsInfo() wit.Option[network.TlsInfo]
	Drop()
}

// TCPListener is the resource tcp.tcp-listener.
type TCPListener interface {
	Accept(timeoutMs wit.Option[uint32]) Network[TCPStream]
	LocalAddress() Network[network.SocketAddress]
	Drop()
}

// UDPImports is the interface airssys:ext-network/udp.
type UDPImports interface {
	Bind(address network.SocketAddress) Network[UDPSocket]
}

// UDPSocket is the resource udp.udp-socket.
type UDPSocket interface {
	Connect(remote network.SocketAddress) Network[wit.Unit]
	Send(data []byte) Network[uint32]
	SendTo(data []byte, remote network.SocketAddress) Network[uint32]
	Receive(maxBytes uint32) Network[network.Datagram]
	LocalAddress() Network[network.SocketAddress]
	Options() Network[network.UdpOptions]
	SetOptions(options network.UdpOptions) Network[wit.Unit]
	JoinMulticast(group network.IpAddress) Network[wit.Unit]
	LeaveMulticast(group network.IpAddress) Network[wit.Unit]
	Drop()
}

// ConnectionsImports is the interface airssys:ext-network/connections.
type ConnectionsImports interface {
	MakePool(options network.PoolOptions) ConnectionPool
	ResolveHost(host string, family network.IpFamily) Network[[]network.IpAddress]
	ReverseLookup(address network.IpAddress) Network[string]
}

// ConnectionPool is the resource connections.connection-pool.
type ConnectionPool interface {
	Acquire(endpoint network.Endpoint) Network[TCPStream]
	Release(connection TCPStream)
	Stats() network.PoolStats
	Drop()
}

// TCP gives the operations on TCP connections. It panics if there is no host.
func TCP() TCPImports { return present(Imports.TCP) }

// UDP gives the operations on UDP sockets. It panics if there is no host.
func UDP() UDPImports { return present(Imports.UDP) }

// Connections gives name resolution and connection pools. It panics if there is no host.
func Connections() ConnectionsImports { return present(Imports.Connections) }

// NetworkError makes the public error. Package network sets it: tcp, udp and connections share its error type.
var NetworkError func(network.NetworkError) error

// NewTCPConn makes a *tcp.Conn of a stream, and TakeTCPStream takes the stream out of one, which is closed then. Package
// tcp sets both, for connections.
var (
	NewTCPConn    func(stream TCPStream) any
	TakeTCPStream func(conn any) (TCPStream, error)
)

// NetworkValue gives the value of a network operation, or its public error.
func NetworkValue[T any](result Network[T]) (T, error) {
	if result.IsErr() {
		var none T
		return none, NetworkError(result.Err())
	}
	return result.Ok(), nil
}

// NetworkDone gives the public error of a network operation without a value.
func NetworkDone(result Network[wit.Unit]) error {
	_, err := NetworkValue(result)
	return err
}

// InvalidNetworkArgument is the public error for an argument that makes no sense.
func InvalidNetworkArgument(problem string) error {
	return NetworkError(network.MakeNetworkErrorInvalidArgument(problem))
}

// ValidNames refuses a host or another name that cannot cross the boundary: the host traps on a string that is not UTF-8.
func ValidNames(names ...string) error {
	for _, name := range names {
		if !utf8.ValidString(name) {
			return InvalidNetworkArgument("the name is not UTF-8")
		}
	}
	return nil
}

// Address gives an IP address of the host. An IPv6 address that maps an IPv4 address stays one.
func Address(ip network.IpAddress) netip.Addr {
	if ip.Tag() == network.IpAddress_Ipv4 {
		four := ip.Ipv4()
		return netip.AddrFrom4([4]byte{four.F0, four.F1, four.F2, four.F3})
	}
	six := ip.Ipv6()
	var bytes [16]byte
	for i, group := range [...]uint16{six.F0, six.F1, six.F2, six.F3, six.F4, six.F5, six.F6, six.F7} {
		bytes[2*i], bytes[2*i+1] = byte(group>>8), byte(group)
	}
	return netip.AddrFrom16(bytes)
}

// AddressPort gives a socket address of the host.
func AddressPort(address network.SocketAddress) netip.AddrPort {
	return netip.AddrPortFrom(Address(address.Ip), address.Port)
}

// GeneratedAddress is the opposite of Address. The contract has no zones and no missing addresses.
func GeneratedAddress(address netip.Addr) (network.IpAddress, error) {
	switch {
	case !address.IsValid():
		return network.IpAddress{}, InvalidNetworkArgument("there is no address")
	case address.Zone() != "":
		return network.IpAddress{}, InvalidNetworkArgument("the address has a zone")
	case address.Is4():
		four := address.As4()
		return network.MakeIpAddressIpv4(network.Ipv4Address{F0: four[0], F1: four[1], F2: four[2], F3: four[3]}), nil
	}
	bytes := address.As16()
	group := func(i int) uint16 { return uint16(bytes[2*i])<<8 | uint16(bytes[2*i+1]) }
	return network.MakeIpAddressIpv6(network.Ipv6Address{
		F0: group(0), F1: group(1), F2: group(2), F3: group(3), F4: group(4), F5: group(5), F6: group(6), F7: group(7),
	}), nil
}

// GeneratedAddressPort is the opposite of AddressPort.
func GeneratedAddressPort(address netip.AddrPort) (network.SocketAddress, error) {
	ip, err := GeneratedAddress(address.Addr())
	return network.SocketAddress{Ip: ip, Port: address.Port()}, err
}

// OptionalDuration gives the duration of an option in milliseconds, or nil.
func OptionalDuration(milliseconds wit.Option[uint32]) *time.Duration {
	if milliseconds.IsNone() {
		return nil
	}
	return new(time.Duration(milliseconds.Some()) * time.Millisecond)
}

// OptionalMilliseconds is the opposite of OptionalDuration.
func OptionalMilliseconds(duration *time.Duration) wit.Option[uint32] {
	if duration == nil {
		return wit.None[uint32]()
	}
	return wit.Some(Milliseconds(*duration))
}
