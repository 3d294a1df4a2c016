package tcp

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	"github.com/airssys/airssys-wasm/sdk-go/internal/poll"
	"github.com/airssys/airssys-wasm/sdk-go/network"
)

// maxTransfer is how much Read and Write move at once: what the host gives exists twice in the component's memory for a
// moment.
const maxTransfer = 1 << 20

// Conn is a TCP connection, with TLS after StartTLS. It is a net.Conn. Close it; the garbage collector does not. A closed
// one answers net.ErrClosed. Several goroutines may use it at once.
//
// Read and Write let other goroutines run while they wait. ReadChunk, ReadExact, WriteChunk and WriteAll are the
// operations of the contract, each of them one call, during which no goroutine runs. None needs a permission: the handle
// holds it.
//
// All that receive can fail with network.ErrConnectionReset, ErrConnectionAborted, ErrNotConnected and ErrIO, and with
// ErrTimeout when the read timeout of the options or the deadline has passed. All that send can fail with
// network.ErrNotConnected after sending was shut down, ErrConnectionReset, ErrConnectionAborted and ErrIO, and with
// ErrTimeout when nothing was taken within the write timeout of the options or until the deadline.
type Conn struct {
	// mutex is held during each call: a handle must not be dropped between a check and its use.
	mutex  sync.Mutex
	handle host.TCPStream
	read   direction
	write  direction
	// options are what Options gives; nil as long as they are those of the host.
	options *Options
}

// direction is one way of a connection.
type direction struct {
	// deadline is the one of SetReadDeadline or SetWriteDeadline; zero if there is none.
	deadline time.Time
	// applied is the timeout that the host has. Only valid together with Conn.options.
	applied *time.Duration
}

var _ net.Conn = (*Conn)(nil)

func init() {
	host.NewTCPConn = func(stream host.TCPStream) any { return &Conn{handle: stream} }
	host.TakeTCPStream = func(conn any) (host.TCPStream, error) { return conn.(*Conn).take() }
}

// Read receives bytes. It waits until there are some and gives those that are there, at most len(p). When the peer has
// closed its side, or reading was shut down, it gives io.EOF.
func (c *Conn) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, c.use(func() error { return nil })
	}
	err = c.patiently(&c.read, func() error {
		data, err := host.NetworkValue(c.handle.Read(uint32(min(len(p), maxTransfer))))
		if err == nil && len(data) == 0 {
			err = io.EOF
		}
		n = copy(p, data)
		return err
	})
	return n, err
}

// ReadChunk receives bytes. It waits until there are some and gives those that are there, at most max and at most the
// host's limit, by default 16 MiB. No bytes and no error mean that the peer has closed its side, that reading was shut
// down, or that max is 0.
func (c *Conn) ReadChunk(max uint32) (data []byte, err error) {
	err = c.exactly(func() error {
		data, err = host.NetworkValue(c.handle.Read(max))
		return err
	}, &c.read)
	return data, err
}

// ReadExact receives this many bytes, and waits until all are there. 0 gives none.
//
// Errors: network.ErrEndOfStream if the peer closed its side before, where Error.Received is how many came and are lost;
// network.ErrInvalidArgument if the length is larger than the host's limit, by default 16 MiB.
func (c *Conn) ReadExact(length uint32) (data []byte, err error) {
	err = c.exactly(func() error {
		data, err = host.NetworkValue(c.handle.ReadExact(length))
		return err
	}, &c.read)
	return data, err
}

// Write sends all of p. Sent does not mean received by the peer. After an error, n bytes were taken.
func (c *Conn) Write(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, c.use(func() error { return nil })
	}
	for n < len(p) {
		err := c.patiently(&c.write, func() error {
			rest := p[n:]
			taken, err := host.NetworkValue(c.handle.Write(rest[:min(len(rest), maxTransfer)]))
			if err == nil && taken == 0 {
				err = io.ErrShortWrite
			}
			n += int(taken)
			return err
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// WriteChunk sends bytes and returns how many were taken, which may be less than given. It waits until at least one is.
func (c *Conn) WriteChunk(data []byte) (taken uint32, err error) {
	err = c.exactly(func() error {
		taken, err = host.NetworkValue(c.handle.Write(data))
		return err
	}, &c.write)
	return taken, err
}

// WriteAll sends all bytes in one call. After an error, some of them may have been sent.
func (c *Conn) WriteAll(data []byte) error {
	return c.exactly(func() error { return host.NetworkDone(c.handle.WriteAll(data)) }, &c.write)
}

// Shutdown ends one direction or both. After DirectionWrite the peer sees the end of the stream, and it can still send.
// The connection stays open until Close.
//
// Errors: network.ErrNotConnected if the connection has ended already, network.ErrIO.
func (c *Conn) Shutdown(direction Direction) error {
	return c.use(func() error {
		return host.NetworkDone(c.handle.Shutdown(generated.ShutdownDirection(direction)))
	})
}

// CloseWrite is Shutdown of DirectionWrite, as the connections of package net have it.
func (c *Conn) CloseWrite() error { return c.Shutdown(DirectionWrite) }

// CloseRead is Shutdown of DirectionRead, as the connections of package net have it.
func (c *Conn) CloseRead() error { return c.Shutdown(DirectionRead) }

// LocalAddress gives the address and port on this side.
//
// Errors: network.ErrNotConnected if the connection has ended, network.ErrIO.
func (c *Conn) LocalAddress() (address netip.AddrPort, err error) {
	err = c.use(func() error {
		address, err = addressOf(c.handle.LocalAddress())
		return err
	})
	return address, err
}

// RemoteAddress gives the address and port on the peer's side.
//
// Errors: network.ErrNotConnected if the connection has ended, network.ErrIO.
func (c *Conn) RemoteAddress() (address netip.AddrPort, err error) {
	err = c.use(func() error {
		address, err = addressOf(c.handle.RemoteAddress())
		return err
	})
	return address, err
}

// LocalAddr gives the address on this side, a *net.TCPAddr. It is empty if LocalAddress fails.
func (c *Conn) LocalAddr() net.Addr { return netAddr(c.LocalAddress()) }

// RemoteAddr gives the address on the peer's side, a *net.TCPAddr. It is empty if RemoteAddress fails.
func (c *Conn) RemoteAddr() net.Addr { return netAddr(c.RemoteAddress()) }

// Stats gives the exact number of bytes that have gone over the connection each way. A closed one gives none.
func (c *Conn) Stats() (stats Stats) {
	_ = c.use(func() error {
		given := c.handle.Stats()
		stats = Stats{
			Established:   airssys.Timestamp(given.Established),
			BytesSent:     given.BytesSent,
			BytesReceived: given.BytesReceived,
		}
		return nil
	})
	return stats
}

// StartTLS starts TLS 1.2 or 1.3 on the connection, as the client. From then on, all methods work on the encrypted
// connection. The host's trust store decides whether the peer's certificate is good. After an error the connection is of
// no more use.
//
// Errors: network.ErrCertificateInvalid, network.ErrTLSHandshake, network.ErrInvalidArgument if ServerName is not a name
// or an IP address or TLS was started before, network.ErrTimeout within the timeouts of the options or the deadlines.
func (c *Conn) StartTLS(options TLSOptions) (info TLSInfo, err error) {
	if err := host.ValidNames(append([]string{options.ServerName}, options.ALPN...)...); err != nil {
		return TLSInfo{}, err
	}
	err = c.exactly(func() error {
		given, err := host.NetworkValue(c.handle.StartTls(generated.TlsOptions{
			ServerName: options.ServerName,
			Alpn:       options.ALPN,
		}))
		if err == nil {
			info = tlsInfoOf(given)
		}
		return err
	}, &c.read, &c.write)
	return info, err
}

// TLSInfo gives what StartTLS has agreed on; nil before it has succeeded, and after Close.
func (c *Conn) TLSInfo() (info *TLSInfo) {
	_ = c.use(func() error {
		if given := c.handle.TlsInfo(); given.IsSome() {
			info = new(tlsInfoOf(given.Some()))
		}
		return nil
	})
	return info
}

// Close closes the connection. One that is closed already gives net.ErrClosed.
func (c *Conn) Close() error {
	return c.use(func() error {
		c.handle.Drop()
		c.handle = nil
		return nil
	})
}

// take takes the handle out, with the options that the user has set.
func (c *Conn) take() (handle host.TCPStream, err error) {
	err = c.use(func() error {
		// A connection that is broken cannot be set up, and is none that a pool keeps.
		_ = c.limit(&c.read, nil)
		_ = c.limit(&c.write, nil)
		handle, c.handle = c.handle, nil
		return nil
	})
	return handle, err
}

// use does something with the handle, unless the connection is closed.
func (c *Conn) use(do func() error) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.handle == nil {
		return net.ErrClosed
	}
	return do()
}

func netAddr(address netip.AddrPort, err error) net.Addr {
	if err != nil {
		return &net.TCPAddr{}
	}
	return net.TCPAddrFromAddrPort(address)
}

func addressOf(result host.Network[generated.SocketAddress]) (netip.AddrPort, error) {
	address, err := host.NetworkValue(result)
	if err != nil {
		return netip.AddrPort{}, err
	}
	return host.AddressPort(address), nil
}

// timeout is the error of a deadline that has passed without a call.
func timeout(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return &network.Error{Code: network.ErrTimeout}
	}
	return err
}

// patiently does something that waits in one direction, and lets other goroutines run meanwhile.
func (c *Conn) patiently(way *direction, do func() error) error {
	var limit *time.Duration
	err := c.use(func() error {
		options, err := c.userOptions()
		limit = options.timeout(c, way)
		return err
	})
	if err != nil {
		return err
	}
	deadline := func() time.Time {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		return way.deadline
	}
	return timeout(poll.Wait(limit, deadline, func(atMost time.Duration) error {
		return c.use(func() error {
			if err := c.limit(way, &atMost); err != nil {
				return err
			}
			return do()
		})
	}))
}

// exactly does something in one call that waits in these directions as long as the options and deadlines say.
func (c *Conn) exactly(do func() error, ways ...*direction) error {
	return c.use(func() error {
		for _, way := range ways {
			var atMost *time.Duration
			if !way.deadline.IsZero() {
				atMost = new(time.Until(way.deadline))
				if *atMost <= 0 {
					return timeout(os.ErrDeadlineExceeded)
				}
			}
			if err := c.limit(way, atMost); err != nil {
				return err
			}
		}
		return do()
	})
}
