// Package tcp has TCP connections, with and without TLS, and listeners. It is the interface tcp of the contract.
//
// Connect and Listen are its operations. A Dialer makes connections for packages that want those of package net, as the
// DialContext of an http.Transport does:
//
//	client := http.Client{Transport: &http.Transport{
//		DialContext:    (&tcp.Dialer{}).DialContext,
//		DialTLSContext: (&tcp.TLSDialer{ALPN: []string{"http/1.1"}}).DialContext,
//	}}
//
// Errors are those of package network. Each function names the permission that it needs, as a line below [permissions] in
// Component.toml; without it the error is network.ErrPermissionDenied, no packet was sent and no address bound.
package tcp

import (
	"net/netip"
	"time"

	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	// Gives host.NetworkError.
	_ "github.com/airssys/airssys-wasm/sdk-go/network"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// Connect makes a connection. It takes as long as the call of the component may. If a name has several addresses, IPv4
// and IPv6, it tries each in turn, and the error is that of the last. The caller must close the connection.
//
// Permission: network = [{ action = "outbound", host = "<host>", port = <port> }]. A permission for a name includes its
// resolution and the addresses that it has at this moment, except loopback, link-local, private and metadata addresses and
// those of the host's own machine and networks: these need an IP literal or a CIDR range of their own.
//
// Errors: network.ErrConnectionRefused, ErrTimeout, ErrNameNotFound, ErrTemporaryResolverFailure, ErrHostUnreachable,
// ErrNetworkUnreachable, ErrInvalidArgument if the host is empty, contains NUL or is not a name or the port is 0,
// ErrTooManySockets, ErrConnectionReset, ErrConnectionAborted, ErrIO.
func Connect(endpoint Endpoint) (*Conn, error) {
	return connect(endpoint, wit.None[uint32]())
}

// ConnectTimeout connects as Connect does but takes at most this long, resolution included, in whole milliseconds,
// rounded up, and at most 49 days.
func ConnectTimeout(endpoint Endpoint, timeout time.Duration) (*Conn, error) {
	return connect(endpoint, wit.Some(host.Milliseconds(timeout)))
}

func connect(endpoint Endpoint, timeoutMs wit.Option[uint32]) (*Conn, error) {
	if err := host.ValidNames(endpoint.Host); err != nil {
		return nil, err
	}
	handle, err := host.NetworkValue(host.TCP().Connect(generated.Endpoint(endpoint), timeoutMs))
	if err != nil {
		return nil, err
	}
	return &Conn{handle: handle}, nil
}

// Listen listens for connections on an address of this machine. Port 0 lets the host choose a free port, which
// Listener.LocalAddress then gives. The caller must close the listener.
//
// Permission: network = [{ action = "inbound", host = "<address>", port = <port> }].
//
// Errors: network.ErrAddressInUse, ErrAddressNotAvailable, ErrInvalidArgument for an address with a zone,
// ErrTooManySockets, ErrIO.
func Listen(address netip.AddrPort, options ListenOptions) (*Listener, error) {
	local, err := host.GeneratedAddressPort(address)
	if err != nil {
		return nil, err
	}
	handle, err := host.NetworkValue(host.TCP().Listen(local, generated.ListenOptions{
		Backlog:      options.Backlog,
		ReuseAddress: options.ReuseAddress,
		Ipv6Only:     options.IPv6Only,
	}))
	if err != nil {
		return nil, err
	}
	return &Listener{handle: handle}, nil
}
