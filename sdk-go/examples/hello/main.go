// Command hello is a component that greets.
package main

import "github.com/airssys/airssys-wasm/sdk-go"

type hello struct{ airssys.Base }

func (hello) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
	if operation != "greet" {
		return nil, airssys.UnknownOperation(operation)
	}
	return []byte("Hello, " + string(input) + "!"), nil
}

func init() { airssys.Register(hello{}) }

func main() {}
