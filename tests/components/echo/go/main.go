// Command echo gives back the bytes it is given: what is measured around it is the way in and out.
package main

import "github.com/airssys/airssys-wasm/sdk-go"

type echo struct{ airssys.Base }

func (echo) Metadata() airssys.Metadata {
	id := airssys.ComponentID{Namespace: "airssys", Name: "echo-go", Version: "1.0.0"}
	return airssys.Metadata{ID: id, Description: "Gives back the bytes it is given.", Operations: []string{"echo"}}
}

func (echo) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
	if operation != "echo" {
		return nil, airssys.UnknownOperation(operation)
	}
	return input, nil
}

func init() { airssys.Register(echo{}) }

func main() {}
