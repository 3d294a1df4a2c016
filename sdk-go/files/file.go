package files

import (
	"io"
	"io/fs"
	"time"

	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// maxRead is how much Read and ReadAt ask for at once: what the host gives exists twice in the component's memory for a
// moment.
const maxRead = 1 << 20

// File is an open file. It refers to the file and not to the path: it still reads and writes after the path is renamed
// or deleted. Close it; the garbage collector does not. A closed file answers fs.ErrClosed.
//
// It is an io.Reader, io.Writer, io.Seeker, io.ReaderAt, io.WriterAt and io.Closer, whose methods call the host as
// often as those interfaces demand. ReadChunk, WriteChunk, ReadChunkAt, WriteChunkAt and SeekTo are the operations of
// the contract, each of them one call. None needs a permission: the handle holds it. All can fail with ErrIO.
type File struct {
	handle host.File
}

var (
	_ io.ReadWriteSeeker = (*File)(nil)
	_ io.ReaderAt        = (*File)(nil)
	_ io.WriterAt        = (*File)(nil)
	_ io.Closer          = (*File)(nil)
)

// Read reads up to len(p) bytes from the present position and moves it. At the end of the file it gives io.EOF.
//
// Errors: ErrInvalidArgument if the file is not open for reading.
func (f *File) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, f.open()
	}
	data, err := f.ReadChunk(uint32(min(len(p), maxRead)))
	switch {
	case err != nil:
		return 0, err
	case len(data) == 0:
		return 0, io.EOF
	default:
		return copy(p, data), nil
	}
}

// ReadChunk reads from the present position and moves it: at most max bytes and at most the host's limit, by default 16
// MiB, and perhaps less than there is. No bytes and no error mean the end of the file, or that max is 0.
//
// Errors: ErrInvalidArgument if the file is not open for reading.
func (f *File) ReadChunk(max uint32) ([]byte, error) {
	if err := f.open(); err != nil {
		return nil, err
	}
	return host.Value(f.handle.Read(max))
}

// ReadAt reads len(p) bytes from the offset. It gives io.EOF with less than that at the end of the file. The position
// stays where it is.
//
// Errors: ErrInvalidArgument if the file is not open for reading or the offset is negative.
func (f *File) ReadAt(p []byte, offset int64) (n int, err error) {
	if offset < 0 {
		return 0, negative("offset")
	}
	if len(p) == 0 {
		return 0, f.open()
	}
	for n < len(p) {
		data, err := f.ReadChunkAt(uint64(offset)+uint64(n), uint32(min(len(p)-n, maxRead)))
		if err != nil {
			return n, err
		}
		if len(data) == 0 {
			return n, io.EOF
		}
		n += copy(p[n:], data)
	}
	return n, nil
}

// ReadChunkAt reads as ReadChunk does, but from the offset, in bytes from the start of the file. The position stays
// where it is. No bytes and no error mean that the offset is at or past the end, or that max is 0.
//
// Errors: ErrInvalidArgument if the file is not open for reading.
func (f *File) ReadChunkAt(offset uint64, max uint32) ([]byte, error) {
	if err := f.open(); err != nil {
		return nil, err
	}
	return host.Value(f.handle.ReadAt(offset, max))
}

// Write writes all of p at the present position, or at the end if the file is open for appending, and moves the
// position behind it.
//
// Errors: ErrInvalidArgument if the file is not open for writing, ErrQuotaExceeded.
func (f *File) Write(p []byte) (n int, err error) {
	return f.writeAll(p, func(rest []byte, _ int) (uint32, error) { return f.WriteChunk(rest) })
}

// WriteChunk writes once, as Write does, and returns how many bytes were written: perhaps less than given, and at most
// the host's limit, by default 16 MiB.
//
// Errors: ErrInvalidArgument if the file is not open for writing, ErrQuotaExceeded.
func (f *File) WriteChunk(data []byte) (uint32, error) {
	if err := f.open(); err != nil {
		return 0, err
	}
	return host.Value(f.handle.Write(data))
}

// WriteAt writes all of p at the offset. The position stays where it is. A gap behind the end of the file is filled
// with zeros.
//
// Errors: ErrInvalidArgument if the file is not open for writing, is open for appending, or the offset is negative;
// ErrQuotaExceeded.
func (f *File) WriteAt(p []byte, offset int64) (n int, err error) {
	if offset < 0 {
		return 0, negative("offset")
	}
	return f.writeAll(p, func(rest []byte, n int) (uint32, error) {
		return f.WriteChunkAt(uint64(offset)+uint64(n), rest)
	})
}

// WriteChunkAt writes once, as WriteAt does, and returns how many bytes were written: perhaps less than given, and at
// most the host's limit, by default 16 MiB.
//
// Errors: ErrInvalidArgument if the file is not open for writing, or is open for appending; ErrQuotaExceeded.
func (f *File) WriteChunkAt(offset uint64, data []byte) (uint32, error) {
	if err := f.open(); err != nil {
		return 0, err
	}
	return host.Value(f.handle.WriteAt(offset, data))
}

func (f *File) writeAll(p []byte, write func(rest []byte, n int) (uint32, error)) (n int, err error) {
	if len(p) == 0 {
		return 0, f.open()
	}
	for n < len(p) {
		written, err := write(p[n:], n)
		if err != nil {
			return n, err
		}
		if written == 0 {
			return n, io.ErrShortWrite
		}
		n += int(written)
	}
	return n, nil
}

// Sync waits until what was written is on the device.
func (f *File) Sync(kind SyncKind) error {
	if err := f.open(); err != nil {
		return err
	}
	return host.Done(f.handle.Sync(filesystem.SyncKind(kind)))
}

// SetSize makes the file this many bytes long: cuts it, or fills it up with zeros. The position stays where it is.
//
// Errors: ErrInvalidArgument if the file is not open for writing, ErrQuotaExceeded.
func (f *File) SetSize(size uint64) error {
	if err := f.open(); err != nil {
		return err
	}
	return host.Done(f.handle.SetSize(size))
}

// Metadata gives the metadata of the file, as paths.GetMetadata does.
func (f *File) Metadata() (Metadata, error) {
	if err := f.open(); err != nil {
		return Metadata{}, err
	}
	metadata, err := host.Value(f.handle.Metadata())
	if err != nil {
		return Metadata{}, err
	}
	return metadataOf(metadata), nil
}

// Lock locks the whole file and waits for it as long as the call of the component may take. A handle holds at most one
// lock: locking again changes its kind. It is held until Unlock, Close or the end of the component.
//
// Errors: ErrUnsupported if the filesystem has no locks.
func (f *File) Lock(kind LockKind) error {
	return f.lock(kind, wit.None[uint32]())
}

// LockTimeout locks as Lock does but waits at most this long, in whole milliseconds, rounded up, and at most 49 days. 0
// tries once.
//
// Errors: ErrLocked if the time has passed, ErrUnsupported if the filesystem has no locks.
func (f *File) LockTimeout(kind LockKind, timeout time.Duration) error {
	return f.lock(kind, wit.Some(host.Milliseconds(timeout)))
}

func (f *File) lock(kind LockKind, timeoutMs wit.Option[uint32]) error {
	if err := f.open(); err != nil {
		return err
	}
	return host.Done(f.handle.Lock(filesystem.LockKind(kind), timeoutMs))
}

// Unlock releases the lock of this handle.
//
// Errors: ErrInvalidArgument if it holds none.
func (f *File) Unlock() error {
	if err := f.open(); err != nil {
		return err
	}
	return host.Done(f.handle.Unlock())
}

// Close closes the file and releases its lock. A file that is closed already gives fs.ErrClosed.
func (f *File) Close() error {
	if err := f.open(); err != nil {
		return err
	}
	f.handle.Drop()
	f.handle = nil
	return nil
}

func (f *File) open() error {
	if f.handle == nil {
		return fs.ErrClosed
	}
	return nil
}

func negative(what string) error {
	return &Error{Code: ErrInvalidArgument, Message: "negative " + what}
}
