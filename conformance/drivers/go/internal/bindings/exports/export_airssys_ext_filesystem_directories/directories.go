// Package export_airssys_ext_filesystem_directories is what the generated exports of directories call. Its name and
// place are the generator's choice.
package export_airssys_ext_filesystem_directories

import (
	"runtime"

	filesystem "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/convert"
	"github.com/airssys/airssys-wasm/sdk-go/directories"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

type result[T any] = wit.Result[T, filesystem.FilesystemError]

// DirectoryCursor is the exported resource: the SDK's cursor behind a handle of this component.
type DirectoryCursor struct {
	// The generated methods keep the handle here, and the object in its place.
	handle int32
	pinner runtime.Pinner
	cursor *directories.Cursor
}

// OnDrop closes the cursor: the host has dropped the handle.
func (c *DirectoryCursor) OnDrop() {
	if err := c.cursor.Close(); err != nil {
		panic(err)
	}
}

// Next forwards directories.directory-cursor.next.
func (c *DirectoryCursor) Next(maxEntries uint32) result[[]filesystem.DirectoryEntry] {
	return entries(c.cursor.Next(maxEntries))
}

func entries(all []directories.Entry, err error) result[[]filesystem.DirectoryEntry] {
	var converted []filesystem.DirectoryEntry
	for _, entry := range all {
		converted = append(converted, filesystem.DirectoryEntry{
			Name:     entry.Name,
			FileType: filesystem.FileType(entry.Type),
		})
	}
	return convert.Filesystem(converted, err)
}

// OpenDirectory forwards directories.open-directory.
func OpenDirectory(path string) result[*DirectoryCursor] {
	cursor, err := directories.OpenDirectory(path)
	return convert.Filesystem(&DirectoryCursor{cursor: cursor}, err)
}

// ListDirectory forwards directories.list-directory.
func ListDirectory(path string) result[[]filesystem.DirectoryEntry] {
	return entries(directories.ListDirectory(path))
}

// CreateDirectory forwards directories.create-directory.
func CreateDirectory(path string) result[wit.Unit] {
	return convert.Done(directories.CreateDirectory(path))
}

// CreateDirectoryAll forwards directories.create-directory-all.
func CreateDirectoryAll(path string) result[wit.Unit] {
	return convert.Done(directories.CreateDirectoryAll(path))
}

// RemoveDirectory forwards directories.remove-directory.
func RemoveDirectory(path string) result[wit.Unit] {
	return convert.Done(directories.RemoveDirectory(path))
}

// RemoveDirectoryAll forwards directories.remove-directory-all.
func RemoveDirectoryAll(path string) result[wit.Unit] {
	return convert.Done(directories.RemoveDirectoryAll(path))
}

// Find forwards directories.find.
func Find(root string, options filesystem.FindOptions) result[[]string] {
	return convert.Filesystem(directories.Find(root, directories.FindOptions{
		Pattern:     options.Pattern,
		MaxDepth:    convert.Pointer(options.MaxDepth),
		FollowLinks: options.FollowLinks,
		Limit:       convert.Pointer(options.Limit),
	}))
}

// Measure forwards directories.measure.
func Measure(root string) result[filesystem.DiskUsage] {
	usage, err := directories.Measure(root)
	return convert.Filesystem(filesystem.DiskUsage(usage), err)
}
