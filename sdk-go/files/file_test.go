package files

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math"
	"reflect"
	"testing"
	"time"

	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// fakeFile is a file of the host that gives and takes three bytes at a time.
type fakeFile struct {
	host.File
	content  []byte
	position uint64
	seeks    []filesystem.SeekFrom
	timeouts []wit.Option[uint32]
	dropped  int
}

const most = 3

func ok[T any](value T) host.Filesystem[T] { return wit.Ok[T, filesystem.FilesystemError](value) }

func (f *fakeFile) Read(max uint32) host.Filesystem[[]byte] {
	result := f.ReadAt(f.position, max)
	f.position += uint64(len(result.Ok()))
	return result
}

func (f *fakeFile) ReadAt(offset uint64, max uint32) host.Filesystem[[]byte] {
	if offset > uint64(len(f.content)) {
		return ok[[]byte](nil)
	}
	return ok(f.content[offset:min(offset+uint64(min(max, most)), uint64(len(f.content)))])
}

func (f *fakeFile) Write(data []byte) host.Filesystem[uint32] {
	if len(f.content) >= 8 {
		return wit.Err[uint32](filesystem.MakeFilesystemErrorQuotaExceeded("8 bytes"))
	}
	data = data[:min(len(data), most)]
	f.content = append(f.content, data...)
	return ok(uint32(len(data)))
}

func (f *fakeFile) WriteAt(offset uint64, data []byte) host.Filesystem[uint32] {
	return ok(uint32(copy(f.content[offset:], data[:min(len(data), most)])))
}

func (f *fakeFile) Seek(position filesystem.SeekFrom) host.Filesystem[uint64] {
	f.seeks = append(f.seeks, position)
	return ok(f.position)
}

func (f *fakeFile) Lock(_ filesystem.LockKind, timeoutMs wit.Option[uint32]) host.Filesystem[wit.Unit] {
	f.timeouts = append(f.timeouts, timeoutMs)
	return ok(wit.Unit{})
}

func (f *fakeFile) Drop() { f.dropped++ }

func TestReadGivesTheWholeFileAndThenEOF(t *testing.T) {
	file := &File{handle: &fakeFile{content: []byte("0123456789")}}
	if content, err := io.ReadAll(file); err != nil || string(content) != "0123456789" {
		t.Errorf("got %q, %v", content, err)
	}
	if n, err := file.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("at the end: %d, %v", n, err)
	}
	if n, err := file.Read(nil); n != 0 || err != nil {
		t.Errorf("nothing asked for: %d, %v", n, err)
	}
}

func TestReadAtFillsTheBufferOrSaysEOF(t *testing.T) {
	file := &File{handle: &fakeFile{content: []byte("0123456789")}}
	buffer := make([]byte, 7)
	if n, err := file.ReadAt(buffer, 1); n != 7 || err != nil || string(buffer) != "1234567" {
		t.Errorf("got %d, %v, %q", n, err, buffer)
	}
	if n, err := file.ReadAt(buffer, 8); n != 2 || err != io.EOF || string(buffer[:n]) != "89" {
		t.Errorf("over the end: %d, %v, %q", n, err, buffer)
	}
	if _, err := file.ReadAt(buffer, -1); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("before the start: %v", err)
	}
}

func TestReadChunkIsOneCall(t *testing.T) {
	file := &File{handle: &fakeFile{content: []byte("0123456789")}}
	if data, err := file.ReadChunk(10); err != nil || string(data) != "012" {
		t.Errorf("got %q, %v", data, err)
	}
	if data, err := file.ReadChunkAt(math.MaxUint64, 10); err != nil || len(data) != 0 {
		t.Errorf("past the end: %q, %v", data, err)
	}
}

func TestWriteWritesAllOrSaysHowMuch(t *testing.T) {
	fake := &fakeFile{}
	file := &File{handle: fake}
	if n, err := file.Write([]byte("0123456")); n != 7 || err != nil || string(fake.content) != "0123456" {
		t.Errorf("got %d, %v, %q", n, err, fake.content)
	}
	if n, err := file.Write([]byte("789abc")); n != 3 || !errors.Is(err, ErrQuotaExceeded) {
		t.Errorf("over the quota: %d, %v", n, err)
	}
	if n, err := file.WriteAt([]byte("XXXXX"), 2); n != 5 || err != nil || !bytes.Equal(fake.content, []byte("01XXXXX789")) {
		t.Errorf("at an offset: %d, %v, %q", n, err, fake.content)
	}
	if _, err := file.WriteAt(nil, -1); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("before the start: %v", err)
	}
	if n, err := file.WriteChunk([]byte{}); n != 0 || !errors.Is(err, ErrQuotaExceeded) {
		t.Errorf("an empty chunk does not reach the host: %d, %v", n, err)
	}
}

func TestSeekBecomesTheFormsOfTheContract(t *testing.T) {
	for name, test := range map[string]struct {
		offset int64
		whence int
		want   []filesystem.SeekFrom
	}{
		"the start":        {0, io.SeekStart, []filesystem.SeekFrom{filesystem.MakeSeekFromStart(0)}},
		"forward":          {5, io.SeekCurrent, []filesystem.SeekFrom{filesystem.MakeSeekFromForward(5)}},
		"nowhere":          {0, io.SeekCurrent, []filesystem.SeekFrom{filesystem.MakeSeekFromForward(0)}},
		"backward":         {-5, io.SeekCurrent, []filesystem.SeekFrom{filesystem.MakeSeekFromBackward(5)}},
		"the least offset": {math.MinInt64, io.SeekCurrent, []filesystem.SeekFrom{filesystem.MakeSeekFromBackward(1 << 63)}},
		"the end":          {0, io.SeekEnd, []filesystem.SeekFrom{filesystem.MakeSeekFromBeforeEnd(0)}},
		"before the end":   {-7, io.SeekEnd, []filesystem.SeekFrom{filesystem.MakeSeekFromBeforeEnd(7)}},
		"past the end": {7, io.SeekEnd, []filesystem.SeekFrom{
			filesystem.MakeSeekFromBeforeEnd(0), filesystem.MakeSeekFromForward(7),
		}},
	} {
		fake := &fakeFile{position: 42}
		position, err := (&File{handle: fake}).Seek(test.offset, test.whence)
		if position != 42 || err != nil || !reflect.DeepEqual(fake.seeks, test.want) {
			t.Errorf("%s: got %d, %v, %v", name, position, err, fake.seeks)
		}
	}
	for _, whence := range []int{io.SeekStart, 3} {
		fake := &fakeFile{}
		if _, err := (&File{handle: fake}).Seek(-1, whence); !errors.Is(err, ErrInvalidArgument) || fake.seeks != nil {
			t.Errorf("whence %d: got %v, %v", whence, err, fake.seeks)
		}
	}
	if _, err := (&File{handle: &fakeFile{position: 1 << 63}}).Seek(0, io.SeekCurrent); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("a position beyond an int64: %v", err)
	}
	if position, err := (&File{handle: &fakeFile{position: math.MaxUint64}}).SeekTo(Forward(0)); position != math.MaxUint64 || err != nil {
		t.Errorf("the exact position: %d, %v", position, err)
	}
}

func TestLocksWaitInMilliseconds(t *testing.T) {
	fake := &fakeFile{}
	file := &File{handle: fake}
	err := errors.Join(
		file.Lock(LockShared),
		file.LockTimeout(LockExclusive, 0),
		file.LockTimeout(LockExclusive, time.Microsecond),
		file.LockTimeout(LockExclusive, -time.Second),
		file.LockTimeout(LockExclusive, 2*time.Second),
		file.LockTimeout(LockExclusive, math.MaxUint32*time.Millisecond),
		file.LockTimeout(LockExclusive, math.MaxInt64),
	)
	some := wit.Some[uint32]
	want := []wit.Option[uint32]{
		wit.None[uint32](), some(0), some(1), some(0), some(2000), some(math.MaxUint32), some(math.MaxUint32),
	}
	if err != nil || !reflect.DeepEqual(fake.timeouts, want) {
		t.Errorf("got %v, %v", fake.timeouts, err)
	}
}

func TestAClosedFileIsClosed(t *testing.T) {
	fake := &fakeFile{}
	file := &File{handle: fake}
	if err := file.Close(); err != nil || fake.dropped != 1 {
		t.Errorf("got %v, dropped %d times", err, fake.dropped)
	}
	_, read := file.Read(nil)
	_, write := file.Write(nil)
	_, seek := file.Seek(0, io.SeekStart)
	_, metadata := file.Metadata()
	for _, err := range []error{read, write, seek, metadata, file.Sync(SyncAll), file.Unlock(), file.Close()} {
		if !errors.Is(err, fs.ErrClosed) {
			t.Errorf("got %v", err)
		}
	}
	if fake.dropped != 1 {
		t.Errorf("dropped %d times", fake.dropped)
	}
}
