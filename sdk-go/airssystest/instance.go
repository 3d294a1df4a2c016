package airssystest

import (
	"fmt"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	exports "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/exports/export_airssys_core_component_lifecycle"
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// Instance is a component that a FakeHost has started. Its methods call the component as the host does. The errors are
// what reaches the host, each an *airssys.Error: a refusal is airssys.ErrPermissionDenied there with the missing line of
// Component.toml as its message, and an error without a code has become the case that the method of the component names.
//
// A panic is logged and goes on into the test.
type Instance struct {
	host    *FakeHost
	exports exports.Lifecycle
	ended   bool
}

// timeLimit is how long a call may take by the host's default.
const timeLimit = 30 * time.Second

// Start starts a component without environment and data. The test fails at once if the component refuses.
func (h *FakeHost) Start(component airssys.Component) *Instance {
	h.t.Helper()
	instance, err := h.StartWith(component, airssys.Config{})
	if err != nil {
		h.t.Fatalf("the component did not start: %v", err)
	}
	return instance
}

// StartWith starts a component with a configuration, and returns its error if it refuses. Without an ID in the
// configuration the component runs under that of its metadata.
func (h *FakeHost) StartWith(component airssys.Component, config airssys.Config) (*Instance, error) {
	h.t.Helper()
	instance := &Instance{host: h, exports: host.Lifecycle(component)}
	metadata := instance.Metadata()
	if config.ID == (airssys.ComponentID{}) {
		config.ID = metadata.ID
	}
	metadata.ID = config.ID
	unlock := h.lock()
	h.self = &metadata
	unlock()
	if err := doneError(instance.exports.Init(generatedConfig(config))); err != nil {
		return nil, err
	}
	return instance, nil
}

// Execute calls an operation as somebody outside of the host does, with the host's default deadline of 30 seconds from
// the present time of the clock.
func (i *Instance) Execute(operation string, input []byte) ([]byte, error) {
	i.host.t.Helper()
	return i.ExecuteWith(i.context(airssys.Caller{Kind: airssys.CallerExternal, Name: "test"}), operation, input)
}

// HandleRequest calls the operation airssys.HandleRequest, as the request of another component does.
func (i *Instance) HandleRequest(sender airssys.ComponentID, request []byte) ([]byte, error) {
	i.host.t.Helper()
	caller := airssys.Caller{Kind: airssys.CallerComponent, Component: sender}
	return i.ExecuteWith(i.context(caller), airssys.HandleRequest, request)
}

// ExecuteWith calls an operation with a context of the test's own.
func (i *Instance) ExecuteWith(ctx airssys.Context, operation string, input []byte) ([]byte, error) {
	i.host.t.Helper()
	i.check("Execute")
	result := i.exports.Execute(operation, input, generatedContext(ctx))
	if result.IsErr() {
		return nil, executionError(result.Err())
	}
	return result.Ok(), nil
}

// HandleMessage delivers a message of another component.
func (i *Instance) HandleMessage(sender airssys.ComponentID, message []byte) error {
	i.host.t.Helper()
	i.check("HandleMessage")
	return doneError(i.exports.HandleMessage(core.ComponentId(sender), message))
}

// HandleCallback delivers the outcome of a request that the component has sent: a reply, or a failure such as
// airssys.ErrRequestTimeout. The test fails at once for an outcome that no host would deliver: a second one, or another
// one than airssys.ErrRequestCancelled of a request that was cancelled.
func (i *Instance) HandleCallback(request airssys.RequestID, reply []byte, failure error) error {
	i.host.t.Helper()
	i.check("HandleCallback")
	i.finish(request, failure)
	outcome := wit.Ok[[]byte, string](reply)
	if failure != nil {
		outcome = wit.Err[[]byte](failure.Error())
	}
	return doneError(i.exports.HandleCallback(string(request), outcome))
}

func (i *Instance) finish(id airssys.RequestID, failure error) {
	i.host.t.Helper()
	defer i.host.lock()()
	switch request := i.host.pending(id); {
	case request == nil:
		i.host.t.Fatalf("HandleCallback: the component has no unfinished request %q", id)
	case request.Cancelled && failure != airssys.ErrRequestCancelled:
		i.host.t.Fatalf("HandleCallback: request %q was cancelled; its outcome is airssys.ErrRequestCancelled", id)
	}
	i.host.closed[id] = true
}

// Metadata asks the component what it is.
func (i *Instance) Metadata() airssys.Metadata {
	metadata := i.exports.Metadata()
	return airssys.Metadata{
		ID:          airssys.ComponentID(metadata.Id),
		Description: metadata.Description,
		Authors:     metadata.Authors,
		License:     host.Pointer(metadata.License),
		Operations:  metadata.Operations,
	}
}

// Health asks the component how it is.
func (i *Instance) Health() airssys.HealthStatus {
	i.host.t.Helper()
	i.check("Health")
	return airssys.HealthStatus(i.exports.Health())
}

// Shutdown ends the component. Nothing can be called after it.
func (i *Instance) Shutdown() error {
	i.host.t.Helper()
	i.check("Shutdown")
	i.ended = true
	return doneError(i.exports.Shutdown())
}

func (i *Instance) check(method string) {
	i.host.t.Helper()
	if i.ended {
		i.host.t.Fatalf("%s: the component was shut down, after which no host calls it", method)
	}
}

func (i *Instance) context(caller airssys.Caller) airssys.Context {
	defer i.host.lock()()
	deadline := airssys.Timestamp(timestamp(airssys.Timestamp(i.host.clock).Time().Add(timeLimit)))
	return airssys.Context{RequestID: i.host.nextID(), Caller: caller, Deadline: &deadline}
}

func generatedContext(ctx airssys.Context) core.ExecutionContext {
	caller := core.MakeCallerHost()
	switch ctx.Caller.Kind {
	case airssys.CallerComponent:
		caller = core.MakeCallerComponent(core.ComponentId(ctx.Caller.Component))
	case airssys.CallerExternal:
		caller = core.MakeCallerExternal(ctx.Caller.Name)
	}
	return core.ExecutionContext{
		RequestId:   string(ctx.RequestID),
		Caller:      caller,
		Deadline:    host.Option((*core.Timestamp)(ctx.Deadline)),
		TraceParent: host.Option(ctx.TraceParent),
	}
}

func generatedConfig(config airssys.Config) core.ComponentConfig {
	environment := make([]wit.Tuple2[string, string], len(config.Environment))
	for i, variable := range config.Environment {
		environment[i] = wit.Tuple2[string, string]{F0: variable.Name, F1: variable.Value}
	}
	data := wit.None[[]byte]()
	if config.Data != nil {
		data = wit.Some(config.Data)
	}
	return core.ComponentConfig{
		Id:          core.ComponentId(config.ID),
		Environment: environment,
		Data:        data,
		Limits: core.ResourceLimits{
			MaxMemoryBytes:     host.Option(config.Limits.MaxMemoryBytes),
			MaxCpuTimeMs:       host.Option(config.Limits.MaxCPUTimeMs),
			MaxExecutionTimeMs: host.Option(config.Limits.MaxExecutionTimeMs),
		},
	}
}

func doneError(result wit.Result[wit.Unit, core.ComponentError]) error {
	if result.IsOk() {
		return nil
	}
	switch err := result.Err(); err.Tag() {
	case core.ComponentError_InitializationFailed:
		return &airssys.Error{Code: airssys.ErrInitializationFailed, Message: err.InitializationFailed()}
	case core.ComponentError_ConfigurationInvalid:
		return &airssys.Error{Code: airssys.ErrConfigurationInvalid, Message: err.ConfigurationInvalid()}
	case core.ComponentError_InvalidMessage:
		return &airssys.Error{Code: airssys.ErrInvalidMessage, Message: err.InvalidMessage()}
	case core.ComponentError_ResourceExhausted:
		return &airssys.Error{Code: airssys.ErrResourceExhausted, Message: err.ResourceExhausted()}
	case core.ComponentError_Internal:
		return &airssys.Error{Code: airssys.ErrInternal, Message: err.Internal()}
	default:
		panic(fmt.Sprintf("airssystest: component-error has no case %d", err.Tag()))
	}
}

func executionError(err core.ExecutionError) error {
	switch err.Tag() {
	case core.ExecutionError_UnknownOperation:
		return &airssys.Error{Code: airssys.ErrUnknownOperation, Message: err.UnknownOperation()}
	case core.ExecutionError_InvalidInput:
		return &airssys.Error{Code: airssys.ErrInvalidInput, Message: err.InvalidInput()}
	case core.ExecutionError_ProcessingFailed:
		return &airssys.Error{Code: airssys.ErrProcessingFailed, Message: err.ProcessingFailed()}
	case core.ExecutionError_PermissionDenied:
		return &airssys.Error{Code: airssys.ErrPermissionDenied, Message: err.PermissionDenied()}
	case core.ExecutionError_Timeout:
		return &airssys.Error{Code: airssys.ErrTimeout, Message: err.Timeout()}
	case core.ExecutionError_ResourceExhausted:
		return &airssys.Error{Code: airssys.ErrResourceExhausted, Message: err.ResourceExhausted()}
	default:
		panic(fmt.Sprintf("airssystest: execution-error has no case %d", err.Tag()))
	}
}
