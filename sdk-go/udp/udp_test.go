package udp

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
	wit "go.bytecodealliance.org/pkg/wit/types"
)

func ok[T any](value T) host.Network[T] { return wit.Ok[T, generated.NetworkError](value) }

func failed[T any](err generated.NetworkError) host.Network[T] { return wit.Err[T](err) }

var (
	four      = generated.MakeIpAddressIpv4(generated.Ipv4Address{F0: 1, F1: 2, F2: 3, F3: 4})
	peer      = generated.SocketAddress{Ip: four, Port: 5}
	peerOfSDK = netip.MustParseAddrPort("1.2.3.4:5")
)

// fakeSocket is a socket of the host, and the host that binds it.
type fakeSocket struct {
	host.UDPSocket
	bound     []generated.SocketAddress
	connected []generated.SocketAddress
	sent      []string
	targets   []generated.SocketAddress
	groups    []generated.IpAddress
	options   generated.UdpOptions
	// incoming are the answers to receiving; nil is a timeout.
	incoming []*generated.Datagram
	asked    []uint32
	waits    []wit.Option[uint32]
	dropped  int
}

func (s *fakeSocket) Bind(address generated.SocketAddress) host.Network[host.UDPSocket] {
	s.bound = append(s.bound, address)
	return ok[host.UDPSocket](s)
}

func (s *fakeSocket) Connect(remote generated.SocketAddress) host.Network[wit.Unit] {
	s.connected = append(s.connected, remote)
	return ok(wit.Unit{})
}

func (s *fakeSocket) Send(data []byte) host.Network[uint32] {
	if len(data) > MaxDatagram {
		return failed[uint32](generated.MakeNetworkErrorDatagramTooLarge())
	}
	s.sent = append(s.sent, string(data))
	return ok(uint32(len(data)))
}

func (s *fakeSocket) SendTo(data []byte, remote generated.SocketAddress) host.Network[uint32] {
	s.targets = append(s.targets, remote)
	return s.Send(data)
}

func (s *fakeSocket) Receive(max uint32) host.Network[generated.Datagram] {
	s.asked, s.waits = append(s.asked, max), append(s.waits, s.options.ReceiveTimeoutMs)
	next := s.incoming[0]
	s.incoming = s.incoming[1:]
	if next == nil {
		return failed[generated.Datagram](generated.MakeNetworkErrorTimeout())
	}
	return ok(*next)
}

func (s *fakeSocket) LocalAddress() host.Network[generated.SocketAddress] { return ok(peer) }

func (s *fakeSocket) Options() host.Network[generated.UdpOptions] { return ok(s.options) }

func (s *fakeSocket) SetOptions(options generated.UdpOptions) host.Network[wit.Unit] {
	s.options = options
	return ok(wit.Unit{})
}

func (s *fakeSocket) JoinMulticast(group generated.IpAddress) host.Network[wit.Unit] {
	s.groups = append(s.groups, group)
	return ok(wit.Unit{})
}

func (s *fakeSocket) LeaveMulticast(group generated.IpAddress) host.Network[wit.Unit] {
	s.groups = append(s.groups, group)
	return failed[wit.Unit](generated.MakeNetworkErrorAddressNotAvailable())
}

func (s *fakeSocket) Drop() { s.dropped++ }

func bind(t *testing.T, fake *fakeSocket) *Conn {
	host.Imports.UDP = fake
	t.Cleanup(func() { host.Imports.UDP = nil })
	conn, err := Bind(peerOfSDK)
	if err != nil || !reflect.DeepEqual(fake.bound, []generated.SocketAddress{peer}) {
		t.Fatalf("got %v, bound %v", err, fake.bound)
	}
	return conn
}

func TestDatagramsAreSent(t *testing.T) {
	fake := &fakeSocket{}
	conn := bind(t, fake)
	if err := conn.Connect(peerOfSDK); err != nil || !reflect.DeepEqual(fake.connected, []generated.SocketAddress{peer}) {
		t.Errorf("got %v, connected %v", err, fake.connected)
	}
	if n, err := conn.Send(nil); n != 0 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
	if n, err := conn.SendTo([]byte("ab"), peerOfSDK); n != 2 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
	// Package net keeps IPv4 in 16 bytes.
	if n, err := conn.WriteTo([]byte("abc"), &net.UDPAddr{IP: net.IPv4(1, 2, 3, 4), Port: 5}); n != 3 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
	if !reflect.DeepEqual(fake.sent, []string{"", "ab", "abc"}) || !reflect.DeepEqual(fake.targets, []generated.SocketAddress{peer, peer}) {
		t.Errorf("sent %q to %v", fake.sent, fake.targets)
	}
	if _, err := conn.Send(make([]byte, MaxDatagram+1)); !errors.Is(err, network.ErrDatagramTooLarge) {
		t.Errorf("got %v", err)
	}
	_, noUDP := conn.WriteTo(nil, &net.TCPAddr{})
	_, nowhere := conn.SendTo(nil, netip.AddrPort{})
	for _, err := range []error{noUDP, nowhere, conn.Connect(netip.AddrPort{}), conn.JoinMulticast(netip.Addr{})} {
		if !errors.Is(err, network.ErrInvalidArgument) {
			t.Errorf("got %v", err)
		}
	}
}

func TestReceiveIsOneCall(t *testing.T) {
	fake := &fakeSocket{incoming: []*generated.Datagram{{Source: peer}, {Data: []byte("a"), Source: peer, Truncated: true}, nil}}
	conn := bind(t, fake)
	for _, want := range []Datagram{{Source: peerOfSDK}, {Data: []byte("a"), Source: peerOfSDK, Truncated: true}} {
		if got, err := conn.Receive(1<<32 - 1); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v", got, err)
		}
	}
	if _, err := conn.Receive(1); !errors.Is(err, network.ErrTimeout) {
		t.Errorf("got %v", err)
	}
	if !reflect.DeepEqual(fake.asked, []uint32{1<<32 - 1, 1<<32 - 1, 1}) || fake.waits[2].IsSome() {
		t.Errorf("asked for %v, waited %v", fake.asked, fake.waits)
	}
}

func TestReadFromWaitsInSlicesAndKeepsTheOptions(t *testing.T) {
	user := generated.UdpOptions{Broadcast: true, TimeToLive: wit.Some[uint8](255), MulticastLoop: true}
	fake := &fakeSocket{options: user, incoming: []*generated.Datagram{nil, {Data: []byte("abc"), Source: peer}}}
	conn := bind(t, fake)
	buffer := make([]byte, 1<<20)
	n, source, err := conn.ReadFrom(buffer)
	if err != nil || string(buffer[:n]) != "abc" || source.String() != peerOfSDK.String() {
		t.Errorf("got %q, %v, %v", buffer[:n], source, err)
	}
	if !reflect.DeepEqual(fake.asked, []uint32{MaxDatagram, MaxDatagram}) || fake.waits[0].IsNone() || fake.waits[1].IsNone() {
		t.Errorf("asked for %v, waited %v", fake.asked, fake.waits)
	}
	want := Options{Broadcast: true, TimeToLive: new(uint8(255)), MulticastLoop: true}
	if options, err := conn.Options(); err != nil || !reflect.DeepEqual(options, want) {
		t.Errorf("the options are %+v, %v", options, err)
	}
}

func TestADeadlineEndsReceiving(t *testing.T) {
	fake := &fakeSocket{}
	conn := bind(t, fake)
	if err := conn.SetDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	_, received := conn.Receive(1)
	_, _, read := conn.ReadFrom(nil)
	if !errors.Is(received, network.ErrTimeout) || !errors.Is(read, network.ErrTimeout) || len(fake.asked) != 0 {
		t.Errorf("got %v and %v after %v", received, read, fake.asked)
	}
}

func TestOptionsCrossWhole(t *testing.T) {
	conn := bind(t, &fakeSocket{})
	want := Options{Broadcast: true, TimeToLive: new(uint8(0)), ReceiveTimeout: new((1<<32 - 1) * time.Millisecond)}
	if err := conn.SetOptions(want); err != nil {
		t.Fatal(err)
	}
	if got, err := conn.Options(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestMulticastGroups(t *testing.T) {
	fake := &fakeSocket{}
	conn := bind(t, fake)
	if err := conn.JoinMulticast(netip.MustParseAddr("1.2.3.4")); err != nil {
		t.Errorf("got %v", err)
	}
	if err := conn.LeaveMulticast(netip.MustParseAddr("::2")); !errors.Is(err, network.ErrAddressNotAvailable) {
		t.Errorf("got %v", err)
	}
	six := generated.MakeIpAddressIpv6(generated.Ipv6Address{F7: 2})
	if !reflect.DeepEqual(fake.groups, []generated.IpAddress{four, six}) {
		t.Errorf("asked for %v", fake.groups)
	}
}

func TestAClosedSocketSaysSo(t *testing.T) {
	fake := &fakeSocket{}
	conn := bind(t, fake)
	if conn.LocalAddr().String() != peerOfSDK.String() {
		t.Errorf("got %v", conn.LocalAddr())
	}
	if err := conn.Close(); err != nil || fake.dropped != 1 {
		t.Fatalf("got %v, dropped %d times", err, fake.dropped)
	}
	_, sent := conn.Send(nil)
	_, received := conn.Receive(1)
	_, _, read := conn.ReadFrom(nil)
	_, options := conn.Options()
	for _, err := range []error{sent, received, read, options, conn.SetWriteDeadline(time.Time{}), conn.Close()} {
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("got %v", err)
		}
	}
}
