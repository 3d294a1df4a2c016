package airssystest

import (
	"io"

	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

func (s *stream) Read(maxBytes uint32) host.Network[[]byte] {
	if maxBytes == 0 || s.shutRead {
		return networkValue[[]byte](nil)
	}
	data := make([]byte, min(maxBytes, maxTransfer))
	_ = s.pipe.SetReadDeadline(until(s.options.ReadTimeoutMs))
	n, err := s.pipe.Read(data)
	s.received(n)
	if err != nil && err != io.EOF {
		return fail[[]byte](err)
	}
	return networkValue(data[:n])
}

func (s *stream) ReadExact(length uint32) host.Network[[]byte] {
	if length > maxTransfer {
		return networkError[[]byte](generated.MakeNetworkErrorInvalidArgument("the length is above the limit"))
	}
	data := make([]byte, length)
	_ = s.pipe.SetReadDeadline(until(s.options.ReadTimeoutMs))
	n, err := io.ReadFull(s.pipe, data)
	s.received(n)
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return networkError[[]byte](generated.MakeNetworkErrorEndOfStream(uint64(n)))
	case err != nil:
		return fail[[]byte](err)
	default:
		return networkValue(data)
	}
}

func (s *stream) Write(data []byte) host.Network[uint32] {
	if s.shutWrite {
		return networkError[uint32](generated.MakeNetworkErrorNotConnected())
	}
	_ = s.pipe.SetWriteDeadline(until(s.options.WriteTimeoutMs))
	n, err := s.pipe.Write(data)
	s.sent(n)
	// What was taken was taken, even if the time for the rest has passed.
	if err != nil && n == 0 {
		return fail[uint32](err)
	}
	return networkValue(uint32(n))
}

func (s *stream) WriteAll(data []byte) host.Network[wit.Unit] {
	result := s.Write(data)
	switch {
	case result.IsErr():
		return networkError[wit.Unit](result.Err())
	case result.Ok() < uint32(len(data)):
		return networkError[wit.Unit](generated.MakeNetworkErrorConnectionReset())
	default:
		return networkValue(wit.Unit{})
	}
}

// Shutdown ends directions for the component only: a pipe has no half that can be closed.
func (s *stream) Shutdown(direction generated.ShutdownDirection) host.Network[wit.Unit] {
	s.shutRead = s.shutRead || direction != generated.ShutdownDirection_Write
	s.shutWrite = s.shutWrite || direction != generated.ShutdownDirection_Read
	return networkValue(wit.Unit{})
}

func (s *stream) LocalAddress() host.Network[generated.SocketAddress] {
	return noNetwork[generated.SocketAddress]("tcp.tcp-stream.local-address")
}

func (s *stream) RemoteAddress() host.Network[generated.SocketAddress] {
	return noNetwork[generated.SocketAddress]("tcp.tcp-stream.remote-address")
}

func (s *stream) Options() host.Network[generated.TcpOptions] { return networkValue(s.options) }

func (s *stream) SetOptions(options generated.TcpOptions) host.Network[wit.Unit] {
	s.options = options
	return networkValue(wit.Unit{})
}

func (s *stream) Stats() generated.ConnectionStats {
	defer s.host.lock()()
	return s.stats
}

func (s *stream) StartTls(options generated.TlsOptions) host.Network[generated.TlsInfo] {
	if s.tls.IsSome() {
		return networkError[generated.TlsInfo](generated.MakeNetworkErrorInvalidArgument("TLS was started before"))
	}
	info := generated.TlsInfo{Version: generated.TlsVersion_Tls13, CipherSuite: "TLS_AES_128_GCM_SHA256"}
	if len(options.Alpn) > 0 {
		info.Alpn = wit.Some(options.Alpn[0])
	}
	s.tls = wit.Some(info)
	return networkValue(info)
}

func (s *stream) TlsInfo() wit.Option[generated.TlsInfo] { return s.tls }

func (s *stream) Drop() {
	_ = s.pipe.Close()
	defer s.host.lock()()
	s.dropped = true
	s.host.open--
}

func (s *stream) received(n int) {
	defer s.host.lock()()
	s.stats.BytesReceived += uint64(n)
}

func (s *stream) sent(n int) {
	defer s.host.lock()()
	s.stats.BytesSent += uint64(n)
}
