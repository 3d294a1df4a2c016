package convert

import (
	"errors"
	"fmt"

	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_core_capabilities"
	core "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_core_types"
	filesystem "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/files"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// Filesystem makes the result of an operation on the filesystem.
func Filesystem[T any](value T, err error) wit.Result[T, filesystem.FilesystemError] {
	if err != nil {
		return wit.Err[T](filesystemError(err))
	}
	return wit.Ok[T, filesystem.FilesystemError](value)
}

// Done makes the result of an operation on the filesystem that has no value.
func Done(err error) wit.Result[wit.Unit, filesystem.FilesystemError] {
	return Filesystem(wit.Unit{}, err)
}

// FileMetadata makes the result of an operation that gives metadata.
func FileMetadata(metadata files.Metadata, err error) wit.Result[filesystem.FileMetadata, filesystem.FilesystemError] {
	return Filesystem(filesystem.FileMetadata{
		FileType:    filesystem.FileType(metadata.Type),
		Size:        metadata.Size,
		Permissions: filesystem.FilePermissions(metadata.Permissions),
		Links:       metadata.Links,
		Accessed:    Option((*core.Timestamp)(metadata.Accessed)),
		Modified:    Option((*core.Timestamp)(metadata.Modified)),
		Created:     Option((*core.Timestamp)(metadata.Created)),
	}, err)
}

func filesystemError(err error) filesystem.FilesystemError {
	var e *files.Error
	if !errors.As(err, &e) {
		panic(fmt.Sprintf("not an error of package files: %v", err))
	}
	switch e.Code {
	case files.ErrNotFound:
		return filesystem.MakeFilesystemErrorNotFound(e.Path)
	case files.ErrPermissionDenied:
		return filesystem.MakeFilesystemErrorPermissionDenied(Denial(err))
	case files.ErrAlreadyExists:
		return filesystem.MakeFilesystemErrorAlreadyExists(e.Path)
	case files.ErrInvalidPath:
		return filesystem.MakeFilesystemErrorInvalidPath(e.Message)
	case files.ErrNotADirectory:
		return filesystem.MakeFilesystemErrorNotADirectory(e.Path)
	case files.ErrIsADirectory:
		return filesystem.MakeFilesystemErrorIsADirectory(e.Path)
	case files.ErrDirectoryNotEmpty:
		return filesystem.MakeFilesystemErrorDirectoryNotEmpty(e.Path)
	case files.ErrTooManyLinks:
		return filesystem.MakeFilesystemErrorTooManyLinks(e.Path)
	case files.ErrNameTooLong:
		return filesystem.MakeFilesystemErrorNameTooLong(e.Path)
	case files.ErrCrossDevice:
		return filesystem.MakeFilesystemErrorCrossDevice(e.Path)
	case files.ErrLocked:
		return filesystem.MakeFilesystemErrorLocked(e.Path)
	case files.ErrInvalidArgument:
		return filesystem.MakeFilesystemErrorInvalidArgument(e.Message)
	case files.ErrUnsupported:
		return filesystem.MakeFilesystemErrorUnsupported(e.Message)
	case files.ErrQuotaExceeded:
		return filesystem.MakeFilesystemErrorQuotaExceeded(e.Message)
	case files.ErrTooManyOpenFiles:
		return filesystem.MakeFilesystemErrorTooManyOpenFiles()
	case files.ErrIO:
		return filesystem.MakeFilesystemErrorIo(e.Message)
	default:
		panic(fmt.Sprintf("unknown code: %v", e.Code))
	}
}

// Denial takes the refusal out of an error the way a component would.
func Denial(err error) airssys_core_capabilities.PermissionDenial {
	var denied *airssys.PermissionDenied
	if !errors.As(err, &denied) {
		panic(fmt.Sprintf("a refusal that does not say what: %v", err))
	}
	return airssys_core_capabilities.PermissionDenial(*denied)
}
