package airssys

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Code is a case of the errors with which the methods of a Component fail. A code is itself an error, so that both
// return airssys.ErrInvalidInput and errors.Is(err, airssys.ErrInvalidInput) work.
type Code uint8

// The cases. Execute gives the last six, the other methods the first five; ErrResourceExhausted belongs to both. A code
// that a method cannot give becomes the one that the method's other errors become.
const (
	// ErrInitializationFailed: the component could not be set up.
	ErrInitializationFailed Code = iota
	// ErrConfigurationInvalid: the environment or data lacks something or has an invalid value.
	ErrConfigurationInvalid
	// ErrInvalidMessage: the component does not understand the message or the outcome of a request.
	ErrInvalidMessage
	// ErrInternal: anything else that went wrong within the component.
	ErrInternal
	// ErrResourceExhausted: the component ran out of something that it needs.
	ErrResourceExhausted
	// ErrUnknownOperation: the component has no such operation. The message is its name.
	ErrUnknownOperation
	// ErrInvalidInput: the input is not what the operation takes.
	ErrInvalidInput
	// ErrProcessingFailed: the operation began and failed.
	ErrProcessingFailed
	// ErrPermissionDenied: the operation needs something that the component is not permitted. The message says what, and
	// which line of Component.toml is missing.
	ErrPermissionDenied
	// ErrTimeout: the operation, or something that it waited for, ran out of time.
	ErrTimeout
)

var codeNames = [...]string{
	ErrInitializationFailed: "initialization failed",
	ErrConfigurationInvalid: "configuration invalid",
	ErrInvalidMessage:       "invalid message",
	ErrInternal:             "internal error",
	ErrResourceExhausted:    "resource exhausted",
	ErrUnknownOperation:     "unknown operation",
	ErrInvalidInput:         "invalid input",
	ErrProcessingFailed:     "processing failed",
	ErrPermissionDenied:     "permission denied",
	ErrTimeout:              "timeout",
}

// Error gives the case in words.
func (c Code) Error() string {
	if int(c) < len(codeNames) {
		return codeNames[c]
	}
	return fmt.Sprintf("code %d", uint8(c))
}

// Is says whether the target is an error of the standard library with the same meaning: fs.ErrPermission for
// ErrPermissionDenied, os.ErrDeadlineExceeded for ErrTimeout.
func (c Code) Is(target error) bool {
	switch c {
	case ErrPermissionDenied:
		return target == fs.ErrPermission
	case ErrTimeout:
		return target == os.ErrDeadlineExceeded
	default:
		return false
	}
}

// Error is a failure of a component, with the text that the host gets word for word.
type Error struct {
	// Code is the case.
	Code Code
	// Message is the text of the case, without the case itself.
	Message string
	cause   error
}

// Errorf makes an *Error from a format as fmt.Errorf does: %w keeps the cause in the chain of the error.
func Errorf(code Code, format string, arguments ...any) error {
	cause := fmt.Errorf(format, arguments...)
	return &Error{Code: code, Message: cause.Error(), cause: cause}
}

// UnknownOperation is the error of Execute for a name that the component does not have.
func UnknownOperation(operation string) error {
	return &Error{Code: ErrUnknownOperation, Message: operation}
}

// Error gives the case and the message.
func (e *Error) Error() string {
	if e.Message == "" {
		return e.Code.Error()
	}
	if e.Code == ErrPermissionDenied && strings.HasPrefix(e.Message, e.Code.Error()) {
		// That of a *PermissionDenied begins with it.
		return e.Message
	}
	return e.Code.Error() + ": " + e.Message
}

// Unwrap gives the code, and the cause if Errorf was given one.
func (e *Error) Unwrap() []error {
	if e.cause == nil {
		return []error{e.Code}
	}
	return []error{e.Code, e.cause}
}

// PermissionDenied is a refusal of the host, which has done nothing. It is in the chain of the errors of all packages:
//
//	var denied *airssys.PermissionDenied
//	if errors.As(err, &denied) {
//		log.Print("not permitted: ", denied.Resource)
//	}
//
// errors.Is(err, fs.ErrPermission) holds for it too.
type PermissionDenied struct {
	// Operation that was refused, for example ext-filesystem/files.open.
	Operation string
	// Resource that it was refused on: a path, an address, a program or the id of a component.
	Resource string
	// Missing is the line of Component.toml that would have allowed it; empty if none can.
	Missing string
}

// Error names the operation, the resource, and the line that both the component and the operator have to give. The text
// is the same in every SDK.
func (d *PermissionDenied) Error() string {
	if d.Missing == "" {
		return fmt.Sprintf("permission denied: %s on %s: no permission can allow it", d.Operation, d.Resource)
	}
	return fmt.Sprintf("permission denied: %s on %s: needs %s in [permissions] of Component.toml, and the operator's grant",
		d.Operation, d.Resource, d.Missing)
}

// Is says whether the target is fs.ErrPermission.
func (d *PermissionDenied) Is(target error) bool { return target == fs.ErrPermission }

// RequestError is why a request has no reply, in the words of the host. Besides those below it may be "failed: " and
// the error of the target.
type RequestError string

// The failures of a request that have a name.
const (
	// ErrRequestTimeout: no reply came within the time that the request allowed.
	ErrRequestTimeout RequestError = "timeout"
	// ErrRequestCancelled: the request was cancelled.
	ErrRequestCancelled RequestError = "cancelled"
	// ErrComponentGone: the target stopped before it replied.
	ErrComponentGone RequestError = "component-gone"
)

// Error gives the words of the host.
func (e RequestError) Error() string { return string(e) }

// Is says whether the target is os.ErrDeadlineExceeded and this is ErrRequestTimeout.
func (e RequestError) Is(target error) bool {
	return e == ErrRequestTimeout && target == os.ErrDeadlineExceeded
}

// classify finds the code and the text with which an error crosses the boundary.
func classify(err error, other Code) (Code, string) {
	if e, ok := err.(*Error); ok {
		return e.Code, e.Message
	}
	var denied *PermissionDenied
	var code Code
	switch {
	case errors.As(err, &code):
		return code, err.Error()
	case errors.As(err, &denied):
		return ErrPermissionDenied, denied.Error()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return ErrTimeout, err.Error()
	default:
		return other, err.Error()
	}
}
