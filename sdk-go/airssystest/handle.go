package airssystest

import (
	"math"
	"slices"

	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// maxTransfer is how many bytes the host reads or writes in one call.
const maxTransfer = 16 << 20

// handle is an open file.
type handle struct {
	host *FakeHost
	node *node
	// path is the one that it was opened with, for errors.
	path                   string
	reads, writes, appends bool
	position               uint64
}

func (f *handle) Read(maxBytes uint32) host.Filesystem[[]byte] {
	defer f.host.lock()()
	data, failed := f.read(f.position, maxBytes)
	f.position += uint64(len(data))
	return result(data, failed)
}

func (f *handle) ReadAt(offset uint64, maxBytes uint32) host.Filesystem[[]byte] {
	defer f.host.lock()()
	return result(f.read(offset, maxBytes))
}

func (f *handle) read(offset uint64, maxBytes uint32) ([]byte, *failure) {
	if !f.reads {
		return nil, invalid("the file is not open for reading")
	}
	if offset >= uint64(len(f.node.content)) {
		return nil, nil
	}
	rest := f.node.content[offset:]
	return slices.Clone(rest[:min(len(rest), int(min(maxBytes, maxTransfer)))]), nil
}

func (f *handle) Write(data []byte) host.Filesystem[uint32] {
	defer f.host.lock()()
	offset := f.position
	if f.appends {
		offset = uint64(len(f.node.content))
	}
	written, failed := f.write(offset, data)
	if failed == nil {
		f.position = offset + uint64(written)
	}
	return result(written, failed)
}

func (f *handle) WriteAt(offset uint64, data []byte) host.Filesystem[uint32] {
	defer f.host.lock()()
	if f.writes && f.appends {
		return result[uint32](0, invalid("the file is open for appending"))
	}
	return result(f.write(offset, data))
}

func (f *handle) write(offset uint64, data []byte) (uint32, *failure) {
	if !f.writes {
		return 0, invalid("the file is not open for writing")
	}
	data = data[:min(len(data), maxTransfer)]
	if failed := f.node.writeAt(offset, data, f.host.clock); failed != nil {
		return 0, failed
	}
	return uint32(len(data)), nil
}

func (f *handle) Seek(position filesystem.SeekFrom) host.Filesystem[uint64] {
	defer f.host.lock()()
	var from, distance uint64
	backward := false
	switch position.Tag() {
	case filesystem.SeekFrom_Start:
		distance = position.Start()
	case filesystem.SeekFrom_Forward:
		from, distance = f.position, position.Forward()
	case filesystem.SeekFrom_Backward:
		from, distance, backward = f.position, position.Backward(), true
	case filesystem.SeekFrom_BeforeEnd:
		from, distance, backward = uint64(len(f.node.content)), position.BeforeEnd(), true
	}
	// from fits into an int64, so that neither comparison overflows.
	if backward && distance > from || !backward && distance > math.MaxInt64-from {
		problem := "the position would be before the start or beyond what a filesystem can express"
		return result[uint64](0, invalid(problem))
	}
	if backward {
		f.position = from - distance
	} else {
		f.position = from + distance
	}
	return result(f.position, nil)
}

func (f *handle) Sync(filesystem.SyncKind) host.Filesystem[wit.Unit] { return done(nil) }

func (f *handle) SetSize(size uint64) host.Filesystem[wit.Unit] {
	defer f.host.lock()()
	if !f.writes {
		return done(invalid("the file is not open for writing"))
	}
	return done(f.node.resize(size, f.host.clock))
}

func (f *handle) Metadata() host.Filesystem[filesystem.FileMetadata] {
	defer f.host.lock()()
	return result(f.node.metadata(), nil)
}

func (f *handle) Lock(kind filesystem.LockKind, timeoutMs wit.Option[uint32]) host.Filesystem[wit.Unit] {
	defer f.host.lock()()
	for other, held := range f.node.locks {
		if other == f || kind == filesystem.LockKind_Shared && held == filesystem.LockKind_Shared {
			continue
		}
		if timeoutMs.IsNone() {
			// Nobody else runs who could release it, so that a real host would end the call.
			return done(new(filesystem.MakeFilesystemErrorUnsupported(
				"the fake host does not wait in files.file.lock for another handle without a timeout")))
		}
		f.host.advance(timeoutMs.Some())
		return done(new(filesystem.MakeFilesystemErrorLocked(f.path)))
	}
	f.node.locks[f] = kind
	return done(nil)
}

func (f *handle) Unlock() host.Filesystem[wit.Unit] {
	defer f.host.lock()()
	if _, held := f.node.locks[f]; !held {
		return done(invalid("the file is not locked"))
	}
	delete(f.node.locks, f)
	return done(nil)
}

func (f *handle) Drop() {
	defer f.host.lock()()
	delete(f.node.locks, f)
	f.host.open--
}
