package files

import (
	"fmt"
	"io"
	"math"

	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
)

// SeekFrom is where File.SeekTo moves to. The zero value is the start of the file.
type SeekFrom struct {
	tag    uint8
	offset uint64
}

// Start is this many bytes after the start of the file.
func Start(offset uint64) SeekFrom { return SeekFrom{filesystem.SeekFrom_Start, offset} }

// Forward is this many bytes after the present position.
func Forward(offset uint64) SeekFrom { return SeekFrom{filesystem.SeekFrom_Forward, offset} }

// Backward is this many bytes before the present position.
func Backward(offset uint64) SeekFrom { return SeekFrom{filesystem.SeekFrom_Backward, offset} }

// BeforeEnd is this many bytes before the end of the file; 0 is the end.
func BeforeEnd(offset uint64) SeekFrom { return SeekFrom{filesystem.SeekFrom_BeforeEnd, offset} }

// SeekTo moves the position and returns it, in bytes from the start of the file. A position past the end is allowed; a
// write there fills the gap with zeros.
//
// Errors: ErrInvalidArgument if the position would be before the start, or is larger than the filesystem can express.
func (f *File) SeekTo(position SeekFrom) (uint64, error) {
	if err := f.open(); err != nil {
		return 0, err
	}
	return host.Value(f.handle.Seek(position.generated()))
}

func (s SeekFrom) generated() filesystem.SeekFrom {
	switch s.tag {
	case filesystem.SeekFrom_Forward:
		return filesystem.MakeSeekFromForward(s.offset)
	case filesystem.SeekFrom_Backward:
		return filesystem.MakeSeekFromBackward(s.offset)
	case filesystem.SeekFrom_BeforeEnd:
		return filesystem.MakeSeekFromBeforeEnd(s.offset)
	default:
		return filesystem.MakeSeekFromStart(s.offset)
	}
}

// Seek moves the position relative to io.SeekStart, io.SeekCurrent or io.SeekEnd and returns it, in bytes from the
// start of the file.
//
// Errors: those of SeekTo, and ErrInvalidArgument if whence is none of the three or the position does not fit.
func (f *File) Seek(offset int64, whence int) (int64, error) {
	moves, err := seekFrom(offset, whence)
	if err != nil {
		return 0, err
	}
	var position uint64
	for _, move := range moves {
		if position, err = f.SeekTo(move); err != nil {
			return 0, err
		}
	}
	if position > math.MaxInt64 {
		return 0, &Error{Code: ErrInvalidArgument, Message: "the position does not fit into an int64"}
	}
	return int64(position), nil
}

// seekFrom gives the moves that make up a seek of the standard library. The contract has no form for past the end, so
// that this one takes two.
func seekFrom(offset int64, whence int) ([]SeekFrom, error) {
	// Right for the least int64 too, whose negative is no int64.
	distance := uint64(offset)
	if offset < 0 {
		distance = -distance
	}
	switch {
	case whence == io.SeekStart && offset < 0:
		return nil, negative("position")
	case whence == io.SeekStart:
		return []SeekFrom{Start(distance)}, nil
	case whence == io.SeekCurrent && offset < 0:
		return []SeekFrom{Backward(distance)}, nil
	case whence == io.SeekCurrent:
		return []SeekFrom{Forward(distance)}, nil
	case whence == io.SeekEnd && offset <= 0:
		return []SeekFrom{BeforeEnd(distance)}, nil
	case whence == io.SeekEnd:
		return []SeekFrom{BeforeEnd(0), Forward(distance)}, nil
	default:
		return nil, &Error{Code: ErrInvalidArgument, Message: fmt.Sprintf("whence %d", whence)}
	}
}
