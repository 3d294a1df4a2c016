package directories

import (
	"errors"
	"io/fs"
	"reflect"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go/files"
	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// fakeCursor gives these pages, and then fails.
type fakeCursor struct {
	host.Cursor
	pages   [][]filesystem.DirectoryEntry
	dropped int
}

func (f *fakeCursor) Next(uint32) host.Filesystem[[]filesystem.DirectoryEntry] {
	if len(f.pages) == 0 {
		return wit.Err[[]filesystem.DirectoryEntry](filesystem.MakeFilesystemErrorIo("gone"))
	}
	page := f.pages[0]
	f.pages = f.pages[1:]
	return wit.Ok[[]filesystem.DirectoryEntry, filesystem.FilesystemError](page)
}

func (f *fakeCursor) Drop() { f.dropped++ }

func pages() [][]filesystem.DirectoryEntry {
	return [][]filesystem.DirectoryEntry{
		{{Name: "a", FileType: filesystem.FileType_Directory}, {Name: "b"}},
		{{Name: "c", FileType: filesystem.FileType_Other}},
	}
}

func names(cursor *Cursor) (names []string, err error) {
	for entry, err := range cursor.All() {
		if err != nil {
			return names, err
		}
		names = append(names, entry.Name+" "+entry.Type.String())
	}
	return names, nil
}

func TestAllGoesThroughEveryPage(t *testing.T) {
	want := []string{"a directory", "b regular", "c other"}
	got, err := names(&Cursor{handle: &fakeCursor{pages: append(pages(), nil)}})
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
	got, err = names(&Cursor{handle: &fakeCursor{pages: pages()}})
	if !errors.Is(err, files.ErrIO) || !reflect.DeepEqual(got, want) {
		t.Errorf("with an error behind it: %q, %v", got, err)
	}
	fake := &fakeCursor{pages: pages()}
	for range (&Cursor{handle: fake}).All() {
		break
	}
	if len(fake.pages) != 1 {
		t.Errorf("%d pages left after the first entry", len(fake.pages))
	}
}

func TestAClosedCursorIsClosed(t *testing.T) {
	fake := &fakeCursor{}
	cursor := &Cursor{handle: fake}
	if err := cursor.Close(); err != nil || fake.dropped != 1 {
		t.Errorf("got %v, dropped %d times", err, fake.dropped)
	}
	_, next := cursor.Next(1)
	_, all := names(cursor)
	for _, err := range []error{next, all, cursor.Close()} {
		if !errors.Is(err, fs.ErrClosed) {
			t.Errorf("got %v", err)
		}
	}
}

// fakeDirectories keeps the options of Find.
type fakeDirectories struct {
	host.DirectoriesImports
	options filesystem.FindOptions
}

func (f *fakeDirectories) Find(_ string, options filesystem.FindOptions) host.Filesystem[[]string] {
	f.options = options
	return wit.Ok[[]string, filesystem.FilesystemError](nil)
}

func TestFindPassesItsOptions(t *testing.T) {
	directories := &fakeDirectories{}
	host.Imports.Directories = directories
	t.Cleanup(func() { host.Imports.Directories = nil })
	if _, err := Find("/", FindOptions{Pattern: "**", MaxDepth: new(uint32(0)), FollowLinks: true}); err != nil {
		t.Fatal(err)
	}
	want := filesystem.FindOptions{Pattern: "**", MaxDepth: wit.Some[uint32](0), FollowLinks: true, Limit: wit.None[uint32]()}
	if directories.options != want {
		t.Errorf("got %v, want %v", directories.options, want)
	}
	if _, err := Find("/", FindOptions{Pattern: "\xff"}); !errors.Is(err, files.ErrInvalidArgument) {
		t.Errorf("got %v", err)
	}
	if _, err := OpenDirectory("\xff"); !errors.Is(err, files.ErrInvalidPath) {
		t.Errorf("got %v", err)
	}
}
