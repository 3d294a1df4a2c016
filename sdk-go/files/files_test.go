package files

import (
	"errors"
	"io/fs"
	"reflect"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_capabilities"
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

func TestErrorsKeepTheirCaseAndPayload(t *testing.T) {
	denial := airssys_core_capabilities.PermissionDenial{Operation: "o", Resource: "r", Missing: "m"}
	for _, test := range []struct {
		err  filesystem.FilesystemError
		want Error
		std  error
	}{
		{filesystem.MakeFilesystemErrorNotFound("p"), Error{Code: ErrNotFound, Path: "p"}, fs.ErrNotExist},
		{filesystem.MakeFilesystemErrorPermissionDenied(denial), Error{Code: ErrPermissionDenied, Denial: &airssys.PermissionDenied{Operation: "o", Resource: "r", Missing: "m"}}, fs.ErrPermission},
		{filesystem.MakeFilesystemErrorAlreadyExists("p"), Error{Code: ErrAlreadyExists, Path: "p"}, fs.ErrExist},
		{filesystem.MakeFilesystemErrorInvalidPath("m"), Error{Code: ErrInvalidPath, Message: "m"}, fs.ErrInvalid},
		{filesystem.MakeFilesystemErrorNotADirectory("p"), Error{Code: ErrNotADirectory, Path: "p"}, nil},
		{filesystem.MakeFilesystemErrorIsADirectory("p"), Error{Code: ErrIsADirectory, Path: "p"}, nil},
		{filesystem.MakeFilesystemErrorDirectoryNotEmpty("p"), Error{Code: ErrDirectoryNotEmpty, Path: "p"}, fs.ErrExist},
		{filesystem.MakeFilesystemErrorTooManyLinks("p"), Error{Code: ErrTooManyLinks, Path: "p"}, nil},
		{filesystem.MakeFilesystemErrorNameTooLong("p"), Error{Code: ErrNameTooLong, Path: "p"}, nil},
		{filesystem.MakeFilesystemErrorCrossDevice("p"), Error{Code: ErrCrossDevice, Path: "p"}, nil},
		{filesystem.MakeFilesystemErrorLocked("p"), Error{Code: ErrLocked, Path: "p"}, nil},
		{filesystem.MakeFilesystemErrorInvalidArgument("m"), Error{Code: ErrInvalidArgument, Message: "m"}, fs.ErrInvalid},
		{filesystem.MakeFilesystemErrorUnsupported("m"), Error{Code: ErrUnsupported, Message: "m"}, errors.ErrUnsupported},
		{filesystem.MakeFilesystemErrorQuotaExceeded("m"), Error{Code: ErrQuotaExceeded, Message: "m"}, nil},
		{filesystem.MakeFilesystemErrorTooManyOpenFiles(), Error{Code: ErrTooManyOpenFiles}, nil},
		{filesystem.MakeFilesystemErrorIo("m"), Error{Code: ErrIO, Message: "m"}, nil},
	} {
		err := errorOf(test.err)
		if !reflect.DeepEqual(err, &test.want) {
			t.Errorf("got %#v, want %#v", err, test.want)
		}
		if !errors.Is(err, test.want.Code) || err.Error() == "" {
			t.Errorf("%v is not %v", err, test.want.Code)
		}
		for _, std := range []error{fs.ErrNotExist, fs.ErrPermission, fs.ErrExist, fs.ErrInvalid, errors.ErrUnsupported} {
			if errors.Is(err, std) != (std == test.std) {
				t.Errorf("%v is %v: %v", err, std, errors.Is(err, std))
			}
		}
		var denied *airssys.PermissionDenied
		if errors.As(err, &denied) != (test.want.Denial != nil) {
			t.Errorf("%v has a refusal: %v", err, denied)
		}
	}
}

func TestFlagsAndPermissionsAreThoseOfTheContract(t *testing.T) {
	flags := OpenRead | OpenWrite | OpenAppend | OpenCreate | OpenCreateNew | OpenTruncate | OpenNoFollow
	if flags != 1<<7-1 || OpenNoFollow != OpenFlags(filesystem.OpenFlags_NoFollow) || OpenCreate != OpenFlags(filesystem.OpenFlags_Create) {
		t.Errorf("all flags are %b", flags)
	}
	if OtherExecute != Permissions(filesystem.FilePermissions_OtherExecute) || GroupRead != Permissions(filesystem.FilePermissions_GroupRead) {
		t.Error("the permissions are in another order")
	}
	for mode, want := range map[fs.FileMode]Permissions{
		0:     0,
		0o644: OwnerRead | OwnerWrite | GroupRead | OtherRead,
		0o700: OwnerRead | OwnerWrite | OwnerExecute,
		0o777: 1<<9 - 1,
		0o001: OtherExecute,
	} {
		if got := PermissionsOf(mode | fs.ModeDir); got != want || got.Mode() != mode {
			t.Errorf("%v: got %v, want %v", mode, got, want)
		}
	}
	if text := PermissionsOf(0o641).String(); text != "rw-r----x" {
		t.Errorf("got %s", text)
	}
	if TypeSymbolicLink.String() != "symbolic-link" || FileType(9).String() != "file-type(9)" {
		t.Error("the types have other names")
	}
}

func TestMetadataIsCarriedWhole(t *testing.T) {
	got := metadataOf(filesystem.FileMetadata{
		FileType:    filesystem.FileType_SymbolicLink,
		Size:        1<<64 - 1,
		Permissions: filesystem.FilePermissions_GroupWrite,
		Links:       1<<53 + 1,
		Modified:    wit.Some(core.Timestamp{Seconds: 1<<64 - 1, Nanoseconds: 7}),
	})
	want := Metadata{
		Type:        TypeSymbolicLink,
		Size:        1<<64 - 1,
		Permissions: GroupWrite,
		Links:       1<<53 + 1,
		Modified:    &airssys.Timestamp{Seconds: 1<<64 - 1, Nanoseconds: 7},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, want %#v", got, want)
	}
}

// fakeFiles is a host with one file that may not be read.
type fakeFiles struct {
	host.FilesImports
	file *fakeFile
}

func (f *fakeFiles) Open(string, filesystem.OpenFlags) host.Filesystem[host.File] {
	return ok[host.File](f.file)
}

func (f *fakeFiles) ReadFile(path string) host.Filesystem[[]byte] {
	return wit.Err[[]byte](filesystem.MakeFilesystemErrorNotFound(path))
}

func TestFunctionsReachTheHost(t *testing.T) {
	file := &fakeFile{}
	host.Imports.Files = &fakeFiles{file: file}
	t.Cleanup(func() { host.Imports.Files = nil })
	opened, err := Open("/a", OpenRead)
	if err != nil || opened.Close() != nil || file.dropped != 1 {
		t.Errorf("got %v, dropped %d times", err, file.dropped)
	}
	if _, err := ReadFile("/b"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestAPathThatIsNotUTF8NeverReachesTheHost(t *testing.T) {
	_, open := Open("\xff", OpenRead)
	_, read := ReadFile("\xff")
	_, copied := CopyFile("/a", "\xff", FailIfExists)
	for _, err := range []error{open, read, copied, WriteFile("\xff", nil), Rename("\xff", "/a", ReplaceExisting)} {
		if !errors.Is(err, ErrInvalidPath) {
			t.Errorf("got %v", err)
		}
	}
}

func TestWithoutAHostThereIsAClearMessage(t *testing.T) {
	defer func() {
		if cause := recover(); cause == nil {
			t.Error("it did not panic")
		}
	}()
	DeleteFile("/a")
}
