package airssys

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
)

// ComponentID names one version of one component.
type ComponentID struct {
	// Namespace, for example acme.
	Namespace string
	// Name within the namespace, for example resizer.
	Name string
	// Version is the semantic version, for example 1.2.0.
	Version string
}

// String gives namespace/name@version, for example acme/resizer@1.2.0.
func (id ComponentID) String() string {
	return id.Namespace + "/" + id.Name + "@" + id.Version
}

// ParseComponentID is the opposite of String. It fails with ErrInvalidInput for a text of another form; whether there is
// such a component shows when it is sent to.
func ParseComponentID(text string) (ComponentID, error) {
	names, version, _ := strings.Cut(text, "@")
	namespace, name, _ := strings.Cut(names, "/")
	if namespace == "" || name == "" || version == "" || strings.ContainsAny(name+version, "/@") {
		return ComponentID{}, Errorf(ErrInvalidInput, "%q is not namespace/name@version", text)
	}
	return ComponentID{Namespace: namespace, Name: name, Version: version}, nil
}

// RequestID correlates a request with its callback. It is unique within one host and has no meaning to the component.
type RequestID string

// Timestamp is a point in time since the Unix epoch, UTC, just as it crossed the boundary. Nothing before 1970 can be
// expressed.
type Timestamp struct {
	// Seconds since 1970-01-01T00:00:00Z.
	Seconds uint64
	// Nanoseconds within the second, 0 to 999,999,999.
	Nanoseconds uint32
}

// latestSecond is the last one that a time.Time can hold: it counts from the year 1 in an int64.
const latestSecond = math.MaxInt64 - 62_135_596_800

// Time gives the same instant in UTC. An instant that a time.Time cannot hold becomes the latest that it can.
func (t Timestamp) Time() time.Time {
	return time.Unix(int64(min(t.Seconds, latestSecond)), int64(t.Nanoseconds)).UTC()
}

// TimestampOf gives the timestamp of an instant. It fails with ErrInvalidInput for one before 1970.
func TimestampOf(t time.Time) (Timestamp, error) {
	if t.Unix() < 0 {
		return Timestamp{}, Errorf(ErrInvalidInput, "a timestamp cannot express %s: it is before 1970", t)
	}
	return Timestamp{Seconds: uint64(t.Unix()), Nanoseconds: uint32(t.Nanosecond())}, nil
}

// Config is what a component is started with, unchanged from Component.toml and the operator.
type Config struct {
	// ID is the one under which the component runs.
	ID ComponentID
	// Environment has the entries of Component.toml in order. They are not the environment variables of the host.
	Environment Environment
	// Data has the bytes of the key data, nil if there is none. Empty data is empty and not nil.
	Data []byte
	// Limits are those that the component asked for.
	Limits Limits
}

// Environment is a list of variables in the order of Component.toml.
type Environment []Variable

// Variable is one entry of an Environment.
type Variable struct {
	Name, Value string
}

// Lookup gives the value of the first variable with this name, and whether there is one.
func (e Environment) Lookup(name string) (value string, found bool) {
	for _, variable := range e {
		if variable.Name == name {
			return variable.Value, true
		}
	}
	return "", false
}

// Get gives the value of the first variable with this name, or the empty string.
func (e Environment) Get(name string) string {
	value, _ := e.Lookup(name)
	return value
}

// Limits are the limits that a component runs under. Nil means that the host's default applies.
type Limits struct {
	// MaxMemoryBytes is the most linear memory, in bytes.
	MaxMemoryBytes *uint64
	// MaxCPUTimeMs is the most CPU time of one call, in milliseconds.
	MaxCPUTimeMs *uint64
	// MaxExecutionTimeMs is the longest duration of one call, in milliseconds of wall-clock time.
	MaxExecutionTimeMs *uint64
}

// CallerKind is the kind of a Caller.
type CallerKind uint8

// The kinds of callers.
const (
	// CallerComponent is another component, which has sent a request.
	CallerComponent CallerKind = iota
	// CallerExternal is someone outside of the host.
	CallerExternal
	// CallerHost is the host itself.
	CallerHost
)

// Caller is who asked for a call. The host sets it; a component cannot forge it.
type Caller struct {
	// Kind says which of the other fields counts.
	Kind CallerKind
	// Component is the sender of the request, for CallerComponent.
	Component ComponentID
	// Name is the one that the embedder gave to the caller, for CallerExternal.
	Name string
}

// String gives component:namespace/name@version, external:name or host.
func (c Caller) String() string {
	switch c.Kind {
	case CallerComponent:
		return "component:" + c.Component.String()
	case CallerExternal:
		return "external:" + c.Name
	case CallerHost:
		return "host"
	default:
		return fmt.Sprintf("caller(%d)", uint8(c.Kind))
	}
}

// Context has the circumstances of one call of Execute.
type Context struct {
	// RequestID identifies this call.
	RequestID RequestID
	// Caller is who asked for it.
	Caller Caller
	// Deadline is when the host ends the call; nil if there is none.
	Deadline *Timestamp
	// TraceParent is the W3C traceparent that the call belongs to; nil if it is not traced.
	TraceParent *string
}

// callKey is the key of the call in a context.Context.
type callKey struct{}

// Context gives a context.Context for what this call does, such as http.NewRequestWithContext. It is done when the
// deadline of the call has passed, by the clock of the host, and CallOf finds the call in it.
func (c Context) Context() context.Context {
	ctx := context.WithValue(context.Background(), callKey{}, c)
	services := host.Imports.Services
	if c.Deadline == nil || services == nil {
		return ctx
	}
	left := c.Deadline.Time().Sub(Timestamp(services.CurrentTime()).Time())
	ctx, cancel := context.WithTimeout(ctx, left)
	// Nothing ends it earlier: the host ends the call at its deadline, and the component with it.
	context.AfterFunc(ctx, cancel)
	return ctx
}

// CallOf finds the call that a context.Context was made for by Context, itself or one above it.
func CallOf(ctx context.Context) (call Context, found bool) {
	call, found = ctx.Value(callKey{}).(Context)
	return call, found
}

// Metadata is what a component says of itself.
type Metadata struct {
	// ID has the name and version of Component.toml.
	ID ComponentID
	// Description says in a sentence what the component is for. It may be empty.
	Description string
	// Authors are the authors, each as Name <address>. It may be empty.
	Authors []string
	// License is the SPDX expression of the license; nil if none is stated.
	License *string
	// Operations are the names that Execute knows.
	Operations []string
}

// HealthStatus is what a component says of its own condition.
type HealthStatus uint8

// The conditions of a component.
const (
	// HealthHealthy: everything works.
	HealthHealthy HealthStatus = iota
	// HealthDegraded: it works, but not as well as it should.
	HealthDegraded
	// HealthUnhealthy: it does not work.
	HealthUnhealthy
	// HealthUnknown: it cannot tell.
	HealthUnknown
)

// String gives the name of the contract, for example healthy.
func (s HealthStatus) String() string {
	names := [...]string{"healthy", "degraded", "unhealthy", "unknown"}
	if int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprintf("health-status(%d)", uint8(s))
}
