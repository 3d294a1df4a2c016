package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
)

// start starts the component on a host with the folder /data.
func start(t *testing.T) (*airssystest.FakeHost, *airssystest.Instance) {
	host := airssystest.NewFakeHost(t)
	host.MakeDirectory("/data")
	return host, host.Start(MyComponent{})
}

func TestAddCountsTheEntries(t *testing.T) {
	host, component := start(t)
	for entry, want := range []string{"1", "2"} {
		output, err := component.Execute("add", []byte{'a' + byte(entry)})
		if err != nil || string(output) != want {
			t.Errorf("got %q, %v, want %s", output, err, want)
		}
	}
	if content := host.GetFile("/data/journal.txt"); content != "a\nb\n" {
		t.Errorf("the journal is %q", content)
	}
}

func TestListAnswersTheJournal(t *testing.T) {
	host, component := start(t)
	if output, err := component.Execute("list", nil); err != nil || len(output) != 0 {
		t.Errorf("without a journal: %q, %v", output, err)
	}
	host.PutFile("/data/journal.txt", "one\ntwo\n")
	if output, err := component.Execute("list", nil); err != nil || string(output) != "one\ntwo\n" {
		t.Errorf("got %q, %v", output, err)
	}
}

func TestAnEntryIsOneLine(t *testing.T) {
	host, component := start(t)
	for _, entry := range []string{"", "two\nlines"} {
		if _, err := component.Execute("add", []byte(entry)); !errors.Is(err, airssys.ErrInvalidInput) {
			t.Errorf("%q: got %v", entry, err)
		}
	}
	if host.HasFile("/data/journal.txt") {
		t.Error("something was written")
	}
}

func TestARefusalSaysWhatIsMissing(t *testing.T) {
	host, component := start(t)
	host.Deny("/data", airssystest.Write)
	_, err := component.Execute("add", []byte("a"))
	var got *airssys.Error
	line := `filesystem = [{ action = "write", path = "/data/journal.txt" }]`
	if !errors.As(err, &got) || got.Code != airssys.ErrPermissionDenied || !strings.Contains(got.Message, line) {
		t.Errorf("got %v, want a refusal that names %s", err, line)
	}
}

func TestOtherOperationsAreUnknown(t *testing.T) {
	_, component := start(t)
	if _, err := component.Execute("burn", nil); !errors.Is(err, airssys.ErrUnknownOperation) {
		t.Errorf("got %v", err)
	}
}
