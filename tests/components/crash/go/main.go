// Command crash dies in every way that Go knows. The functions that die have names of their own, to be found in a
// backtrace.
package main

import (
	"os"

	"github.com/airssys/airssys-wasm/sdk-go"
)

type crash struct{ airssys.Base }

func (crash) Metadata() airssys.Metadata {
	id := airssys.ComponentID{Namespace: "airssys", Name: "crash-go", Version: "1.0.0"}
	return airssys.Metadata{
		ID:          id,
		Description: "Dies in every way that its language knows.",
		Operations:  []string{"panic", "goroutine", "recurse", "exit"},
	}
}

func (crash) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
	switch operation {
	case "panic":
		return []byte{pick([]byte{1, 2, 3}, len(input)+7)}, nil
	case "goroutine":
		done := make(chan byte)
		go func() { done <- pick([]byte{1, 2, 3}, len(input)+7) }()
		return []byte{<-done}, nil
	case "recurse":
		return []byte{deeper(len(input))}, nil
	case "exit":
		os.Exit(3)
	}
	return nil, airssys.UnknownOperation(operation)
}

func pick(numbers []byte, at int) byte { return numbers[at] }

func deeper(depth int) byte { return deeper(depth+1) + byte(depth) }

func init() { airssys.Register(crash{}) }

func main() {}
