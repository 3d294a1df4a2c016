package tcp

import (
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
)

// Endpoint is where to connect to.
type Endpoint struct {
	// Host is a name, or an IPv4 or IPv6 literal without brackets.
	Host string
	// Port is 1 to 65,535.
	Port uint16
}

// String gives host:port, with an IPv6 literal in brackets.
func (e Endpoint) String() string { return net.JoinHostPort(e.Host, strconv.Itoa(int(e.Port))) }

// ParseEndpoint is the opposite of String. The port is a number.
//
// Errors: network.ErrInvalidArgument.
func ParseEndpoint(address string) (Endpoint, error) {
	name, text, err := net.SplitHostPort(address)
	if err != nil {
		return Endpoint{}, host.InvalidNetworkArgument(err.Error())
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return Endpoint{}, host.InvalidNetworkArgument(fmt.Sprintf("%q is not a port", text))
	}
	return Endpoint{Host: name, Port: uint16(port)}, nil
}

// Options are the options of a connection. Durations count in whole milliseconds, rounded up, and are at most 49 days.
type Options struct {
	// NoDelay says whether to send small pieces at once (TCP_NODELAY).
	NoDelay bool
	// KeepAlive is after what time without traffic to probe whether the peer is still there; nil means never.
	KeepAlive *time.Duration
	// ReadTimeout is how long one read waits before it fails with network.ErrTimeout; nil means as long as the call of
	// the component may take.
	ReadTimeout *time.Duration
	// WriteTimeout is how long one write waits until some bytes are taken before it fails with network.ErrTimeout; nil
	// means as long as the call of the component may take.
	WriteTimeout *time.Duration
	// ReceiveBufferBytes is the size of the receive buffer; nil means what the host's operating system chooses.
	ReceiveBufferBytes *uint32
	// SendBufferBytes is the size of the send buffer; nil means what the host's operating system chooses.
	SendBufferBytes *uint32
}

func optionsOf(options generated.TcpOptions) Options {
	return Options{
		NoDelay:            options.NoDelay,
		KeepAlive:          host.OptionalDuration(options.KeepAliveMs),
		ReadTimeout:        host.OptionalDuration(options.ReadTimeoutMs),
		WriteTimeout:       host.OptionalDuration(options.WriteTimeoutMs),
		ReceiveBufferBytes: host.Pointer(options.ReceiveBufferBytes),
		SendBufferBytes:    host.Pointer(options.SendBufferBytes),
	}
}

func (o Options) generated() generated.TcpOptions {
	return generated.TcpOptions{
		NoDelay:            o.NoDelay,
		KeepAliveMs:        host.OptionalMilliseconds(o.KeepAlive),
		ReadTimeoutMs:      host.OptionalMilliseconds(o.ReadTimeout),
		WriteTimeoutMs:     host.OptionalMilliseconds(o.WriteTimeout),
		ReceiveBufferBytes: host.Option(o.ReceiveBufferBytes),
		SendBufferBytes:    host.Option(o.SendBufferBytes),
	}
}

// DefaultBacklog is a ListenOptions.Backlog for those who have no reason to choose another.
const DefaultBacklog = 128

// ListenOptions is how Listen sets up a listener.
type ListenOptions struct {
	// Backlog is how many connections may wait to be accepted. The host's operating system may lower it.
	Backlog uint32
	// ReuseAddress says whether to take an address that an earlier listener has left a short time ago.
	ReuseAddress bool
	// IPv6Only says whether a listener on an IPv6 address refuses IPv4 connections. Without effect on an IPv4 address.
	IPv6Only bool
}

// Direction is what Conn.Shutdown ends.
type Direction uint8

// The directions.
const (
	// DirectionRead is receiving.
	DirectionRead Direction = iota
	// DirectionWrite is sending. The peer sees the end of the stream.
	DirectionWrite
	// DirectionBoth is both.
	DirectionBoth
)

// Stats is what has gone over a connection.
type Stats struct {
	// Established is when the connection was made.
	Established airssys.Timestamp
	// BytesSent is how many bytes the component has sent. With TLS, before they were encrypted.
	BytesSent uint64
	// BytesReceived is how many bytes the component has received. With TLS, after they were decrypted.
	BytesReceived uint64
}

// TLSVersion is a version of TLS. Older ones are not offered.
type TLSVersion uint8

// The versions.
const (
	// TLS12 is TLS 1.2.
	TLS12 TLSVersion = iota
	// TLS13 is TLS 1.3.
	TLS13
)

// String gives the name of the contract, for example tls13.
func (v TLSVersion) String() string {
	names := [...]string{"tls12", "tls13"}
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("tls-version(%d)", uint8(v))
}

// TLSOptions is how to start TLS. Which certificates are trusted is for the host to decide and cannot be asked for.
type TLSOptions struct {
	// ServerName is the name that the peer's certificate must be for. It is also sent to the peer (SNI).
	ServerName string
	// ALPN are the application protocols to offer, the preferred one first, for example h2. None offers none.
	ALPN []string
}

// TLSInfo is what the two sides of a TLS connection have agreed on.
type TLSInfo struct {
	// Version is the version.
	Version TLSVersion
	// CipherSuite is the cipher suite by its IANA name, for example TLS_AES_128_GCM_SHA256.
	CipherSuite string
	// ALPN is the application protocol that the peer chose; nil if none.
	ALPN *string
	// PeerCertificate is the peer's certificate, in DER.
	PeerCertificate []byte
}

func tlsInfoOf(info generated.TlsInfo) TLSInfo {
	return TLSInfo{
		Version:         TLSVersion(info.Version),
		CipherSuite:     info.CipherSuite,
		ALPN:            host.Pointer(info.Alpn),
		PeerCertificate: info.PeerCertificate,
	}
}
