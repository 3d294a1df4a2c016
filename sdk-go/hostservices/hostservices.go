// Package hostservices has what the host does for every component: logging, messages to other components, and time. It
// is the interface host-services of the contract.
//
// Sending needs the permission messaging = [{ target = "<namespace>/<name>" }] in Component.toml.
package hostservices

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/airssys/airssys-wasm/sdk-go"
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// Level says how important a log record is, from the least to the most.
type Level uint8

// The levels.
const (
	// LevelTrace is step by step detail.
	LevelTrace Level = iota
	// LevelDebug is for those who look for a fault.
	LevelDebug
	// LevelInfo is the normal course of events.
	LevelInfo
	// LevelWarn is unexpected, but dealt with.
	LevelWarn
	// LevelError is a failure.
	LevelError
)

// String gives the name of the contract, for example info.
func (l Level) String() string {
	names := [...]string{"trace", "debug", "info", "warn", "error"}
	if int(l) < len(names) {
		return names[l]
	}
	return fmt.Sprintf("level(%d)", uint8(l))
}

// Field is one named value of a log record.
type Field struct {
	Name, Value string
}

// Log writes a record to the host's log, which adds the id of the component. It never fails and never waits: what is
// beyond the host's limits on size and rate is cut off or dropped, and counted. Bytes that are not UTF-8 are replaced.
// It needs no permission. NewLogHandler connects log/slog to it.
func Log(level Level, message string, fields ...Field) {
	pairs := make([]host.Field, len(fields))
	for i, field := range fields {
		pairs[i] = host.Field{F0: valid(field.Name), F1: valid(field.Value)}
	}
	host.Services().Log(core.LogLevel(level), valid(message), pairs)
}

// SendMessage puts a message into the mailbox of another component, whose HandleMessage gets it. It returns when the
// message is in the mailbox, not when it is handled.
//
// Errors: ErrPermissionDenied, ErrComponentNotFound, ErrMailboxFull at once without waiting for room,
// ErrPayloadTooLarge, ErrTimeout, ErrDeliveryFailed.
func SendMessage(target airssys.ComponentID, message []byte) error {
	if err := validID(target); err != nil {
		return err
	}
	return done(host.Services().SendMessage(core.ComponentId(target), message))
}

// SendRequest sends a request to another component and returns its id at once. The outcome arrives through
// HandleCallback, exactly once, after the present call has returned; a reply that takes longer than the timeout is the
// failure airssys.ErrRequestTimeout. The timeout counts in whole milliseconds, rounded up, and is at most 49 days.
//
// The errors are those of SendMessage; after one there is no callback.
func SendRequest(target airssys.ComponentID, request []byte, timeout time.Duration) (airssys.RequestID, error) {
	if err := validID(target); err != nil {
		return "", err
	}
	id, err := value(host.Services().SendRequest(core.ComponentId(target), request, host.Milliseconds(timeout)))
	return airssys.RequestID(id), err
}

// CancelRequest gives up a request of this component. Its outcome is then airssys.ErrRequestCancelled. It needs no
// permission.
//
// Errors: ErrUnknownRequest, if the request is not one of this component or has its outcome already.
func CancelRequest(request airssys.RequestID) error {
	if !utf8.ValidString(string(request)) {
		return &Error{Code: ErrUnknownRequest, Request: request}
	}
	return done(host.Services().CancelRequest(string(request)))
}

// CurrentTime gives the present time, which never goes back within one component. It needs no permission.
func CurrentTime() airssys.Timestamp {
	return airssys.Timestamp(host.Services().CurrentTime())
}

// Sleep waits. The duration counts in whole milliseconds, rounded up, and is at most 49 days; the wait ends early, and
// the call with it, when the deadline of the call passes. No goroutine runs meanwhile. It needs no permission.
func Sleep(duration time.Duration) {
	host.Services().Sleep(host.Milliseconds(duration))
}

// ListComponents gives the components that this one may send to, and itself. It needs no permission: a component that
// no messaging permission covers is left out.
func ListComponents() []airssys.ComponentID {
	listed := host.Services().ListComponents()
	ids := make([]airssys.ComponentID, len(listed))
	for i, id := range listed {
		ids[i] = airssys.ComponentID(id)
	}
	return ids
}

// GetComponentMetadata gives the metadata of a component that ListComponents lists.
//
// Errors: ErrComponentNotFound, if there is no such component or the permission is missing; the two are not told
// apart, so that existence does not leak.
func GetComponentMetadata(id airssys.ComponentID) (airssys.Metadata, error) {
	if err := validID(id); err != nil {
		return airssys.Metadata{}, err
	}
	metadata, err := value(host.Services().GetComponentMetadata(core.ComponentId(id)))
	if err != nil {
		return airssys.Metadata{}, err
	}
	return airssys.Metadata{
		ID:          airssys.ComponentID(metadata.Id),
		Description: metadata.Description,
		Authors:     metadata.Authors,
		License:     host.Pointer(metadata.License),
		Operations:  metadata.Operations,
	}, nil
}

func value[T any](result host.Messaging[T]) (T, error) {
	if result.IsErr() {
		var none T
		return none, errorOf(result.Err())
	}
	return result.Ok(), nil
}

func done(result host.Messaging[wit.Unit]) error {
	_, err := value(result)
	return err
}

// valid makes a string one that may cross the boundary: the host traps on one that is not UTF-8.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// validID refuses an id that cannot cross the boundary, and so can name no component.
func validID(id airssys.ComponentID) error {
	if utf8.ValidString(id.Namespace) && utf8.ValidString(id.Name) && utf8.ValidString(id.Version) {
		return nil
	}
	return &Error{Code: ErrComponentNotFound, Component: id}
}
