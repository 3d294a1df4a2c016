package processes

import (
	"errors"
	"io/fs"
	"os"
	"reflect"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_capabilities"
	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_types"
)

func TestErrorsKeepTheirCaseAndPayload(t *testing.T) {
	denial := airssys_core_capabilities.PermissionDenial{Operation: "o", Resource: "r", Missing: "m"}
	killed := generated.MakeExitStatusSignaled(generated.MakeSignalKill())
	tests := []struct {
		err  generated.ProcessError
		want Error
		std  error
	}{
		{generated.MakeProcessErrorPermissionDenied(denial), Error{Code: ErrPermissionDenied, Denial: &airssys.PermissionDenied{Operation: "o", Resource: "r", Missing: "m"}}, fs.ErrPermission},
		{generated.MakeProcessErrorProgramNotFound("p"), Error{Code: ErrProgramNotFound, Program: "p"}, fs.ErrNotExist},
		{generated.MakeProcessErrorNotExecutable("p"), Error{Code: ErrNotExecutable, Program: "p"}, nil},
		{generated.MakeProcessErrorProcessNotFound(1<<32 - 1), Error{Code: ErrProcessNotFound, ID: 1<<32 - 1}, nil},
		{generated.MakeProcessErrorAlreadyExited(killed), Error{Code: ErrAlreadyExited, Status: ExitStatus{Signaled: true, Signal: SignalKill}}, os.ErrProcessDone},
		{generated.MakeProcessErrorNotPiped(generated.StdioStream_Stderr), Error{Code: ErrNotPiped, Stream: StreamStderr}, nil},
		{generated.MakeProcessErrorStdinClosed(), Error{Code: ErrStdinClosed}, nil},
		{generated.MakeProcessErrorTimeout(), Error{Code: ErrTimeout}, os.ErrDeadlineExceeded},
		{generated.MakeProcessErrorTooManyProcesses(), Error{Code: ErrTooManyProcesses}, nil},
		{generated.MakeProcessErrorOutputTooLarge(1<<64 - 1), Error{Code: ErrOutputTooLarge, Limit: 1<<64 - 1}, nil},
		{generated.MakeProcessErrorInvalidArgument("m"), Error{Code: ErrInvalidArgument, Message: "m"}, fs.ErrInvalid},
		{generated.MakeProcessErrorUnsupported("m"), Error{Code: ErrUnsupported, Message: "m"}, errors.ErrUnsupported},
		{generated.MakeProcessErrorIo("m"), Error{Code: ErrIO, Message: "m"}, nil},
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
		for _, std := range []error{fs.ErrPermission, fs.ErrNotExist, os.ErrProcessDone, os.ErrDeadlineExceeded, fs.ErrInvalid, errors.ErrUnsupported} {
			if errors.Is(err, std) != (std == test.std) {
				t.Errorf("%v is %v: %v", err, std, errors.Is(err, std))
			}
		}
		var denied *airssys.PermissionDenied
		if errors.As(err, &denied) != (test.want.Denial != nil) {
			t.Errorf("%v has a refusal: %v", err, denied)
		}
	}
}

func TestErrorsSayWhatTheyAreAbout(t *testing.T) {
	for want, err := range map[string]error{
		"program not found: p":                       &Error{Code: ErrProgramNotFound, Program: "p"},
		"already exited: exit status 3":              &Error{Code: ErrAlreadyExited, Status: ExitStatus{Code: 3}},
		"not piped: stdin":                           &Error{Code: ErrNotPiped},
		"output too large: the limit is 5 bytes":     &Error{Code: ErrOutputTooLarge, Limit: 5},
		"standard input closed":                      &Error{Code: ErrStdinClosed},
		"/usr/bin/sort: signal: other(34)":           &ExitError{Program: "/usr/bin/sort", Status: ExitStatus{Signaled: true, Signal: OtherSignal(34)}},
		"invalid argument: there is no signal(1000)": func() error { _, err := Signal(1000).generated(); return err }(),
	} {
		if err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	}
}

func TestEverySignalCrossesBothWays(t *testing.T) {
	signals := []Signal{OtherSignal(0), OtherSignal(255)}
	for signal := range makeSignal {
		signals = append(signals, Signal(signal))
	}
	for _, signal := range signals {
		sent, err := signal.generated()
		if err != nil || signalOf(sent) != signal {
			t.Errorf("%v became %v, %v", signal, signalOf(sent), err)
		}
	}
	if SignalContinue != Signal(generated.Signal_Continue) || SignalTerminate.String() != "terminate" {
		t.Error("the signals are in another order")
	}
	for _, signal := range []Signal{SignalContinue + 1, otherSignals - 1, 2 * otherSignals} {
		if _, err := signal.generated(); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%d: %v", signal, err)
		}
	}
}
