package processes

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/airssys/airssys-wasm/sdk-go"
	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// Code is a case of the errors of this package. A code is itself an error, for errors.Is(err,
// processes.ErrProgramNotFound).
type Code uint8

// The cases.
const (
	// ErrPermissionDenied: the permission is missing. Error.Denial says which. No process was started and no signal sent.
	ErrPermissionDenied Code = iota
	// ErrProgramNotFound: there is no such program. Error.Program is the one that was given.
	ErrProgramNotFound
	// ErrNotExecutable: the program is there, but it is not a file that can be executed. Error.Program is the one that was
	// given.
	ErrNotExecutable
	// ErrProcessNotFound: the component has started no process of Error.ID, or has closed it.
	ErrProcessNotFound
	// ErrAlreadyExited: the process has exited. Error.Status says how.
	ErrAlreadyExited
	// ErrNotPiped: Error.Stream of the process is not a pipe to the component.
	ErrNotPiped
	// ErrStdinClosed: the standard input of the process is closed, on this side or by the process.
	ErrStdinClosed
	// ErrTimeout: the time for the operation has passed.
	ErrTimeout
	// ErrTooManyProcesses: the component has as many processes as the host allows.
	ErrTooManyProcesses
	// ErrOutputTooLarge: the process has written more than Error.Limit bytes.
	ErrOutputTooLarge
	// ErrInvalidArgument: an argument makes no sense. The message says which.
	ErrInvalidArgument
	// ErrUnsupported: the host cannot do this. The message says what. Among it: to confine a child to the permissions of
	// the component.
	ErrUnsupported
	// ErrIO: the host's operating system failed in another way. The message says how.
	ErrIO
)

var codeNames = [...]string{
	ErrPermissionDenied: "permission denied",
	ErrProgramNotFound:  "program not found",
	ErrNotExecutable:    "not executable",
	ErrProcessNotFound:  "process not found",
	ErrAlreadyExited:    "already exited",
	ErrNotPiped:         "not piped",
	ErrStdinClosed:      "standard input closed",
	ErrTimeout:          "timeout",
	ErrTooManyProcesses: "too many processes",
	ErrOutputTooLarge:   "output too large",
	ErrInvalidArgument:  "invalid argument",
	ErrUnsupported:      "unsupported",
	ErrIO:               "input/output error",
}

// Error gives the case in words.
func (c Code) Error() string {
	if int(c) < len(codeNames) {
		return codeNames[c]
	}
	return fmt.Sprintf("code %d", uint8(c))
}

// Is says whether the target is an error of the standard library with the same meaning: fs.ErrPermission for
// ErrPermissionDenied, fs.ErrNotExist for ErrProgramNotFound, os.ErrProcessDone for ErrAlreadyExited,
// os.ErrDeadlineExceeded for ErrTimeout, fs.ErrInvalid for ErrInvalidArgument, errors.ErrUnsupported for ErrUnsupported.
func (c Code) Is(target error) bool {
	switch c {
	case ErrPermissionDenied:
		return target == fs.ErrPermission
	case ErrProgramNotFound:
		return target == fs.ErrNotExist
	case ErrAlreadyExited:
		return target == os.ErrProcessDone
	case ErrTimeout:
		return target == os.ErrDeadlineExceeded
	case ErrInvalidArgument:
		return target == fs.ErrInvalid
	case ErrUnsupported:
		return target == errors.ErrUnsupported
	default:
		return false
	}
}

// Error is why an operation of this package failed. The code says which fields count.
type Error struct {
	// Code is the case.
	Code Code
	// Program is the one that was not found or cannot be executed, as it was given.
	Program string
	// ID is that of the process that was not found.
	ID ID
	// Status is how the process has ended, for ErrAlreadyExited.
	Status ExitStatus
	// Stream is the one that is not a pipe.
	Stream Stream
	// Limit is that on the output, in bytes.
	Limit uint64
	// Message is the text of the cases that have one.
	Message string
	// Denial is the host's refusal; nil for every case but ErrPermissionDenied.
	Denial *airssys.PermissionDenied
}

// Error gives the case and what it is about.
func (e *Error) Error() string {
	about := e.Message
	switch e.Code {
	case ErrPermissionDenied:
		if e.Denial != nil {
			return e.Denial.Error()
		}
	case ErrProgramNotFound, ErrNotExecutable:
		about = e.Program
	case ErrProcessNotFound:
		about = fmt.Sprint(e.ID)
	case ErrAlreadyExited:
		about = e.Status.String()
	case ErrNotPiped:
		about = e.Stream.String()
	case ErrOutputTooLarge:
		about = fmt.Sprintf("the limit is %d bytes", e.Limit)
	}
	if about == "" {
		return e.Code.Error()
	}
	return e.Code.Error() + ": " + about
}

// Unwrap gives the code, and the refusal if there is one.
func (e *Error) Unwrap() []error {
	if e.Denial == nil {
		return []error{e.Code}
	}
	return []error{e.Code, e.Denial}
}

// ExitError is that a program ended by a signal or with a code other than 0. Only Cmd.Output gives it: for the other
// functions that is no failure of theirs.
type ExitError struct {
	// Program is the one that was given.
	Program string
	// Status is how it ended.
	Status ExitStatus
	// Stderr is what it wrote to standard error, if that was piped.
	Stderr []byte
}

// Error names the program and how it ended.
func (e *ExitError) Error() string { return e.Program + ": " + e.Status.String() }

func errorOf(err generated.ProcessError) error {
	// The codes are in the order of the contract.
	e := &Error{Code: Code(err.Tag())}
	switch err.Tag() {
	case generated.ProcessError_PermissionDenied:
		e.Denial = new(airssys.PermissionDenied(err.PermissionDenied()))
	case generated.ProcessError_ProgramNotFound:
		e.Program = err.ProgramNotFound()
	case generated.ProcessError_NotExecutable:
		e.Program = err.NotExecutable()
	case generated.ProcessError_ProcessNotFound:
		e.ID = ID(err.ProcessNotFound())
	case generated.ProcessError_AlreadyExited:
		e.Status = exitStatusOf(err.AlreadyExited())
	case generated.ProcessError_NotPiped:
		e.Stream = Stream(err.NotPiped())
	case generated.ProcessError_OutputTooLarge:
		e.Limit = err.OutputTooLarge()
	case generated.ProcessError_InvalidArgument:
		e.Message = err.InvalidArgument()
	case generated.ProcessError_Unsupported:
		e.Message = err.Unsupported()
	case generated.ProcessError_Io:
		e.Message = err.Io()
	}
	return e
}

func value[T any](result host.ProcessResult[T]) (T, error) {
	if result.IsErr() {
		var none T
		return none, errorOf(result.Err())
	}
	return result.Ok(), nil
}

func done(result host.ProcessResult[wit.Unit]) error {
	_, err := value(result)
	return err
}

// optional gives the value of an option as the public type, or nil.
func optional[G, T any](result host.ProcessResult[wit.Option[G]], convert func(G) T) (*T, error) {
	option, err := value(result)
	if err != nil || option.IsNone() {
		return nil, err
	}
	return new(convert(option.Some())), nil
}

func invalidArgument(problem string) error {
	return &Error{Code: ErrInvalidArgument, Message: problem}
}
