//go:build wasm

package host

import (
	processes "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_processes"
	signals "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_signals"
	stdio "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_stdio"
	process "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_types"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

func init() {
	Imports.Processes = processesImports{}
	Imports.Signals = signalsImports{}
}

type processesImports struct{}

func (processesImports) Spawn(command process.Command) ProcessResult[Process] {
	return call(func() ProcessResult[Process] {
		result := processes.Spawn(command)
		if result.IsErr() {
			return wit.Err[Process](result.Err())
		}
		return wit.Ok[Process, process.ProcessError](processHandle(result.Ok().TakeHandle()))
	})
}

func (processesImports) Run(command process.Command, stdin []byte) ProcessResult[process.ProcessOutput] {
	return call(func() ProcessResult[process.ProcessOutput] { return processes.Run(command, stdin) })
}

func (processesImports) RunPipeline(commands []process.Command, stdin []byte) ProcessResult[process.PipelineOutput] {
	return call(func() ProcessResult[process.PipelineOutput] { return processes.RunPipeline(commands, stdin) })
}

func (processesImports) WaitAny(ids []uint32, timeoutMs wit.Option[uint32]) ProcessResult[wit.Option[process.Finished]] {
	return call(func() ProcessResult[wit.Option[process.Finished]] { return processes.WaitAny(ids, timeoutMs) })
}

func (processesImports) ListProcesses() []process.ProcessInfo {
	return call(func() []process.ProcessInfo { return processes.ListProcesses() })
}

func (processesImports) GetProcessInfo(id uint32) ProcessResult[process.ProcessInfo] {
	return call(func() ProcessResult[process.ProcessInfo] { return processes.GetProcessInfo(id) })
}

// processHandle is the bare handle, for the same reason as fileHandle.
type processHandle int32

func (h processHandle) borrow() *processes.Process {
	return processes.ProcessFromBorrowHandle(int32(h))
}

func (h processHandle) ID() uint32 {
	return call(func() uint32 { return h.borrow().Id() })
}

func (h processHandle) Info() ProcessResult[process.ProcessInfo] {
	return call(func() ProcessResult[process.ProcessInfo] { return h.borrow().Info() })
}

func (h processHandle) Wait() ProcessResult[process.ExitStatus] {
	return call(func() ProcessResult[process.ExitStatus] { return h.borrow().Wait() })
}

func (h processHandle) WaitTimeout(timeoutMs uint32) ProcessResult[wit.Option[process.ExitStatus]] {
	return call(func() ProcessResult[wit.Option[process.ExitStatus]] { return h.borrow().WaitTimeout(timeoutMs) })
}

func (h processHandle) TryWait() ProcessResult[wit.Option[process.ExitStatus]] {
	return call(func() ProcessResult[wit.Option[process.ExitStatus]] { return h.borrow().TryWait() })
}

func (h processHandle) IsRunning() bool {
	return call(func() bool { return h.borrow().IsRunning() })
}

func (h processHandle) Usage() ProcessResult[process.ProcessUsage] {
	return call(func() ProcessResult[process.ProcessUsage] { return h.borrow().Usage() })
}

func (h processHandle) Limits() ProcessResult[process.ProcessLimits] {
	return call(func() ProcessResult[process.ProcessLimits] { return h.borrow().Limits() })
}

func (h processHandle) SetLimits(limits process.ProcessLimits) ProcessResult[wit.Unit] {
	return call(func() ProcessResult[wit.Unit] { return h.borrow().SetLimits(limits) })
}

func (h processHandle) Drop() {
	call(func() wit.Unit { processes.ProcessFromOwnHandle(int32(h)).Drop(); return wit.Unit{} })
}

func (h processHandle) WriteStdin(data []byte) ProcessResult[uint32] {
	return call(func() ProcessResult[uint32] { return stdio.WriteStdin(h.borrow(), data) })
}

func (h processHandle) CloseStdin() ProcessResult[wit.Unit] {
	return call(func() ProcessResult[wit.Unit] { return stdio.CloseStdin(h.borrow()) })
}

func (h processHandle) ReadStdout(maxBytes uint32) ProcessResult[[]byte] {
	return call(func() ProcessResult[[]byte] { return stdio.ReadStdout(h.borrow(), maxBytes) })
}

func (h processHandle) ReadStderr(maxBytes uint32) ProcessResult[[]byte] {
	return call(func() ProcessResult[[]byte] { return stdio.ReadStderr(h.borrow(), maxBytes) })
}

func (h processHandle) ReadStdoutToEnd() ProcessResult[[]byte] {
	return call(func() ProcessResult[[]byte] { return stdio.ReadStdoutToEnd(h.borrow()) })
}

func (h processHandle) ReadStderrToEnd() ProcessResult[[]byte] {
	return call(func() ProcessResult[[]byte] { return stdio.ReadStderrToEnd(h.borrow()) })
}

func (h processHandle) Communicate(input []byte) ProcessResult[process.ProcessOutput] {
	return call(func() ProcessResult[process.ProcessOutput] { return stdio.Communicate(h.borrow(), input) })
}

func (h processHandle) SendSignal(signal process.Signal, target process.SignalTarget) ProcessResult[wit.Unit] {
	return call(func() ProcessResult[wit.Unit] { return signals.SendSignal(h.borrow(), signal, target) })
}

func (h processHandle) Interrupt() ProcessResult[wit.Unit] {
	return call(func() ProcessResult[wit.Unit] { return signals.Interrupt(h.borrow()) })
}

func (h processHandle) Terminate(graceMs uint32) ProcessResult[process.ExitStatus] {
	return call(func() ProcessResult[process.ExitStatus] { return signals.Terminate(h.borrow(), graceMs) })
}

func (h processHandle) Kill() ProcessResult[wit.Unit] {
	return call(func() ProcessResult[wit.Unit] { return signals.Kill(h.borrow()) })
}

func (h processHandle) KillGroup() ProcessResult[wit.Unit] {
	return call(func() ProcessResult[wit.Unit] { return signals.KillGroup(h.borrow()) })
}

func (h processHandle) Suspend() ProcessResult[wit.Unit] {
	return call(func() ProcessResult[wit.Unit] { return signals.Suspend(h.borrow()) })
}

func (h processHandle) Resume() ProcessResult[wit.Unit] {
	return call(func() ProcessResult[wit.Unit] { return signals.Resume(h.borrow()) })
}

func (h processHandle) WaitStateChange(timeoutMs wit.Option[uint32]) ProcessResult[wit.Option[process.StateChange]] {
	return call(func() ProcessResult[wit.Option[process.StateChange]] {
		return signals.WaitStateChange(h.borrow(), timeoutMs)
	})
}

type signalsImports struct{}

func (signalsImports) ParseSignal(nameOrNumber string) ProcessResult[process.Signal] {
	return call(func() ProcessResult[process.Signal] { return signals.ParseSignal(nameOrNumber) })
}

func (signalsImports) ListSignals() []process.SignalInfo {
	return call(func() []process.SignalInfo { return signals.ListSignals() })
}
