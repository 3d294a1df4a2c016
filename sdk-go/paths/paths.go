// Package paths has what concerns paths and what is at them: metadata, permissions, times and symbolic links. It is the
// interface paths of the contract.
//
// Paths, permissions and errors are as in package files: every function but Normalize and RelativeTo can also fail with
// files.ErrPermissionDenied, files.ErrNotADirectory, files.ErrInvalidPath, files.ErrTooManyLinks, files.ErrNameTooLong
// and files.ErrIO.
package paths

import (
	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/files"
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
)

// Time is what SetTimes does with one of the times. The zero value leaves it as it is.
type Time struct {
	tag uint8
	at  airssys.Timestamp
}

// Unchanged leaves a time as it is.
func Unchanged() Time { return Time{tag: filesystem.FileTime_Unchanged} }

// Now sets a time to the host's present time.
func Now() Time { return Time{tag: filesystem.FileTime_Now} }

// At sets a time to this one, which airssys.TimestampOf makes of a time.Time. The filesystem may keep it less precisely.
func At(timestamp airssys.Timestamp) Time {
	return Time{tag: filesystem.FileTime_At, at: timestamp}
}

// Times are the times that SetTimes sets.
type Times struct {
	// Accessed is the time of the last read.
	Accessed Time
	// Modified is the time of the last change of the content.
	Modified Time
}

// GetMetadata gives the metadata of what is at a path. Symbolic links are followed.
//
// Permission: filesystem = [{ action = "read", path = "<path>" }], or the same with the action list.
//
// Errors: files.ErrNotFound, of a dangling link too.
func GetMetadata(path string) (files.Metadata, error) {
	if err := host.ValidPaths(path); err != nil {
		return files.Metadata{}, err
	}
	return metadata(host.Paths().GetMetadata(path))
}

// GetLinkMetadata gives the metadata of what is at a path, of a symbolic link that of the link itself. Links earlier on
// the path are followed.
//
// Permission: filesystem = [{ action = "read", path = "<path>" }], or the same with the action list.
//
// Errors: files.ErrNotFound.
func GetLinkMetadata(path string) (files.Metadata, error) {
	if err := host.ValidPaths(path); err != nil {
		return files.Metadata{}, err
	}
	return metadata(host.Paths().GetLinkMetadata(path))
}

// Exists says whether there is something at a path. A dangling link gives false; a missing permission is an error and
// never false.
//
// Permission: filesystem = [{ action = "read", path = "<path>" }], or the same with the action list.
func Exists(path string) (bool, error) {
	if err := host.ValidPaths(path); err != nil {
		return false, err
	}
	return host.Value(host.Paths().Exists(path))
}

// SetPermissions sets the permission bits of a file or directory. Symbolic links are followed.
//
// Permission: filesystem = [{ action = "write", path = "<path>" }].
//
// Errors: files.ErrNotFound, files.ErrUnsupported if the host has no such bits.
func SetPermissions(path string, permissions files.Permissions) error {
	if err := host.ValidPaths(path); err != nil {
		return err
	}
	return host.Done(host.Paths().SetPermissions(path, filesystem.FilePermissions(permissions)))
}

// SetTimes sets the times of a file or directory. Symbolic links are followed.
//
// Permission: filesystem = [{ action = "write", path = "<path>" }].
//
// Errors: files.ErrNotFound, files.ErrInvalidArgument if a time has 1,000,000,000 nanoseconds or more, or the filesystem
// cannot express it.
func SetTimes(path string, times Times) error {
	if err := host.ValidPaths(path); err != nil {
		return err
	}
	return host.Done(host.Paths().SetTimes(path, filesystem.FileTimes{
		Accessed: times.Accessed.generated(),
		Modified: times.Modified.generated(),
	}))
}

func (t Time) generated() filesystem.FileTime {
	switch t.tag {
	case filesystem.FileTime_Now:
		return filesystem.MakeFileTimeNow()
	case filesystem.FileTime_At:
		return filesystem.MakeFileTimeAt(core.Timestamp(t.at))
	default:
		return filesystem.MakeFileTimeUnchanged()
	}
}

// CreateSymlink creates a symbolic link at link that points to target, which need not exist.
//
// Permission: filesystem = [{ action = "write", path = "<link>" }] and
// filesystem = [{ action = "read", path = "<target>" }]. A target outside of the mounts is denied in any case.
//
// Errors: files.ErrAlreadyExists, files.ErrNotFound if the directory of the link is missing, files.ErrUnsupported,
// files.ErrQuotaExceeded.
func CreateSymlink(target, link string) error {
	if err := host.ValidPaths(target, link); err != nil {
		return err
	}
	return host.Done(host.Paths().CreateSymlink(target, link))
}

// ReadSymlink gives the path that a symbolic link points to, not resolved any further. Nothing need be there.
//
// Permission: filesystem = [{ action = "read", path = "<link>" }].
//
// Errors: files.ErrNotFound, files.ErrInvalidArgument if there is something else than a symbolic link.
func ReadSymlink(link string) (string, error) {
	if err := host.ValidPaths(link); err != nil {
		return "", err
	}
	return host.Value(host.Paths().ReadSymlink(link))
}

// Canonicalize gives the path with all symbolic links, . and .. resolved. There must be something at it.
//
// Permission: filesystem = [{ action = "read", path = "<path>" }], or the same with the action list.
//
// Errors: files.ErrNotFound, files.ErrTooManyLinks.
func Canonicalize(path string) (string, error) {
	if err := host.ValidPaths(path); err != nil {
		return "", err
	}
	return host.Value(host.Paths().Canonicalize(path))
}

// Normalize gives the path without ., .., repeated / and a / at the end; .. above the root stays at the root. It works
// on the text only: nothing need exist and no link is resolved, so that the result may lead elsewhere. It needs no
// permission.
//
// Errors: files.ErrInvalidPath, files.ErrNameTooLong.
func Normalize(path string) (string, error) {
	if err := host.ValidPaths(path); err != nil {
		return "", err
	}
	return host.Value(host.Paths().Normalize(path))
}

// RelativeTo gives the part of a path that comes after a base, without a / before it, and nothing if the two are the
// same. It works on the text only, after both are as Normalize gives them. It needs no permission.
//
// Errors: files.ErrInvalidArgument if the path is not under the base, files.ErrInvalidPath, files.ErrNameTooLong.
func RelativeTo(path, base string) (string, error) {
	if err := host.ValidPaths(path, base); err != nil {
		return "", err
	}
	return host.Value(host.Paths().RelativeTo(path, base))
}

func metadata(result host.Filesystem[filesystem.FileMetadata]) (files.Metadata, error) {
	found, err := host.Value(result)
	if err != nil {
		return files.Metadata{}, err
	}
	return files.Metadata{
		Type:        files.FileType(found.FileType),
		Size:        found.Size,
		Permissions: files.Permissions(found.Permissions),
		Links:       found.Links,
		Accessed:    (*airssys.Timestamp)(host.Pointer(found.Accessed)),
		Modified:    (*airssys.Timestamp)(host.Pointer(found.Modified)),
		Created:     (*airssys.Timestamp)(host.Pointer(found.Created)),
	}, nil
}
