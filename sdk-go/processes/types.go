package processes

import (
	"fmt"

	"github.com/airssys/airssys-wasm/sdk-go"
	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
)

// ID is the id of a process that the component has started.
type ID uint32

// Stream is one of the standard streams of a process.
type Stream uint8

// The streams.
const (
	// StreamStdin is standard input.
	StreamStdin Stream = iota
	// StreamStdout is standard output.
	StreamStdout
	// StreamStderr is standard error.
	StreamStderr
)

// String gives the name of the contract, for example stdin.
func (s Stream) String() string { return nameOf("stdio-stream", uint8(s), "stdin", "stdout", "stderr") }

// State is what a process does.
type State uint8

// The states.
const (
	// StateRunning: it runs, or could.
	StateRunning State = iota
	// StateStopped: a signal has stopped it.
	StateStopped
	// StateExited: it has ended.
	StateExited
)

// String gives the name of the contract, for example running.
func (s State) String() string {
	return nameOf("process-state", uint8(s), "running", "stopped", "exited")
}

func nameOf(kind string, tag uint8, names ...string) string {
	if int(tag) < len(names) {
		return names[tag]
	}
	return fmt.Sprintf("%s(%d)", kind, tag)
}

// ExitStatus is how a process has ended.
type ExitStatus struct {
	// Signaled says whether a signal has ended it. Then Signal counts, else Code.
	Signaled bool
	// Code is the one that it ended with. 0 usually means success; POSIX keeps 0 to 255.
	Code int32
	// Signal is the one that ended it.
	Signal Signal
}

// Success says whether the process has ended by itself with code 0.
func (s ExitStatus) Success() bool { return s == ExitStatus{} }

// String gives the status as in exit status 1, or signal: kill.
func (s ExitStatus) String() string {
	if s.Signaled {
		return "signal: " + s.Signal.String()
	}
	return fmt.Sprintf("exit status %d", s.Code)
}

func exitStatusOf(status generated.ExitStatus) ExitStatus {
	if status.Tag() == generated.ExitStatus_Signaled {
		return ExitStatus{Signaled: true, Signal: signalOf(status.Signaled())}
	}
	return ExitStatus{Code: status.Code()}
}

// Limits are those of a process. Nil means that the host's default applies. None can be above the host's limit.
type Limits struct {
	// MaxMemoryBytes is the most memory. A process that needs more fails or is killed.
	MaxMemoryBytes *uint64
	// MaxCPUTimeMs is the most CPU time, in milliseconds. A process that uses more is killed. The operating system may
	// round it up to seconds.
	MaxCPUTimeMs *uint64
	// MaxWallTimeMs is the longest duration, in milliseconds of wall-clock time. A process that takes longer is killed
	// with its group.
	MaxWallTimeMs *uint64
	// MaxOpenFiles is how many files the process may have open.
	MaxOpenFiles *uint32
	// MaxOutputBytes is the most that the functions which collect output take from each stream before they fail with
	// ErrOutputTooLarge.
	MaxOutputBytes *uint64
}

func limitsOf(limits generated.ProcessLimits) Limits {
	return Limits{
		MaxMemoryBytes: host.Pointer(limits.MaxMemoryBytes),
		MaxCPUTimeMs:   host.Pointer(limits.MaxCpuTimeMs),
		MaxWallTimeMs:  host.Pointer(limits.MaxWallTimeMs),
		MaxOpenFiles:   host.Pointer(limits.MaxOpenFiles),
		MaxOutputBytes: host.Pointer(limits.MaxOutputBytes),
	}
}

func (l Limits) generated() generated.ProcessLimits {
	return generated.ProcessLimits{
		MaxMemoryBytes: host.Option(l.MaxMemoryBytes),
		MaxCpuTimeMs:   host.Option(l.MaxCPUTimeMs),
		MaxWallTimeMs:  host.Option(l.MaxWallTimeMs),
		MaxOpenFiles:   host.Option(l.MaxOpenFiles),
		MaxOutputBytes: host.Option(l.MaxOutputBytes),
	}
}

// Info is what is known about a process.
type Info struct {
	// ID is its id.
	ID ID
	// Program is the absolute path of its program, with links resolved.
	Program string
	// Arguments are its arguments, without the program itself.
	Arguments []string
	// Started is when it was started.
	Started airssys.Timestamp
	// State is what it does.
	State State
	// Exit is how it has ended; nil while it has not.
	Exit *ExitStatus
}

func infoOf(info generated.ProcessInfo) Info {
	given := Info{
		ID:        ID(info.Id),
		Program:   info.Program,
		Arguments: info.Arguments,
		Started:   airssys.Timestamp(info.Started),
		State:     State(info.State),
	}
	if info.Exit.IsSome() {
		given.Exit = new(exitStatusOf(info.Exit.Some()))
	}
	return given
}

// Usage is what a process has used since its start.
type Usage struct {
	// UserTimeMs is CPU time in its own code, in milliseconds.
	UserTimeMs uint64
	// SystemTimeMs is CPU time in the operating system on its behalf, in milliseconds.
	SystemTimeMs uint64
	// MaxResidentBytes is the most memory that it had in use at one time.
	MaxResidentBytes uint64
}

// Output is how a process has ended and what it wrote.
type Output struct {
	// Status is how it has ended.
	Status ExitStatus
	// Stdout is what it wrote to standard output. Empty if that is not piped.
	Stdout []byte
	// Stderr is what it wrote to standard error. Empty if that is not piped.
	Stderr []byte
}

func outputOf(output generated.ProcessOutput) Output {
	return Output{Status: exitStatusOf(output.Status), Stdout: output.Stdout, Stderr: output.Stderr}
}

// PipelineOutput is how the processes of a pipeline have ended and what they wrote.
type PipelineOutput struct {
	// Statuses are how each has ended, in the order of the commands.
	Statuses []ExitStatus
	// Stdout is what the last one wrote to standard output.
	Stdout []byte
	// Stderr is what all of them wrote to standard error, as it came.
	Stderr []byte
}

// Finished is the first of several processes to end.
type Finished struct {
	// Index is its place in the list that was given, from 0.
	Index uint32
	// Status is how it has ended.
	Status ExitStatus
}

func finishedOf(finished generated.Finished) Finished {
	return Finished{Index: finished.Index, Status: exitStatusOf(finished.Status)}
}
