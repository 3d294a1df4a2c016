package processes

import (
	"io"

	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
)

// maxTransfer is how much the streams move at once: what the host gives exists twice in the component's memory for a
// moment.
const maxTransfer = 1 << 20

// WriteStdin writes to the standard input of the process and returns how many bytes the pipe took, which may be less than
// given. It waits until the pipe takes at least one.
//
// Errors: ErrNotPiped, ErrStdinClosed if it is closed, by CloseStdin or by the process.
func (p *Process) WriteStdin(data []byte) (uint32, error) {
	return use(p, func(handle host.Process) (uint32, error) { return value(handle.WriteStdin(data)) })
}

// CloseStdin closes the standard input of the process, which then reads the end of its input.
//
// Errors: ErrNotPiped, ErrStdinClosed if it is closed already.
func (p *Process) CloseStdin() error {
	return p.do(func(handle host.Process) error { return done(handle.CloseStdin()) })
}

// ReadStdout reads from the standard output of the process. It waits until there is something and gives what is there, at
// most max and at most the host's limit, by default 16 MiB. No bytes and no error mean the end, or that max is 0.
//
// Errors: ErrNotPiped.
func (p *Process) ReadStdout(max uint32) ([]byte, error) {
	return use(p, func(handle host.Process) ([]byte, error) { return value(handle.ReadStdout(max)) })
}

// ReadStderr reads from the standard error of the process, as ReadStdout does.
//
// Errors: ErrNotPiped.
func (p *Process) ReadStderr(max uint32) ([]byte, error) {
	return use(p, func(handle host.Process) ([]byte, error) { return value(handle.ReadStderr(max)) })
}

// ReadStdoutToEnd reads the standard output of the process until its end.
//
// Errors: ErrNotPiped, ErrOutputTooLarge if there is more than MaxOutputBytes of the process's limits.
func (p *Process) ReadStdoutToEnd() ([]byte, error) {
	return use(p, func(handle host.Process) ([]byte, error) { return value(handle.ReadStdoutToEnd()) })
}

// ReadStderrToEnd reads the standard error of the process until its end.
//
// Errors: ErrNotPiped, ErrOutputTooLarge if there is more than MaxOutputBytes of the process's limits.
func (p *Process) ReadStderrToEnd() ([]byte, error) {
	return use(p, func(handle host.Process) ([]byte, error) { return value(handle.ReadStderrToEnd()) })
}

// Communicate writes input to the process, closes its standard input, reads both outputs until their end, and waits until
// the process has ended. All of it goes on at once, so that large input and output do not block each other. An output
// that is not piped gives nothing. A process that ends without reading all of its input is no error.
//
// Errors: ErrNotPiped if there is input but standard input is not piped, ErrStdinClosed if there is input but standard
// input was closed by CloseStdin, ErrOutputTooLarge if an output has more than MaxOutputBytes of the process's limits,
// ErrTimeout if the process took longer than MaxWallTimeMs; then it and what it has started are gone.
func (p *Process) Communicate(input []byte) (Output, error) {
	return use(p, func(handle host.Process) (Output, error) {
		output, err := value(handle.Communicate(input))
		if err != nil {
			return Output{}, err
		}
		return outputOf(output), nil
	})
}

// Stdin gives the standard input of the process as a stream. Write writes all, Close is CloseStdin. Errors are those of
// WriteStdin and CloseStdin.
func (p *Process) Stdin() io.WriteCloser { return stdin{p} }

// Stdout gives the standard output of the process as a stream. Errors are those of ReadStdout.
func (p *Process) Stdout() io.Reader { return output(p.ReadStdout) }

// Stderr gives the standard error of the process as a stream. Errors are those of ReadStderr.
func (p *Process) Stderr() io.Reader { return output(p.ReadStderr) }

type stdin struct{ process *Process }

func (s stdin) Write(p []byte) (n int, err error) {
	for n < len(p) {
		taken, err := s.process.WriteStdin(p[n:min(len(p), n+maxTransfer)])
		if err != nil {
			return n, err
		}
		if taken == 0 {
			return n, io.ErrShortWrite
		}
		n += int(taken)
	}
	return n, nil
}

func (s stdin) Close() error { return s.process.CloseStdin() }

// output reads a stream.
type output func(max uint32) ([]byte, error)

func (o output) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	data, err := o(uint32(min(len(p), maxTransfer)))
	if err == nil && len(data) == 0 {
		err = io.EOF
	}
	return copy(p, data), err
}
