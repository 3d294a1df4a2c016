package connections

import (
	"errors"
	"net"
	"net/netip"
	"reflect"
	"testing"
	"time"

	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	"github.com/airssys/airssys-wasm/sdk-go/network"
	"github.com/airssys/airssys-wasm/sdk-go/tcp"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

func ok[T any](value T) host.Network[T] { return wit.Ok[T, generated.NetworkError](value) }

// fakeConnections is a host with one pool, which has one connection.
type fakeConnections struct {
	stream   fakeStream
	made     []generated.PoolOptions
	acquired []generated.Endpoint
	released []host.TCPStream
	resolved []string
	families []generated.IpFamily
	dropped  int
}

type fakeStream struct {
	host.TCPStream
	dropped int
}

func (s *fakeStream) Drop() { s.dropped++ }

func (f *fakeConnections) MakePool(options generated.PoolOptions) host.ConnectionPool {
	f.made = append(f.made, options)
	return f
}

func (f *fakeConnections) Acquire(endpoint generated.Endpoint) host.Network[host.TCPStream] {
	if f.acquired = append(f.acquired, endpoint); len(f.acquired) > 1 {
		return wit.Err[host.TCPStream](generated.MakeNetworkErrorPoolExhausted())
	}
	return ok[host.TCPStream](&f.stream)
}

func (f *fakeConnections) Release(connection host.TCPStream) {
	f.released = append(f.released, connection)
}

func (f *fakeConnections) Stats() generated.PoolStats {
	return generated.PoolStats{Open: 1<<32 - 1, Idle: 2, Waiting: 3}
}

func (f *fakeConnections) Drop() { f.dropped++ }

func (f *fakeConnections) ResolveHost(name string, family generated.IpFamily) host.Network[[]generated.IpAddress] {
	f.resolved, f.families = append(f.resolved, name), append(f.families, family)
	return ok([]generated.IpAddress{
		generated.MakeIpAddressIpv4(generated.Ipv4Address{F0: 255, F3: 1}),
		generated.MakeIpAddressIpv6(generated.Ipv6Address{F0: 1, F1: 2, F2: 3, F3: 4, F4: 5, F5: 6, F6: 7, F7: 8}),
	})
}

func (f *fakeConnections) ReverseLookup(address generated.IpAddress) host.Network[string] {
	return wit.Err[string](generated.MakeNetworkErrorNameNotFound(host.Address(address).String()))
}

func use(t *testing.T) *fakeConnections {
	fake := &fakeConnections{}
	host.Imports.Connections = fake
	t.Cleanup(func() { host.Imports.Connections = nil })
	return fake
}

func TestNamesAreResolved(t *testing.T) {
	fake := use(t)
	addresses, err := ResolveHost("a", FamilyAny)
	want := []netip.Addr{netip.MustParseAddr("255.0.0.1"), netip.MustParseAddr("1:2:3:4:5:6:7:8")}
	if err != nil || !reflect.DeepEqual(addresses, want) {
		t.Errorf("got %v, %v", addresses, err)
	}
	if !reflect.DeepEqual(fake.resolved, []string{"a"}) || fake.families[0] != generated.IpFamily_Any {
		t.Errorf("asked for %v, %v", fake.resolved, fake.families)
	}
	var e *network.Error
	if _, err := ReverseLookup(netip.MustParseAddr("::1")); !errors.As(err, &e) || e.Code != network.ErrNameNotFound || e.Name != "::1" {
		t.Errorf("got %v", err)
	}
	_, name := ResolveHost("\xff", FamilyIPv4)
	_, address := ReverseLookup(netip.Addr{})
	if !errors.Is(name, network.ErrInvalidArgument) || !errors.Is(address, network.ErrInvalidArgument) {
		t.Errorf("got %v and %v", name, address)
	}
}

func TestAPoolGivesConnectionsAndTakesThemBack(t *testing.T) {
	fake := use(t)
	pool := NewPool(PoolOptions{MaxConnections: 1, MaxIdle: time.Minute, ConnectTimeout: (1<<32 - 1) * time.Millisecond})
	if !reflect.DeepEqual(fake.made, []generated.PoolOptions{{MaxConnections: 1, MaxIdleMs: 60_000, ConnectTimeoutMs: 1<<32 - 1}}) {
		t.Errorf("made %+v", fake.made)
	}
	conn, err := pool.Acquire(tcp.Endpoint{Host: "a", Port: 1})
	if err != nil || !reflect.DeepEqual(fake.acquired, []generated.Endpoint{{Host: "a", Port: 1}}) {
		t.Fatalf("got %v, asked for %v", err, fake.acquired)
	}
	if _, err := pool.Acquire(tcp.Endpoint{}); !errors.Is(err, network.ErrPoolExhausted) {
		t.Errorf("got %v", err)
	}
	if got := pool.Stats(); got != (PoolStats{Open: 1<<32 - 1, Idle: 2, Waiting: 3}) {
		t.Errorf("got %+v", got)
	}
	if err := pool.Release(conn); err != nil || len(fake.released) != 1 || fake.released[0] != host.TCPStream(&fake.stream) {
		t.Errorf("got %v, released %v", err, fake.released)
	}
	if err := pool.Release(conn); !errors.Is(err, net.ErrClosed) || !errors.Is(conn.Close(), net.ErrClosed) {
		t.Errorf("got %v", err)
	}
	if fake.stream.dropped != 0 || len(fake.released) != 1 {
		t.Error("the host was asked")
	}
}

func TestAClosedPoolSaysSo(t *testing.T) {
	fake := use(t)
	pool := NewPool(PoolOptions{MaxConnections: 1})
	conn, err := pool.Acquire(tcp.Endpoint{Host: "a", Port: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := pool.Close(); err != nil || fake.dropped != 1 {
		t.Fatalf("got %v, dropped %d times", err, fake.dropped)
	}
	if err := pool.Release(conn); !errors.Is(err, net.ErrClosed) || fake.stream.dropped != 1 {
		t.Errorf("got %v, the connection was dropped %d times", err, fake.stream.dropped)
	}
	if _, err := pool.Acquire(tcp.Endpoint{}); !errors.Is(err, net.ErrClosed) || pool.Stats() != (PoolStats{}) {
		t.Errorf("got %v", err)
	}
	if err := pool.Close(); !errors.Is(err, net.ErrClosed) || fake.dropped != 1 {
		t.Errorf("got %v", err)
	}
}
