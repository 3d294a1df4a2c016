// Command crash dies in every way that Go knows. The functions that die have names of their own, to be found in a
// backtrace.
package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/airssys/airssys-wasm/sdk-go"
)

type crash struct{ airssys.Base }

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
	case "arguments":
		return []byte(strings.Join(os.Args, " ") + " " + filepath.Base(os.Args[0])), nil
	}
	return nil, airssys.UnknownOperation(operation)
}

func pick(numbers []byte, at int) byte { return numbers[at] }

func deeper(depth int) byte { return deeper(depth+1) + byte(depth) }

func init() { airssys.Register(crash{}) }

func main() {}
