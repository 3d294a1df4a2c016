//go:build wasm

package host

import (
	"sync"

	services "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_host_services"
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	directories "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_directories"
	files "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_files"
	paths "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_paths"
	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	runtime "go.bytecodealliance.org/pkg/wit/runtime"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

func init() {
	Imports.Services = servicesImports{}
	Imports.Files = filesImports{}
	Imports.Directories = directoriesImports{}
	Imports.Paths = pathsImports{}
}

// gate is held during each call of an import. The host forbids imports while it copies a result into the component,
// which runs Go's allocator, which may let other goroutines run: they wait here until they may call.
var gate sync.Mutex

// call calls an import. What the host copied in is pinned for good by the runtime of the bindings, until the next
// export: let go of it here, now that the result refers to it, or a long export would never free what it has read.
func call[T any](function func() T) T {
	gate.Lock()
	defer gate.Unlock()
	result := function()
	runtime.Unpin()
	return result
}

type servicesImports struct{}

func (servicesImports) Log(level core.LogLevel, message string, fields []Field) {
	call(func() wit.Unit { services.Log(level, message, fields); return wit.Unit{} })
}

func (servicesImports) SendMessage(target core.ComponentId, message []byte) Messaging[wit.Unit] {
	return call(func() Messaging[wit.Unit] { return services.SendMessage(target, message) })
}

func (servicesImports) SendRequest(target core.ComponentId, request []byte, timeoutMs uint32) Messaging[string] {
	return call(func() Messaging[string] { return services.SendRequest(target, request, timeoutMs) })
}

func (servicesImports) CancelRequest(request string) Messaging[wit.Unit] {
	return call(func() Messaging[wit.Unit] { return services.CancelRequest(request) })
}

func (servicesImports) CurrentTime() core.Timestamp {
	return call(func() core.Timestamp { return services.CurrentTime() })
}

func (servicesImports) Sleep(durationMs uint32) {
	call(func() wit.Unit { services.Sleep(durationMs); return wit.Unit{} })
}

func (servicesImports) ListComponents() []core.ComponentId {
	return call(func() []core.ComponentId { return services.ListComponents() })
}

func (servicesImports) GetComponentMetadata(id core.ComponentId) Messaging[core.ComponentMetadata] {
	return call(func() Messaging[core.ComponentMetadata] { return services.GetComponentMetadata(id) })
}

type filesImports struct{}

func (filesImports) Open(path string, flags filesystem.OpenFlags) Filesystem[File] {
	return call(func() Filesystem[File] {
		result := files.Open(path, flags)
		if result.IsErr() {
			return wit.Err[File](result.Err())
		}
		return wit.Ok[File, filesystem.FilesystemError](fileHandle(result.Ok().TakeHandle()))
	})
}

func (filesImports) ReadFile(path string) Filesystem[[]byte] {
	return call(func() Filesystem[[]byte] { return files.ReadFile(path) })
}

func (filesImports) WriteFile(path string, data []byte) Filesystem[wit.Unit] {
	return call(func() Filesystem[wit.Unit] { return files.WriteFile(path, data) })
}

func (filesImports) AppendFile(path string, data []byte) Filesystem[wit.Unit] {
	return call(func() Filesystem[wit.Unit] { return files.AppendFile(path, data) })
}

func (filesImports) DeleteFile(path string) Filesystem[wit.Unit] {
	return call(func() Filesystem[wit.Unit] { return files.DeleteFile(path) })
}

func (filesImports) CopyFile(source, destination string, onExisting filesystem.OnExisting) Filesystem[uint64] {
	return call(func() Filesystem[uint64] { return files.CopyFile(source, destination, onExisting) })
}

func (filesImports) Rename(source, destination string, onExisting filesystem.OnExisting) Filesystem[wit.Unit] {
	return call(func() Filesystem[wit.Unit] { return files.Rename(source, destination, onExisting) })
}

// fileHandle is the bare handle. The generated type would drop it whenever the garbage collector finds out, which may
// be while the host forbids it.
type fileHandle int32

func (h fileHandle) borrow() *files.File { return files.FileFromBorrowHandle(int32(h)) }

func (h fileHandle) Read(maxBytes uint32) Filesystem[[]byte] {
	return call(func() Filesystem[[]byte] { return h.borrow().Read(maxBytes) })
}

func (h fileHandle) ReadAt(offset uint64, maxBytes uint32) Filesystem[[]byte] {
	return call(func() Filesystem[[]byte] { return h.borrow().ReadAt(offset, maxBytes) })
}

func (h fileHandle) Write(data []byte) Filesystem[uint32] {
	return call(func() Filesystem[uint32] { return h.borrow().Write(data) })
}

func (h fileHandle) WriteAt(offset uint64, data []byte) Filesystem[uint32] {
	return call(func() Filesystem[uint32] { return h.borrow().WriteAt(offset, data) })
}

func (h fileHandle) Seek(position filesystem.SeekFrom) Filesystem[uint64] {
	return call(func() Filesystem[uint64] { return h.borrow().Seek(position) })
}

func (h fileHandle) Sync(kind filesystem.SyncKind) Filesystem[wit.Unit] {
	return call(func() Filesystem[wit.Unit] { return h.borrow().Sync(kind) })
}

func (h fileHandle) SetSize(size uint64) Filesystem[wit.Unit] {
	return call(func() Filesystem[wit.Unit] { return h.borrow().SetSize(size) })
}

func (h fileHandle) Metadata() Filesystem[filesystem.FileMetadata] {
	return call(func() Filesystem[filesystem.FileMetadata] { return h.borrow().Metadata() })
}

func (h fileHandle) Lock(kind filesystem.LockKind, timeoutMs wit.Option[uint32]) Filesystem[wit.Unit] {
	return call(func() Filesystem[wit.Unit] { return h.borrow().Lock(kind, timeoutMs) })
}

func (h fileHandle) Unlock() Filesystem[wit.Unit] {
	return call(func() Filesystem[wit.Unit] { return h.borrow().Unlock() })
}

func (h fileHandle) Drop() {
	call(func() wit.Unit { files.FileFromOwnHandle(int32(h)).Drop(); return wit.Unit{} })
}

type directoriesImports struct{}

func (directoriesImports) OpenDirectory(path string) Filesystem[Cursor] {
	return call(func() Filesystem[Cursor] {
		result := directories.OpenDirectory(path)
		if result.IsErr() {
			return wit.Err[Cursor](result.Err())
		}
		return wit.Ok[Cursor, filesystem.FilesystemError](cursorHandle(result.Ok().TakeHandle()))
	})
}

func (directoriesImports) ListDirectory(path string) Filesystem[[]directories.DirectoryEntry] {
	return call(func() Filesystem[[]directories.DirectoryEntry] { return directories.ListDirectory(path) })
}

func (directoriesImports) CreateDirectory(path string) Filesystem[wit.Unit] {
	return call(func() Filesystem[wit.Unit] { return directories.CreateDirectory(path) })
}

func (directoriesImports) CreateDirectoryAll(path string) Filesystem[wit.Unit] {
	return call(func() Filesystem[wit.Unit] { return directories.CreateDirectoryAll(path) })
}

func (directoriesImports) RemoveDirectory(path string) Filesystem[wit.Unit] {
	return call(func() Filesystem[wit.Unit] { return directories.RemoveDirectory(path) })
}

func (directoriesImports) RemoveDirectoryAll(path string) Filesystem[wit.Unit] {
	return call(func() Filesystem[wit.Unit] { return directories.RemoveDirectoryAll(path) })
}

func (directoriesImports) Find(root string, options filesystem.FindOptions) Filesystem[[]string] {
	return call(func() Filesystem[[]string] { return directories.Find(root, options) })
}

func (directoriesImports) Measure(root string) Filesystem[filesystem.DiskUsage] {
	return call(func() Filesystem[filesystem.DiskUsage] { return directories.Measure(root) })
}

// cursorHandle is the bare handle, for the same reason as fileHandle.
type cursorHandle int32

func (h cursorHandle) borrow() *directories.DirectoryCursor {
	return directories.DirectoryCursorFromBorrowHandle(int32(h))
}

func (h cursorHandle) Next(maxEntries uint32) Filesystem[[]directories.DirectoryEntry] {
	return call(func() Filesystem[[]directories.DirectoryEntry] { return h.borrow().Next(maxEntries) })
}

func (h cursorHandle) Drop() {
	call(func() wit.Unit { directories.DirectoryCursorFromOwnHandle(int32(h)).Drop(); return wit.Unit{} })
}

type pathsImports struct{}

func (pathsImports) GetMetadata(path string) Filesystem[filesystem.FileMetadata] {
	return call(func() Filesystem[filesystem.FileMetadata] { return paths.GetMetadata(path) })
}

func (pathsImports) GetLinkMetadata(path string) Filesystem[filesystem.FileMetadata] {
	return call(func() Filesystem[filesystem.FileMetadata] { return paths.GetLinkMetadata(path) })
}

func (pathsImports) Exists(path string) Filesystem[bool] {
	return call(func() Filesystem[bool] { return paths.Exists(path) })
}

func (pathsImports) SetPermissions(path string, permissions filesystem.FilePermissions) Filesystem[wit.Unit] {
	return call(func() Filesystem[wit.Unit] { return paths.SetPermissions(path, permissions) })
}

func (pathsImports) SetTimes(path string, times filesystem.FileTimes) Filesystem[wit.Unit] {
	return call(func() Filesystem[wit.Unit] { return paths.SetTimes(path, times) })
}

func (pathsImports) CreateSymlink(target, link string) Filesystem[wit.Unit] {
	return call(func() Filesystem[wit.Unit] { return paths.CreateSymlink(target, link) })
}

func (pathsImports) ReadSymlink(link string) Filesystem[string] {
	return call(func() Filesystem[string] { return paths.ReadSymlink(link) })
}

func (pathsImports) Canonicalize(path string) Filesystem[string] {
	return call(func() Filesystem[string] { return paths.Canonicalize(path) })
}

func (pathsImports) Normalize(path string) Filesystem[string] {
	return call(func() Filesystem[string] { return paths.Normalize(path) })
}

func (pathsImports) RelativeTo(path, base string) Filesystem[string] {
	return call(func() Filesystem[string] { return paths.RelativeTo(path, base) })
}
