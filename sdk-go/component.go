package airssys

import "fmt"

// HandleRequest is the operation as which a request of another component arrives at Execute. The sender is in the
// context's Caller.
const HandleRequest = "handle-request"

// Component is what the host starts, calls and stops. The host calls one method at a time and Init first; only
// Metadata may come before it. Embed Base to write only the methods that matter.
//
// An error whose chain has an *Error or a Code reaches the host as that case. Other errors become the case that the
// method names. A panic is logged and ends the instance: the host reports a trap.
type Component interface {
	// Init starts the component with its configuration. An error stops the start, and the operator sees its text word
	// for word. Other errors, those of the host among them, become ErrInitializationFailed.
	Init(config Config) error

	// Execute performs one operation: bytes in, bytes out. Return ErrUnknownOperation, or better UnknownOperation, for
	// a name that the component does not have. When the deadline of the context passes, the host ends the call and
	// discards the instance. Other errors become ErrProcessingFailed, a *PermissionDenied becomes ErrPermissionDenied
	// with its own text, which has the missing line of Component.toml.
	Execute(ctx Context, operation string, input []byte) ([]byte, error)

	// HandleMessage takes one message that another component has sent. The host sets the sender; it cannot be forged.
	// Messages of one sender arrive in order, each at most once. An error is logged, and the sender does not learn of
	// it. Other errors become ErrInternal.
	HandleMessage(sender ComponentID, message []byte) error

	// HandleCallback takes the outcome of a request that this component has sent, exactly once a request: the reply, or
	// in failure a RequestError. Other errors that it returns become ErrInternal.
	HandleCallback(request RequestID, reply []byte, failure error) error

	// Metadata says what the component is; that of Base is what Component.toml says. One of your own has the same name,
	// version and operations, or the component does not start; what it leaves empty is filled in from Component.toml. It
	// gives the same answer each time, and the host may ask before Init.
	Metadata() Metadata

	// Health says how the component is. The host waits for it only briefly.
	Health() HealthStatus

	// Shutdown ends the component. Nothing is called after it. Other errors become ErrInternal.
	Shutdown() error
}

// Base has the methods of Component that many components do not need; only Execute is missing.
type Base struct{}

// Metadata is what Component.toml says. It panics where that is not known: in a component that another tool than
// airssys-wasm build has built, and in a test that has no fake host, or none with a Component.toml.
func (Base) Metadata() Metadata {
	metadata, known := declaredMetadata()
	if !known {
		panic("airssys: what Component.toml says is not known here: build with airssys-wasm build, " +
			"test with airssystest, or give the component a Metadata method")
	}
	return metadata
}

// Init accepts every configuration.
func (Base) Init(Config) error { return nil }

// HandleMessage refuses every message with ErrInvalidMessage.
func (Base) HandleMessage(sender ComponentID, _ []byte) error {
	return Errorf(ErrInvalidMessage, "messages are not handled (sent by %s)", sender)
}

// HandleCallback accepts and forgets every outcome.
func (Base) HandleCallback(RequestID, []byte, error) error { return nil }

// Health is HealthHealthy.
func (Base) Health() HealthStatus { return HealthHealthy }

// Shutdown does nothing.
func (Base) Shutdown() error { return nil }

var registered Component

// Register makes a component the one of this program. Call it once, in an init function: the host may call the
// component before main would run, and main never runs. It panics if the component is nil or a second one.
func Register(component Component) {
	switch {
	case component == nil:
		panic("airssys: Register of a nil component")
	case registered != nil:
		panic(fmt.Sprintf("airssys: Register of %T after %T: a program is one component", component, registered))
	}
	registered = component
}
