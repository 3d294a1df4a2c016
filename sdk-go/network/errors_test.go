package network

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"reflect"
	"syscall"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_capabilities"
	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_network_types"
)

func TestErrorsKeepTheirCaseAndPayload(t *testing.T) {
	denial := airssys_core_capabilities.PermissionDenial{Operation: "o", Resource: "r", Missing: "m"}
	tests := []struct {
		err  generated.NetworkError
		want Error
		std  error
	}{
		{generated.MakeNetworkErrorPermissionDenied(denial), Error{Code: ErrPermissionDenied, Denial: &airssys.PermissionDenied{Operation: "o", Resource: "r", Missing: "m"}}, fs.ErrPermission},
		{generated.MakeNetworkErrorConnectionRefused(), Error{Code: ErrConnectionRefused}, syscall.ECONNREFUSED},
		{generated.MakeNetworkErrorConnectionReset(), Error{Code: ErrConnectionReset}, syscall.ECONNRESET},
		{generated.MakeNetworkErrorConnectionAborted(), Error{Code: ErrConnectionAborted}, syscall.ECONNABORTED},
		{generated.MakeNetworkErrorNotConnected(), Error{Code: ErrNotConnected}, syscall.ENOTCONN},
		{generated.MakeNetworkErrorTimeout(), Error{Code: ErrTimeout}, os.ErrDeadlineExceeded},
		{generated.MakeNetworkErrorHostUnreachable(), Error{Code: ErrHostUnreachable}, syscall.EHOSTUNREACH},
		{generated.MakeNetworkErrorNetworkUnreachable(), Error{Code: ErrNetworkUnreachable}, syscall.ENETUNREACH},
		{generated.MakeNetworkErrorAddressInUse(), Error{Code: ErrAddressInUse}, syscall.EADDRINUSE},
		{generated.MakeNetworkErrorAddressNotAvailable(), Error{Code: ErrAddressNotAvailable}, syscall.EADDRNOTAVAIL},
		{generated.MakeNetworkErrorNameNotFound("n"), Error{Code: ErrNameNotFound, Name: "n"}, nil},
		{generated.MakeNetworkErrorTemporaryResolverFailure("m"), Error{Code: ErrTemporaryResolverFailure, Message: "m"}, nil},
		{generated.MakeNetworkErrorInvalidArgument("m"), Error{Code: ErrInvalidArgument, Message: "m"}, fs.ErrInvalid},
		{generated.MakeNetworkErrorUnsupported("m"), Error{Code: ErrUnsupported, Message: "m"}, errors.ErrUnsupported},
		{generated.MakeNetworkErrorTlsHandshake("m"), Error{Code: ErrTLSHandshake, Message: "m"}, nil},
		{generated.MakeNetworkErrorCertificateInvalid("m"), Error{Code: ErrCertificateInvalid, Message: "m"}, nil},
		{generated.MakeNetworkErrorDatagramTooLarge(), Error{Code: ErrDatagramTooLarge}, nil},
		{generated.MakeNetworkErrorEndOfStream(1<<64 - 1), Error{Code: ErrEndOfStream, Received: 1<<64 - 1}, io.ErrUnexpectedEOF},
		{generated.MakeNetworkErrorPoolExhausted(), Error{Code: ErrPoolExhausted}, nil},
		{generated.MakeNetworkErrorTooManySockets(), Error{Code: ErrTooManySockets}, nil},
		{generated.MakeNetworkErrorIo("m"), Error{Code: ErrIO, Message: "m"}, nil},
	}
	if len(tests) != len(codeNames) {
		t.Errorf("%d of %d cases are tried", len(tests), len(codeNames))
	}
	for _, test := range tests {
		err := errorOf(test.err)
		if !reflect.DeepEqual(err, &test.want) {
			t.Errorf("got %#v, want %#v", err, test.want)
		}
		if !errors.Is(err, test.want.Code) || err.Error() == "" {
			t.Errorf("%v is not %v", err, test.want.Code)
		}
		for _, std := range sameMeaning {
			if errors.Is(err, std) != (std == test.std) {
				t.Errorf("%v is %v: %v", err, std, errors.Is(err, std))
			}
		}
		var denied *airssys.PermissionDenied
		if errors.As(err, &denied) != (test.want.Denial != nil) {
			t.Errorf("%v has a refusal: %v", err, denied)
		}
		var general net.Error
		if !errors.As(err, &general) || general.Timeout() != (test.want.Code == ErrTimeout) {
			t.Errorf("%v as a net.Error", err)
		}
	}
	if text := Code(99).Error(); text != "code 99" {
		t.Errorf("got %q", text)
	}
}
