// Command ask is a component that asks other components, and answers them.
package main

import (
	"bytes"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/hostservices"
)

const (
	// timeout is how long another component may take to answer.
	timeout = 10 * time.Second
	// maxOutcomes bounds what is kept: outcomes that nobody asks for must not pile up.
	maxOutcomes = 100
)

type ask struct {
	airssys.Base
	outcomes []outcome
}

// outcome is what came of a request.
type outcome struct {
	request airssys.RequestID
	reply   []byte
	failure error
}

func (a *ask) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
	switch operation {
	case "ask":
		return send(input)
	case "answer":
		return a.answer(airssys.RequestID(input))
	case airssys.HandleRequest:
		// A request of another component arrives as this operation; what it returns is the reply.
		return append([]byte("go says: "), input...), nil
	default:
		return nil, airssys.UnknownOperation(operation)
	}
}

// send takes a line namespace/name@version and the text to send, and gives the id of the request.
func send(input []byte) ([]byte, error) {
	id, text, found := bytes.Cut(input, []byte("\n"))
	target, err := airssys.ParseComponentID(string(id))
	if !found || err != nil {
		return nil, airssys.Errorf(airssys.ErrInvalidInput, "expected namespace/name@version and a text, a line each")
	}
	// It does not wait: the outcome comes to HandleCallback, when this operation has returned.
	request, err := hostservices.SendRequest(target, text, timeout)
	return []byte(request), err
}

// answer gives the reply to a request.
func (a *ask) answer(request airssys.RequestID) ([]byte, error) {
	for _, outcome := range a.outcomes {
		switch {
		case outcome.request != request:
			continue
		case outcome.failure != nil:
			return nil, &airssys.Error{Code: airssys.ErrProcessingFailed, Message: outcome.failure.Error()}
		default:
			return outcome.reply, nil
		}
	}
	return nil, airssys.Errorf(airssys.ErrProcessingFailed, "no answer yet")
}

// HandleCallback is called exactly once a request: with the reply, or with why there is none.
func (a *ask) HandleCallback(request airssys.RequestID, reply []byte, failure error) error {
	if len(a.outcomes) == maxOutcomes {
		a.outcomes = a.outcomes[1:]
	}
	a.outcomes = append(a.outcomes, outcome{request, reply, failure})
	return nil
}

func init() { airssys.Register(&ask{}) }

func main() {}
