// Package export_airssys_ext_filesystem_files is what the generated exports of files call. Its name and place are the
// generator's choice.
package export_airssys_ext_filesystem_files

import (
	"fmt"
	"runtime"
	"time"

	filesystem "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/convert"
	"github.com/airssys/airssys-wasm/sdk-go/files"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

type result[T any] = wit.Result[T, filesystem.FilesystemError]

// File is the exported resource: the SDK's file behind a handle of this component.
type File struct {
	// The generated methods keep the handle here, and the object in its place.
	handle int32
	pinner runtime.Pinner
	file   *files.File
}

// OnDrop closes the file: the host has dropped the handle.
func (f *File) OnDrop() {
	if err := f.file.Close(); err != nil {
		panic(err)
	}
}

// Read forwards files.file.read.
func (f *File) Read(maxBytes uint32) result[[]byte] {
	return convert.Filesystem(f.file.ReadChunk(maxBytes))
}

// ReadAt forwards files.file.read-at.
func (f *File) ReadAt(offset uint64, maxBytes uint32) result[[]byte] {
	return convert.Filesystem(f.file.ReadChunkAt(offset, maxBytes))
}

// Write forwards files.file.write.
func (f *File) Write(data []byte) result[uint32] {
	return convert.Filesystem(f.file.WriteChunk(data))
}

// WriteAt forwards files.file.write-at.
func (f *File) WriteAt(offset uint64, data []byte) result[uint32] {
	return convert.Filesystem(f.file.WriteChunkAt(offset, data))
}

// Seek forwards files.file.seek.
func (f *File) Seek(position filesystem.SeekFrom) result[uint64] {
	return convert.Filesystem(f.file.SeekTo(seekFrom(position)))
}

func seekFrom(position filesystem.SeekFrom) files.SeekFrom {
	switch position.Tag() {
	case filesystem.SeekFrom_Start:
		return files.Start(position.Start())
	case filesystem.SeekFrom_Forward:
		return files.Forward(position.Forward())
	case filesystem.SeekFrom_Backward:
		return files.Backward(position.Backward())
	case filesystem.SeekFrom_BeforeEnd:
		return files.BeforeEnd(position.BeforeEnd())
	default:
		panic(fmt.Sprintf("unknown seek-from: %d", position.Tag()))
	}
}

// Sync forwards files.file.sync.
func (f *File) Sync(kind filesystem.SyncKind) result[wit.Unit] {
	return convert.Done(f.file.Sync(files.SyncKind(kind)))
}

// SetSize forwards files.file.set-size.
func (f *File) SetSize(size uint64) result[wit.Unit] {
	return convert.Done(f.file.SetSize(size))
}

// Metadata forwards files.file.metadata.
func (f *File) Metadata() result[filesystem.FileMetadata] {
	return convert.FileMetadata(f.file.Metadata())
}

// Lock forwards files.file.lock.
func (f *File) Lock(kind filesystem.LockKind, timeoutMs wit.Option[uint32]) result[wit.Unit] {
	if timeoutMs.IsNone() {
		return convert.Done(f.file.Lock(files.LockKind(kind)))
	}
	timeout := time.Duration(timeoutMs.Some()) * time.Millisecond
	return convert.Done(f.file.LockTimeout(files.LockKind(kind), timeout))
}

// Unlock forwards files.file.unlock.
func (f *File) Unlock() result[wit.Unit] {
	return convert.Done(f.file.Unlock())
}

// Open forwards files.open.
func Open(path string, flags filesystem.OpenFlags) result[*File] {
	file, err := files.Open(path, files.OpenFlags(flags))
	return convert.Filesystem(&File{file: file}, err)
}

// ReadFile forwards files.read-file.
func ReadFile(path string) result[[]byte] {
	return convert.Filesystem(files.ReadFile(path))
}

// WriteFile forwards files.write-file.
func WriteFile(path string, data []byte) result[wit.Unit] {
	return convert.Done(files.WriteFile(path, data))
}

// AppendFile forwards files.append-file.
func AppendFile(path string, data []byte) result[wit.Unit] {
	return convert.Done(files.AppendFile(path, data))
}

// DeleteFile forwards files.delete-file.
func DeleteFile(path string) result[wit.Unit] {
	return convert.Done(files.DeleteFile(path))
}

// CopyFile forwards files.copy-file.
func CopyFile(source, destination string, onExisting filesystem.OnExisting) result[uint64] {
	return convert.Filesystem(files.CopyFile(source, destination, files.OnExisting(onExisting)))
}

// Rename forwards files.rename.
func Rename(source, destination string, onExisting filesystem.OnExisting) result[wit.Unit] {
	return convert.Done(files.Rename(source, destination, files.OnExisting(onExisting)))
}
