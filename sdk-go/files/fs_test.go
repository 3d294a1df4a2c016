package files_test

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"
	"text/template"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
	"github.com/airssys/airssys-wasm/sdk-go/files"
	"github.com/airssys/airssys-wasm/sdk-go/paths"
)

func TestFSIsAFileSystemOfTheStandardLibrary(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PutFile("/data/a.txt", "first")
	host.PutFile("/data/below/b.txt", "second")
	host.PutFile("/data/below/deeper/c.txt", "")
	host.MakeDirectory("/data/empty")
	if err := paths.CreateSymlink("/data/a.txt", "/data/link.txt"); err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(files.FS("/data"), "a.txt", "below/b.txt", "below/deeper/c.txt", "empty", "link.txt"); err != nil {
		t.Error(err)
	}
	if open := host.OpenHandles(); open != 0 {
		t.Errorf("%d files are still open", open)
	}
}

func TestFSOfTheRoot(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PutFile("/a.txt", "first")
	if err := fstest.TestFS(files.FS("/"), "a.txt"); err != nil {
		t.Error(err)
	}
}

func TestFSServesPackagesThatTakeOne(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PutFile("/data/page.tmpl", "hello")
	parsed, err := template.ParseFS(files.FS("/data"), "*.tmpl")
	if err != nil || parsed.Lookup("page.tmpl") == nil {
		t.Errorf("got %v, %v", parsed, err)
	}
}

func TestErrorsOfFSHaveTheirCause(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PutFile("/data/secret/a.txt", "first")
	host.Deny("/data/secret", airssystest.Read, airssystest.List)
	system := files.FS("/data")

	_, missing := fs.Stat(system, "b.txt")
	if !errors.Is(missing, fs.ErrNotExist) || !errors.Is(missing, files.ErrNotFound) {
		t.Errorf("got %v", missing)
	}
	_, outside := system.Open("../etc")
	if !errors.Is(outside, fs.ErrInvalid) {
		t.Errorf("got %v", outside)
	}
	_, read := fs.ReadFile(system, "secret/a.txt")
	_, listed := fs.ReadDir(system, "secret")
	for _, err := range []error{read, listed} {
		var denied *airssys.PermissionDenied
		if !errors.As(err, &denied) || !errors.Is(err, fs.ErrPermission) {
			t.Errorf("got %v", err)
		}
	}
}
