package tcp

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	"github.com/airssys/airssys-wasm/sdk-go/internal/poll"
	"github.com/airssys/airssys-wasm/sdk-go/network"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

func ok[T any](value T) host.Network[T] { return wit.Ok[T, generated.NetworkError](value) }

func failed[T any](err generated.NetworkError) host.Network[T] { return wit.Err[T](err) }

// fakeStream is a connection of the host that takes three bytes at a time.
type fakeStream struct {
	host.TCPStream
	// incoming are the answers to reading; nil is a timeout, and none is the end.
	incoming [][]byte
	sent     []byte
	shut     []generated.ShutdownDirection
	options  generated.TcpOptions
	// waits are the read timeouts at each reading.
	waits   []wit.Option[uint32]
	tls     []generated.TlsOptions
	dropped int
}

const most = 3

func (s *fakeStream) Read(max uint32) host.Network[[]byte] {
	s.waits = append(s.waits, s.options.ReadTimeoutMs)
	if len(s.incoming) == 0 {
		return ok[[]byte](nil)
	}
	next := s.incoming[0]
	if next == nil {
		s.incoming = s.incoming[1:]
		return failed[[]byte](generated.MakeNetworkErrorTimeout())
	}
	data := next[:min(len(next), int(max))]
	if s.incoming[0] = next[len(data):]; len(s.incoming[0]) == 0 {
		s.incoming = s.incoming[1:]
	}
	return ok(data)
}

func (s *fakeStream) ReadExact(length uint32) host.Network[[]byte] {
	s.waits = append(s.waits, s.options.ReadTimeoutMs)
	return failed[[]byte](generated.MakeNetworkErrorEndOfStream(uint64(length) - 1))
}

func (s *fakeStream) Write(data []byte) host.Network[uint32] {
	if len(s.sent) >= 8 {
		return failed[uint32](generated.MakeNetworkErrorConnectionReset())
	}
	data = data[:min(len(data), most)]
	s.sent = append(s.sent, data...)
	return ok(uint32(len(data)))
}

func (s *fakeStream) WriteAll(data []byte) host.Network[wit.Unit] {
	s.sent = append(s.sent, data...)
	return ok(wit.Unit{})
}

func (s *fakeStream) Shutdown(direction generated.ShutdownDirection) host.Network[wit.Unit] {
	s.shut = append(s.shut, direction)
	return ok(wit.Unit{})
}

func (s *fakeStream) Options() host.Network[generated.TcpOptions] { return ok(s.options) }

func (s *fakeStream) SetOptions(options generated.TcpOptions) host.Network[wit.Unit] {
	s.options = options
	return ok(wit.Unit{})
}

func (s *fakeStream) LocalAddress() host.Network[generated.SocketAddress] {
	ip := generated.MakeIpAddressIpv6(generated.Ipv6Address{F0: 0xfe80, F7: 0x1234})
	return ok(generated.SocketAddress{Ip: ip, Port: 65535})
}

func (s *fakeStream) RemoteAddress() host.Network[generated.SocketAddress] {
	return failed[generated.SocketAddress](generated.MakeNetworkErrorNotConnected())
}

func (s *fakeStream) Stats() generated.ConnectionStats {
	return generated.ConnectionStats{
		Established:   core.Timestamp{Seconds: 1, Nanoseconds: 2},
		BytesSent:     1<<64 - 1,
		BytesReceived: 1<<53 + 1,
	}
}

func (s *fakeStream) StartTls(options generated.TlsOptions) host.Network[generated.TlsInfo] {
	s.tls = append(s.tls, options)
	return ok(s.TlsInfo().Some())
}

func (s *fakeStream) TlsInfo() wit.Option[generated.TlsInfo] {
	if len(s.tls) == 0 {
		return wit.None[generated.TlsInfo]()
	}
	return wit.Some(generated.TlsInfo{
		Version:         generated.TlsVersion_Tls13,
		CipherSuite:     "TLS_AES_128_GCM_SHA256",
		Alpn:            wit.Some("h2"),
		PeerCertificate: []byte{1, 2},
	})
}

func (s *fakeStream) Drop() { s.dropped++ }

func TestReadGivesWhatComesAndThenEOF(t *testing.T) {
	conn := &Conn{handle: &fakeStream{incoming: [][]byte{[]byte("01234"), nil, []byte("56")}}}
	content, err := io.ReadAll(conn)
	if err != nil || string(content) != "0123456" {
		t.Errorf("got %q, %v", content, err)
	}
	if n, err := conn.Read(nil); n != 0 || err != nil {
		t.Errorf("nothing asked for: %d, %v", n, err)
	}
}

func TestReadWaitsInSlicesAndKeepsTheOptions(t *testing.T) {
	user := generated.TcpOptions{NoDelay: true, ReadTimeoutMs: wit.Some[uint32](60_000), SendBufferBytes: wit.Some[uint32](7)}
	stream := &fakeStream{incoming: [][]byte{nil, nil, []byte("a")}, options: user}
	conn := &Conn{handle: stream}
	if n, err := conn.Read(make([]byte, 9)); n != 1 || err != nil {
		t.Fatalf("got %d, %v", n, err)
	}
	slice := wit.Some(uint32(poll.Slice / time.Millisecond))
	if want := []wit.Option[uint32]{slice, slice, slice}; !reflect.DeepEqual(stream.waits, want) {
		t.Errorf("the host waited %v", stream.waits)
	}
	options, err := conn.Options()
	if err != nil || !reflect.DeepEqual(options.generated(), user) {
		t.Errorf("the options are %+v, %v", options, err)
	}
	// One call is one wait, as long as the options say.
	if _, err := conn.ReadChunk(1); err != nil || stream.waits[3] != user.ReadTimeoutMs {
		t.Errorf("then the host waited %v, %v", stream.waits[3], err)
	}
	if stream.options != user {
		t.Errorf("the host has %+v", stream.options)
	}
}

func TestReadEndsWithTheTimeoutOfTheOptions(t *testing.T) {
	conn := &Conn{handle: &fakeStream{incoming: [][]byte{nil, nil}}}
	if err := conn.SetOptions(Options{ReadTimeout: new(time.Duration(0))}); err != nil {
		t.Fatal(err)
	}
	_, err := conn.Read(make([]byte, 1))
	if !errors.Is(err, network.ErrTimeout) || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestADeadlineEndsAllThatReceives(t *testing.T) {
	stream := &fakeStream{incoming: [][]byte{[]byte("late")}}
	conn := &Conn{handle: stream}
	if err := conn.SetReadDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	_, read := conn.Read(make([]byte, 1))
	_, chunk := conn.ReadChunk(1)
	_, exact := conn.ReadExact(1)
	for _, err := range []error{read, chunk, exact} {
		var general net.Error
		if !errors.Is(err, network.ErrTimeout) || !errors.As(err, &general) || !general.Timeout() {
			t.Errorf("got %v", err)
		}
	}
	if len(stream.waits) != 0 {
		t.Error("the host was asked")
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if data, err := conn.ReadChunk(9); err != nil || string(data) != "late" {
		t.Errorf("without a deadline: %q, %v", data, err)
	}
}

func TestACallThatIsOneCallChangesNoOptions(t *testing.T) {
	stream := &fakeStream{incoming: [][]byte{[]byte("abcdef")}}
	conn := &Conn{handle: stream}
	data, err := conn.ReadChunk(4)
	if err != nil || string(data) != "abcd" || stream.waits[0].IsSome() {
		t.Errorf("got %q, %v, waited %v", data, err, stream.waits)
	}
	var e *network.Error
	if _, err := conn.ReadExact(5); !errors.As(err, &e) || e.Code != network.ErrEndOfStream || e.Received != 4 {
		t.Errorf("got %v", err)
	}
	if taken, err := conn.WriteChunk([]byte("0123456")); err != nil || taken != most {
		t.Errorf("took %d, %v", taken, err)
	}
	if err := conn.WriteAll([]byte("0123456")); err != nil || string(stream.sent) != "0120123456" {
		t.Errorf("sent %q, %v", stream.sent, err)
	}
}

func TestWriteSendsAllOrSaysHowMuch(t *testing.T) {
	stream := &fakeStream{}
	conn := &Conn{handle: stream}
	if n, err := conn.Write([]byte("01234567")); n != 8 || err != nil || string(stream.sent) != "01234567" {
		t.Errorf("got %d, %v, sent %q", n, err, stream.sent)
	}
	stream.sent = stream.sent[:6]
	if n, err := conn.Write([]byte("0123456789")); n != 3 || !errors.Is(err, network.ErrConnectionReset) {
		t.Errorf("got %d, %v", n, err)
	}
	if n, err := conn.Write(nil); n != 0 || err != nil {
		t.Errorf("nothing to send: %d, %v", n, err)
	}
}

func TestOptionsCrossWhole(t *testing.T) {
	want := Options{
		NoDelay:            true,
		KeepAlive:          new(time.Second),
		ReadTimeout:        new((1<<32 - 1) * time.Millisecond),
		WriteTimeout:       new(time.Duration(0)),
		ReceiveBufferBytes: new(uint32(1<<32 - 1)),
		SendBufferBytes:    new(uint32(0)),
	}
	conn := &Conn{handle: &fakeStream{}}
	if err := conn.SetOptions(want); err != nil {
		t.Fatal(err)
	}
	if got, err := conn.Options(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if err := conn.SetOptions(Options{}); err != nil {
		t.Fatal(err)
	}
	if got, err := conn.Options(); err != nil || !reflect.DeepEqual(got, Options{}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestWhatIsKnownAboutAConnection(t *testing.T) {
	stream := &fakeStream{}
	conn := &Conn{handle: stream}
	want := netip.MustParseAddrPort("[fe80::1234]:65535")
	if address, err := conn.LocalAddress(); err != nil || address != want || conn.LocalAddr().String() != want.String() {
		t.Errorf("got %v, %v, %v", address, err, conn.LocalAddr())
	}
	if _, err := conn.RemoteAddress(); !errors.Is(err, network.ErrNotConnected) || conn.RemoteAddr() == nil {
		t.Errorf("got %v", err)
	}
	stats := Stats{Established: airssys.Timestamp{Seconds: 1, Nanoseconds: 2}, BytesSent: 1<<64 - 1, BytesReceived: 1<<53 + 1}
	if got := conn.Stats(); got != stats {
		t.Errorf("got %+v", got)
	}
	if conn.CloseWrite() != nil || conn.CloseRead() != nil || conn.Shutdown(DirectionBoth) != nil || !bytes.Equal(stream.shut, []byte{1, 0, 2}) {
		t.Errorf("shut %v", stream.shut)
	}
}

func TestTLS(t *testing.T) {
	stream := &fakeStream{}
	conn := &Conn{handle: stream}
	if info := conn.TLSInfo(); info != nil {
		t.Errorf("before: %+v", info)
	}
	want := TLSInfo{Version: TLS13, CipherSuite: "TLS_AES_128_GCM_SHA256", ALPN: new("h2"), PeerCertificate: []byte{1, 2}}
	info, err := conn.StartTLS(TLSOptions{ServerName: "n", ALPN: []string{"h2", "http/1.1"}})
	if err != nil || !reflect.DeepEqual(info, want) || !reflect.DeepEqual(conn.TLSInfo(), &want) {
		t.Errorf("got %+v, %v", info, err)
	}
	if !reflect.DeepEqual(stream.tls, []generated.TlsOptions{{ServerName: "n", Alpn: []string{"h2", "http/1.1"}}}) {
		t.Errorf("asked for %+v", stream.tls)
	}
	for _, options := range []TLSOptions{{ServerName: "\xff"}, {ServerName: "n", ALPN: []string{"\xff"}}} {
		if _, err := conn.StartTLS(options); !errors.Is(err, network.ErrInvalidArgument) {
			t.Errorf("got %v", err)
		}
	}
}

func TestAClosedConnectionSaysSo(t *testing.T) {
	stream := &fakeStream{}
	conn := &Conn{handle: stream}
	if err := conn.Close(); err != nil || stream.dropped != 1 {
		t.Fatalf("got %v, dropped %d times", err, stream.dropped)
	}
	_, read := conn.Read(make([]byte, 1))
	_, nothing := conn.Read(nil)
	_, written := conn.Write([]byte("a"))
	_, chunk := conn.ReadChunk(1)
	_, options := conn.Options()
	for _, err := range []error{read, nothing, written, chunk, options, conn.SetDeadline(time.Time{}), conn.Close()} {
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("got %v", err)
		}
	}
	if conn.Stats() != (Stats{}) || conn.TLSInfo() != nil || stream.dropped != 1 {
		t.Error("the host was asked")
	}
}

func TestAConnectionThatIsGivenAwayHasTheOptionsOfTheUser(t *testing.T) {
	stream := &fakeStream{incoming: [][]byte{[]byte("a")}}
	conn := &Conn{handle: stream}
	if _, err := conn.Read(make([]byte, 1)); err != nil || stream.options.ReadTimeoutMs.IsNone() {
		t.Fatalf("got %v with %+v", err, stream.options)
	}
	taken, err := host.TakeTCPStream(conn)
	if err != nil || taken != host.TCPStream(stream) || stream.options != (generated.TcpOptions{}) {
		t.Errorf("got %v, %v with %+v", taken, err, stream.options)
	}
	if err := conn.Close(); !errors.Is(err, net.ErrClosed) || stream.dropped != 0 {
		t.Errorf("got %v, dropped %d times", err, stream.dropped)
	}
}
