package main

import (
	"errors"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
)

func TestAFolderIsCopiedWithAllThatIsInIt(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PutFile("/data/from/a.txt", "first")
	host.PutFile("/data/from/below/b.txt", "second")
	output, err := host.Start(copyTree{}).Execute("copy-tree", []byte("/data/from\n/data/to\n"))
	if err != nil || string(output) != "copied 2 files, 11 bytes" {
		t.Errorf("got %q, %v", output, err)
	}
	if content := host.GetFile("/data/to/below/b.txt"); content != "second" {
		t.Errorf("the copy is %q", content)
	}
}

func TestARefusalFailsTheOperation(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PutFile("/data/from/a.txt", "first")
	host.Deny("/data/to", airssystest.Write)
	_, err := host.Start(copyTree{}).Execute("copy-tree", []byte("/data/from\n/data/to"))
	if !errors.Is(err, airssys.ErrPermissionDenied) {
		t.Errorf("got %v", err)
	}
}

func TestTheInputIsTwoLines(t *testing.T) {
	_, err := airssystest.NewFakeHost(t).Start(copyTree{}).Execute("copy-tree", []byte("/data"))
	if !errors.Is(err, airssys.ErrInvalidInput) {
		t.Errorf("got %v", err)
	}
}
