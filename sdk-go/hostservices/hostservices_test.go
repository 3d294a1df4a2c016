package hostservices

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_capabilities"
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

type record struct {
	level   core.LogLevel
	message string
	fields  []host.Field
}

// fakeServices is a host that keeps what it is told.
type fakeServices struct {
	host.ServicesImports
	records  []record
	timeouts []uint32
}

func (f *fakeServices) Log(level core.LogLevel, message string, fields []host.Field) {
	f.records = append(f.records, record{level, message, fields})
}

func (f *fakeServices) SendRequest(_ core.ComponentId, _ []byte, timeoutMs uint32) host.Messaging[string] {
	f.timeouts = append(f.timeouts, timeoutMs)
	return wit.Ok[string, core.MessagingError]("id")
}

func (f *fakeServices) GetComponentMetadata(id core.ComponentId) host.Messaging[core.ComponentMetadata] {
	return wit.Ok[core.ComponentMetadata, core.MessagingError](core.ComponentMetadata{
		Id: id, Description: "d", Authors: []string{"a"}, License: wit.Some(""), Operations: []string{"o"},
	})
}

func use(t *testing.T) *fakeServices {
	services := &fakeServices{}
	host.Imports.Services = services
	t.Cleanup(func() { host.Imports.Services = nil })
	return services
}

var id = airssys.ComponentID{Namespace: "acme", Name: "a", Version: "1.0.0"}

func TestErrorsKeepTheirCaseAndPayload(t *testing.T) {
	denial := airssys_core_capabilities.PermissionDenial{Operation: "o", Resource: "r", Missing: "m"}
	for _, test := range []struct {
		err  core.MessagingError
		want Error
		text string
	}{
		{core.MakeMessagingErrorComponentNotFound(core.ComponentId(id)), Error{Code: ErrComponentNotFound, Component: id}, "component not found: acme/a@1.0.0"},
		{core.MakeMessagingErrorPermissionDenied(denial), Error{Code: ErrPermissionDenied, Denial: &airssys.PermissionDenied{Operation: "o", Resource: "r", Missing: "m"}}, "permission denied: o on r: needs m in [permissions] of Component.toml, and the operator's grant"},
		{core.MakeMessagingErrorMailboxFull(core.ComponentId(id)), Error{Code: ErrMailboxFull, Component: id}, "mailbox full: acme/a@1.0.0"},
		{core.MakeMessagingErrorPayloadTooLarge(1 << 63), Error{Code: ErrPayloadTooLarge, Limit: 1 << 63}, "payload too large: the limit is 9223372036854775808 bytes"},
		{core.MakeMessagingErrorTimeout("m"), Error{Code: ErrTimeout, Message: "m"}, "timeout: m"},
		{core.MakeMessagingErrorUnknownRequest("r"), Error{Code: ErrUnknownRequest, Request: "r"}, "unknown request: r"},
		{core.MakeMessagingErrorDeliveryFailed("m"), Error{Code: ErrDeliveryFailed, Message: "m"}, "delivery failed: m"},
	} {
		err := errorOf(test.err)
		if !reflect.DeepEqual(err, &test.want) || err.Error() != test.text || !errors.Is(err, test.want.Code) {
			t.Errorf("got %#v, %v, want %#v, %s", err, err, test.want, test.text)
		}
		if errors.Is(err, fs.ErrPermission) != (test.want.Denial != nil) {
			t.Errorf("%v is fs.ErrPermission: %v", err, errors.Is(err, fs.ErrPermission))
		}
		if errors.Is(err, os.ErrDeadlineExceeded) != (test.want.Code == ErrTimeout) {
			t.Errorf("%v is os.ErrDeadlineExceeded: %v", err, errors.Is(err, os.ErrDeadlineExceeded))
		}
	}
}

func TestTimeoutsAreMillisecondsRoundedUp(t *testing.T) {
	services := use(t)
	for _, timeout := range []time.Duration{0, time.Nanosecond, time.Millisecond, 1500 * time.Microsecond, time.Hour} {
		if got, err := SendRequest(id, nil, timeout); got != "id" || err != nil {
			t.Fatal(got, err)
		}
	}
	if want := []uint32{0, 1, 1, 2, 3_600_000}; !reflect.DeepEqual(services.timeouts, want) {
		t.Errorf("got %v, want %v", services.timeouts, want)
	}
}

func TestTextThatIsNotUTF8NeverReachesTheHost(t *testing.T) {
	services := use(t)
	Log(LevelInfo, "a\xff", Field{"\xff", "b\xff"})
	if want := []record{{core.LogLevel_Info, "a\uFFFD", []host.Field{{F0: "\uFFFD", F1: "b\uFFFD"}}}}; !reflect.DeepEqual(services.records, want) {
		t.Errorf("got %v, want %v", services.records, want)
	}
	if err := SendMessage(airssys.ComponentID{Name: "\xff"}, nil); !errors.Is(err, ErrComponentNotFound) {
		t.Errorf("got %v", err)
	}
	if err := CancelRequest("\xff"); !errors.Is(err, ErrUnknownRequest) {
		t.Errorf("got %v", err)
	}
}

func TestMetadataIsCarriedWhole(t *testing.T) {
	use(t)
	got, err := GetComponentMetadata(id)
	want := airssys.Metadata{ID: id, Description: "d", Authors: []string{"a"}, License: new(""), Operations: []string{"o"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, %v, want %#v", got, err, want)
	}
}

func TestSlogWritesToTheHostsLog(t *testing.T) {
	services := use(t)
	logger := slog.New(NewLogHandler(slog.LevelDebug-4)).With("a", 1).WithGroup("g")
	logger.Warn("m", "b", "c", slog.Group("h", "d", true), slog.Group("", "e", 2), slog.Attr{})
	for level := slog.LevelDebug - 8; level <= slog.LevelError; level += 4 {
		logger.Log(t.Context(), level, "level")
	}
	field := func(name, value string) host.Field { return host.Field{F0: name, F1: value} }
	first := record{core.LogLevel_Warn, "m", []host.Field{field("a", "1"), field("g.b", "c"), field("g.h.d", "true"), field("g.e", "2")}}
	if !reflect.DeepEqual(services.records[0], first) {
		t.Errorf("got %v, want %v", services.records[0], first)
	}
	var levels []core.LogLevel
	for _, record := range services.records[1:] {
		levels = append(levels, record.level)
	}
	if want := []core.LogLevel{core.LogLevel_Trace, core.LogLevel_Debug, core.LogLevel_Info, core.LogLevel_Warn, core.LogLevel_Error}; !reflect.DeepEqual(levels, want) {
		t.Errorf("got %v, want %v", levels, want)
	}
}
