package hostservices

import (
	"fmt"
	"io/fs"
	"os"

	"github.com/airssys/airssys-wasm/sdk-go"
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
)

// Code is a case of the errors of this package. A code is itself an error, for errors.Is(err,
// hostservices.ErrMailboxFull).
type Code uint8

// The cases.
const (
	// ErrComponentNotFound: no component has this id, or it may not be seen. Error.Component is the id.
	ErrComponentNotFound Code = iota
	// ErrPermissionDenied: the permission is missing. Error.Denial says which.
	ErrPermissionDenied
	// ErrMailboxFull: the mailbox of Error.Component is full; nothing was queued.
	ErrMailboxFull
	// ErrPayloadTooLarge: the message or request is larger than Error.Limit.
	ErrPayloadTooLarge
	// ErrTimeout: the host could not accept the message in time.
	ErrTimeout
	// ErrUnknownRequest: no unfinished request of this component has the id Error.Request.
	ErrUnknownRequest
	// ErrDeliveryFailed: the message could not be delivered for the reason in Error.Message.
	ErrDeliveryFailed
)

var codeNames = [...]string{
	ErrComponentNotFound: "component not found",
	ErrPermissionDenied:  "permission denied",
	ErrMailboxFull:       "mailbox full",
	ErrPayloadTooLarge:   "payload too large",
	ErrTimeout:           "timeout",
	ErrUnknownRequest:    "unknown request",
	ErrDeliveryFailed:    "delivery failed",
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

// Error is why a message or request was not accepted, or a component not found. The code says which fields count.
type Error struct {
	// Code is the case.
	Code Code
	// Component is the one that was not found or whose mailbox is full.
	Component airssys.ComponentID
	// Denial is the host's refusal; nil for every case but ErrPermissionDenied.
	Denial *airssys.PermissionDenied
	// Limit is the host's limit on the size of a message or request, in bytes.
	Limit uint64
	// Request is the id that is not one of an unfinished request.
	Request airssys.RequestID
	// Message is the reason for ErrTimeout and ErrDeliveryFailed.
	Message string
}

// Error gives the case and what it is about.
func (e *Error) Error() string {
	switch e.Code {
	case ErrComponentNotFound, ErrMailboxFull:
		return fmt.Sprintf("%s: %s", e.Code.Error(), e.Component)
	case ErrPermissionDenied:
		if e.Denial != nil {
			return e.Denial.Error()
		}
		return e.Code.Error()
	case ErrPayloadTooLarge:
		return fmt.Sprintf("%s: the limit is %d bytes", e.Code.Error(), e.Limit)
	case ErrUnknownRequest:
		return fmt.Sprintf("%s: %s", e.Code.Error(), e.Request)
	default:
		return fmt.Sprintf("%s: %s", e.Code.Error(), e.Message)
	}
}

// Unwrap gives the code, and the refusal if there is one.
func (e *Error) Unwrap() []error {
	if e.Denial == nil {
		return []error{e.Code}
	}
	return []error{e.Code, e.Denial}
}

func errorOf(err core.MessagingError) error {
	switch err.Tag() {
	case core.MessagingError_ComponentNotFound:
		return &Error{Code: ErrComponentNotFound, Component: airssys.ComponentID(err.ComponentNotFound())}
	case core.MessagingError_PermissionDenied:
		return &Error{Code: ErrPermissionDenied, Denial: new(airssys.PermissionDenied(err.PermissionDenied()))}
	case core.MessagingError_MailboxFull:
		return &Error{Code: ErrMailboxFull, Component: airssys.ComponentID(err.MailboxFull())}
	case core.MessagingError_PayloadTooLarge:
		return &Error{Code: ErrPayloadTooLarge, Limit: err.PayloadTooLarge()}
	case core.MessagingError_Timeout:
		return &Error{Code: ErrTimeout, Message: err.Timeout()}
	case core.MessagingError_UnknownRequest:
		return &Error{Code: ErrUnknownRequest, Request: airssys.RequestID(err.UnknownRequest())}
	default:
		return &Error{Code: ErrDeliveryFailed, Message: err.DeliveryFailed()}
	}
}
