package airssys

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	exports "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/exports/export_airssys_core_component_lifecycle"
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/declared"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

func init() {
	exports.Exported = lifecycle{}
	host.Lifecycle = func(component any) exports.Lifecycle { return lifecycle{component.(Component)} }
}

// lifecycle is a component as the generated exports call it.
type lifecycle struct {
	// component is nil for the registered one, which is not known yet when the exports are set.
	component Component
}

type done = wit.Result[wit.Unit, core.ComponentError]

// run calls a method of the component.
func run[T any](l lifecycle, method string, call func(Component) T) T {
	defer endPanic(method)
	component := l.component
	if component == nil {
		component = registered
	}
	if component == nil {
		panic("airssys: no component; call airssys.Register in an init function")
	}
	return call(component)
}

// endPanic logs a panic as one record and ends the instance. Left to itself, Go would print it in a hundred pieces, each
// of them a record of the host's log.
func endPanic(method string) {
	cause := recover()
	if cause == nil {
		return
	}
	if services := host.Imports.Services; services != nil {
		services.Log(core.LogLevel_Error, valid(fmt.Sprint(cause)), []host.Field{
			{F0: "kind", F1: "panic"},
			{F0: "function", F1: method},
			{F0: "exception", F1: valid(fmt.Sprintf("%T", cause))},
			{F0: "stack", F1: valid(stack())},
		})
	}
	trap(cause)
}

// maxStack is how many frames of a stack are logged: beyond that, it is a recursion.
const maxStack = 64

// stack gives the functions on the stack as the host reads them: a line each, innermost first, with file and line.
func stack() string {
	callers := make([]uintptr, maxStack)
	// Without this function and the one that asks for the callers.
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	var lines strings.Builder
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		fmt.Fprintf(&lines, "%s at %s:%d\n", frame.Function, frame.File, frame.Line)
	}
	return lines.String()
}

func (l lifecycle) Init(config core.ComponentConfig) done {
	return run(l, "init", func(component Component) done {
		return doneResult(component.Init(configOf(config)), ErrInitializationFailed)
	})
}

func (l lifecycle) Execute(operation string, input []byte, context core.ExecutionContext) wit.Result[[]byte, core.ExecutionError] {
	return run(l, "execute", func(component Component) wit.Result[[]byte, core.ExecutionError] {
		output, err := component.Execute(contextOf(context), operation, input)
		if err != nil {
			return wit.Err[[]byte](executionError(err))
		}
		return wit.Ok[[]byte, core.ExecutionError](output)
	})
}

func (l lifecycle) HandleMessage(sender core.ComponentId, message []byte) done {
	return run(l, "handle-message", func(component Component) done {
		return doneResult(component.HandleMessage(ComponentID(sender), message), ErrInternal)
	})
}

func (l lifecycle) HandleCallback(request string, outcome wit.Result[[]byte, string]) done {
	return run(l, "handle-callback", func(component Component) done {
		var reply []byte
		var failure error
		if outcome.IsErr() {
			failure = RequestError(outcome.Err())
		} else {
			reply = outcome.Ok()
		}
		return doneResult(component.HandleCallback(RequestID(request), reply, failure), ErrInternal)
	})
}

func (l lifecycle) Metadata() core.ComponentMetadata {
	return run(l, "metadata", func(component Component) core.ComponentMetadata {
		return fromMetadata(checked(component.Metadata()))
	})
}

func (l lifecycle) Health() core.HealthStatus {
	return run(l, "health", func(component Component) core.HealthStatus {
		return core.HealthStatus(component.Health())
	})
}

func (l lifecycle) Shutdown() done {
	return run(l, "shutdown", func(component Component) done {
		return doneResult(component.Shutdown(), ErrInternal)
	})
}

func doneResult(err error, other Code) done {
	if err != nil {
		return wit.Err[wit.Unit](componentError(err, other))
	}
	return wit.Ok[wit.Unit, core.ComponentError](wit.Unit{})
}

func componentError(err error, other Code) core.ComponentError {
	code, text := classify(err, other)
	switch text = valid(text); code {
	case ErrInitializationFailed:
		return core.MakeComponentErrorInitializationFailed(text)
	case ErrConfigurationInvalid:
		return core.MakeComponentErrorConfigurationInvalid(text)
	case ErrInvalidMessage:
		return core.MakeComponentErrorInvalidMessage(text)
	case ErrResourceExhausted:
		return core.MakeComponentErrorResourceExhausted(text)
	case ErrInternal:
		return core.MakeComponentErrorInternal(text)
	default:
		return componentError(&Error{Code: other, Message: err.Error()}, other)
	}
}

func executionError(err error) core.ExecutionError {
	code, text := classify(err, ErrProcessingFailed)
	switch text = valid(text); code {
	case ErrUnknownOperation:
		return core.MakeExecutionErrorUnknownOperation(text)
	case ErrInvalidInput:
		return core.MakeExecutionErrorInvalidInput(text)
	case ErrPermissionDenied:
		return core.MakeExecutionErrorPermissionDenied(text)
	case ErrTimeout:
		return core.MakeExecutionErrorTimeout(text)
	case ErrResourceExhausted:
		return core.MakeExecutionErrorResourceExhausted(text)
	case ErrProcessingFailed:
		return core.MakeExecutionErrorProcessingFailed(text)
	default:
		return core.MakeExecutionErrorProcessingFailed(valid(err.Error()))
	}
}

func configOf(config core.ComponentConfig) Config {
	environment := make(Environment, len(config.Environment))
	for i, variable := range config.Environment {
		environment[i] = Variable{Name: variable.F0, Value: variable.F1}
	}
	var data []byte
	if config.Data.IsSome() {
		// Never nil: nil is how Config says that there is no data.
		data = append([]byte{}, config.Data.Some()...)
	}
	return Config{
		ID:          ComponentID(config.Id),
		Environment: environment,
		Data:        data,
		Limits: Limits{
			MaxMemoryBytes:     host.Pointer(config.Limits.MaxMemoryBytes),
			MaxCPUTimeMs:       host.Pointer(config.Limits.MaxCpuTimeMs),
			MaxExecutionTimeMs: host.Pointer(config.Limits.MaxExecutionTimeMs),
		},
	}
}

func contextOf(context core.ExecutionContext) Context {
	var caller Caller
	switch context.Caller.Tag() {
	case core.Caller_Component:
		caller = Caller{Kind: CallerComponent, Component: ComponentID(context.Caller.Component())}
	case core.Caller_External:
		caller = Caller{Kind: CallerExternal, Name: context.Caller.External()}
	default:
		caller = Caller{Kind: CallerHost}
	}
	return Context{
		RequestID:   RequestID(context.RequestId),
		Caller:      caller,
		Deadline:    (*Timestamp)(host.Pointer(context.Deadline)),
		TraceParent: host.Pointer(context.TraceParent),
	}
}

// declaredMetadata is what Component.toml says, and whether that is known.
func declaredMetadata() (Metadata, bool) {
	section, known := declared.Get()
	if !known {
		return Metadata{}, false
	}
	metadata := Metadata{
		ID:          ComponentID{Namespace: section.Namespace, Name: section.Name, Version: section.Version},
		Description: section.Description,
		Authors:     section.Authors,
		Operations:  section.Operations,
	}
	if section.License != "" {
		metadata.License = &section.License
	}
	return metadata, true
}

// checked fills in from Component.toml what the component leaves empty, and panics if the two contradict each other.
func checked(metadata Metadata) Metadata {
	section, known := declaredMetadata()
	if !known {
		return metadata
	}
	if metadata.ID == (ComponentID{}) {
		metadata.ID = section.ID
	}
	if metadata.Description == "" {
		metadata.Description = section.Description
	}
	if metadata.Authors == nil {
		metadata.Authors = section.Authors
	}
	if metadata.License == nil {
		metadata.License = section.License
	}
	if metadata.Operations == nil {
		metadata.Operations = section.Operations
	}
	if metadata.ID != section.ID {
		panic(fmt.Sprintf("airssys: Metadata says that this is %s, Component.toml says %s: leave Metadata out", metadata.ID, section.ID))
	}
	// A Component.toml need not list them.
	if len(section.Operations) > 0 && !sameNames(metadata.Operations, section.Operations) {
		panic(fmt.Sprintf("airssys: Metadata has the operations %q, Component.toml has %q: leave Metadata out",
			metadata.Operations, section.Operations))
	}
	return metadata
}

// sameNames says whether two lists have the same names, in any order.
func sameNames(one, other []string) bool {
	one, other = slices.Clone(one), slices.Clone(other)
	slices.Sort(one)
	slices.Sort(other)
	return slices.Equal(one, other)
}

func fromMetadata(metadata Metadata) core.ComponentMetadata {
	var license *string
	if metadata.License != nil {
		license = new(valid(*metadata.License))
	}
	return core.ComponentMetadata{
		Id: core.ComponentId{
			Namespace: valid(metadata.ID.Namespace),
			Name:      valid(metadata.ID.Name),
			Version:   valid(metadata.ID.Version),
		},
		Description: valid(metadata.Description),
		Authors:     validAll(metadata.Authors),
		License:     host.Option(license),
		Operations:  validAll(metadata.Operations),
	}
}

// valid makes a string one that may cross the boundary: the host traps on one that is not UTF-8.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

func validAll(texts []string) []string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = valid(text)
	}
	return all
}
