package airssystest

import (
	"net"
	"strconv"
	"time"

	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	// Gives host.NetworkError.
	_ "github.com/airssys/airssys-wasm/sdk-go/network"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// AddServer lets the component connect to an address as in example.com:443. Each connection calls the function in a
// goroutine of its own, with the other end of it, which is closed when the function returns. Elsewhere nothing listens.
//
// If the component starts TLS, it is told that all is well, and the server sees what it sends in plain text. A fake host
// has no names to resolve, no listeners and no UDP: these operations fail with network.ErrUnsupported.
func (h *FakeHost) AddServer(address string, serve func(conn net.Conn)) {
	h.t.Helper()
	defer h.lock()()
	name, port, err := net.SplitHostPort(address)
	if err != nil {
		h.t.Fatalf("AddServer: %v", err)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		h.t.Fatalf("AddServer: %q is not a port", port)
	}
	h.servers[net.JoinHostPort(name, port)] = serve
}

// DenyServer refuses connections to an address as in example.com:443. The component gets the refusal of a real host, with
// the line that Component.toml would lack.
func (h *FakeHost) DenyServer(address string) {
	h.t.Helper()
	defer h.lock()()
	if _, _, err := net.SplitHostPort(address); err != nil {
		h.t.Fatalf("DenyServer: %v", err)
	}
	h.rules.servers[address] = true
}

func networkError[T any](err generated.NetworkError) host.Network[T] { return wit.Err[T](err) }

func networkValue[T any](value T) host.Network[T] {
	return wit.Ok[T, generated.NetworkError](value)
}

// noNetwork is the answer of what a fake host does not have.
func noNetwork[T any](operation string) host.Network[T] {
	return networkError[T](generated.MakeNetworkErrorUnsupported("the fake host has no " + operation))
}

// connect makes a connection to a server of the test.
func (h *FakeHost) connect(operation string, endpoint generated.Endpoint) host.Network[host.TCPStream] {
	defer h.lock()()
	address := net.JoinHostPort(endpoint.Host, strconv.Itoa(int(endpoint.Port)))
	asked := access{kind: "network", action: "outbound", host: endpoint.Host, port: &endpoint.Port}
	if denial := h.rules.decide("ext-network/"+operation, asked, h.rules.servers[address]); denial != nil {
		return networkError[host.TCPStream](generated.MakeNetworkErrorPermissionDenied(*denial))
	}
	serve := h.servers[address]
	if serve == nil {
		return networkError[host.TCPStream](generated.MakeNetworkErrorConnectionRefused())
	}
	here, there := net.Pipe()
	go func() {
		defer there.Close()
		serve(there)
	}()
	h.open++
	return networkValue[host.TCPStream](&stream{host: h, pipe: here, stats: generated.ConnectionStats{Established: h.clock}})
}

// tcp is the interface tcp.
type tcp struct{ *FakeHost }

func (h tcp) Connect(endpoint generated.Endpoint, _ wit.Option[uint32]) host.Network[host.TCPStream] {
	return h.connect("tcp.connect", endpoint)
}

func (h tcp) Listen(generated.SocketAddress, generated.ListenOptions) host.Network[host.TCPListener] {
	return noNetwork[host.TCPListener]("tcp.listen")
}

// udp is the interface udp.
type udp struct{ *FakeHost }

func (h udp) Bind(generated.SocketAddress) host.Network[host.UDPSocket] {
	return noNetwork[host.UDPSocket]("udp.bind")
}

// connections is the interface connections.
type connections struct{ *FakeHost }

func (h connections) ResolveHost(string, generated.IpFamily) host.Network[[]generated.IpAddress] {
	return noNetwork[[]generated.IpAddress]("connections.resolve-host")
}

func (h connections) ReverseLookup(generated.IpAddress) host.Network[string] {
	return noNetwork[string]("connections.reverse-lookup")
}

func (h connections) MakePool(options generated.PoolOptions) host.ConnectionPool {
	if options.MaxConnections == 0 {
		panic("airssystest: max-connections is 0")
	}
	return &pool{host: h.FakeHost, most: options.MaxConnections}
}

// pool gives a new connection each time, and keeps none.
type pool struct {
	host *FakeHost
	most uint32
	// used are the connections that were given. Those that are closed do not count.
	used []*stream
}

func (p *pool) Acquire(endpoint generated.Endpoint) host.Network[host.TCPStream] {
	if p.Stats().Open == p.most {
		return networkError[host.TCPStream](generated.MakeNetworkErrorPoolExhausted())
	}
	result := p.host.connect("connections.connection-pool.acquire", endpoint)
	if result.IsOk() {
		p.used = append(p.used, result.Ok().(*stream))
	}
	return result
}

func (p *pool) Release(connection host.TCPStream) { connection.Drop() }

func (p *pool) Stats() generated.PoolStats {
	defer p.host.lock()()
	var stats generated.PoolStats
	for _, connection := range p.used {
		if !connection.dropped {
			stats.Open++
		}
	}
	return stats
}

func (p *pool) Drop() {}

// stream is a connection to a server of the test.
type stream struct {
	host    *FakeHost
	pipe    net.Conn
	options generated.TcpOptions
	stats   generated.ConnectionStats
	tls     wit.Option[generated.TlsInfo]
	// shut has the directions that were shut down.
	shutRead, shutWrite, dropped bool
}

// fail gives the error of the contract for one of a pipe.
func fail[T any](err error) host.Network[T] {
	if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
		return networkError[T](generated.MakeNetworkErrorTimeout())
	}
	return networkError[T](generated.MakeNetworkErrorConnectionReset())
}

// until is when a timeout that starts at present has passed. It counts by the real clock: a server takes real time.
func until(timeoutMs wit.Option[uint32]) time.Time {
	if timeoutMs.IsNone() {
		return time.Time{}
	}
	return time.Now().Add(time.Duration(timeoutMs.Some()) * time.Millisecond)
}
