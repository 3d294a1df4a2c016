package main

import (
	"errors"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
)

func TestGreet(t *testing.T) {
	output, err := hello{}.Execute(airssys.Context{}, "greet", []byte("World"))
	if err != nil || string(output) != "Hello, World!" {
		t.Errorf("got %q, %v", output, err)
	}
}

func TestOtherOperationsAreUnknown(t *testing.T) {
	if _, err := (hello{}).Execute(airssys.Context{}, "leave", nil); !errors.Is(err, airssys.ErrUnknownOperation) {
		t.Errorf("got %v", err)
	}
}
