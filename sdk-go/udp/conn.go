package udp

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	"github.com/airssys/airssys-wasm/sdk-go/internal/poll"
	"github.com/airssys/airssys-wasm/sdk-go/network"
)

// Conn is a UDP socket. It is a net.PacketConn. Close it; the garbage collector does not. A closed one answers
// net.ErrClosed. Several goroutines may use it at once.
//
// ReadFrom and ReadFromAddrPort let other goroutines run while they wait. The others are the operations of the contract,
// each of them one call.
type Conn struct {
	// mutex is held during each call: a handle must not be dropped between a check and its use.
	mutex    sync.Mutex
	handle   host.UDPSocket
	deadline time.Time
	// options are what Options gives; nil as long as they are those of the host.
	options *Options
	// applied is the timeout that the host has. Only valid together with options.
	applied *time.Duration
}

var _ net.PacketConn = (*Conn)(nil)

// Connect sets the peer that Send sends to. From then on, datagrams of others are not received. Connecting again changes
// the peer. Nothing is sent.
//
// Permission: network = [{ action = "outbound", host = "<address>", port = <port> }].
//
// Errors: network.ErrInvalidArgument if the port is 0 or the address is not of the family of the socket,
// network.ErrNetworkUnreachable, network.ErrHostUnreachable, network.ErrIO.
func (c *Conn) Connect(remote netip.AddrPort) error {
	peer, err := host.GeneratedAddressPort(remote)
	if err != nil {
		return err
	}
	return c.use(func() error { return host.NetworkDone(c.handle.Connect(peer)) })
}

// Send sends one datagram to the peer that Connect has set and returns its length. It may be empty, and at most
// MaxDatagram bytes long. It may get lost.
//
// Permission: network = [{ action = "outbound", host = "<address>", port = <port> }] for the peer.
//
// Errors: network.ErrNotConnected if no peer is set, ErrDatagramTooLarge, ErrConnectionRefused if the peer has answered an
// earlier datagram by saying that nobody listens, ErrNetworkUnreachable, ErrHostUnreachable, ErrIO.
func (c *Conn) Send(data []byte) (sent uint32, err error) {
	err = c.use(func() error {
		sent, err = host.NetworkValue(c.handle.Send(data))
		return err
	})
	return sent, err
}

// SendTo sends one datagram to this address and returns its length. It may be empty, and at most MaxDatagram bytes long.
// It may get lost.
//
// Permission: network = [{ action = "outbound", host = "<address>", port = <port> }], checked for each datagram.
//
// Errors: network.ErrDatagramTooLarge, ErrInvalidArgument if the port is 0 or the address is not of the family of the
// socket, ErrNetworkUnreachable, ErrHostUnreachable, ErrIO.
func (c *Conn) SendTo(data []byte, remote netip.AddrPort) (sent uint32, err error) {
	peer, err := host.GeneratedAddressPort(remote)
	if err != nil {
		return 0, err
	}
	err = c.use(func() error {
		sent, err = host.NetworkValue(c.handle.SendTo(data, peer))
		return err
	})
	return sent, err
}

// Receive waits for one datagram and gives it with its sender. If it is longer than max bytes, the rest is lost and
// Truncated is set. It is one call, during which no goroutine runs.
//
// Permission: none; held by the handle.
//
// Errors: network.ErrTimeout if nothing came within the receive timeout of the options or until the deadline,
// ErrConnectionRefused if the peer has answered an earlier datagram by saying that nobody listens, ErrIO.
func (c *Conn) Receive(max uint32) (datagram Datagram, err error) {
	err = c.use(func() error {
		var atMost *time.Duration
		if !c.deadline.IsZero() {
			atMost = new(time.Until(c.deadline))
			if *atMost <= 0 {
				return timeout(os.ErrDeadlineExceeded)
			}
		}
		if err := c.limit(atMost); err != nil {
			return err
		}
		datagram, err = c.receive(max)
		return err
	})
	return datagram, err
}

func (c *Conn) receive(max uint32) (Datagram, error) {
	given, err := host.NetworkValue(c.handle.Receive(max))
	if err != nil {
		return Datagram{}, err
	}
	return Datagram{Data: given.Data, Source: host.AddressPort(given.Source), Truncated: given.Truncated}, nil
}

// ReadFromAddrPort receives one datagram into p, which cuts off what does not fit, and gives its length and sender.
//
// Permission and errors: those of Receive.
func (c *Conn) ReadFromAddrPort(p []byte) (n int, source netip.AddrPort, err error) {
	var limit *time.Duration
	err = c.use(func() error {
		options, err := c.userOptions()
		limit = options.ReceiveTimeout
		return err
	})
	if err != nil {
		return 0, source, err
	}
	deadline := func() time.Time {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		return c.deadline
	}
	err = poll.Wait(limit, deadline, func(atMost time.Duration) error {
		return c.use(func() error {
			if err := c.limit(&atMost); err != nil {
				return err
			}
			datagram, err := c.receive(uint32(min(len(p), MaxDatagram)))
			n, source = copy(p, datagram.Data), datagram.Source
			return err
		})
	})
	return n, source, timeout(err)
}

// ReadFrom is ReadFromAddrPort with a *net.UDPAddr.
func (c *Conn) ReadFrom(p []byte) (n int, source net.Addr, err error) {
	n, from, err := c.ReadFromAddrPort(p)
	if err != nil {
		return n, nil, err
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}

// WriteTo is SendTo with a *net.UDPAddr. Another net.Addr is network.ErrInvalidArgument.
func (c *Conn) WriteTo(p []byte, remote net.Addr) (n int, err error) {
	peer, ok := remote.(*net.UDPAddr)
	if !ok {
		return 0, host.InvalidNetworkArgument("the address is no *net.UDPAddr")
	}
	address := peer.AddrPort()
	// Package net keeps IPv4 addresses in 16 bytes as well.
	sent, err := c.SendTo(p, netip.AddrPortFrom(address.Addr().Unmap(), address.Port()))
	return int(sent), err
}

// LocalAddress gives the address and port of the socket. If port 0 was asked for, this is the port that the host chose.
//
// Permission: none; held by the handle.
//
// Errors: network.ErrIO.
func (c *Conn) LocalAddress() (address netip.AddrPort, err error) {
	err = c.use(func() error {
		given, err := host.NetworkValue(c.handle.LocalAddress())
		if err == nil {
			address = host.AddressPort(given)
		}
		return err
	})
	return address, err
}

// LocalAddr gives the address of the socket, a *net.UDPAddr. It is empty if LocalAddress fails.
func (c *Conn) LocalAddr() net.Addr {
	address, err := c.LocalAddress()
	if err != nil {
		return &net.UDPAddr{}
	}
	return net.UDPAddrFromAddrPort(address)
}

// JoinMulticast begins to receive what is sent to a multicast group.
//
// Permission: network = [{ action = "inbound", host = "<group>" }].
//
// Errors: network.ErrInvalidArgument if the address is not a multicast address or not of the family of the socket,
// network.ErrAddressInUse if the socket is in the group already, network.ErrIO.
func (c *Conn) JoinMulticast(group netip.Addr) error {
	address, err := host.GeneratedAddress(group)
	if err != nil {
		return err
	}
	return c.use(func() error { return host.NetworkDone(c.handle.JoinMulticast(address)) })
}

// LeaveMulticast stops to receive what is sent to a multicast group.
//
// Permission: network = [{ action = "inbound", host = "<group>" }].
//
// Errors: network.ErrInvalidArgument if the address is not a multicast address or not of the family of the socket,
// network.ErrAddressNotAvailable if the socket is not in the group, network.ErrIO.
func (c *Conn) LeaveMulticast(group netip.Addr) error {
	address, err := host.GeneratedAddress(group)
	if err != nil {
		return err
	}
	return c.use(func() error { return host.NetworkDone(c.handle.LeaveMulticast(address)) })
}

// Close closes the socket. One that is closed already gives net.ErrClosed.
func (c *Conn) Close() error {
	return c.use(func() error {
		c.handle.Drop()
		c.handle = nil
		return nil
	})
}

// use does something with the handle, unless the socket is closed.
func (c *Conn) use(do func() error) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.handle == nil {
		return net.ErrClosed
	}
	return do()
}

// timeout is the error of a deadline that has passed without a call.
func timeout(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return &network.Error{Code: network.ErrTimeout}
	}
	return err
}
