package paths

import (
	"errors"
	"math"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/files"
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// fakePaths keeps what SetTimes is given.
type fakePaths struct {
	host.PathsImports
	times filesystem.FileTimes
}

func (f *fakePaths) SetTimes(_ string, times filesystem.FileTimes) host.Filesystem[wit.Unit] {
	f.times = times
	return wit.Ok[wit.Unit, filesystem.FilesystemError](wit.Unit{})
}

func (f *fakePaths) GetMetadata(string) host.Filesystem[filesystem.FileMetadata] {
	return wit.Ok[filesystem.FileMetadata, filesystem.FilesystemError](filesystem.FileMetadata{
		FileType: filesystem.FileType_Directory,
		Size:     math.MaxUint64,
		Created:  wit.Some(core.Timestamp{Seconds: math.MaxUint64}),
	})
}

func use(t *testing.T) *fakePaths {
	paths := &fakePaths{}
	host.Imports.Paths = paths
	t.Cleanup(func() { host.Imports.Paths = nil })
	return paths
}

func TestTimesAreUnchangedUnlessSet(t *testing.T) {
	paths := use(t)
	unchanged, now := filesystem.MakeFileTimeUnchanged(), filesystem.MakeFileTimeNow()
	at := filesystem.MakeFileTimeAt(core.Timestamp{Seconds: math.MaxUint64, Nanoseconds: 7})
	for _, test := range []struct {
		times Times
		want  filesystem.FileTimes
	}{
		{Times{}, filesystem.FileTimes{Accessed: unchanged, Modified: unchanged}},
		{Times{Accessed: Now(), Modified: Unchanged()}, filesystem.FileTimes{Accessed: now, Modified: unchanged}},
		{
			Times{Modified: At(airssys.Timestamp{Seconds: math.MaxUint64, Nanoseconds: 7})},
			filesystem.FileTimes{Accessed: unchanged, Modified: at},
		},
	} {
		if err := SetTimes("/a", test.times); err != nil || paths.times != test.want {
			t.Errorf("got %v, %v, want %v", paths.times, err, test.want)
		}
	}
}

func TestMetadataIsThatOfPackageFiles(t *testing.T) {
	use(t)
	metadata, err := GetMetadata("/a")
	if err != nil || metadata.Type != files.TypeDirectory || metadata.Size != math.MaxUint64 ||
		*metadata.Created != (airssys.Timestamp{Seconds: math.MaxUint64}) || metadata.Modified != nil {
		t.Errorf("got %#v, %v", metadata, err)
	}
}

func TestAPathThatIsNotUTF8NeverReachesTheHost(t *testing.T) {
	_, relative := RelativeTo("/a", "\xff")
	_, exists := Exists("\xff")
	for _, err := range []error{relative, exists, CreateSymlink("/a", "\xff")} {
		if !errors.Is(err, files.ErrInvalidPath) {
			t.Errorf("got %v", err)
		}
	}
}
