// Package export_airssys_ext_network_connections is what the generated exports of connections call. Its name and place
// are the generator's choice.
package export_airssys_ext_network_connections

import (
	"runtime"

	tcp_exports "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/exports/export_airssys_ext_network_tcp"
	generated "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_ext_network_types"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/convert"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/network"
	"github.com/airssys/airssys-wasm/sdk-go/connections"
	"github.com/airssys/airssys-wasm/sdk-go/tcp"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

type result[T any] = wit.Result[T, generated.NetworkError]

// ConnectionPool is the exported resource: the SDK's pool behind a handle of this component.
type ConnectionPool struct {
	// The generated methods keep the handle here, and the object in its place.
	handle int32
	pinner runtime.Pinner
	pool   *connections.Pool
}

// OnDrop closes the pool: the host has dropped the handle.
func (p *ConnectionPool) OnDrop() {
	if err := p.pool.Close(); err != nil {
		panic(err)
	}
}

// MakeConnectionPool forwards the constructor of connections.connection-pool.
func MakeConnectionPool(options generated.PoolOptions) *ConnectionPool {
	return &ConnectionPool{pool: connections.NewPool(connections.PoolOptions{
		MaxConnections: options.MaxConnections,
		MaxIdle:        convert.Duration(options.MaxIdleMs),
		ConnectTimeout: convert.Duration(options.ConnectTimeoutMs),
	})}
}

// Acquire forwards connections.connection-pool.acquire.
func (p *ConnectionPool) Acquire(endpoint generated.Endpoint) result[*tcp_exports.TcpStream] {
	conn, err := p.pool.Acquire(tcp.Endpoint(endpoint))
	return network.Of(tcp_exports.NewTcpStream(conn), err)
}

// Release forwards connections.connection-pool.release.
func (p *ConnectionPool) Release(connection *tcp_exports.TcpStream) {
	if err := p.pool.Release(connection.Take()); err != nil {
		panic(err)
	}
}

// Stats forwards connections.connection-pool.stats.
func (p *ConnectionPool) Stats() generated.PoolStats { return generated.PoolStats(p.pool.Stats()) }

// ResolveHost forwards connections.resolve-host.
func ResolveHost(host string, family generated.IpFamily) result[[]generated.IpAddress] {
	found, err := connections.ResolveHost(host, connections.Family(family))
	addresses := make([]generated.IpAddress, len(found))
	for i, address := range found {
		addresses[i] = network.IPAddressOf(address)
	}
	return network.Of(addresses, err)
}

// ReverseLookup forwards connections.reverse-lookup.
func ReverseLookup(address generated.IpAddress) result[string] {
	return network.Of(connections.ReverseLookup(network.Addr(address)))
}
