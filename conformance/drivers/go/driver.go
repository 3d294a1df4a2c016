package main

import (
	"bytes"
	"strings"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/files"
)

// driver is the component itself: what a host sees of its life.
type driver struct {
	config    airssys.Config
	messages  strings.Builder
	callbacks strings.Builder
	health    airssys.HealthStatus
}

func (m *driver) Init(config airssys.Config) error {
	m.config = config
	if message, found := config.Environment.Lookup("INIT_PANIC"); found {
		panic(message)
	}
	if failure, found := config.Environment.Lookup("INIT_FAIL"); found {
		return failureOf(failure)
	}
	return m.reads("INIT_READS")
}

// reads reads the file that a variable of the environment names, if it is set, and lets the error pass.
func (m *driver) reads(variable string) error {
	path, found := m.config.Environment.Lookup(variable)
	if !found {
		return nil
	}
	_, err := files.ReadFile(path)
	return err
}

func (m *driver) Execute(ctx airssys.Context, operation string, input []byte) ([]byte, error) {
	switch operation {
	case "echo":
		return input, nil
	case "config":
		return []byte(dumpConfig(m.config)), nil
	case "context":
		return []byte(dumpContext(ctx)), nil
	case "messages":
		return []byte(m.messages.String()), nil
	case "callbacks":
		return []byte(m.callbacks.String()), nil
	case "fail":
		return nil, failureOf(string(input))
	case "panic":
		panic(string(input))
	case "spin":
		spin()
	case airssys.HandleRequest:
		return handleRequest(input)
	}
	return nil, airssys.UnknownOperation(operation)
}

func (m *driver) HandleMessage(sender airssys.ComponentID, message []byte) error {
	if reason, found := bytes.CutPrefix(message, []byte("reject:")); found {
		return airssys.Errorf(airssys.ErrInvalidMessage, "%s", reason)
	}
	if health, found := bytes.CutPrefix(message, []byte("health:")); found {
		m.health = healthOf(string(health))
	}
	m.messages.WriteString("message=" + dumpID(sender) + ":" + dumpText(message) + "\n")
	return nil
}

func (m *driver) HandleCallback(request airssys.RequestID, reply []byte, failure error) error {
	outcome := "ok:" + dumpText(reply)
	if failure != nil {
		outcome = "err:" + dumpText(failure.Error())
	}
	m.callbacks.WriteString("callback=" + dumpText(request) + ":" + outcome + "\n")
	return nil
}

func (m *driver) Metadata() airssys.Metadata {
	return airssys.Metadata{
		ID:          airssys.ComponentID{Namespace: "airssys", Name: "driver-go", Version: "1.0.0"},
		Description: "Forwards every operation of the contract through the Go SDK.",
		Authors:     []string{"The airssys-wasm authors"},
		License:     new("MIT OR Apache-2.0"),
		Operations: []string{
			"echo", "config", "context", "messages", "callbacks", "fail", "panic", "spin", airssys.HandleRequest,
		},
	}
}

func (m *driver) Health() airssys.HealthStatus { return m.health }

func (m *driver) Shutdown() error {
	if _, found := m.config.Environment.Lookup("SHUTDOWN_SPIN"); found {
		spin()
	}
	if failure, found := m.config.Environment.Lookup("SHUTDOWN_FAIL"); found {
		return failureOf(failure)
	}
	return m.reads("SHUTDOWN_READS")
}

func handleRequest(input []byte) ([]byte, error) {
	if string(input) == "spin" {
		spin()
	}
	if reply, found := bytes.CutPrefix(input, []byte("reply:")); found {
		return reply, nil
	}
	if message, found := bytes.CutPrefix(input, []byte("panic:")); found {
		panic(string(message))
	}
	if failure, found := bytes.CutPrefix(input, []byte("fail:")); found {
		return nil, airssys.Errorf(airssys.ErrProcessingFailed, "%s", failure)
	}
	return nil, airssys.Errorf(airssys.ErrProcessingFailed, "unknown request")
}

func spin() {
	for {
	}
}

var codes = map[string]airssys.Code{
	"initialization-failed": airssys.ErrInitializationFailed,
	"configuration-invalid": airssys.ErrConfigurationInvalid,
	"invalid-message":       airssys.ErrInvalidMessage,
	"internal":              airssys.ErrInternal,
	"resource-exhausted":    airssys.ErrResourceExhausted,
	"unknown-operation":     airssys.ErrUnknownOperation,
	"invalid-input":         airssys.ErrInvalidInput,
	"processing-failed":     airssys.ErrProcessingFailed,
	"permission-denied":     airssys.ErrPermissionDenied,
	"timeout":               airssys.ErrTimeout,
}

// failureOf makes the error that a text as <case>:<text> asks for.
func failureOf(failure string) error {
	name, text, _ := strings.Cut(failure, ":")
	code, known := codes[name]
	if !known {
		panic("no such case: " + name)
	}
	return &airssys.Error{Code: code, Message: text}
}

func healthOf(name string) airssys.HealthStatus {
	for _, status := range []airssys.HealthStatus{
		airssys.HealthDegraded, airssys.HealthUnhealthy, airssys.HealthUnknown,
	} {
		if status.String() == name {
			return status
		}
	}
	return airssys.HealthHealthy
}
