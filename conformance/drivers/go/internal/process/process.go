// Package process turns what the SDK gives on processes into what the exports return.
package process

import (
	"errors"
	"fmt"

	core "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_core_types"
	generated "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_ext_process_types"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/convert"
	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/processes"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// Result is the result of an operation on processes.
type Result[T any] = wit.Result[T, generated.ProcessError]

// Of makes the result of an operation on processes.
func Of[T any](value T, err error) Result[T] {
	if err != nil {
		return wit.Err[T](processError(err))
	}
	return wit.Ok[T, generated.ProcessError](value)
}

// Done makes the result of an operation on processes that has no value.
func Done(err error) Result[wit.Unit] {
	return Of(wit.Unit{}, err)
}

// Optional makes the result of an operation on processes that may have no value.
func Optional[G, T any](value *T, err error, generate func(T) G) Result[wit.Option[G]] {
	if value == nil {
		return Of(wit.None[G](), err)
	}
	return Of(wit.Some(generate(*value)), err)
}

// Command makes what the SDK starts.
func Command(command generated.Command) *processes.Cmd {
	set := make(airssys.Environment, len(command.Environment.Set))
	for i, variable := range command.Environment.Set {
		set[i] = airssys.Variable{Name: variable.F0, Value: variable.F1}
	}
	made := processes.Command(command.Program, command.Arguments...)
	made.Environment = processes.Environment{Inherit: command.Environment.Inherit, Set: set}
	made.WorkingDirectory = convert.Pointer(command.WorkingDirectory)
	made.Stdin = stdio(command.Stdio.Stdin)
	made.Stdout = stdio(command.Stdio.Stdout)
	made.Stderr = stdio(command.Stdio.Stderr)
	made.Limits = Limits(command.Limits)
	return made
}

func stdio(stream generated.Stdio) processes.Stdio {
	switch stream.Tag() {
	case generated.Stdio_Null:
		return processes.Null()
	case generated.Stdio_Piped:
		return processes.Piped()
	case generated.Stdio_Inherit:
		return processes.Inherit()
	case generated.Stdio_ReadFile:
		return processes.ReadFile(stream.ReadFile())
	case generated.Stdio_WriteFile:
		return processes.WriteFile(stream.WriteFile())
	case generated.Stdio_AppendFile:
		return processes.AppendFile(stream.AppendFile())
	case generated.Stdio_ToStdout:
		return processes.ToStdout()
	default:
		panic(fmt.Sprintf("unknown stdio: %d", stream.Tag()))
	}
}

// Limits makes limits of the SDK.
func Limits(limits generated.ProcessLimits) processes.Limits {
	return processes.Limits{
		MaxMemoryBytes: convert.Pointer(limits.MaxMemoryBytes),
		MaxCPUTimeMs:   convert.Pointer(limits.MaxCpuTimeMs),
		MaxWallTimeMs:  convert.Pointer(limits.MaxWallTimeMs),
		MaxOpenFiles:   convert.Pointer(limits.MaxOpenFiles),
		MaxOutputBytes: convert.Pointer(limits.MaxOutputBytes),
	}
}

// ProcessLimits is the opposite of Limits.
func ProcessLimits(limits processes.Limits) generated.ProcessLimits {
	return generated.ProcessLimits{
		MaxMemoryBytes: convert.Option(limits.MaxMemoryBytes),
		MaxCpuTimeMs:   convert.Option(limits.MaxCPUTimeMs),
		MaxWallTimeMs:  convert.Option(limits.MaxWallTimeMs),
		MaxOpenFiles:   convert.Option(limits.MaxOpenFiles),
		MaxOutputBytes: convert.Option(limits.MaxOutputBytes),
	}
}

// ProcessInfo makes a process-info.
func ProcessInfo(info processes.Info) generated.ProcessInfo {
	exit := wit.None[generated.ExitStatus]()
	if info.Exit != nil {
		exit = wit.Some(ExitStatus(*info.Exit))
	}
	return generated.ProcessInfo{
		Id:        uint32(info.ID),
		Program:   info.Program,
		Arguments: info.Arguments,
		Started:   core.Timestamp(info.Started),
		State:     generated.ProcessState(info.State),
		Exit:      exit,
	}
}

// ProcessOutput makes a process-output.
func ProcessOutput(output processes.Output) generated.ProcessOutput {
	return generated.ProcessOutput{Status: ExitStatus(output.Status), Stdout: output.Stdout, Stderr: output.Stderr}
}

// ExitStatus makes an exit-status.
func ExitStatus(status processes.ExitStatus) generated.ExitStatus {
	if status.Signaled {
		return generated.MakeExitStatusSignaled(Signal(status.Signal))
	}
	return generated.MakeExitStatusCode(status.Code)
}

// StateChange makes a state-change.
func StateChange(change processes.StateChange) generated.StateChange {
	switch change.Kind {
	case processes.ChangeStopped:
		return generated.MakeStateChangeStopped(Signal(change.Signal))
	case processes.ChangeContinued:
		return generated.MakeStateChangeContinued()
	case processes.ChangeExited:
		return generated.MakeStateChangeExited(ExitStatus(change.Status))
	default:
		panic(fmt.Sprintf("unknown change: %v", change.Kind))
	}
}

var signals = map[processes.Signal]generated.Signal{
	processes.SignalHangup:    generated.MakeSignalHangup(),
	processes.SignalInterrupt: generated.MakeSignalInterrupt(),
	processes.SignalQuit:      generated.MakeSignalQuit(),
	processes.SignalAbort:     generated.MakeSignalAbort(),
	processes.SignalKill:      generated.MakeSignalKill(),
	processes.SignalUser1:     generated.MakeSignalUser1(),
	processes.SignalUser2:     generated.MakeSignalUser2(),
	processes.SignalPipe:      generated.MakeSignalPipe(),
	processes.SignalAlarm:     generated.MakeSignalAlarm(),
	processes.SignalTerminate: generated.MakeSignalTerminate(),
	processes.SignalStop:      generated.MakeSignalStop(),
	processes.SignalContinue:  generated.MakeSignalContinue(),
}

// Signal makes a signal.
func Signal(signal processes.Signal) generated.Signal {
	if number, other := signal.Other(); other {
		return generated.MakeSignalOther(number)
	}
	made, known := signals[signal]
	if !known {
		panic(fmt.Sprintf("unknown signal: %v", signal))
	}
	return made
}

// SignalOf is the opposite of Signal.
func SignalOf(signal generated.Signal) processes.Signal {
	if signal.Tag() == generated.Signal_Other {
		return processes.OtherSignal(signal.Other())
	}
	for known, made := range signals {
		if made.Tag() == signal.Tag() {
			return known
		}
	}
	panic(fmt.Sprintf("unknown signal: %d", signal.Tag()))
}

func processError(err error) generated.ProcessError {
	var e *processes.Error
	if !errors.As(err, &e) {
		panic(fmt.Sprintf("not an error of package processes: %v", err))
	}
	switch e.Code {
	case processes.ErrPermissionDenied:
		return generated.MakeProcessErrorPermissionDenied(convert.Denial(err))
	case processes.ErrProgramNotFound:
		return generated.MakeProcessErrorProgramNotFound(e.Program)
	case processes.ErrNotExecutable:
		return generated.MakeProcessErrorNotExecutable(e.Program)
	case processes.ErrProcessNotFound:
		return generated.MakeProcessErrorProcessNotFound(uint32(e.ID))
	case processes.ErrAlreadyExited:
		return generated.MakeProcessErrorAlreadyExited(ExitStatus(e.Status))
	case processes.ErrNotPiped:
		return generated.MakeProcessErrorNotPiped(generated.StdioStream(e.Stream))
	case processes.ErrStdinClosed:
		return generated.MakeProcessErrorStdinClosed()
	case processes.ErrTimeout:
		return generated.MakeProcessErrorTimeout()
	case processes.ErrTooManyProcesses:
		return generated.MakeProcessErrorTooManyProcesses()
	case processes.ErrOutputTooLarge:
		return generated.MakeProcessErrorOutputTooLarge(e.Limit)
	case processes.ErrInvalidArgument:
		return generated.MakeProcessErrorInvalidArgument(e.Message)
	case processes.ErrUnsupported:
		return generated.MakeProcessErrorUnsupported(e.Message)
	case processes.ErrIO:
		return generated.MakeProcessErrorIo(e.Message)
	default:
		panic(fmt.Sprintf("unknown code: %v", e.Code))
	}
}
