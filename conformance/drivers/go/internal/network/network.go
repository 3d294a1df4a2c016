// Package network turns what the SDK gives on the network into what the exports return.
package network

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	generated "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_ext_network_types"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/convert"
	sdk "github.com/airssys/airssys-wasm/sdk-go/network"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// Of makes the result of an operation on the network.
func Of[T any](value T, err error) wit.Result[T, generated.NetworkError] {
	if err != nil {
		return wit.Err[T](networkError(err))
	}
	return wit.Ok[T, generated.NetworkError](value)
}

// Done makes the result of an operation on the network that has no value.
func Done(err error) wit.Result[wit.Unit, generated.NetworkError] {
	return Of(wit.Unit{}, err)
}

// SocketAddress makes the result of an operation that gives an address.
func SocketAddress(address netip.AddrPort, err error) wit.Result[generated.SocketAddress, generated.NetworkError] {
	if err != nil {
		return wit.Err[generated.SocketAddress](networkError(err))
	}
	return wit.Ok[generated.SocketAddress, generated.NetworkError](SocketAddressOf(address))
}

// SocketAddressOf makes a socket-address.
func SocketAddressOf(address netip.AddrPort) generated.SocketAddress {
	return generated.SocketAddress{Ip: IPAddressOf(address.Addr()), Port: address.Port()}
}

// AddrPort is the opposite of SocketAddressOf.
func AddrPort(address generated.SocketAddress) netip.AddrPort {
	return netip.AddrPortFrom(Addr(address.Ip), address.Port)
}

// IPAddressOf makes an ip-address.
func IPAddressOf(address netip.Addr) generated.IpAddress {
	if address.Is4() {
		four := address.As4()
		return generated.MakeIpAddressIpv4(generated.Ipv4Address{F0: four[0], F1: four[1], F2: four[2], F3: four[3]})
	}
	bytes := address.As16()
	group := func(i int) uint16 { return uint16(bytes[2*i])<<8 | uint16(bytes[2*i+1]) }
	return generated.MakeIpAddressIpv6(generated.Ipv6Address{
		F0: group(0), F1: group(1), F2: group(2), F3: group(3), F4: group(4), F5: group(5), F6: group(6), F7: group(7),
	})
}

// Addr is the opposite of IPAddressOf.
func Addr(address generated.IpAddress) netip.Addr {
	if address.Tag() == generated.IpAddress_Ipv4 {
		four := address.Ipv4()
		return netip.AddrFrom4([4]byte{four.F0, four.F1, four.F2, four.F3})
	}
	six := address.Ipv6()
	var bytes [16]byte
	for i, group := range []uint16{six.F0, six.F1, six.F2, six.F3, six.F4, six.F5, six.F6, six.F7} {
		bytes[2*i], bytes[2*i+1] = byte(group>>8), byte(group)
	}
	return netip.AddrFrom16(bytes)
}

// OptionalDuration makes a duration of optional milliseconds.
func OptionalDuration(milliseconds wit.Option[uint32]) *time.Duration {
	if milliseconds.IsNone() {
		return nil
	}
	return new(convert.Duration(milliseconds.Some()))
}

// Milliseconds is the opposite of OptionalDuration.
func Milliseconds(duration *time.Duration) wit.Option[uint32] {
	if duration == nil {
		return wit.None[uint32]()
	}
	return wit.Some(uint32(*duration / time.Millisecond))
}

func networkError(err error) generated.NetworkError {
	var e *sdk.Error
	if !errors.As(err, &e) {
		panic(fmt.Sprintf("not an error of package network: %v", err))
	}
	switch e.Code {
	case sdk.ErrPermissionDenied:
		return generated.MakeNetworkErrorPermissionDenied(convert.Denial(err))
	case sdk.ErrConnectionRefused:
		return generated.MakeNetworkErrorConnectionRefused()
	case sdk.ErrConnectionReset:
		return generated.MakeNetworkErrorConnectionReset()
	case sdk.ErrConnectionAborted:
		return generated.MakeNetworkErrorConnectionAborted()
	case sdk.ErrNotConnected:
		return generated.MakeNetworkErrorNotConnected()
	case sdk.ErrTimeout:
		return generated.MakeNetworkErrorTimeout()
	case sdk.ErrHostUnreachable:
		return generated.MakeNetworkErrorHostUnreachable()
	case sdk.ErrNetworkUnreachable:
		return generated.MakeNetworkErrorNetworkUnreachable()
	case sdk.ErrAddressInUse:
		return generated.MakeNetworkErrorAddressInUse()
	case sdk.ErrAddressNotAvailable:
		return generated.MakeNetworkErrorAddressNotAvailable()
	case sdk.ErrNameNotFound:
		return generated.MakeNetworkErrorNameNotFound(e.Name)
	case sdk.ErrTemporaryResolverFailure:
		return generated.MakeNetworkErrorTemporaryResolverFailure(e.Message)
	case sdk.ErrInvalidArgument:
		return generated.MakeNetworkErrorInvalidArgument(e.Message)
	case sdk.ErrUnsupported:
		return generated.MakeNetworkErrorUnsupported(e.Message)
	case sdk.ErrTLSHandshake:
		return generated.MakeNetworkErrorTlsHandshake(e.Message)
	case sdk.ErrCertificateInvalid:
		return generated.MakeNetworkErrorCertificateInvalid(e.Message)
	case sdk.ErrDatagramTooLarge:
		return generated.MakeNetworkErrorDatagramTooLarge()
	case sdk.ErrEndOfStream:
		return generated.MakeNetworkErrorEndOfStream(e.Received)
	case sdk.ErrPoolExhausted:
		return generated.MakeNetworkErrorPoolExhausted()
	case sdk.ErrTooManySockets:
		return generated.MakeNetworkErrorTooManySockets()
	case sdk.ErrIO:
		return generated.MakeNetworkErrorIo(e.Message)
	default:
		panic(fmt.Sprintf("unknown code: %v", e.Code))
	}
}
