// Package export_airssys_ext_process_processes is what the generated exports of processes call. Its name and place are
// the generator's choice.
package export_airssys_ext_process_processes

import (
	"runtime"

	generated "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_ext_process_types"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/convert"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/process"
	"github.com/airssys/airssys-wasm/sdk-go/processes"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

type result[T any] = process.Result[T]

// Process is the exported resource: the SDK's process behind a handle of this component.
type Process struct {
	// The generated methods keep the handle here, and the object in its place.
	handle int32
	pinner runtime.Pinner
	// Process is the SDK's. The exports of stdio and signals use it too.
	Process *processes.Process
}

// OnDrop closes the process: the host has dropped the handle.
func (p *Process) OnDrop() {
	if err := p.Process.Close(); err != nil {
		panic(err)
	}
}

// Id forwards processes.process.id.
func (p *Process) Id() uint32 { return uint32(p.Process.ID()) }

// Info forwards processes.process.info.
func (p *Process) Info() result[generated.ProcessInfo] {
	info, err := p.Process.Info()
	return process.Of(process.ProcessInfo(info), err)
}

// Wait forwards processes.process.wait.
func (p *Process) Wait() result[generated.ExitStatus] {
	status, err := p.Process.Wait()
	return process.Of(process.ExitStatus(status), err)
}

// WaitTimeout forwards processes.process.wait-timeout.
func (p *Process) WaitTimeout(timeoutMs uint32) result[wit.Option[generated.ExitStatus]] {
	status, err := p.Process.WaitTimeout(convert.Duration(timeoutMs))
	return process.Optional(status, err, process.ExitStatus)
}

// TryWait forwards processes.process.try-wait.
func (p *Process) TryWait() result[wit.Option[generated.ExitStatus]] {
	status, err := p.Process.TryWait()
	return process.Optional(status, err, process.ExitStatus)
}

// IsRunning forwards processes.process.is-running.
func (p *Process) IsRunning() bool { return p.Process.IsRunning() }

// Usage forwards processes.process.usage.
func (p *Process) Usage() result[generated.ProcessUsage] {
	usage, err := p.Process.Usage()
	return process.Of(generated.ProcessUsage(usage), err)
}

// Limits forwards processes.process.limits.
func (p *Process) Limits() result[generated.ProcessLimits] {
	limits, err := p.Process.Limits()
	return process.Of(process.ProcessLimits(limits), err)
}

// SetLimits forwards processes.process.set-limits.
func (p *Process) SetLimits(limits generated.ProcessLimits) result[wit.Unit] {
	return process.Done(p.Process.SetLimits(process.Limits(limits)))
}

// Spawn forwards processes.spawn.
func Spawn(command generated.Command) result[*Process] {
	started, err := process.Command(command).Spawn()
	return process.Of(&Process{Process: started}, err)
}

// Run forwards processes.run.
func Run(command generated.Command, stdin []byte) result[generated.ProcessOutput] {
	output, err := process.Command(command).Run(stdin)
	return process.Of(process.ProcessOutput(output), err)
}

// RunPipeline forwards processes.run-pipeline.
func RunPipeline(commands []generated.Command, stdin []byte) result[generated.PipelineOutput] {
	all := make([]*processes.Cmd, len(commands))
	for i, command := range commands {
		all[i] = process.Command(command)
	}
	output, err := processes.RunPipeline(stdin, all...)
	statuses := make([]generated.ExitStatus, len(output.Statuses))
	for i, status := range output.Statuses {
		statuses[i] = process.ExitStatus(status)
	}
	return process.Of(generated.PipelineOutput{
		Statuses: statuses,
		Stdout:   output.Stdout,
		Stderr:   output.Stderr,
	}, err)
}

// WaitAny forwards processes.wait-any.
func WaitAny(ids []uint32, timeoutMs wit.Option[uint32]) result[wit.Option[generated.Finished]] {
	all := make([]processes.ID, len(ids))
	for i, id := range ids {
		all[i] = processes.ID(id)
	}
	if timeoutMs.IsNone() {
		first, err := processes.WaitAny(all...)
		return process.Optional(&first, err, finished)
	}
	first, err := processes.WaitAnyTimeout(convert.Duration(timeoutMs.Some()), all...)
	return process.Optional(first, err, finished)
}

func finished(first processes.Finished) generated.Finished {
	return generated.Finished{Index: first.Index, Status: process.ExitStatus(first.Status)}
}

// ListProcesses forwards processes.list-processes.
func ListProcesses() []generated.ProcessInfo {
	listed := processes.ListProcesses()
	infos := make([]generated.ProcessInfo, len(listed))
	for i, info := range listed {
		infos[i] = process.ProcessInfo(info)
	}
	return infos
}

// GetProcessInfo forwards processes.get-process-info.
func GetProcessInfo(id uint32) result[generated.ProcessInfo] {
	info, err := processes.GetProcessInfo(processes.ID(id))
	return process.Of(process.ProcessInfo(info), err)
}
