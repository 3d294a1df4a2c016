package airssys

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"

	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
)

func TestCodesAreErrorsOfTheStandardLibraryWhereTheyMeanTheSame(t *testing.T) {
	for code, target := range map[error]error{
		ErrPermissionDenied:   fs.ErrPermission,
		ErrTimeout:            os.ErrDeadlineExceeded,
		&PermissionDenied{}:   fs.ErrPermission,
		ErrRequestTimeout:     os.ErrDeadlineExceeded,
		ErrRequestCancelled:   ErrRequestCancelled,
		ErrInvalidInput:       ErrInvalidInput,
		UnknownOperation("x"): ErrUnknownOperation,
	} {
		if !errors.Is(code, target) {
			t.Errorf("%v is not %v", code, target)
		}
	}
	for code, target := range map[error]error{
		ErrInvalidInput:     fs.ErrPermission,
		ErrComponentGone:    os.ErrDeadlineExceeded,
		ErrProcessingFailed: ErrInvalidInput,
	} {
		if errors.Is(code, target) {
			t.Errorf("%v is %v", code, target)
		}
	}
}

func TestErrorfKeepsTheCause(t *testing.T) {
	err := Errorf(ErrInvalidInput, "reading: %w", os.ErrNotExist)
	if !errors.Is(err, ErrInvalidInput) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v lost its code or its cause", err)
	}
	if want := "invalid input: reading: file does not exist"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

func TestErrorsOfExecuteReachTheHostAsTheirCase(t *testing.T) {
	denied := &PermissionDenied{Operation: "ext-filesystem/files.open", Resource: "/a", Missing: "filesystem = […]"}
	for name, test := range map[string]struct {
		err  error
		want core.ExecutionError
	}{
		"an exact error":          {&Error{Code: ErrTimeout, Message: "100 %d"}, core.MakeExecutionErrorTimeout("100 %d")},
		"an exact empty message":  {&Error{Code: ErrTimeout}, core.MakeExecutionErrorTimeout("")},
		"a bare code":             {ErrResourceExhausted, core.MakeExecutionErrorResourceExhausted("resource exhausted")},
		"a wrapped code":          {fmt.Errorf("a: %w", ErrInvalidInput), core.MakeExecutionErrorInvalidInput("a: invalid input")},
		"a wrapped error":         {fmt.Errorf("a: %w", &Error{Code: ErrInvalidInput, Message: "b"}), core.MakeExecutionErrorInvalidInput("a: invalid input: b")},
		"a refusal":               {fmt.Errorf("a: %w", denied), core.MakeExecutionErrorPermissionDenied(denied.Error())},
		"an unknown operation":    {UnknownOperation("x"), core.MakeExecutionErrorUnknownOperation("x")},
		"a deadline":              {os.ErrDeadlineExceeded, core.MakeExecutionErrorTimeout("i/o timeout")},
		"another error":           {errors.New("x"), core.MakeExecutionErrorProcessingFailed("x")},
		"a case of other methods": {&Error{Code: ErrInternal, Message: "x"}, core.MakeExecutionErrorProcessingFailed("internal error: x")},
		"text that is not UTF-8":  {&Error{Code: ErrInvalidInput, Message: "\xff"}, core.MakeExecutionErrorInvalidInput("\uFFFD")},
	} {
		if got := executionError(test.err); got != test.want {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}

func TestARefusalHasOneForm(t *testing.T) {
	denied := &PermissionDenied{Operation: "ext-filesystem/files.open", Resource: "/data/a", Missing: "filesystem = [x]"}
	want := "permission denied: ext-filesystem/files.open on /data/a: needs filesystem = [x] in [permissions] of " +
		"Component.toml, and the operator's grant"
	if denied.Error() != want {
		t.Errorf("got %q, want %q", denied, want)
	}
	denied.Missing = ""
	if want := "permission denied: ext-filesystem/files.open on /data/a: no permission can allow it"; denied.Error() != want {
		t.Errorf("got %q, want %q", denied, want)
	}
}

func TestErrorsOfOtherMethodsReachTheHostAsTheirCase(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want core.ComponentError
	}{
		"an exact error":        {&Error{Code: ErrConfigurationInvalid, Message: "x"}, core.MakeComponentErrorConfigurationInvalid("x")},
		"another case":          {&Error{Code: ErrInvalidMessage, Message: "x"}, core.MakeComponentErrorInvalidMessage("x")},
		"a bare code":           {ErrResourceExhausted, core.MakeComponentErrorResourceExhausted("resource exhausted")},
		"a code of Execute":     {&Error{Code: ErrTimeout, Message: "x"}, core.MakeComponentErrorInitializationFailed("timeout: x")},
		"another error":         {errors.New("x"), core.MakeComponentErrorInitializationFailed("x")},
		"an internal error":     {&Error{Code: ErrInternal, Message: "x"}, core.MakeComponentErrorInternal("x")},
		"an initial failure":    {ErrInitializationFailed, core.MakeComponentErrorInitializationFailed("initialization failed")},
		"a refusal of the host": {&PermissionDenied{Missing: "m"}, core.MakeComponentErrorInitializationFailed((&PermissionDenied{Missing: "m"}).Error())},
	} {
		if got := componentError(test.err, ErrInitializationFailed); got != test.want {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}
