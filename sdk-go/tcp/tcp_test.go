package tcp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"reflect"
	"testing"
	"time"

	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	"github.com/airssys/airssys-wasm/sdk-go/network"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// fakeTCP is a host with one connection and one listener.
type fakeTCP struct {
	stream    *fakeStream
	listener  *fakeListener
	endpoints []generated.Endpoint
	timeouts  []wit.Option[uint32]
	addresses []generated.SocketAddress
	listened  []generated.ListenOptions
	// connected is called before Connect returns.
	connected func()
}

func (f *fakeTCP) Connect(endpoint generated.Endpoint, timeoutMs wit.Option[uint32]) host.Network[host.TCPStream] {
	f.endpoints, f.timeouts = append(f.endpoints, endpoint), append(f.timeouts, timeoutMs)
	if f.connected != nil {
		f.connected()
	}
	if f.stream == nil {
		return failed[host.TCPStream](generated.MakeNetworkErrorConnectionRefused())
	}
	return ok[host.TCPStream](f.stream)
}

func (f *fakeTCP) Listen(address generated.SocketAddress, options generated.ListenOptions) host.Network[host.TCPListener] {
	f.addresses, f.listened = append(f.addresses, address), append(f.listened, options)
	return ok[host.TCPListener](f.listener)
}

// fakeListener has a connection at the third asking.
type fakeListener struct {
	stream   fakeStream
	timeouts []wit.Option[uint32]
	dropped  int
}

func (l *fakeListener) Accept(timeoutMs wit.Option[uint32]) host.Network[host.TCPStream] {
	if l.timeouts = append(l.timeouts, timeoutMs); len(l.timeouts) < 3 {
		return failed[host.TCPStream](generated.MakeNetworkErrorTimeout())
	}
	return ok[host.TCPStream](&l.stream)
}

func (l *fakeListener) LocalAddress() host.Network[generated.SocketAddress] {
	ip := generated.MakeIpAddressIpv4(generated.Ipv4Address{F0: 127, F3: 1})
	return ok(generated.SocketAddress{Ip: ip, Port: 8080})
}

func (l *fakeListener) Drop() { l.dropped++ }

func use(t *testing.T, fake *fakeTCP) *fakeTCP {
	host.Imports.TCP = fake
	t.Cleanup(func() { host.Imports.TCP = nil })
	return fake
}

func TestConnectPassesTheEndpointAndTheTimeout(t *testing.T) {
	fake := use(t, &fakeTCP{})
	_, without := Connect(Endpoint{"a\x00b", 65535})
	_, with := ConnectTimeout(Endpoint{"::1", 0}, 0)
	if !errors.Is(without, network.ErrConnectionRefused) || !errors.Is(with, network.ErrConnectionRefused) {
		t.Errorf("got %v and %v", without, with)
	}
	endpoints := []generated.Endpoint{{Host: "a\x00b", Port: 65535}, {Host: "::1"}}
	timeouts := []wit.Option[uint32]{wit.None[uint32](), wit.Some[uint32](0)}
	if !reflect.DeepEqual(fake.endpoints, endpoints) || !reflect.DeepEqual(fake.timeouts, timeouts) {
		t.Errorf("asked for %v, %v", fake.endpoints, fake.timeouts)
	}
	if _, err := Connect(Endpoint{"\xff", 1}); !errors.Is(err, network.ErrInvalidArgument) || len(fake.endpoints) != 2 {
		t.Errorf("got %v", err)
	}
}

func TestListenPassesTheAddressAndTheOptions(t *testing.T) {
	fake := use(t, &fakeTCP{listener: &fakeListener{}})
	listener, err := Listen(netip.MustParseAddrPort("[::ffff:1.2.3.4]:80"), ListenOptions{1<<32 - 1, true, true})
	if err != nil {
		t.Fatal(err)
	}
	// An address that maps another stays as it is.
	mapped := generated.MakeIpAddressIpv6(generated.Ipv6Address{F5: 0xffff, F6: 0x0102, F7: 0x0304})
	if !reflect.DeepEqual(fake.addresses, []generated.SocketAddress{{Ip: mapped, Port: 80}}) {
		t.Errorf("asked for %v", fake.addresses)
	}
	if !reflect.DeepEqual(fake.listened, []generated.ListenOptions{{Backlog: 1<<32 - 1, ReuseAddress: true, Ipv6Only: true}}) {
		t.Errorf("asked for %v", fake.listened)
	}
	if listener.Addr().String() != "127.0.0.1:8080" {
		t.Errorf("got %v", listener.Addr())
	}
	for _, address := range []netip.AddrPort{{}, netip.MustParseAddrPort("[fe80::1%eth0]:80")} {
		if _, err := Listen(address, ListenOptions{}); !errors.Is(err, network.ErrInvalidArgument) {
			t.Errorf("%v: %v", address, err)
		}
	}
}

func TestAcceptWaitsUntilThereIsAConnection(t *testing.T) {
	fake := &fakeListener{}
	listener := &Listener{handle: fake}
	conn, err := listener.Accept()
	if err != nil || len(fake.timeouts) != 3 {
		t.Fatalf("got %v after %v", err, fake.timeouts)
	}
	if err := conn.Close(); err != nil || fake.stream.dropped != 1 {
		t.Errorf("got %v, dropped %d times", err, fake.stream.dropped)
	}
	if err := listener.SetDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	if conn, err := listener.Accept(); conn != nil || !errors.Is(err, network.ErrTimeout) {
		t.Errorf("got %v, %v", conn, err)
	}
}

func TestAcceptTimeoutIsOneCall(t *testing.T) {
	fake := &fakeListener{}
	listener := &Listener{handle: fake}
	if _, err := listener.AcceptTimeout(time.Minute); !errors.Is(err, network.ErrTimeout) {
		t.Errorf("got %v", err)
	}
	if !reflect.DeepEqual(fake.timeouts, []wit.Option[uint32]{wit.Some[uint32](60_000)}) {
		t.Errorf("waited %v", fake.timeouts)
	}
	if err := listener.Close(); err != nil || fake.dropped != 1 {
		t.Errorf("got %v, dropped %d times", err, fake.dropped)
	}
	_, accepted := listener.AcceptTCP()
	_, address := listener.LocalAddress()
	for _, err := range []error{accepted, address, listener.SetDeadline(time.Time{}), listener.Close()} {
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("got %v", err)
		}
	}
}

func TestEndpointsAreParsed(t *testing.T) {
	for text, want := range map[string]Endpoint{
		"example.com:443": {"example.com", 443},
		"[::1]:65535":     {"::1", 65535},
	} {
		if got, err := ParseEndpoint(text); err != nil || got != want || got.String() != text {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "example.com", "a:65536", "a:-1", "a:http", "::1:80"} {
		if got, err := ParseEndpoint(text); !errors.Is(err, network.ErrInvalidArgument) {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
	}
}

func TestADialerKeepsItsLimits(t *testing.T) {
	fake := use(t, &fakeTCP{stream: &fakeStream{}})
	if conn, err := (&Dialer{}).Dial("tcp", "a:1"); err != nil || conn.(*Conn) == nil || fake.timeouts[0].IsSome() {
		t.Errorf("got %v, waited %v", err, fake.timeouts)
	}
	if fake.stream.options != (generated.TcpOptions{NoDelay: true}) {
		t.Errorf("the options are %+v", fake.stream.options)
	}
	if _, err := (&Dialer{Timeout: time.Hour}).Dial("tcp", "a:1"); err != nil || fake.timeouts[1].SomeOr(0) == 0 {
		t.Errorf("got %v, waited %v", err, fake.timeouts)
	}
	passed := Dialer{Timeout: time.Hour, Deadline: time.Unix(1, 0)}
	if _, err := passed.Dial("tcp", "a:1"); err != nil || fake.timeouts[2] != wit.Some[uint32](0) {
		t.Errorf("got %v, waited %v", err, fake.timeouts)
	}
	var unknown net.UnknownNetworkError
	if _, err := (&Dialer{}).Dial("udp", "a:1"); !errors.As(err, &unknown) {
		t.Errorf("got %v", err)
	}
	if _, err := (&Dialer{}).Dial("tcp", "a"); !errors.Is(err, network.ErrInvalidArgument) {
		t.Errorf("got %v", err)
	}
}

func TestADialerHeedsItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	fake := use(t, &fakeTCP{stream: &fakeStream{}, connected: cancel})
	conn, err := (&Dialer{}).DialContext(ctx, "tcp", "a:1")
	if conn != nil || !errors.Is(err, context.Canceled) || fake.stream.dropped != 1 {
		t.Errorf("got %v, %v, dropped %d times", conn, err, fake.stream.dropped)
	}
	if _, err := (&Dialer{}).DialContext(ctx, "tcp", "a:1"); !errors.Is(err, context.Canceled) || len(fake.endpoints) != 1 {
		t.Errorf("got %v after %v", err, fake.endpoints)
	}
}

func TestATLSDialerStartsTLS(t *testing.T) {
	fake := use(t, &fakeTCP{stream: &fakeStream{}})
	conn, err := (&TLSDialer{Dialer: Dialer{Timeout: time.Hour}, ALPN: []string{"http/1.1"}}).Dial("tcp", "a:1")
	if err != nil || conn.(*Conn).TLSInfo() == nil {
		t.Fatalf("got %v", err)
	}
	if !reflect.DeepEqual(fake.stream.tls, []generated.TlsOptions{{ServerName: "a", Alpn: []string{"http/1.1"}}}) {
		t.Errorf("asked for %+v", fake.stream.tls)
	}
	if _, err := conn.(*Conn).ReadChunk(0); err != nil || fake.stream.options.ReadTimeoutMs.IsSome() {
		t.Errorf("the deadline of the dialer stays: %v, %+v", err, fake.stream.options)
	}
	late := &TLSDialer{Dialer: Dialer{Deadline: time.Unix(1, 0)}, ServerName: "b"}
	if conn, err := late.Dial("tcp", "a:1"); conn != nil || !errors.Is(err, network.ErrTimeout) || fake.stream.dropped != 1 {
		t.Errorf("got %v, %v, dropped %d times", conn, err, fake.stream.dropped)
	}
}
