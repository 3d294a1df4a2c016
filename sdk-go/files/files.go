// Package files opens, reads and writes files, and copies, renames and deletes them. It is the interface files of the
// contract.
//
// A path is absolute, "/"-separated and UTF-8, and lies under a mount that the host gives to the component. Each
// function names the permission that it needs, as a line below [permissions] in Component.toml; without it the error is
// ErrPermissionDenied and nothing has happened. Every function that takes a path can also fail with ErrInvalidPath,
// ErrNotADirectory, ErrTooManyLinks, ErrNameTooLong and ErrIO.
package files

import (
	"github.com/airssys/airssys-wasm/sdk-go"
	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
)

// Open opens a file at its start. The caller must close it; a component may have 256 files and cursors open at once by
// the host's default.
//
// Permission: filesystem = [{ action = "read", path = "<path>" }] for OpenRead, the same with the action write for each
// other flag but OpenNoFollow.
//
// Errors: ErrNotFound without OpenCreate or OpenCreateNew, ErrAlreadyExists with OpenCreateNew, ErrIsADirectory,
// ErrInvalidArgument for flags that make no sense, ErrTooManyLinks with OpenNoFollow, ErrTooManyOpenFiles,
// ErrQuotaExceeded.
func Open(path string, flags OpenFlags) (*File, error) {
	if err := host.ValidPaths(path); err != nil {
		return nil, err
	}
	handle, err := host.Value(host.Files().Open(path, filesystem.OpenFlags(flags)))
	if err != nil {
		return nil, err
	}
	return &File{handle: handle}, nil
}

// ReadFile reads a whole file.
//
// Permission: filesystem = [{ action = "read", path = "<path>" }].
//
// Errors: ErrNotFound, ErrIsADirectory, ErrQuotaExceeded if it is larger than the host's limit, by default 64 MiB.
func ReadFile(path string) ([]byte, error) {
	if err := host.ValidPaths(path); err != nil {
		return nil, err
	}
	return host.Value(host.Files().ReadFile(path))
}

// WriteFile creates a file or replaces its content, atomically: a reader sees the old content or the new, never a part.
// A symbolic link is followed.
//
// Permission: filesystem = [{ action = "write", path = "<path>" }].
//
// Errors: ErrNotFound if its directory is missing, ErrIsADirectory, ErrQuotaExceeded.
func WriteFile(path string, data []byte) error {
	if err := host.ValidPaths(path); err != nil {
		return err
	}
	return host.Done(host.Files().WriteFile(path, data))
}

// AppendFile writes to the end of a file, and creates it if there is none. What two writers append at the same time
// does not interleave within one call.
//
// Permission: filesystem = [{ action = "write", path = "<path>" }].
//
// Errors: ErrNotFound if its directory is missing, ErrIsADirectory, ErrQuotaExceeded.
func AppendFile(path string, data []byte) error {
	if err := host.ValidPaths(path); err != nil {
		return err
	}
	return host.Done(host.Files().AppendFile(path, data))
}

// DeleteFile deletes a file, or a symbolic link and not what it points to.
//
// Permission: filesystem = [{ action = "delete", path = "<path>" }].
//
// Errors: ErrNotFound, ErrIsADirectory.
func DeleteFile(path string) error {
	if err := host.ValidPaths(path); err != nil {
		return err
	}
	return host.Done(host.Files().DeleteFile(path))
}

// CopyFile copies the content of one file to another and returns how many bytes were copied. Symbolic links are
// followed.
//
// Permission: filesystem = [{ action = "read", path = "<source>" }] and
// filesystem = [{ action = "write", path = "<destination>" }].
//
// Errors: ErrNotFound, ErrAlreadyExists with FailIfExists, ErrIsADirectory, ErrInvalidArgument if the two are the same
// file, ErrQuotaExceeded.
func CopyFile(source, destination string, onExisting OnExisting) (uint64, error) {
	if err := host.ValidPaths(source, destination); err != nil {
		return 0, err
	}
	return host.Value(host.Files().CopyFile(source, destination, filesystem.OnExisting(onExisting)))
}

// Rename moves a file, a directory or a symbolic link to another path of the same mount, atomically. With
// ReplaceExisting, a file or link takes the place of a file or link, and a directory that of an empty directory.
//
// Permission: filesystem = [{ action = "delete", path = "<source>" }] and
// filesystem = [{ action = "write", path = "<destination>" }].
//
// Errors: ErrNotFound, ErrAlreadyExists with FailIfExists, ErrDirectoryNotEmpty, ErrIsADirectory, ErrNotADirectory,
// ErrCrossDevice, ErrInvalidArgument if the source is the root of a mount or the destination lies within it.
func Rename(source, destination string, onExisting OnExisting) error {
	if err := host.ValidPaths(source, destination); err != nil {
		return err
	}
	return host.Done(host.Files().Rename(source, destination, filesystem.OnExisting(onExisting)))
}

func metadataOf(metadata filesystem.FileMetadata) Metadata {
	return Metadata{
		Type:        FileType(metadata.FileType),
		Size:        metadata.Size,
		Permissions: Permissions(metadata.Permissions),
		Links:       metadata.Links,
		Accessed:    (*airssys.Timestamp)(host.Pointer(metadata.Accessed)),
		Modified:    (*airssys.Timestamp)(host.Pointer(metadata.Modified)),
		Created:     (*airssys.Timestamp)(host.Pointer(metadata.Created)),
	}
}
