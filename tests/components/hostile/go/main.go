// Command hostile does what no component should, one attack an operation. INIT, MESSAGE, CALLBACK, REQUEST, HEALTH and
// SHUTDOWN in its environment, and the file /data/metadata, do one elsewhere: an operation, a blank, its input.
package main

import (
	"strings"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/directories"
	"github.com/airssys/airssys-wasm/sdk-go/files"
)

// hostile keeps what it has not given back, and what it was told.
type hostile struct {
	environment airssys.Environment
	files       []*files.File
	cursors     []*directories.Cursor
	outcomes    []string
}

// occasion does what the environment says for it; nothing otherwise.
func (h *hostile) occasion(name string) error {
	attack, found := h.environment.Lookup(name)
	if !found {
		return nil
	}
	_, err := h.line(attack)
	return err
}

func (h *hostile) line(line string) ([]byte, error) {
	operation, input, _ := strings.Cut(line, " ")
	return h.attack(operation, []byte(input))
}

func (h *hostile) Init(config airssys.Config) error {
	h.environment = config.Environment
	return h.occasion("INIT")
}

func (h *hostile) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
	if operation == airssys.HandleRequest {
		return input, h.occasion("REQUEST")
	}
	return h.attack(operation, input)
}

func (h *hostile) HandleMessage(airssys.ComponentID, []byte) error { return h.occasion("MESSAGE") }

func (h *hostile) HandleCallback(_ airssys.RequestID, _ []byte, failure error) error {
	outcome := "ok"
	if failure != nil {
		outcome = failure.Error()
	}
	h.outcomes = append(h.outcomes, outcome)
	return h.occasion("CALLBACK")
}

func (h *hostile) Metadata() airssys.Metadata {
	description := "Does what no component should."
	if attack, err := files.ReadFile("/data/metadata"); err == nil {
		text, _ := h.line(string(attack))
		description = string(text)
	}
	return airssys.Metadata{ID: componentID("tests/hostile-go@1.0.0"), Description: description}
}

func (h *hostile) Health() airssys.HealthStatus {
	if h.occasion("HEALTH") != nil {
		return airssys.HealthUnhealthy
	}
	return airssys.HealthHealthy
}

func (h *hostile) Shutdown() error { return h.occasion("SHUTDOWN") }

func init() { airssys.Register(&hostile{}) }

func main() {}
