// Package udp sends and receives UDP datagrams. It is the interface udp of the contract.
//
// Errors are those of package network. Each function names the permission that it needs, as a line below [permissions] in
// Component.toml; without it the error is network.ErrPermissionDenied, no datagram was sent and no address bound.
package udp

import (
	"net/netip"
	"time"

	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	// Gives host.NetworkError.
	_ "github.com/airssys/airssys-wasm/sdk-go/network"
)

// MaxDatagram is how many bytes a datagram has at most.
const MaxDatagram = 65_507

// Options are the options of a socket.
type Options struct {
	// Broadcast says whether the socket may send to broadcast addresses.
	Broadcast bool
	// TimeToLive is how many routers a datagram may pass; nil means what the host's operating system chooses.
	TimeToLive *uint8
	// ReceiveTimeout is how long receiving waits before it fails with network.ErrTimeout, in whole milliseconds, rounded
	// up, and at most 49 days; nil means as long as the call of the component may take.
	ReceiveTimeout *time.Duration
	// MulticastLoop says whether the socket's own multicast datagrams come back to this machine.
	MulticastLoop bool
}

// Datagram is a datagram that was received.
type Datagram struct {
	// Data is its content, cut to the length that was asked for. May be empty: an empty datagram is data and not an end.
	Data []byte
	// Source is who has sent it.
	Source netip.AddrPort
	// Truncated says whether it was longer than Data. What was cut off is lost.
	Truncated bool
}

// Bind makes a socket with an address of this machine. Port 0 lets the host choose a free port, which Conn.LocalAddress
// then gives. The caller must close the socket.
//
// Permission: network = [{ action = "inbound", host = "<address>", port = <port> }].
//
// Errors: network.ErrAddressInUse, ErrAddressNotAvailable, ErrInvalidArgument for an address with a zone,
// ErrTooManySockets, ErrIO.
func Bind(address netip.AddrPort) (*Conn, error) {
	local, err := host.GeneratedAddressPort(address)
	if err != nil {
		return nil, err
	}
	handle, err := host.NetworkValue(host.UDP().Bind(local))
	if err != nil {
		return nil, err
	}
	return &Conn{handle: handle}, nil
}

func optionsOf(options generated.UdpOptions) Options {
	return Options{
		Broadcast:      options.Broadcast,
		TimeToLive:     host.Pointer(options.TimeToLive),
		ReceiveTimeout: host.OptionalDuration(options.ReceiveTimeoutMs),
		MulticastLoop:  options.MulticastLoop,
	}
}

func (o Options) generated() generated.UdpOptions {
	return generated.UdpOptions{
		Broadcast:        o.Broadcast,
		TimeToLive:       host.Option(o.TimeToLive),
		ReceiveTimeoutMs: host.OptionalMilliseconds(o.ReceiveTimeout),
		MulticastLoop:    o.MulticastLoop,
	}
}
