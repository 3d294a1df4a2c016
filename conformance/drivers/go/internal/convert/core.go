// Package convert turns what the SDK gives into what the exports return, case by case and field by field.
package convert

import (
	"errors"
	"fmt"
	"time"

	core "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_core_types"
	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/hostservices"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// Option makes an option of a pointer.
func Option[T any](pointer *T) wit.Option[T] {
	if pointer == nil {
		return wit.None[T]()
	}
	return wit.Some(*pointer)
}

// Pointer makes a pointer of an option.
func Pointer[T any](option wit.Option[T]) *T {
	if option.IsNone() {
		return nil
	}
	return new(option.Some())
}

// Duration makes a duration of milliseconds.
func Duration(milliseconds uint32) time.Duration {
	return time.Duration(milliseconds) * time.Millisecond
}

// Metadata makes a component-metadata.
func Metadata(metadata airssys.Metadata) core.ComponentMetadata {
	return core.ComponentMetadata{
		Id:          core.ComponentId(metadata.ID),
		Description: metadata.Description,
		Authors:     metadata.Authors,
		License:     Option(metadata.License),
		Operations:  metadata.Operations,
	}
}

// Messaging makes the result of an operation about other components.
func Messaging[T any](value T, err error) wit.Result[T, core.MessagingError] {
	if err != nil {
		return wit.Err[T](messagingError(err))
	}
	return wit.Ok[T, core.MessagingError](value)
}

func messagingError(err error) core.MessagingError {
	var e *hostservices.Error
	if !errors.As(err, &e) {
		panic(fmt.Sprintf("not an error of package hostservices: %v", err))
	}
	switch e.Code {
	case hostservices.ErrComponentNotFound:
		return core.MakeMessagingErrorComponentNotFound(core.ComponentId(e.Component))
	case hostservices.ErrPermissionDenied:
		return core.MakeMessagingErrorPermissionDenied(Denial(err))
	case hostservices.ErrMailboxFull:
		return core.MakeMessagingErrorMailboxFull(core.ComponentId(e.Component))
	case hostservices.ErrPayloadTooLarge:
		return core.MakeMessagingErrorPayloadTooLarge(e.Limit)
	case hostservices.ErrTimeout:
		return core.MakeMessagingErrorTimeout(e.Message)
	case hostservices.ErrUnknownRequest:
		return core.MakeMessagingErrorUnknownRequest(string(e.Request))
	case hostservices.ErrDeliveryFailed:
		return core.MakeMessagingErrorDeliveryFailed(e.Message)
	default:
		panic(fmt.Sprintf("unknown code: %v", e.Code))
	}
}
