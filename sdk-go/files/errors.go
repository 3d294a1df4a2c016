package files

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/airssys/airssys-wasm/sdk-go"
	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
)

func init() { host.FilesystemError = errorOf }

// Code is a case of the errors of the packages files, directories and paths. A code is itself an error, for
// errors.Is(err, files.ErrNotFound).
type Code uint8

// The cases. Error.Path has the path of those that are about one, Error.Message the text of the others.
const (
	// ErrNotFound: there is nothing at the path, or a directory on the way to it is missing.
	ErrNotFound Code = iota
	// ErrPermissionDenied: the permission is missing. Error.Denial says which. Nothing has happened, and whether the
	// path exists does not show.
	ErrPermissionDenied
	// ErrAlreadyExists: there is already something at the path.
	ErrAlreadyExists
	// ErrInvalidPath: the path is not absolute, is empty, contains NUL, is not UTF-8 or is longer than 4,096 bytes. The
	// message says which.
	ErrInvalidPath
	// ErrNotADirectory: the path, or a part of it that is not the last, is not a directory but must be one.
	ErrNotADirectory
	// ErrIsADirectory: the path is a directory but must not be one.
	ErrIsADirectory
	// ErrDirectoryNotEmpty: the directory must be empty but is not.
	ErrDirectoryNotEmpty
	// ErrTooManyLinks: there are more than 40 symbolic links on the way, or a loop of them, or a link where none may be
	// followed.
	ErrTooManyLinks
	// ErrNameTooLong: a segment of the path is longer than 255 bytes.
	ErrNameTooLong
	// ErrCrossDevice: source and destination are on different mounts.
	ErrCrossDevice
	// ErrLocked: another handle holds a lock on the file, and the time to wait for it has passed.
	ErrLocked
	// ErrInvalidArgument: an argument, or a combination of them, makes no sense. The message says which.
	ErrInvalidArgument
	// ErrUnsupported: the host or its filesystem cannot do this. The message says what.
	ErrUnsupported
	// ErrQuotaExceeded: a limit of the host or the room on the device is exhausted. The message says which.
	ErrQuotaExceeded
	// ErrTooManyOpenFiles: the component has as many files and cursors open as the host allows, by default 256.
	ErrTooManyOpenFiles
	// ErrIO: the host's operating system failed in another way. The message says how.
	ErrIO
)

var codeNames = [...]string{
	ErrNotFound:          "not found",
	ErrPermissionDenied:  "permission denied",
	ErrAlreadyExists:     "already exists",
	ErrInvalidPath:       "invalid path",
	ErrNotADirectory:     "not a directory",
	ErrIsADirectory:      "is a directory",
	ErrDirectoryNotEmpty: "directory not empty",
	ErrTooManyLinks:      "too many links",
	ErrNameTooLong:       "name too long",
	ErrCrossDevice:       "cross-device",
	ErrLocked:            "locked",
	ErrInvalidArgument:   "invalid argument",
	ErrUnsupported:       "unsupported",
	ErrQuotaExceeded:     "quota exceeded",
	ErrTooManyOpenFiles:  "too many open files",
	ErrIO:                "input/output error",
}

// Error gives the case in words.
func (c Code) Error() string {
	if int(c) < len(codeNames) {
		return codeNames[c]
	}
	return fmt.Sprintf("code %d", uint8(c))
}

// Is says whether the target is an error of the standard library with the same meaning: fs.ErrNotExist for ErrNotFound,
// fs.ErrExist for ErrAlreadyExists and ErrDirectoryNotEmpty, fs.ErrPermission for ErrPermissionDenied, fs.ErrInvalid
// for ErrInvalidPath and ErrInvalidArgument, errors.ErrUnsupported for ErrUnsupported.
func (c Code) Is(target error) bool {
	switch c {
	case ErrNotFound:
		return target == fs.ErrNotExist
	case ErrAlreadyExists, ErrDirectoryNotEmpty:
		return target == fs.ErrExist
	case ErrPermissionDenied:
		return target == fs.ErrPermission
	case ErrInvalidPath, ErrInvalidArgument:
		return target == fs.ErrInvalid
	case ErrUnsupported:
		return target == errors.ErrUnsupported
	default:
		return false
	}
}

// Error is why an operation of the packages files, directories or paths failed.
type Error struct {
	// Code is the case.
	Code Code
	// Path is the one that the case is about, as the component gave it.
	Path string
	// Message is the text of a case that is not about a path.
	Message string
	// Denial is the host's refusal; nil for every case but ErrPermissionDenied.
	Denial *airssys.PermissionDenied
}

// Error gives the case and what it is about.
func (e *Error) Error() string {
	switch {
	case e.Denial != nil:
		return e.Denial.Error()
	case e.Path != "":
		return e.Code.Error() + ": " + e.Path
	case e.Message != "":
		return e.Code.Error() + ": " + e.Message
	default:
		return e.Code.Error()
	}
}

// Unwrap gives the code, and the refusal if there is one.
func (e *Error) Unwrap() []error {
	if e.Denial == nil {
		return []error{e.Code}
	}
	return []error{e.Code, e.Denial}
}

func errorOf(err filesystem.FilesystemError) error {
	switch err.Tag() {
	case filesystem.FilesystemError_NotFound:
		return &Error{Code: ErrNotFound, Path: err.NotFound()}
	case filesystem.FilesystemError_PermissionDenied:
		return &Error{Code: ErrPermissionDenied, Denial: new(airssys.PermissionDenied(err.PermissionDenied()))}
	case filesystem.FilesystemError_AlreadyExists:
		return &Error{Code: ErrAlreadyExists, Path: err.AlreadyExists()}
	case filesystem.FilesystemError_InvalidPath:
		return &Error{Code: ErrInvalidPath, Message: err.InvalidPath()}
	case filesystem.FilesystemError_NotADirectory:
		return &Error{Code: ErrNotADirectory, Path: err.NotADirectory()}
	case filesystem.FilesystemError_IsADirectory:
		return &Error{Code: ErrIsADirectory, Path: err.IsADirectory()}
	case filesystem.FilesystemError_DirectoryNotEmpty:
		return &Error{Code: ErrDirectoryNotEmpty, Path: err.DirectoryNotEmpty()}
	case filesystem.FilesystemError_TooManyLinks:
		return &Error{Code: ErrTooManyLinks, Path: err.TooManyLinks()}
	case filesystem.FilesystemError_NameTooLong:
		return &Error{Code: ErrNameTooLong, Path: err.NameTooLong()}
	case filesystem.FilesystemError_CrossDevice:
		return &Error{Code: ErrCrossDevice, Path: err.CrossDevice()}
	case filesystem.FilesystemError_Locked:
		return &Error{Code: ErrLocked, Path: err.Locked()}
	case filesystem.FilesystemError_InvalidArgument:
		return &Error{Code: ErrInvalidArgument, Message: err.InvalidArgument()}
	case filesystem.FilesystemError_Unsupported:
		return &Error{Code: ErrUnsupported, Message: err.Unsupported()}
	case filesystem.FilesystemError_QuotaExceeded:
		return &Error{Code: ErrQuotaExceeded, Message: err.QuotaExceeded()}
	case filesystem.FilesystemError_TooManyOpenFiles:
		return &Error{Code: ErrTooManyOpenFiles}
	default:
		return &Error{Code: ErrIO, Message: err.Io()}
	}
}
