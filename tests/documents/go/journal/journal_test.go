package journal

import (
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
	"github.com/airssys/airssys-wasm/sdk-go/files"
)

// Journal keeps a line for each call.
type Journal struct{ airssys.Base }

func (Journal) Execute(_ airssys.Context, _ string, input []byte) ([]byte, error) {
	return []byte("1"), files.AppendFile("/data/journal.txt", append(input, '\n'))
}

// block: sdk-go/README.md#tests
