package main

import (
	"errors"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
)

func TestOperations(t *testing.T) {
	for name, test := range map[string]struct {
		operation, input string
		want             string
		err              error
	}{
		"a name is greeted":         {"greet", "World", "Hello, World!", nil},
		"somebody has to be named":  {"greet", "", "", airssys.ErrInvalidInput},
		"other operations are none": {"leave", "", "", airssys.ErrUnknownOperation},
	} {
		t.Run(name, func(t *testing.T) {
			component := airssystest.NewFakeHost(t).Start(MyComponent{})
			output, err := component.Execute(test.operation, []byte(test.input))
			if string(output) != test.want || !errors.Is(err, test.err) {
				t.Errorf("got %q, %v, want %q, %v", output, err, test.want, test.err)
			}
		})
	}
}
