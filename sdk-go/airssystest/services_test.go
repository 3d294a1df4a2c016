package airssystest_test

import (
	"bytes"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
	"github.com/airssys/airssys-wasm/sdk-go/hostservices"
)

func TestLogRecordsAreKept(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	slog.New(hostservices.NewLogHandler(slog.LevelInfo)).Warn("late", "by", time.Second)
	want := []airssystest.Record{{
		Level: hostservices.LevelWarn, Message: "late", Fields: []hostservices.Field{{Name: "by", Value: "1s"}},
	}}
	if got := host.Logs(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestWhatIsSentIsKept(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.AddComponent(airssys.Metadata{ID: otherID})
	payload := []byte("x")
	err := hostservices.SendMessage(otherID, payload)
	first, firstErr := hostservices.SendRequest(otherID, payload, 1500*time.Microsecond)
	second, secondErr := hostservices.SendRequest(otherID, nil, time.Second)
	payload[0] = 'y'
	if err := errors.Join(err, firstErr, secondErr, hostservices.CancelRequest(second)); err != nil {
		t.Fatal(err)
	}
	if want := []airssystest.Message{{Target: otherID, Payload: []byte("x")}}; !reflect.DeepEqual(host.Messages(), want) {
		t.Errorf("got %v", host.Messages())
	}
	want := []airssystest.Request{
		{ID: first, Target: otherID, Payload: []byte("x"), Timeout: 2 * time.Millisecond},
		{ID: second, Target: otherID, Timeout: time.Second, Cancelled: true},
	}
	if got := host.Requests(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, id := range []airssys.RequestID{second, "request-9"} {
		if err := hostservices.CancelRequest(id); !errors.Is(err, hostservices.ErrUnknownRequest) {
			t.Errorf("%s: got %v", id, err)
		}
	}
}

func TestSendingFailsAsItDoesOnAHost(t *testing.T) {
	full := airssys.ComponentID{Namespace: "acme", Name: "full", Version: "1.0.0"}
	secret := airssys.ComponentID{Namespace: "secret", Name: "x", Version: "1.0.0"}
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	for _, id := range []airssys.ComponentID{otherID, full, secret} {
		host.AddComponent(airssys.Metadata{ID: id})
	}
	host.FillMailbox(full)
	host.DenyTarget("secret/*")
	for name, test := range map[string]struct {
		target airssys.ComponentID
		size   int
		want   error
	}{
		"an unknown target":        {airssys.ComponentID{Namespace: "acme", Name: "none", Version: "1.0.0"}, 0, hostservices.ErrComponentNotFound},
		"another version":          {airssys.ComponentID{Namespace: "acme", Name: "other", Version: "2.0.0"}, 0, hostservices.ErrComponentNotFound},
		"no id":                    {airssys.ComponentID{Namespace: "secret"}, 0, hostservices.ErrComponentNotFound},
		"a full mailbox":           {full, 0, hostservices.ErrMailboxFull},
		"a refused target":         {secret, 0, hostservices.ErrPermissionDenied},
		"a refused unknown target": {airssys.ComponentID{Namespace: "secret", Name: "y", Version: "1.0.0"}, 0, hostservices.ErrPermissionDenied},
		"too much":                 {otherID, 1<<20 + 1, hostservices.ErrPayloadTooLarge},
		"as much as there can be":  {otherID, 1 << 20, nil},
	} {
		payload := bytes.Repeat([]byte{'x'}, test.size)
		_, request := hostservices.SendRequest(test.target, payload, time.Second)
		for _, err := range []error{hostservices.SendMessage(test.target, payload), request} {
			if !errors.Is(err, test.want) {
				t.Errorf("%s: got %v, want %v", name, err, test.want)
			}
		}
	}
	if len(host.Messages()) != 1 || len(host.Requests()) != 1 {
		t.Errorf("sent all the same: %v, %v", host.Messages(), host.Requests())
	}

	var denied *airssys.PermissionDenied
	_, err := hostservices.SendRequest(secret, nil, 0)
	want := airssys.PermissionDenied{
		Operation: "core/host-services.send-request",
		Resource:  "secret/x@1.0.0",
		Missing:   `messaging = [{ target = "secret/x" }]`,
	}
	if !errors.As(err, &denied) || *denied != want {
		t.Errorf("got %v", err)
	}
}

func TestAComponentSeesItselfAndThoseItMaySendTo(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	metadata := airssys.Metadata{ID: otherID, Description: "d", Authors: []string{"a"}, License: new("MIT"), Operations: []string{"o"}}
	host.AddComponent(metadata)
	host.AddComponent(airssys.Metadata{ID: airssys.ComponentID{Namespace: "secret", Name: "x", Version: "1.0.0"}})
	host.DenyTarget("secret/?")
	if got := hostservices.ListComponents(); !reflect.DeepEqual(got, []airssys.ComponentID{otherID}) {
		t.Errorf("before the start: %v", got)
	}
	host.Start(&witness{})
	if got := hostservices.ListComponents(); !reflect.DeepEqual(got, []airssys.ComponentID{otherID, witnessID}) {
		t.Errorf("got %v", got)
	}
	if got, err := hostservices.GetComponentMetadata(otherID); err != nil || !reflect.DeepEqual(got, metadata) {
		t.Errorf("got %#v, %v", got, err)
	}
	if got, err := hostservices.GetComponentMetadata(witnessID); err != nil || got.Operations[0] != "keep" {
		t.Errorf("itself: %#v, %v", got, err)
	}
	_, err := hostservices.GetComponentMetadata(airssys.ComponentID{Namespace: "secret", Name: "x", Version: "1.0.0"})
	if !errors.Is(err, hostservices.ErrComponentNotFound) {
		t.Errorf("what may not be seen: %v", err)
	}
}

func TestTheClockStandsStillUntilItIsMoved(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	now := hostservices.CurrentTime().Time()
	if !now.Equal(host.Now()) || !now.Equal(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("it starts at %v", now)
	}
	hostservices.Sleep(90 * time.Minute)
	if slept := hostservices.CurrentTime().Time().Sub(now); slept != 90*time.Minute {
		t.Errorf("slept %v", slept)
	}
	later := now.Add(24*time.Hour + time.Nanosecond)
	host.SetTime(later)
	if got := hostservices.CurrentTime().Time(); !got.Equal(later) {
		t.Errorf("got %v", got)
	}
	said := stops(t, func(host *airssystest.FakeHost) { host.SetTime(host.Now().Add(-1)) })
	if !strings.HasPrefix(said, "SetTime: ") {
		t.Errorf("said %q", said)
	}
}

func TestSlipsOfATestFailIt(t *testing.T) {
	for want, slip := range map[string]func(host *airssystest.FakeHost){
		`DenyTarget: "acme" is not namespace/name, as in acme/*`: func(host *airssystest.FakeHost) { host.DenyTarget("acme") },
		`FillMailbox: acme/other@1.0.0 was not added`:            func(host *airssystest.FakeHost) { host.FillMailbox(otherID) },
		`AddComponent: "acme/@" is not namespace/name@version`: func(host *airssystest.FakeHost) {
			host.AddComponent(airssys.Metadata{ID: airssys.ComponentID{Namespace: "acme"}})
		},
		`GetFile: not found: /a`:                                                  func(host *airssystest.FakeHost) { host.GetFile("/a") },
		`PutFile: is a directory: /`:                                              func(host *airssystest.FakeHost) { host.PutFile("/", "") },
		`MakeDirectory: invalid path: the path is not absolute`:                   func(host *airssystest.FakeHost) { host.MakeDirectory("a") },
		`Deny: invalid path: the path is empty`:                                   func(host *airssystest.FakeHost) { host.Deny("") },
		`Deny: there is no action "wirte", only ["read" "write" "delete" "list"]`: func(host *airssystest.FakeHost) { host.Deny("/", "wirte") },
	} {
		if said := stops(t, slip); said != want {
			t.Errorf("said %q, want %q", said, want)
		}
	}
}
