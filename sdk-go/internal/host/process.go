package host

import (
	process "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_types"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// ProcessResult is the result of an operation on processes.
type ProcessResult[T any] = wit.Result[T, process.ProcessError]

// ProcessesImports is what the interface airssys:ext-process/processes has outside of its resource.
type ProcessesImports interface {
	Spawn(command process.Command) ProcessResult[Process]
	Run(command process.Command, stdin []byte) ProcessResult[process.ProcessOutput]
	RunPipeline(commands []process.Command, stdin []byte) ProcessResult[process.PipelineOutput]
	WaitAny(ids []uint32, timeoutMs wit.Option[uint32]) ProcessResult[wit.Option[process.Finished]]
	ListProcesses() []process.ProcessInfo
	GetProcessInfo(id uint32) ProcessResult[process.ProcessInfo]
}

// Process is the resource processes.process, with what the interfaces stdio and signals do to one.
type Process interface {
	ID() uint32
	Info() ProcessResult[process.ProcessInfo]
	Wait() ProcessResult[process.ExitStatus]
	WaitTimeout(timeoutMs uint32) ProcessResult[wit.Option[process.ExitStatus]]
	TryWait() ProcessResult[wit.Option[process.ExitStatus]]
	IsRunning() bool
	Usage() ProcessResult[process.ProcessUsage]
	Limits() ProcessResult[process.ProcessLimits]
	SetLimits(limits process.ProcessLimits) ProcessResult[wit.Unit]
	Drop()

	WriteStdin(data []byte) ProcessResult[uint32]
	CloseStdin() ProcessResult[wit.Unit]
	ReadStdout(maxBytes uint32) ProcessResult[[]byte]
	ReadStderr(maxBytes uint32) ProcessResult[[]byte]
	ReadStdoutToEnd() ProcessResult[[]byte]
	ReadStderrToEnd() ProcessResult[[]byte]
	Communicate(input []byte) ProcessResult[process.ProcessOutput]

	SendSignal(signal process.Signal, target process.SignalTarget) ProcessResult[wit.Unit]
	Interrupt() ProcessResult[wit.Unit]
	Terminate(graceMs uint32) ProcessResult[process.ExitStatus]
	Kill() ProcessResult[wit.Unit]
	KillGroup() ProcessResult[wit.Unit]
	Suspend() ProcessResult[wit.Unit]
	Resume() ProcessResult[wit.Unit]
	WaitStateChange(timeoutMs wit.Option[uint32]) ProcessResult[wit.Option[process.StateChange]]
}

// SignalsImports is what the interface airssys:ext-process/signals has apart from what it does to a process.
type SignalsImports interface {
	ParseSignal(nameOrNumber string) ProcessResult[process.Signal]
	ListSignals() []process.SignalInfo
}

// Processes gives the operations that start processes or are about several. It panics if there is no host.
func Processes() ProcessesImports { return present(Imports.Processes) }

// Signals gives the operations on signals that are about no process. It panics if there is no host.
func Signals() SignalsImports { return present(Imports.Signals) }
