// Command my-component is a component that talks to other components.
package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/hostservices"
)

// timeout is how long ask waits for an answer.
const timeout = 5 * time.Second

// MyComponent sends messages and requests, answers requests, and keeps what arrives.
type MyComponent struct {
	airssys.Base
	inbox []string
}

// Execute performs one operation. A refusal of the host becomes airssys.ErrPermissionDenied with the line that
// Component.toml lacks, any other error of package hostservices airssys.ErrProcessingFailed: both are just returned.
func (c *MyComponent) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
	switch operation {
	case "tell":
		return nil, tell(string(input))
	case "ask":
		return ask(string(input))
	case "inbox":
		return c.arrived(), nil
	case airssys.HandleRequest:
		return []byte("my-namespace/my-component heard: " + string(input)), nil
	default:
		return nil, airssys.UnknownOperation(operation)
	}
}

// tell sends a message.
func tell(input string) error {
	target, text, err := addressed(input)
	if err != nil {
		return err
	}
	return hostservices.SendMessage(target, text)
}

// ask sends a request and answers its id. What comes of it arrives at HandleCallback.
func ask(input string) ([]byte, error) {
	target, text, err := addressed(input)
	if err != nil {
		return nil, err
	}
	request, err := hostservices.SendRequest(target, text, timeout)
	return []byte(request), err
}

// addressed parts an input as in my-namespace/other@0.1.0 good morning.
func addressed(input string) (airssys.ComponentID, []byte, error) {
	id, text, found := strings.Cut(input, " ")
	if !found {
		return airssys.ComponentID{}, nil, airssys.Errorf(airssys.ErrInvalidInput, "the input is namespace/name@version text")
	}
	target, err := airssys.ParseComponentID(id)
	return target, []byte(text), err
}

func (c *MyComponent) arrived() []byte {
	if len(c.inbox) == 0 {
		return []byte("nothing has arrived")
	}
	return []byte(strings.Join(c.inbox, "\n"))
}

// HandleMessage keeps a message of another component.
func (c *MyComponent) HandleMessage(sender airssys.ComponentID, message []byte) error {
	c.inbox = append(c.inbox, fmt.Sprintf("message from %s: %s", sender, message))
	return nil
}

// HandleCallback keeps what came of a request of this component.
func (c *MyComponent) HandleCallback(request airssys.RequestID, reply []byte, failure error) error {
	if failure != nil {
		c.inbox = append(c.inbox, fmt.Sprintf("no answer to %s: %v", request, failure))
	} else {
		c.inbox = append(c.inbox, fmt.Sprintf("answer to %s: %s", request, reply))
	}
	return nil
}

func init() { airssys.Register(&MyComponent{}) }

func main() {}
