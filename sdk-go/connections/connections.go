// Package connections resolves names and keeps TCP connections open for use again. It is the interface connections of
// the contract.
//
// Errors are those of package network.
package connections

import (
	"net"
	"net/netip"
	"sync"
	"time"

	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	"github.com/airssys/airssys-wasm/sdk-go/tcp"
)

// Family is which addresses ResolveHost gives.
type Family uint8

// The families.
const (
	// FamilyIPv4 is IPv4 addresses only.
	FamilyIPv4 Family = iota
	// FamilyIPv6 is IPv6 addresses only.
	FamilyIPv6
	// FamilyAny is both.
	FamilyAny
)

// ResolveHost gives the addresses of a name, at least one. An IP literal of the family gives itself.
//
// Permission: network = [{ action = "resolve", host = "<host>" }].
//
// Errors: network.ErrPermissionDenied, network.ErrNameNotFound if there is no such name or it has no address of this
// family, ErrTemporaryResolverFailure, ErrInvalidArgument if the host is empty, contains NUL or is not a name, ErrTimeout,
// ErrIO.
func ResolveHost(name string, family Family) ([]netip.Addr, error) {
	if err := host.ValidNames(name); err != nil {
		return nil, err
	}
	given, err := host.NetworkValue(host.Connections().ResolveHost(name, generated.IpFamily(family)))
	if err != nil {
		return nil, err
	}
	addresses := make([]netip.Addr, len(given))
	for i, address := range given {
		addresses[i] = host.Address(address)
	}
	return addresses, nil
}

// ReverseLookup gives the name of an address.
//
// Permission: network = [{ action = "resolve", host = "<address>" }].
//
// Errors: network.ErrPermissionDenied, network.ErrNameNotFound if the address has no name, ErrTemporaryResolverFailure,
// ErrInvalidArgument for an address with a zone, ErrTimeout, ErrIO.
func ReverseLookup(address netip.Addr) (string, error) {
	ip, err := host.GeneratedAddress(address)
	if err != nil {
		return "", err
	}
	return host.NetworkValue(host.Connections().ReverseLookup(ip))
}

// PoolOptions are the limits of a pool. Durations count in whole milliseconds, rounded up, and are at most 49 days.
type PoolOptions struct {
	// MaxConnections is how many connections are open at most, over all endpoints, in use and idle. At least 1.
	MaxConnections uint32
	// MaxIdle is after what time without use a connection is closed.
	MaxIdle time.Duration
	// ConnectTimeout is how long Acquire may take, be it to wait for a free connection or to make a new one.
	ConnectTimeout time.Duration
}

// PoolStats is the state of a pool.
type PoolStats struct {
	// Open is how many connections are open, in use and idle.
	Open uint32
	// Idle is how many of them are idle.
	Idle uint32
	// Waiting is how many calls of Acquire wait for a connection.
	Waiting uint32
}

// Pool keeps TCP connections open for use again. Close it; the garbage collector does not. A closed one answers
// net.ErrClosed. Several goroutines may use it at once:
//
//	conn, err := pool.Acquire(tcp.Endpoint{Host: "example.com", Port: 80})
//	if err != nil {
//		return err
//	}
//	defer pool.Release(conn)
type Pool struct {
	// mutex is held during each call: a handle must not be dropped between a check and its use.
	mutex  sync.Mutex
	handle host.ConnectionPool
}

// NewPool makes an empty pool. The caller must close it. It needs no permission.
//
// MaxConnections of 0 ends the instance, with a message that says so.
func NewPool(options PoolOptions) *Pool {
	return &Pool{handle: host.Connections().MakePool(generated.PoolOptions{
		MaxConnections:   options.MaxConnections,
		MaxIdleMs:        host.Milliseconds(options.MaxIdle),
		ConnectTimeoutMs: host.Milliseconds(options.ConnectTimeout),
	})}
}

// Acquire gives a connection to an endpoint: an idle one if there is one that is still alive, else a new one. If the pool
// has as many as it may, it closes an idle one to another endpoint, or waits for one to be released; no goroutine runs
// meanwhile. The caller gives the connection back with Release, or closes it, which makes room in the pool.
//
// Permission: network = [{ action = "outbound", host = "<host>", port = <port> }], checked each time, as for tcp.Connect.
//
// Errors: network.ErrPoolExhausted if no connection was released within ConnectTimeout, network.ErrTimeout if a new one
// took longer, and those of tcp.Connect.
func (p *Pool) Acquire(endpoint tcp.Endpoint) (*tcp.Conn, error) {
	if err := host.ValidNames(endpoint.Host); err != nil {
		return nil, err
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.handle == nil {
		return nil, net.ErrClosed
	}
	stream, err := host.NetworkValue(p.handle.Acquire(generated.Endpoint(endpoint)))
	if err != nil {
		return nil, err
	}
	return host.NewTCPConn(stream).(*tcp.Conn), nil
}

// Release gives a connection back, which answers net.ErrClosed from then on. It is kept for use again, unless it is
// broken, was shut down, has received bytes that nobody has read, or did not come from this pool: then it is closed. It
// needs no permission.
//
// Errors: net.ErrClosed if the connection is closed already. If the pool is closed, the connection is closed too.
func (p *Pool) Release(conn *tcp.Conn) error {
	stream, err := host.TakeTCPStream(conn)
	if err != nil {
		return err
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.handle == nil {
		stream.Drop()
		return net.ErrClosed
	}
	p.handle.Release(stream)
	return nil
}

// Stats gives the state of the pool. A closed one is empty. It needs no permission.
func (p *Pool) Stats() PoolStats {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.handle == nil {
		return PoolStats{}
	}
	return PoolStats(p.handle.Stats())
}

// Close closes the connections that are idle. Those in use belong to their users and go on. A pool that is closed already
// gives net.ErrClosed.
func (p *Pool) Close() error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.handle == nil {
		return net.ErrClosed
	}
	p.handle.Drop()
	p.handle = nil
	return nil
}
