// Package export_airssys_ext_filesystem_paths is what the generated exports of paths call. Its name and place are the
// generator's choice.
package export_airssys_ext_filesystem_paths

import (
	"fmt"

	filesystem "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/convert"
	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/files"
	"github.com/airssys/airssys-wasm/sdk-go/paths"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

type result[T any] = wit.Result[T, filesystem.FilesystemError]

// GetMetadata forwards paths.get-metadata.
func GetMetadata(path string) result[filesystem.FileMetadata] {
	return convert.FileMetadata(paths.GetMetadata(path))
}

// GetLinkMetadata forwards paths.get-link-metadata.
func GetLinkMetadata(path string) result[filesystem.FileMetadata] {
	return convert.FileMetadata(paths.GetLinkMetadata(path))
}

// Exists forwards paths.exists.
func Exists(path string) result[bool] {
	return convert.Filesystem(paths.Exists(path))
}

// SetPermissions forwards paths.set-permissions.
func SetPermissions(path string, permissions filesystem.FilePermissions) result[wit.Unit] {
	return convert.Done(paths.SetPermissions(path, files.Permissions(permissions)))
}

// SetTimes forwards paths.set-times.
func SetTimes(path string, times filesystem.FileTimes) result[wit.Unit] {
	return convert.Done(paths.SetTimes(path, paths.Times{
		Accessed: fileTime(times.Accessed),
		Modified: fileTime(times.Modified),
	}))
}

func fileTime(time filesystem.FileTime) paths.Time {
	switch time.Tag() {
	case filesystem.FileTime_Unchanged:
		return paths.Unchanged()
	case filesystem.FileTime_Now:
		return paths.Now()
	case filesystem.FileTime_At:
		return paths.At(airssys.Timestamp(time.At()))
	default:
		panic(fmt.Sprintf("unknown file-time: %d", time.Tag()))
	}
}

// CreateSymlink forwards paths.create-symlink.
func CreateSymlink(target, link string) result[wit.Unit] {
	return convert.Done(paths.CreateSymlink(target, link))
}

// ReadSymlink forwards paths.read-symlink.
func ReadSymlink(link string) result[string] {
	return convert.Filesystem(paths.ReadSymlink(link))
}

// Canonicalize forwards paths.canonicalize.
func Canonicalize(path string) result[string] {
	return convert.Filesystem(paths.Canonicalize(path))
}

// Normalize forwards paths.normalize.
func Normalize(path string) result[string] {
	return convert.Filesystem(paths.Normalize(path))
}

// RelativeTo forwards paths.relative-to.
func RelativeTo(path, base string) result[string] {
	return convert.Filesystem(paths.RelativeTo(path, base))
}
