// Package export_airssys_ext_network_udp is what the generated exports of udp call. Its name and place are the
// generator's choice.
package export_airssys_ext_network_udp

import (
	"runtime"

	generated "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_ext_network_types"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/convert"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/network"
	"github.com/airssys/airssys-wasm/sdk-go/udp"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

type result[T any] = wit.Result[T, generated.NetworkError]

// UdpSocket is the exported resource: the SDK's socket behind a handle of this component.
type UdpSocket struct {
	// The generated methods keep the handle here, and the object in its place.
	handle int32
	pinner runtime.Pinner
	conn   *udp.Conn
}

// OnDrop closes the socket: the host has dropped the handle.
func (s *UdpSocket) OnDrop() {
	if err := s.conn.Close(); err != nil {
		panic(err)
	}
}

// Connect forwards udp.udp-socket.connect.
func (s *UdpSocket) Connect(remote generated.SocketAddress) result[wit.Unit] {
	return network.Done(s.conn.Connect(network.AddrPort(remote)))
}

// Send forwards udp.udp-socket.send.
func (s *UdpSocket) Send(data []byte) result[uint32] {
	return network.Of(s.conn.Send(data))
}

// SendTo forwards udp.udp-socket.send-to.
func (s *UdpSocket) SendTo(data []byte, remote generated.SocketAddress) result[uint32] {
	return network.Of(s.conn.SendTo(data, network.AddrPort(remote)))
}

// Receive forwards udp.udp-socket.receive.
func (s *UdpSocket) Receive(maxBytes uint32) result[generated.Datagram] {
	datagram, err := s.conn.Receive(maxBytes)
	return network.Of(generated.Datagram{
		Data:      datagram.Data,
		Source:    network.SocketAddressOf(datagram.Source),
		Truncated: datagram.Truncated,
	}, err)
}

// LocalAddress forwards udp.udp-socket.local-address.
func (s *UdpSocket) LocalAddress() result[generated.SocketAddress] {
	return network.SocketAddress(s.conn.LocalAddress())
}

// Options forwards udp.udp-socket.options.
func (s *UdpSocket) Options() result[generated.UdpOptions] {
	options, err := s.conn.Options()
	return network.Of(generated.UdpOptions{
		Broadcast:        options.Broadcast,
		TimeToLive:       convert.Option(options.TimeToLive),
		ReceiveTimeoutMs: network.Milliseconds(options.ReceiveTimeout),
		MulticastLoop:    options.MulticastLoop,
	}, err)
}

// SetOptions forwards udp.udp-socket.set-options.
func (s *UdpSocket) SetOptions(options generated.UdpOptions) result[wit.Unit] {
	return network.Done(s.conn.SetOptions(udp.Options{
		Broadcast:      options.Broadcast,
		TimeToLive:     convert.Pointer(options.TimeToLive),
		ReceiveTimeout: network.OptionalDuration(options.ReceiveTimeoutMs),
		MulticastLoop:  options.MulticastLoop,
	}))
}

// JoinMulticast forwards udp.udp-socket.join-multicast.
func (s *UdpSocket) JoinMulticast(group generated.IpAddress) result[wit.Unit] {
	return network.Done(s.conn.JoinMulticast(network.Addr(group)))
}

// LeaveMulticast forwards udp.udp-socket.leave-multicast.
func (s *UdpSocket) LeaveMulticast(group generated.IpAddress) result[wit.Unit] {
	return network.Done(s.conn.LeaveMulticast(network.Addr(group)))
}

// Bind forwards udp.bind.
func Bind(address generated.SocketAddress) result[*UdpSocket] {
	conn, err := udp.Bind(network.AddrPort(address))
	return network.Of(&UdpSocket{conn: conn}, err)
}
