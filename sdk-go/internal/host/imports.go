// Package host stands between the public packages and the generated imports. In WebAssembly it calls them; elsewhere,
// where there is no host, package airssystest puts a fake one in their place.
package host

import (
	"math"
	"time"

	exports "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/exports/export_airssys_core_component_lifecycle"
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	directories "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_directories"
	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

type (
	// Field is name and value of a log record's field.
	Field = wit.Tuple2[string, string]
	// Messaging is the result of an operation about other components.
	Messaging[T any] = wit.Result[T, core.MessagingError]
	// Filesystem is the result of an operation on the filesystem.
	Filesystem[T any] = wit.Result[T, filesystem.FilesystemError]
)

// ServicesImports is the interface airssys:core/host-services.
type ServicesImports interface {
	Log(level core.LogLevel, message string, fields []Field)
	SendMessage(target core.ComponentId, message []byte) Messaging[wit.Unit]
	SendRequest(target core.ComponentId, request []byte, timeoutMs uint32) Messaging[string]
	CancelRequest(request string) Messaging[wit.Unit]
	CurrentTime() core.Timestamp
	Sleep(durationMs uint32)
	ListComponents() []core.ComponentId
	GetComponentMetadata(id core.ComponentId) Messaging[core.ComponentMetadata]
}

// FilesImports is the interface airssys:ext-filesystem/files.
type FilesImports interface {
	Open(path string, flags filesystem.OpenFlags) Filesystem[File]
	ReadFile(path string) Filesystem[[]byte]
	WriteFile(path string, data []byte) Filesystem[wit.Unit]
	AppendFile(path string, data []byte) Filesystem[wit.Unit]
	DeleteFile(path string) Filesystem[wit.Unit]
	CopyFile(source, destination string, onExisting filesystem.OnExisting) Filesystem[uint64]
	Rename(source, destination string, onExisting filesystem.OnExisting) Filesystem[wit.Unit]
}

// File is the resource files.file.
type File interface {
	Read(maxBytes uint32) Filesystem[[]byte]
	ReadAt(offset uint64, maxBytes uint32) Filesystem[[]byte]
	Write(data []byte) Filesystem[uint32]
	WriteAt(offset uint64, data []byte) Filesystem[uint32]
	Seek(position filesystem.SeekFrom) Filesystem[uint64]
	Sync(kind filesystem.SyncKind) Filesystem[wit.Unit]
	SetSize(size uint64) Filesystem[wit.Unit]
	Metadata() Filesystem[filesystem.FileMetadata]
	Lock(kind filesystem.LockKind, timeoutMs wit.Option[uint32]) Filesystem[wit.Unit]
	Unlock() Filesystem[wit.Unit]
	Drop()
}

// DirectoriesImports is the interface airssys:ext-filesystem/directories.
type DirectoriesImports interface {
	OpenDirectory(path string) Filesystem[Cursor]
	ListDirectory(path string) Filesystem[[]directories.DirectoryEntry]
	CreateDirectory(path string) Filesystem[wit.Unit]
	CreateDirectoryAll(path string) Filesystem[wit.Unit]
	RemoveDirectory(path string) Filesystem[wit.Unit]
	RemoveDirectoryAll(path string) Filesystem[wit.Unit]
	Find(root string, options filesystem.FindOptions) Filesystem[[]string]
	Measure(root string) Filesystem[filesystem.DiskUsage]
}

// Cursor is the resource directories.directory-cursor.
type Cursor interface {
	Next(maxEntries uint32) Filesystem[[]directories.DirectoryEntry]
	Drop()
}

// PathsImports is the interface airssys:ext-filesystem/paths.
type PathsImports interface {
	GetMetadata(path string) Filesystem[filesystem.FileMetadata]
	GetLinkMetadata(path string) Filesystem[filesystem.FileMetadata]
	Exists(path string) Filesystem[bool]
	SetPermissions(path string, permissions filesystem.FilePermissions) Filesystem[wit.Unit]
	SetTimes(path string, times filesystem.FileTimes) Filesystem[wit.Unit]
	CreateSymlink(target, link string) Filesystem[wit.Unit]
	ReadSymlink(link string) Filesystem[string]
	Canonicalize(path string) Filesystem[string]
	Normalize(path string) Filesystem[string]
	RelativeTo(path, base string) Filesystem[string]
}

// Imports is what Services, Files and the other functions of their kind give. Each field is set in WebAssembly and nil
// elsewhere, until a test sets it.
var Imports All

// All has every interface that a component imports.
type All struct {
	Services    ServicesImports
	Files       FilesImports
	Directories DirectoriesImports
	Paths       PathsImports
	TCP         TCPImports
	UDP         UDPImports
	Connections ConnectionsImports
	Processes   ProcessesImports
	Signals     SignalsImports
}

// Services gives the host services. It panics if there is no host.
func Services() ServicesImports { return present(Imports.Services) }

// Files gives the operations on files. It panics if there is no host.
func Files() FilesImports { return present(Imports.Files) }

// Directories gives the operations on directories. It panics if there is no host.
func Directories() DirectoriesImports { return present(Imports.Directories) }

// Paths gives the operations on paths. It panics if there is no host.
func Paths() PathsImports { return present(Imports.Paths) }

func present[T any](imports T) T {
	if any(imports) == nil {
		panic("airssys: host operations exist only in a component, built with GOOS=wasip1 GOARCH=wasm; " +
			"in a test, airssystest.NewFakeHost(t) stands in for the host")
	}
	return imports
}

// FilesystemError makes the public error. Package files sets it: directories and paths share its error type.
var FilesystemError func(filesystem.FilesystemError) error

// Lifecycle gives a component, an airssys.Component, as the host calls it. Package airssys sets it.
var Lifecycle func(component any) exports.Lifecycle

// Pointer gives the value of an option, or nil.
func Pointer[T any](option wit.Option[T]) *T {
	if option.IsNone() {
		return nil
	}
	return new(option.Some())
}

// Option is the opposite of Pointer.
func Option[T any](pointer *T) wit.Option[T] {
	if pointer == nil {
		return wit.None[T]()
	}
	return wit.Some(*pointer)
}

// Value gives the value of a filesystem operation, or its public error.
func Value[T any](result Filesystem[T]) (T, error) {
	if result.IsErr() {
		var none T
		return none, FilesystemError(result.Err())
	}
	return result.Ok(), nil
}

// Done gives the public error of a filesystem operation without a value.
func Done(result Filesystem[wit.Unit]) error {
	_, err := Value(result)
	return err
}

// Milliseconds expresses a duration in the unit of the contract: rounded up, at least 0 and at most what fits, which
// is 49 days.
func Milliseconds(d time.Duration) uint32 {
	const most = math.MaxUint32 * time.Millisecond
	switch {
	case d <= 0:
		return 0
	case d >= most:
		return math.MaxUint32
	default:
		return uint32((d + time.Millisecond - 1) / time.Millisecond)
	}
}
