package main

import (
	"errors"
	"fmt"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
)

var other = airssys.ComponentID{Namespace: "examples", Name: "ask-rust", Version: "0.1.0"}

func start(t *testing.T) (*airssystest.FakeHost, *airssystest.Instance) {
	host := airssystest.NewFakeHost(t)
	host.AddComponent(airssys.Metadata{ID: other})
	return host, host.Start(&ask{})
}

func TestTheReplyIsKept(t *testing.T) {
	host, component := start(t)
	request, err := component.Execute("ask", []byte("examples/ask-rust@0.1.0\nhow are you?"))
	if err != nil {
		t.Fatal(err)
	}
	if sent := host.Requests(); len(sent) != 1 || sent[0].Target != other || string(sent[0].Payload) != "how are you?" {
		t.Fatalf("sent %v", sent)
	}
	var failure *airssys.Error
	if _, err := component.Execute("answer", request); !errors.As(err, &failure) || failure.Message != "no answer yet" {
		t.Errorf("before the reply: %v", err)
	}
	if err := component.HandleCallback(airssys.RequestID(request), []byte("well"), nil); err != nil {
		t.Fatal(err)
	}
	if answer, err := component.Execute("answer", request); err != nil || string(answer) != "well" {
		t.Errorf("got %q, %v", answer, err)
	}
}

func TestAFailureIsKeptToo(t *testing.T) {
	_, component := start(t)
	request, err := component.Execute("ask", []byte("examples/ask-rust@0.1.0\nhow are you?"))
	if err != nil {
		t.Fatal(err)
	}
	if err := component.HandleCallback(airssys.RequestID(request), nil, airssys.ErrComponentGone); err != nil {
		t.Fatal(err)
	}
	var failure *airssys.Error
	if _, err := component.Execute("answer", request); !errors.As(err, &failure) || failure.Message != "component-gone" {
		t.Errorf("got %v", err)
	}
}

func TestOutcomesDoNotPileUp(t *testing.T) {
	component := &ask{}
	for i := range maxOutcomes + 1 {
		if err := component.HandleCallback(airssys.RequestID(fmt.Sprint(i)), nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if len(component.outcomes) != maxOutcomes || component.outcomes[0].request != "1" {
		t.Errorf("%d are kept, from %s", len(component.outcomes), component.outcomes[0].request)
	}
}

func TestARequestIsAnswered(t *testing.T) {
	_, component := start(t)
	if reply, err := component.HandleRequest(other, []byte("hello")); err != nil || string(reply) != "go says: hello" {
		t.Errorf("got %q, %v", reply, err)
	}
}
