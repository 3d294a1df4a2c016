// Package export_airssys_ext_process_signals is what the generated exports of signals call. Its name and place are the
// generator's choice.
package export_airssys_ext_process_signals

import (
	generated "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_ext_process_types"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/convert"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/process"
	"github.com/airssys/airssys-wasm/sdk-go/processes"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

type result[T any] = process.Result[T]

// SendSignal forwards signals.send-signal.
func SendSignal(p *Process, signal generated.Signal, target generated.SignalTarget) result[wit.Unit] {
	return process.Done(p.Process.SendSignal(process.SignalOf(signal), processes.Target(target)))
}

// Interrupt forwards signals.interrupt.
func Interrupt(p *Process) result[wit.Unit] {
	return process.Done(p.Process.Interrupt())
}

// Terminate forwards signals.terminate.
func Terminate(p *Process, graceMs uint32) result[generated.ExitStatus] {
	status, err := p.Process.Terminate(convert.Duration(graceMs))
	return process.Of(process.ExitStatus(status), err)
}

// Kill forwards signals.kill.
func Kill(p *Process) result[wit.Unit] {
	return process.Done(p.Process.Kill())
}

// KillGroup forwards signals.kill-group.
func KillGroup(p *Process) result[wit.Unit] {
	return process.Done(p.Process.KillGroup())
}

// Suspend forwards signals.suspend.
func Suspend(p *Process) result[wit.Unit] {
	return process.Done(p.Process.Suspend())
}

// Resume forwards signals.resume.
func Resume(p *Process) result[wit.Unit] {
	return process.Done(p.Process.Resume())
}

// WaitStateChange forwards signals.wait-state-change.
func WaitStateChange(p *Process, timeoutMs wit.Option[uint32]) result[wit.Option[generated.StateChange]] {
	if timeoutMs.IsNone() {
		change, err := p.Process.WaitStateChange()
		return process.Optional(&change, err, process.StateChange)
	}
	change, err := p.Process.WaitStateChangeTimeout(convert.Duration(timeoutMs.Some()))
	return process.Optional(change, err, process.StateChange)
}

// ParseSignal forwards signals.parse-signal.
func ParseSignal(nameOrNumber string) result[generated.Signal] {
	signal, err := processes.ParseSignal(nameOrNumber)
	return process.Of(process.Signal(signal), err)
}

// ListSignals forwards signals.list-signals.
func ListSignals() []generated.SignalInfo {
	listed := processes.ListSignals()
	signals := make([]generated.SignalInfo, len(listed))
	for i, info := range listed {
		signals[i] = generated.SignalInfo{Signal: process.Signal(info.Signal), Number: info.Number, Name: info.Name}
	}
	return signals
}
