// Package export_airssys_ext_network_tcp is what the generated exports of tcp call. Its name and place are the
// generator's choice.
package export_airssys_ext_network_tcp

import (
	"runtime"

	core "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_core_types"
	generated "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_ext_network_types"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/convert"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/network"
	"github.com/airssys/airssys-wasm/sdk-go/tcp"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

type result[T any] = wit.Result[T, generated.NetworkError]

// TcpStream is the exported resource: the SDK's connection behind a handle of this component.
type TcpStream struct {
	// The generated methods keep the handle here, and the object in its place.
	handle int32
	pinner runtime.Pinner
	conn   *tcp.Conn
}

// NewTcpStream makes a stream of a connection of the SDK.
func NewTcpStream(conn *tcp.Conn) *TcpStream { return &TcpStream{conn: conn} }

// Take takes the connection out of a stream that the host has given away. The bindings do not say which handle it came
// as, so that this one stays, without a use, until the end of the instance.
func (s *TcpStream) Take() *tcp.Conn {
	conn := s.conn
	s.conn = nil
	s.pinner.Unpin()
	return conn
}

// OnDrop closes the connection: the host has dropped the handle.
func (s *TcpStream) OnDrop() {
	if err := s.conn.Close(); err != nil {
		panic(err)
	}
}

// Read forwards tcp.tcp-stream.read.
func (s *TcpStream) Read(maxBytes uint32) result[[]byte] {
	return network.Of(s.conn.ReadChunk(maxBytes))
}

// ReadExact forwards tcp.tcp-stream.read-exact.
func (s *TcpStream) ReadExact(length uint32) result[[]byte] {
	return network.Of(s.conn.ReadExact(length))
}

// Write forwards tcp.tcp-stream.write.
func (s *TcpStream) Write(data []byte) result[uint32] {
	return network.Of(s.conn.WriteChunk(data))
}

// WriteAll forwards tcp.tcp-stream.write-all.
func (s *TcpStream) WriteAll(data []byte) result[wit.Unit] {
	return network.Done(s.conn.WriteAll(data))
}

// Shutdown forwards tcp.tcp-stream.shutdown.
func (s *TcpStream) Shutdown(direction generated.ShutdownDirection) result[wit.Unit] {
	return network.Done(s.conn.Shutdown(tcp.Direction(direction)))
}

// LocalAddress forwards tcp.tcp-stream.local-address.
func (s *TcpStream) LocalAddress() result[generated.SocketAddress] {
	return network.SocketAddress(s.conn.LocalAddress())
}

// RemoteAddress forwards tcp.tcp-stream.remote-address.
func (s *TcpStream) RemoteAddress() result[generated.SocketAddress] {
	return network.SocketAddress(s.conn.RemoteAddress())
}

// Options forwards tcp.tcp-stream.options.
func (s *TcpStream) Options() result[generated.TcpOptions] {
	options, err := s.conn.Options()
	return network.Of(generated.TcpOptions{
		NoDelay:            options.NoDelay,
		KeepAliveMs:        network.Milliseconds(options.KeepAlive),
		ReadTimeoutMs:      network.Milliseconds(options.ReadTimeout),
		WriteTimeoutMs:     network.Milliseconds(options.WriteTimeout),
		ReceiveBufferBytes: convert.Option(options.ReceiveBufferBytes),
		SendBufferBytes:    convert.Option(options.SendBufferBytes),
	}, err)
}

// SetOptions forwards tcp.tcp-stream.set-options.
func (s *TcpStream) SetOptions(options generated.TcpOptions) result[wit.Unit] {
	return network.Done(s.conn.SetOptions(tcp.Options{
		NoDelay:            options.NoDelay,
		KeepAlive:          network.OptionalDuration(options.KeepAliveMs),
		ReadTimeout:        network.OptionalDuration(options.ReadTimeoutMs),
		WriteTimeout:       network.OptionalDuration(options.WriteTimeoutMs),
		ReceiveBufferBytes: convert.Pointer(options.ReceiveBufferBytes),
		SendBufferBytes:    convert.Pointer(options.SendBufferBytes),
	}))
}

// Stats forwards tcp.tcp-stream.stats.
func (s *TcpStream) Stats() generated.ConnectionStats {
	stats := s.conn.Stats()
	return generated.ConnectionStats{
		Established:   core.Timestamp(stats.Established),
		BytesSent:     stats.BytesSent,
		BytesReceived: stats.BytesReceived,
	}
}

// StartTls forwards tcp.tcp-stream.start-tls.
func (s *TcpStream) StartTls(options generated.TlsOptions) result[generated.TlsInfo] {
	info, err := s.conn.StartTLS(tcp.TLSOptions{ServerName: options.ServerName, ALPN: options.Alpn})
	return network.Of(tlsInfo(info), err)
}

// TlsInfo forwards tcp.tcp-stream.tls-info.
func (s *TcpStream) TlsInfo() wit.Option[generated.TlsInfo] {
	info := s.conn.TLSInfo()
	if info == nil {
		return wit.None[generated.TlsInfo]()
	}
	return wit.Some(tlsInfo(*info))
}

func tlsInfo(info tcp.TLSInfo) generated.TlsInfo {
	return generated.TlsInfo{
		Version:         generated.TlsVersion(info.Version),
		CipherSuite:     info.CipherSuite,
		Alpn:            convert.Option(info.ALPN),
		PeerCertificate: info.PeerCertificate,
	}
}

// TcpListener is the exported resource: the SDK's listener behind a handle of this component.
type TcpListener struct {
	handle   int32
	pinner   runtime.Pinner
	listener *tcp.Listener
}

// OnDrop closes the listener: the host has dropped the handle.
func (l *TcpListener) OnDrop() {
	if err := l.listener.Close(); err != nil {
		panic(err)
	}
}

// Accept forwards tcp.tcp-listener.accept.
func (l *TcpListener) Accept(timeoutMs wit.Option[uint32]) result[*TcpStream] {
	if timeoutMs.IsNone() {
		return stream(l.listener.AcceptTCP())
	}
	return stream(l.listener.AcceptTimeout(convert.Duration(timeoutMs.Some())))
}

// LocalAddress forwards tcp.tcp-listener.local-address.
func (l *TcpListener) LocalAddress() result[generated.SocketAddress] {
	return network.SocketAddress(l.listener.LocalAddress())
}

// Connect forwards tcp.connect.
func Connect(endpoint generated.Endpoint, timeoutMs wit.Option[uint32]) result[*TcpStream] {
	if timeoutMs.IsNone() {
		return stream(tcp.Connect(tcp.Endpoint(endpoint)))
	}
	return stream(tcp.ConnectTimeout(tcp.Endpoint(endpoint), convert.Duration(timeoutMs.Some())))
}

// Listen forwards tcp.listen.
func Listen(address generated.SocketAddress, options generated.ListenOptions) result[*TcpListener] {
	listener, err := tcp.Listen(network.AddrPort(address), tcp.ListenOptions{
		Backlog:      options.Backlog,
		ReuseAddress: options.ReuseAddress,
		IPv6Only:     options.Ipv6Only,
	})
	return network.Of(&TcpListener{listener: listener}, err)
}

func stream(conn *tcp.Conn, err error) result[*TcpStream] {
	return network.Of(NewTcpStream(conn), err)
}
