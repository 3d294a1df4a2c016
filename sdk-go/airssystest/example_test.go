package airssystest_test

import (
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
	"github.com/airssys/airssys-wasm/sdk-go/files"
)

// journal is the component of the example.
type journal struct{ airssys.Base }

func (journal) Metadata() airssys.Metadata {
	return airssys.Metadata{ID: airssys.ComponentID{Namespace: "acme", Name: "journal", Version: "0.1.0"}}
}

func (journal) Execute(_ airssys.Context, _ string, input []byte) ([]byte, error) {
	return nil, files.AppendFile("/data/journal.txt", append(input, '\n'))
}

// A test of a component, in a file that ends in _test.go.
func ExampleNewFakeHost() {
	_ = func(t *testing.T) {
		host := airssystest.NewFakeHost(t)
		host.MakeDirectory("/data")
		if _, err := host.Start(journal{}).Execute("add", []byte("first")); err != nil {
			t.Fatal(err)
		}
		if text := host.GetFile("/data/journal.txt"); text != "first\n" {
			t.Errorf("got %q", text)
		}
	}
}
