package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
)

var other = airssys.ComponentID{Namespace: "my-namespace", Name: "other", Version: "0.1.0"}

// start starts the component on a host with one other component.
func start(t *testing.T) (*airssystest.FakeHost, *airssystest.Instance) {
	host := airssystest.NewFakeHost(t)
	host.AddComponent(airssys.Metadata{ID: other})
	return host, host.Start(&MyComponent{})
}

func TestTellSendsAMessage(t *testing.T) {
	host, component := start(t)
	output, err := component.Execute("tell", []byte("my-namespace/other@0.1.0 good morning"))
	if err != nil || len(output) != 0 {
		t.Fatalf("got %q, %v", output, err)
	}
	sent := host.Messages()
	if len(sent) != 1 || sent[0].Target != other || string(sent[0].Payload) != "good morning" {
		t.Errorf("sent %v", sent)
	}
}

func TestAskSendsARequest(t *testing.T) {
	host, component := start(t)
	output, err := component.Execute("ask", []byte("my-namespace/other@0.1.0 how are you?"))
	if err != nil {
		t.Fatal(err)
	}
	sent := host.Requests()
	if len(sent) != 1 || sent[0].Target != other || string(sent[0].Payload) != "how are you?" || sent[0].Timeout != 5*time.Second {
		t.Fatalf("sent %v", sent)
	}
	if string(output) != string(sent[0].ID) {
		t.Errorf("got %q, want %q", output, sent[0].ID)
	}
}

func TestWhatArrivesIsInTheInbox(t *testing.T) {
	_, component := start(t)
	inbox := func() string {
		output, err := component.Execute("inbox", nil)
		if err != nil {
			t.Fatal(err)
		}
		return string(output)
	}
	ask := func() airssys.RequestID {
		id, err := component.Execute("ask", []byte("my-namespace/other@0.1.0 how are you?"))
		if err != nil {
			t.Fatal(err)
		}
		return airssys.RequestID(id)
	}
	if got := inbox(); got != "nothing has arrived" {
		t.Errorf("at first: %q", got)
	}
	answered, lost := ask(), ask()
	if err := errors.Join(
		component.HandleMessage(other, []byte("hello")),
		component.HandleCallback(lost, nil, airssys.ErrRequestTimeout),
		component.HandleCallback(answered, []byte("well"), nil),
	); err != nil {
		t.Fatal(err)
	}
	want := "message from my-namespace/other@0.1.0: hello\n" +
		"no answer to " + string(lost) + ": timeout\n" +
		"answer to " + string(answered) + ": well"
	if got := inbox(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestARequestIsAnswered(t *testing.T) {
	_, component := start(t)
	answer, err := component.HandleRequest(other, []byte("hello"))
	if err != nil || string(answer) != "my-namespace/my-component heard: hello" {
		t.Errorf("got %q, %v", answer, err)
	}
}

func TestWhatCannotBeSentIsAnError(t *testing.T) {
	host, component := start(t)
	host.DenyTarget("my-namespace/secret")
	host.FillMailbox(other)
	for name, test := range map[string]struct {
		input   string
		code    airssys.Code
		message string
	}{
		"no text":          {"my-namespace/other@0.1.0", airssys.ErrInvalidInput, "the input is namespace/name@version text"},
		"no version":       {"my-namespace/other hello", airssys.ErrInvalidInput, `"my-namespace/other" is not namespace/name@version`},
		"a full mailbox":   {"my-namespace/other@0.1.0 hello", airssys.ErrProcessingFailed, "mailbox full: my-namespace/other@0.1.0"},
		"an unknown one":   {"my-namespace/nobody@0.1.0 hello", airssys.ErrProcessingFailed, "component not found: my-namespace/nobody@0.1.0"},
		"a refused target": {"my-namespace/secret@0.1.0 hello", airssys.ErrPermissionDenied, `messaging = [{ target = "my-namespace/secret" }]`},
	} {
		for _, operation := range []string{"tell", "ask"} {
			_, err := component.Execute(operation, []byte(test.input))
			var got *airssys.Error
			if !errors.As(err, &got) || got.Code != test.code || !strings.Contains(got.Message, test.message) {
				t.Errorf("%s: %s: got %v, want %v: %s", operation, name, err, test.code, test.message)
			}
		}
	}
	if len(host.Messages()) != 0 || len(host.Requests()) != 0 {
		t.Error("something was sent")
	}
}
