// Command hello is a component that greets.
package main

import "github.com/airssys/airssys-wasm/sdk-go"

type hello struct{ airssys.Base }

func (hello) Metadata() airssys.Metadata {
	id := airssys.ComponentID{Namespace: "airssys", Name: "hello-go", Version: "0.1.0"}
	return airssys.Metadata{ID: id, Description: "Says hello.", Operations: []string{"greet"}}
}

func (hello) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
	if operation != "greet" {
		return nil, airssys.UnknownOperation(operation)
	}
	return []byte("Hello, " + string(input) + "!"), nil
}

func init() { airssys.Register(hello{}) }

func main() {}
