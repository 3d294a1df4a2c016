package airssys

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	exports "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/exports/export_airssys_core_component_lifecycle"
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/declared"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// fake keeps what reaches it.
type fake struct {
	Base
	config    Config
	ctx       Context
	callbacks []any
}

func (f *fake) Init(config Config) error {
	f.config = config
	return nil
}

func (f *fake) Execute(ctx Context, operation string, input []byte) ([]byte, error) {
	f.ctx = ctx
	switch operation {
	case "echo":
		return input, nil
	case "panic":
		panic(string(input))
	}
	return nil, UnknownOperation(operation)
}

func (f *fake) HandleCallback(request RequestID, reply []byte, failure error) error {
	f.callbacks = append(f.callbacks, request, reply, failure)
	return nil
}

func (f *fake) Metadata() Metadata {
	return Metadata{ID: ComponentID{"acme", "fake", "1.2.3"}, Description: "\xff", License: new("MIT")}
}

func register(t *testing.T, component Component) {
	t.Helper()
	t.Cleanup(func() { registered = nil })
	Register(component)
}

// panics gives what a function panics with.
func panics(function func()) (cause any) {
	defer func() { cause = recover() }()
	function()
	return nil
}

func TestRegisterTakesOneComponent(t *testing.T) {
	if panics(func() { Register(nil) }) == nil {
		t.Error("nil was taken")
	}
	if cause := panics(func() { exports.Shutdown() }); !strings.Contains(cause.(string), "airssys.Register") {
		t.Errorf("no component: %v", cause)
	}
	register(t, &fake{})
	if panics(func() { Register(&fake{}) }) == nil {
		t.Error("a second one was taken")
	}
}

// plain says nothing of itself.
type plain struct{ Base }

func (plain) Execute(Context, string, []byte) ([]byte, error) { return nil, nil }

// claims says what it is given.
type claims struct {
	plain
	metadata Metadata
}

func (c claims) Metadata() Metadata { return c.metadata }

func TestMetadataIsWhatComponentTomlSays(t *testing.T) {
	t.Cleanup(func() { declared.Test = nil })
	get := func(component Component) core.ComponentMetadata { return lifecycle{component}.Metadata() }
	if cause := panics(func() { get(plain{}) }); !strings.Contains(fmt.Sprint(cause), "airssys-wasm build") {
		t.Errorf("without a Component.toml: %v", cause)
	}
	own := Metadata{ID: ComponentID{"acme", "hello", "0.1.0"}, Operations: []string{"b", "a"}}
	if got := get(claims{metadata: own}); got.Id.Name != "hello" || got.Description != "" {
		t.Errorf("without a Component.toml: %v", got)
	}

	declared.Test = &declared.Metadata{
		Namespace: "acme", Name: "hello", Version: "0.1.0", Description: "Greets.", License: "MIT",
		Authors: []string{"A"}, Operations: []string{"a", "b"},
	}
	want := core.ComponentMetadata{
		Id:          core.ComponentId{Namespace: "acme", Name: "hello", Version: "0.1.0"},
		Description: "Greets.", Authors: []string{"A"}, License: wit.Some("MIT"), Operations: []string{"a", "b"},
	}
	if got := get(plain{}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	want.Operations = []string{"b", "a"}
	if got := get(claims{metadata: own}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	for _, wrong := range []Metadata{
		{ID: ComponentID{"acme", "hello", "0.2.0"}},
		{Operations: []string{"a"}},
		{Operations: []string{"a", "b", "c"}},
	} {
		if cause := panics(func() { get(claims{metadata: wrong}) }); !strings.Contains(fmt.Sprint(cause), "Component.toml") {
			t.Errorf("%v was taken: %v", wrong, cause)
		}
	}
	declared.Test.Operations = nil
	if got := get(claims{metadata: own}); len(got.Operations) != 2 {
		t.Errorf("a Component.toml without operations: %v", got)
	}
}

func TestInitGetsTheWholeConfiguration(t *testing.T) {
	component := &fake{}
	register(t, component)
	config := core.ComponentConfig{
		Id:          core.ComponentId{Namespace: "acme", Name: "fake", Version: "1.2.3"},
		Environment: []wit.Tuple2[string, string]{{F0: "B", F1: "1"}, {F0: "A", F1: ""}, {F0: "B", F1: "2"}},
		Data:        wit.Some[[]byte](nil),
		Limits:      core.ResourceLimits{MaxMemoryBytes: wit.Some[uint64](math.MaxUint64)},
	}
	if result := exports.Init(config); result.IsErr() {
		t.Fatal(result.Err())
	}
	want := Config{
		ID:          ComponentID{"acme", "fake", "1.2.3"},
		Environment: Environment{{"B", "1"}, {"A", ""}, {"B", "2"}},
		Data:        []byte{},
		Limits:      Limits{MaxMemoryBytes: new(uint64(math.MaxUint64))},
	}
	if !reflect.DeepEqual(component.config, want) {
		t.Errorf("got %#v, want %#v", component.config, want)
	}
	if component.config.Environment.Get("B") != "1" {
		t.Error("the first variable with a name does not count")
	}
	if _, found := component.config.Environment.Lookup("C"); found {
		t.Error("an absent variable was found")
	}

	config.Data = wit.None[[]byte]()
	exports.Init(config)
	if component.config.Data != nil {
		t.Error("absent data is not nil")
	}
}

func TestExecuteGetsTheWholeContext(t *testing.T) {
	component := &fake{}
	register(t, component)
	id := core.ComponentId{Namespace: "acme", Name: "other", Version: "2.0.0"}
	for _, test := range []struct {
		caller core.Caller
		want   Caller
		text   string
	}{
		{core.MakeCallerComponent(id), Caller{Kind: CallerComponent, Component: ComponentID(id)}, "component:acme/other@2.0.0"},
		{core.MakeCallerExternal("cli"), Caller{Kind: CallerExternal, Name: "cli"}, "external:cli"},
		{core.MakeCallerHost(), Caller{Kind: CallerHost}, "host"},
	} {
		output := exports.Execute("echo", []byte("x"), core.ExecutionContext{
			RequestId:   "r",
			Caller:      test.caller,
			Deadline:    wit.Some(core.Timestamp{Seconds: math.MaxUint64, Nanoseconds: 999_999_999}),
			TraceParent: wit.Some(""),
		})
		want := Context{
			RequestID:   "r",
			Caller:      test.want,
			Deadline:    &Timestamp{math.MaxUint64, 999_999_999},
			TraceParent: new(""),
		}
		if string(output.Ok()) != "x" || !reflect.DeepEqual(component.ctx, want) || component.ctx.Caller.String() != test.text {
			t.Errorf("got %#v, want %#v", component.ctx, want)
		}
	}
	exports.Execute("echo", nil, core.ExecutionContext{Caller: core.MakeCallerHost()})
	if component.ctx.Deadline != nil || component.ctx.TraceParent != nil {
		t.Errorf("absent values are there: %#v", component.ctx)
	}
	if result := exports.Execute("nope", nil, core.ExecutionContext{Caller: core.MakeCallerHost()}); result.Err() != core.MakeExecutionErrorUnknownOperation("nope") {
		t.Errorf("got %v", result)
	}
}

func TestCallbacksCarryTheReplyOrTheFailure(t *testing.T) {
	component := &fake{}
	register(t, component)
	exports.HandleCallback("1", wit.Ok[[]byte, string]([]byte("x")))
	exports.HandleCallback("2", wit.Err[[]byte]("timeout"))
	want := []any{RequestID("1"), []byte("x"), nil, RequestID("2"), []byte(nil), ErrRequestTimeout}
	if !reflect.DeepEqual(component.callbacks, want) {
		t.Errorf("got %#v, want %#v", component.callbacks, want)
	}
}

func TestBaseRefusesMessagesAndIsHealthy(t *testing.T) {
	register(t, &fake{})
	result := exports.HandleMessage(core.ComponentId{Namespace: "a", Name: "b", Version: "1.0.0"}, nil)
	if want := core.MakeComponentErrorInvalidMessage("messages are not handled (sent by a/b@1.0.0)"); result.Err() != want {
		t.Errorf("got %v, want %v", result.Err(), want)
	}
	if exports.Health() != core.HealthStatus_Healthy || exports.Shutdown().IsErr() {
		t.Error("the base is not healthy or does not shut down")
	}
}

func TestMetadataCrossesAsUTF8(t *testing.T) {
	register(t, &fake{})
	got := exports.Metadata()
	want := core.ComponentMetadata{
		Id:          core.ComponentId{Namespace: "acme", Name: "fake", Version: "1.2.3"},
		Description: "\uFFFD",
		Authors:     []string{},
		License:     wit.Some("MIT"),
		Operations:  []string{},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, want %#v", got, want)
	}
}

// logs keeps the records of the log.
type logs struct {
	host.ServicesImports
	records []string
}

func (l *logs) Log(level core.LogLevel, message string, fields []host.Field) {
	l.records = append(l.records, message, fields[1].F1)
	if level != core.LogLevel_Error || fields[2].F1 != "string" || !stackLine.MatchString(fields[3].F1) {
		l.records = append(l.records, "a wrong level, type or stack: "+fields[3].F1)
	}
}

var stackLine = regexp.MustCompile(`(?m)^\S+\(\*fake\)\.Execute at \S+/lifecycle_test\.go:\d+$`)

func TestAPanicIsLoggedAndGoesOn(t *testing.T) {
	register(t, &fake{})
	log := &logs{}
	host.Imports.Services = log
	t.Cleanup(func() { host.Imports.Services = nil })
	cause := panics(func() {
		exports.Execute("panic", []byte("oh no"), core.ExecutionContext{Caller: core.MakeCallerHost()})
	})
	if cause != "oh no" || !reflect.DeepEqual(log.records, []string{"oh no", "execute"}) {
		t.Errorf("panicked with %v, logged %q", cause, log.records)
	}
}

func TestComponentIDsAreParsed(t *testing.T) {
	want := ComponentID{"acme", "fake", "1.2.3-rc.1+b"}
	if got, err := ParseComponentID(want.String()); err != nil || got != want {
		t.Errorf("got %v, %v", got, err)
	}
	for _, text := range []string{"", "acme", "acme/fake", "acme/fake@", "acme/@1", "/fake@1", "fake@1", "a/b/c@1", "a/b@1@2", "a/b@1/2", "a@1/b"} {
		if got, err := ParseComponentID(text); !errors.Is(err, ErrInvalidInput) {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

func TestTimestampsAreTimes(t *testing.T) {
	instant := time.Date(2026, 11, 21, 4, 20, 0, 123_456_789, time.FixedZone("", 3600))
	timestamp, err := TimestampOf(instant)
	if err != nil || !timestamp.Time().Equal(instant) || timestamp.Time().Location() != time.UTC {
		t.Errorf("got %v, %v", timestamp, err)
	}
	if _, err := TimestampOf(time.Unix(-1, 0)); !errors.Is(err, ErrInvalidInput) {
		t.Errorf("before 1970: %v", err)
	}
	latest := Timestamp{Seconds: math.MaxUint64}.Time()
	if !latest.After(instant) || Timestamp(timestamp).Seconds != uint64(instant.Unix()) {
		t.Errorf("the latest time is %v", latest)
	}
}

func TestHealthStatusesHaveTheNamesOfTheContract(t *testing.T) {
	names := []string{HealthHealthy.String(), HealthDegraded.String(), HealthUnhealthy.String(), HealthUnknown.String()}
	if want := []string{"healthy", "degraded", "unhealthy", "unknown"}; !reflect.DeepEqual(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}
