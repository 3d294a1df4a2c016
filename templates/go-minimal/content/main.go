// Command my-component is a component that greets.
package main

import "github.com/airssys/airssys-wasm/sdk-go"

// MyComponent answers the operation greet. What airssys.Base brings along can be written anew: Init, HandleMessage,
// HandleCallback, Health and Shutdown.
type MyComponent struct{ airssys.Base }

// Execute performs one operation.
func (MyComponent) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
	switch operation {
	case "greet":
		return greet(string(input))
	default:
		return nil, airssys.UnknownOperation(operation)
	}
}

func greet(name string) ([]byte, error) {
	if name == "" {
		return nil, airssys.Errorf(airssys.ErrInvalidInput, "a name is needed, as in greet World")
	}
	return []byte("Hello, " + name + "!"), nil
}

func init() { airssys.Register(MyComponent{}) }

func main() {}
