// Command my-component is a component that keeps a journal in a file.
package main

import (
	"bytes"
	"errors"
	"io/fs"
	"strconv"
	"strings"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/files"
)

// journal has one entry a line. Component.toml permits this file and no other.
const journal = "/data/journal.txt"

// MyComponent answers the operations add and list.
type MyComponent struct{ airssys.Base }

// Execute performs one operation. A refusal of the host becomes airssys.ErrPermissionDenied with the line that
// Component.toml lacks, any other error of package files airssys.ErrProcessingFailed: both are just returned.
func (MyComponent) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
	switch operation {
	case "add":
		return add(string(input))
	case "list":
		return list()
	default:
		return nil, airssys.UnknownOperation(operation)
	}
}

// add appends an entry and answers how many there are now.
func add(entry string) ([]byte, error) {
	if entry == "" || strings.Contains(entry, "\n") {
		return nil, airssys.Errorf(airssys.ErrInvalidInput, "an entry is one line of text")
	}
	if err := files.AppendFile(journal, []byte(entry+"\n")); err != nil {
		return nil, err
	}
	content, err := files.ReadFile(journal)
	if err != nil {
		return nil, err
	}
	return []byte(strconv.Itoa(bytes.Count(content, []byte("\n")))), nil
}

// list answers the journal as it is. Before the first entry there is none, which is no error.
func list() ([]byte, error) {
	content, err := files.ReadFile(journal)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return content, err
}

func init() { airssys.Register(MyComponent{}) }

func main() {}
