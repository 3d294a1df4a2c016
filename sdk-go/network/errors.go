// Package network has the errors that the packages tcp, udp and connections share.
package network

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"syscall"

	"github.com/airssys/airssys-wasm/sdk-go"
	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
)

func init() { host.NetworkError = errorOf }

// Code is a case of the errors of the packages tcp, udp and connections. A code is itself an error, for errors.Is(err,
// network.ErrConnectionRefused).
type Code uint8

// The cases.
const (
	// ErrPermissionDenied: the permission is missing. Error.Denial says which. No packet was sent and no address bound.
	ErrPermissionDenied Code = iota
	// ErrConnectionRefused: nothing listens at the address.
	ErrConnectionRefused
	// ErrConnectionReset: the peer has reset the connection.
	ErrConnectionReset
	// ErrConnectionAborted: the connection was ended on this side of the network, for example by the host.
	ErrConnectionAborted
	// ErrNotConnected: the socket has no peer, or the direction was shut down.
	ErrNotConnected
	// ErrTimeout: the time for the operation has passed.
	ErrTimeout
	// ErrHostUnreachable: there is no way to the host of the address.
	ErrHostUnreachable
	// ErrNetworkUnreachable: there is no way to the network of the address.
	ErrNetworkUnreachable
	// ErrAddressInUse: another socket has this address and port.
	ErrAddressInUse
	// ErrAddressNotAvailable: the address is not one of this machine.
	ErrAddressNotAvailable
	// ErrNameNotFound: there is no such name, or it has no address of the family asked for. Error.Name is what was looked
	// up.
	ErrNameNotFound
	// ErrTemporaryResolverFailure: the resolver gives no answer at present. Trying again may help. The message says why.
	ErrTemporaryResolverFailure
	// ErrInvalidArgument: an argument makes no sense. The message says which.
	ErrInvalidArgument
	// ErrUnsupported: the host cannot do this. The message says what.
	ErrUnsupported
	// ErrTLSHandshake: the peer does not speak TLS, or the two sides have no version, suite or protocol in common. The
	// message says what went wrong.
	ErrTLSHandshake
	// ErrCertificateInvalid: the host's trust store does not accept the peer's certificate: its issuer is unknown, it is
	// for another name, or it is not valid at this time. The message says which.
	ErrCertificateInvalid
	// ErrDatagramTooLarge: the datagram is longer than 65,507 bytes.
	ErrDatagramTooLarge
	// ErrEndOfStream: the peer closed the connection before all bytes were received. Error.Received is how many were.
	ErrEndOfStream
	// ErrPoolExhausted: all connections of the pool were in use, and the time to wait for one has passed.
	ErrPoolExhausted
	// ErrTooManySockets: the component has as many sockets open as the host allows.
	ErrTooManySockets
	// ErrIO: the host's operating system failed in another way. The message says how.
	ErrIO
)

var codeNames = [...]string{
	ErrPermissionDenied:         "permission denied",
	ErrConnectionRefused:        "connection refused",
	ErrConnectionReset:          "connection reset",
	ErrConnectionAborted:        "connection aborted",
	ErrNotConnected:             "not connected",
	ErrTimeout:                  "timeout",
	ErrHostUnreachable:          "host unreachable",
	ErrNetworkUnreachable:       "network unreachable",
	ErrAddressInUse:             "address in use",
	ErrAddressNotAvailable:      "address not available",
	ErrNameNotFound:             "name not found",
	ErrTemporaryResolverFailure: "temporary resolver failure",
	ErrInvalidArgument:          "invalid argument",
	ErrUnsupported:              "unsupported",
	ErrTLSHandshake:             "TLS handshake failed",
	ErrCertificateInvalid:       "certificate invalid",
	ErrDatagramTooLarge:         "datagram too large",
	ErrEndOfStream:              "end of stream",
	ErrPoolExhausted:            "pool exhausted",
	ErrTooManySockets:           "too many sockets",
	ErrIO:                       "input/output error",
}

// Error gives the case in words.
func (c Code) Error() string {
	if int(c) < len(codeNames) {
		return codeNames[c]
	}
	return fmt.Sprintf("code %d", uint8(c))
}

// sameMeaning has the errors of the standard library that mean the same.
var sameMeaning = map[Code]error{
	ErrPermissionDenied:    fs.ErrPermission,
	ErrConnectionRefused:   syscall.ECONNREFUSED,
	ErrConnectionReset:     syscall.ECONNRESET,
	ErrConnectionAborted:   syscall.ECONNABORTED,
	ErrNotConnected:        syscall.ENOTCONN,
	ErrTimeout:             os.ErrDeadlineExceeded,
	ErrHostUnreachable:     syscall.EHOSTUNREACH,
	ErrNetworkUnreachable:  syscall.ENETUNREACH,
	ErrAddressInUse:        syscall.EADDRINUSE,
	ErrAddressNotAvailable: syscall.EADDRNOTAVAIL,
	ErrInvalidArgument:     fs.ErrInvalid,
	ErrUnsupported:         errors.ErrUnsupported,
	ErrEndOfStream:         io.ErrUnexpectedEOF,
}

// Is says whether the target is an error of the standard library with the same meaning: fs.ErrPermission for
// ErrPermissionDenied, os.ErrDeadlineExceeded for ErrTimeout, fs.ErrInvalid for ErrInvalidArgument,
// errors.ErrUnsupported for ErrUnsupported, io.ErrUnexpectedEOF for ErrEndOfStream, and for the states of connections
// and addresses syscall.ECONNREFUSED and the others of its kind.
func (c Code) Is(target error) bool {
	same, found := sameMeaning[c]
	return found && target == same
}

// Error is why an operation of the packages tcp, udp or connections failed. It is a net.Error.
type Error struct {
	// Code is the case.
	Code Code
	// Name is the name or address that was not found.
	Name string
	// Message is the text of the cases that have one.
	Message string
	// Received is how many bytes came, for ErrEndOfStream.
	Received uint64
	// Denial is the host's refusal; nil for every case but ErrPermissionDenied.
	Denial *airssys.PermissionDenied
}

var _ net.Error = (*Error)(nil)

// Error gives the case and what it is about.
func (e *Error) Error() string {
	switch {
	case e.Denial != nil:
		return e.Denial.Error()
	case e.Code == ErrEndOfStream:
		return fmt.Sprintf("%s after %d bytes", e.Code.Error(), e.Received)
	case e.Name != "":
		return e.Code.Error() + ": " + e.Name
	case e.Message != "":
		return e.Code.Error() + ": " + e.Message
	default:
		return e.Code.Error()
	}
}

// Timeout says whether the code is ErrTimeout.
func (e *Error) Timeout() bool { return e.Code == ErrTimeout }

// Temporary says whether the code is ErrTimeout or ErrTemporaryResolverFailure.
func (e *Error) Temporary() bool {
	return e.Code == ErrTimeout || e.Code == ErrTemporaryResolverFailure
}

// Unwrap gives the code, and the refusal if there is one.
func (e *Error) Unwrap() []error {
	if e.Denial == nil {
		return []error{e.Code}
	}
	return []error{e.Code, e.Denial}
}

func errorOf(err generated.NetworkError) error {
	// The codes are in the order of the contract.
	e := &Error{Code: Code(err.Tag())}
	switch err.Tag() {
	case generated.NetworkError_PermissionDenied:
		e.Denial = new(airssys.PermissionDenied(err.PermissionDenied()))
	case generated.NetworkError_NameNotFound:
		e.Name = err.NameNotFound()
	case generated.NetworkError_TemporaryResolverFailure:
		e.Message = err.TemporaryResolverFailure()
	case generated.NetworkError_InvalidArgument:
		e.Message = err.InvalidArgument()
	case generated.NetworkError_Unsupported:
		e.Message = err.Unsupported()
	case generated.NetworkError_TlsHandshake:
		e.Message = err.TlsHandshake()
	case generated.NetworkError_CertificateInvalid:
		e.Message = err.CertificateInvalid()
	case generated.NetworkError_EndOfStream:
		e.Received = err.EndOfStream()
	case generated.NetworkError_Io:
		e.Message = err.Io()
	}
	return e
}
