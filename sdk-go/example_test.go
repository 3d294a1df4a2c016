package airssys_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/airssys/airssys-wasm/sdk-go"
)

// greeter is a whole component: in a program of its own it would be registered in an init function.
type greeter struct{ airssys.Base }

func (greeter) Metadata() airssys.Metadata {
	id := airssys.ComponentID{Namespace: "acme", Name: "greeter", Version: "0.1.0"}
	return airssys.Metadata{ID: id, Operations: []string{"greet"}}
}

func (greeter) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
	if operation != "greet" {
		return nil, airssys.UnknownOperation(operation)
	}
	return []byte("Hello, " + string(input) + "!"), nil
}

func Example() {
	answer, err := greeter{}.Execute(airssys.Context{}, "greet", []byte("World"))
	fmt.Println(string(answer), err)
	_, err = greeter{}.Execute(airssys.Context{}, "sing", nil)
	fmt.Println(err)
	// Output:
	// Hello, World! <nil>
	// unknown operation: sing
}

func ExampleErrorf() {
	err := airssys.Errorf(airssys.ErrInvalidInput, "reading the order: %w", fs.ErrNotExist)
	fmt.Println(err)
	fmt.Println(errors.Is(err, airssys.ErrInvalidInput), errors.Is(err, fs.ErrNotExist))
	// Output:
	// invalid input: reading the order: file does not exist
	// true true
}

func ExamplePermissionDenied() {
	var err error = fmt.Errorf("reading the order: %w", &airssys.PermissionDenied{
		Operation: "ext-filesystem/files.read-file",
		Resource:  "/data/order.json",
		Missing:   `filesystem = [{ action = "read", path = "/data/order.json" }]`,
	})
	var denied *airssys.PermissionDenied
	if errors.As(err, &denied) {
		fmt.Println(denied.Missing)
	}
	// Output: filesystem = [{ action = "read", path = "/data/order.json" }]
}

func ExampleParseComponentID() {
	id, err := airssys.ParseComponentID("acme/resizer@1.2.0")
	fmt.Println(id.Namespace, id.Name, id.Version, err)
	// Output: acme resizer 1.2.0 <nil>
}

func ExampleContext_Context() {
	call := airssys.Context{RequestID: "7", Caller: airssys.Caller{Kind: airssys.CallerExternal, Name: "shop"}}
	log := func(ctx context.Context) {
		call, _ := airssys.CallOf(ctx)
		fmt.Println(call.RequestID, call.Caller)
	}
	log(call.Context())
	// Output: 7 external:shop
}
