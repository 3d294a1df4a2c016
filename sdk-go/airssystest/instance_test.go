package airssystest_test

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
	"github.com/airssys/airssys-wasm/sdk-go/files"
	"github.com/airssys/airssys-wasm/sdk-go/hostservices"
)

// witness keeps what reaches it, and fails as it is told.
type witness struct {
	airssys.Base
	config airssys.Config
	ctx    airssys.Context
	got    []any
	fail   error
}

var (
	witnessID = airssys.ComponentID{Namespace: "acme", Name: "witness", Version: "0.1.0"}
	otherID   = airssys.ComponentID{Namespace: "acme", Name: "other", Version: "1.0.0"}
)

func (w *witness) Metadata() airssys.Metadata {
	return airssys.Metadata{ID: witnessID, License: new("MIT"), Authors: []string{}, Operations: []string{"keep"}}
}

func (w *witness) Init(config airssys.Config) error {
	w.config = config
	return w.fail
}

func (w *witness) Execute(ctx airssys.Context, operation string, input []byte) ([]byte, error) {
	w.ctx = ctx
	if operation == "panic" {
		panic("oh no")
	}
	w.got = append(w.got, operation, string(input))
	return input, w.fail
}

func (w *witness) HandleMessage(sender airssys.ComponentID, message []byte) error {
	w.got = append(w.got, sender, string(message))
	return w.fail
}

func (w *witness) HandleCallback(request airssys.RequestID, reply []byte, failure error) error {
	w.got = append(w.got, request, string(reply), failure)
	return w.fail
}

func (w *witness) Health() airssys.HealthStatus { return airssys.HealthDegraded }

func (w *witness) Shutdown() error { return w.fail }

// stops runs what has to fail its test at once, and gives what it said.
func stops(t *testing.T, body func(host *airssystest.FakeHost)) string {
	t.Helper()
	inner := &failing{TB: t}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		host := airssystest.NewFakeHost(inner)
		host.PermitAll()
		body(host)
	}()
	<-ended
	if inner.said == "" {
		t.Error("the test would have gone on")
	}
	return inner.said
}

// failing is a test that may fail.
type failing struct {
	testing.TB
	said string
}

func (f *failing) Fatalf(format string, arguments ...any) {
	f.said = fmt.Sprintf(format, arguments...)
	// Ends the goroutine, as the testing package does.
	runtime.Goexit()
}

func TestAComponentIsStartedWithItsConfiguration(t *testing.T) {
	component := &witness{}
	config := airssys.Config{
		ID:          airssys.ComponentID{Namespace: "acme", Name: "renamed", Version: "0.1.0"},
		Environment: airssys.Environment{{Name: "A", Value: "1"}},
		Data:        []byte{},
		Limits:      airssys.Limits{MaxCPUTimeMs: new(uint64(7))},
	}
	if _, err := airssystest.NewFakeHost(t).StartWith(component, config); err != nil || !reflect.DeepEqual(component.config, config) {
		t.Errorf("got %#v, %v, want %#v", component.config, err, config)
	}
	instance := airssystest.NewFakeHost(t).Start(component)
	if component.config.ID != witnessID || component.config.Data != nil {
		t.Errorf("without a configuration: %#v", component.config)
	}
	if got := instance.Metadata(); !reflect.DeepEqual(got, component.Metadata()) {
		t.Errorf("got %#v", got)
	}
}

func TestAComponentThatRefusesToStartFailsTheTestOrGivesItsError(t *testing.T) {
	component := &witness{fail: airssys.Errorf(airssys.ErrConfigurationInvalid, "A is missing")}
	if _, err := airssystest.NewFakeHost(t).StartWith(component, airssys.Config{}); !errors.Is(err, airssys.ErrConfigurationInvalid) {
		t.Errorf("got %v", err)
	}
	said := stops(t, func(host *airssystest.FakeHost) { host.Start(component) })
	if said != "the component did not start: configuration invalid: A is missing" {
		t.Errorf("said %q", said)
	}
}

func TestExecuteHasTheContextOfAHost(t *testing.T) {
	component := &witness{}
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	instance := host.Start(component)
	output, err := instance.Execute("keep", []byte("x"))
	deadline, _ := airssys.TimestampOf(host.Now().Add(30 * time.Second))
	want := airssys.Context{
		RequestID: "request-1",
		Caller:    airssys.Caller{Kind: airssys.CallerExternal, Name: "test"},
		Deadline:  &deadline,
	}
	if string(output) != "x" || err != nil || !reflect.DeepEqual(component.ctx, want) {
		t.Errorf("got %q, %v, %#v", output, err, component.ctx)
	}

	if _, err := instance.HandleRequest(otherID, []byte("y")); err != nil || component.ctx.Caller.String() != "component:acme/other@1.0.0" {
		t.Errorf("got %v, %#v", err, component.ctx)
	}
	if want := []any{"keep", "x", "handle-request", "y"}; !reflect.DeepEqual(component.got, want) {
		t.Errorf("got %q", component.got)
	}

	own := airssys.Context{RequestID: "r", Caller: airssys.Caller{Kind: airssys.CallerHost}, TraceParent: new("00-1-2-01")}
	if _, err := instance.ExecuteWith(own, "keep", nil); err != nil || !reflect.DeepEqual(component.ctx, own) {
		t.Errorf("got %v, %#v", err, component.ctx)
	}
}

func TestErrorsAreThoseThatReachTheHost(t *testing.T) {
	denied := &airssys.PermissionDenied{Operation: "o", Resource: "r", Missing: "m"}
	component := &witness{}
	instance := airssystest.NewFakeHost(t).Start(component)
	for _, test := range []struct {
		fail    error
		execute string
		message string
	}{
		{airssys.UnknownOperation("x"), "unknown operation: x", "internal error: unknown operation: x"},
		{&airssys.Error{Code: airssys.ErrInvalidInput, Message: "m"}, "invalid input: m", "internal error: invalid input: m"},
		{&airssys.Error{Code: airssys.ErrResourceExhausted, Message: "m"}, "resource exhausted: m", "resource exhausted: m"},
		{&airssys.Error{Code: airssys.ErrInvalidMessage, Message: "m"}, "processing failed: invalid message: m", "invalid message: m"},
		{errors.New("m"), "processing failed: m", "internal error: m"},
		{os.ErrDeadlineExceeded, "timeout: i/o timeout", "internal error: i/o timeout"},
		{fmt.Errorf("a: %w", denied), "permission denied: o on r: needs m in [permissions] of Component.toml, and the operator's grant", "internal error: a: " + denied.Error()},
	} {
		component.fail = test.fail
		if _, err := instance.Execute("keep", nil); err == nil || err.Error() != test.execute {
			t.Errorf("%v: got %v, want %s", test.fail, err, test.execute)
		}
		if err := instance.HandleMessage(otherID, nil); err == nil || err.Error() != test.message {
			t.Errorf("%v: got %v, want %s", test.fail, err, test.message)
		}
	}
}

func TestOutcomesOfRequestsArriveOnce(t *testing.T) {
	component := &witness{}
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.AddComponent(airssys.Metadata{ID: otherID})
	instance := host.Start(component)
	var ids []airssys.RequestID
	for range 2 {
		id, err := hostservices.SendRequest(otherID, nil, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := errors.Join(
		instance.HandleCallback(ids[1], nil, airssys.ErrRequestTimeout),
		instance.HandleCallback(ids[0], []byte("x"), nil),
	); err != nil {
		t.Error(err)
	}
	if want := []any{ids[1], "", airssys.ErrRequestTimeout, ids[0], "x", nil}; !reflect.DeepEqual(component.got, want) {
		t.Errorf("got %#v, want %#v", component.got, want)
	}
	if err := hostservices.CancelRequest(ids[0]); !errors.Is(err, hostservices.ErrUnknownRequest) {
		t.Errorf("a finished request was cancelled: %v", err)
	}
}

func TestOutcomesThatNoHostDeliversFailTheTest(t *testing.T) {
	said := stops(t, func(host *airssystest.FakeHost) {
		host.Start(&witness{}).HandleCallback("request-9", nil, nil)
	})
	if !strings.Contains(said, `no unfinished request "request-9"`) {
		t.Errorf("said %q", said)
	}
	said = stops(t, func(host *airssystest.FakeHost) {
		host.AddComponent(airssys.Metadata{ID: otherID})
		instance := host.Start(&witness{})
		id, _ := hostservices.SendRequest(otherID, nil, time.Second)
		if hostservices.CancelRequest(id) != nil || instance.HandleCallback(id, nil, airssys.ErrRequestCancelled) != nil {
			return
		}
		instance.HandleCallback(id, nil, airssys.ErrRequestCancelled)
	})
	if !strings.Contains(said, "no unfinished request") {
		t.Errorf("said %q", said)
	}
	said = stops(t, func(host *airssystest.FakeHost) {
		host.AddComponent(airssys.Metadata{ID: otherID})
		instance := host.Start(&witness{})
		id, _ := hostservices.SendRequest(otherID, nil, time.Second)
		if hostservices.CancelRequest(id) == nil {
			instance.HandleCallback(id, []byte("late"), nil)
		}
	})
	if !strings.Contains(said, "was cancelled") {
		t.Errorf("said %q", said)
	}
}

func TestNothingIsCalledAfterShutdown(t *testing.T) {
	component := &witness{}
	instance := airssystest.NewFakeHost(t).Start(component)
	if instance.Health() != airssys.HealthDegraded {
		t.Error("the health is another")
	}
	component.fail = errors.New("late")
	if err := instance.Shutdown(); !errors.Is(err, airssys.ErrInternal) {
		t.Errorf("got %v", err)
	}
	said := stops(t, func(host *airssystest.FakeHost) {
		instance := host.Start(&witness{})
		if instance.Shutdown() == nil {
			instance.Execute("keep", nil)
		}
	})
	if !strings.HasPrefix(said, "Execute: the component was shut down") {
		t.Errorf("said %q", said)
	}
}

func TestAPanicIsLoggedAndReachesTheTest(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	instance := host.Start(&witness{})
	defer func() {
		logs := host.Logs()
		if cause := recover(); cause != "oh no" || len(logs) != 1 || logs[0].Level != hostservices.LevelError || logs[0].Message != "oh no" {
			t.Errorf("recovered %v, logged %v", cause, logs)
		}
	}()
	instance.Execute("panic", nil)
}

func TestTestsShareNothing(t *testing.T) {
	outer := airssystest.NewFakeHost(t)
	outer.PermitAll()
	outer.PermitAll()
	outer.PutFile("/a", "outer")
	t.Run("inner", func(t *testing.T) {
		host := airssystest.NewFakeHost(t)
		host.PermitAll()
		host.PermitAll()
		if err := files.WriteFile("/a", []byte("inner")); err != nil || host.GetFile("/a") != "inner" || outer.GetFile("/a") != "outer" {
			t.Errorf("got %v, %q, %q", err, host.GetFile("/a"), outer.GetFile("/a"))
		}
	})
	if content, err := files.ReadFile("/a"); err != nil || string(content) != "outer" {
		t.Errorf("got %q, %v", content, err)
	}
	t.Run("none in parallel", func(t *testing.T) {
		airssystest.NewFakeHost(t)
		defer func() {
			if recover() == nil {
				t.Error("a parallel test was let in")
			}
		}()
		t.Parallel()
	})
}
