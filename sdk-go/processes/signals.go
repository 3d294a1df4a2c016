package processes

import (
	"time"

	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// SendSignal sends a signal to the process or its process group. It does not wait for the effect.
//
// Permission: process = [{ action = "signal", program = "<path>" }], where the path is that of the process's program.
//
// Errors: ErrPermissionDenied, ErrAlreadyExited if the process has ended, and with TargetGroup everything in its group;
// ErrInvalidArgument if the host has no signal of this number.
func (p *Process) SendSignal(signal Signal, target Target) error {
	sent, err := signal.generated()
	if err != nil {
		return err
	}
	return p.do(func(handle host.Process) error {
		return done(handle.SendSignal(sent, generated.SignalTarget(target)))
	})
}

// Interrupt sends SignalInterrupt to the process.
//
// Permission: process = [{ action = "signal", program = "<path>" }].
//
// Errors: ErrPermissionDenied, ErrAlreadyExited.
func (p *Process) Interrupt() error {
	return p.do(func(handle host.Process) error { return done(handle.Interrupt()) })
}

// Terminate ends the process: it sends SignalTerminate, waits until the process has ended, but at most the grace, in whole
// milliseconds, rounded up, and at most 49 days, and then sends SignalKill. It returns when the process has ended, and
// says how.
//
// Permission: process = [{ action = "signal", program = "<path>" }].
//
// Errors: ErrPermissionDenied, ErrAlreadyExited if the process had ended before.
func (p *Process) Terminate(grace time.Duration) (ExitStatus, error) {
	return use(p, func(handle host.Process) (ExitStatus, error) {
		return exited(handle.Terminate(host.Milliseconds(grace)))
	})
}

// Kill sends SignalKill to the process. What it has started goes on until Close.
//
// Permission: process = [{ action = "signal", program = "<path>" }].
//
// Errors: ErrPermissionDenied, ErrAlreadyExited.
func (p *Process) Kill() error {
	return p.do(func(handle host.Process) error { return done(handle.Kill()) })
}

// KillGroup sends SignalKill to the process and everything in its process group, what it has started included.
//
// Permission: process = [{ action = "signal", program = "<path>" }].
//
// Errors: ErrPermissionDenied, ErrAlreadyExited if the process and everything in its group have ended.
func (p *Process) KillGroup() error {
	return p.do(func(handle host.Process) error { return done(handle.KillGroup()) })
}

// Suspend sends SignalStop to the process. Its state is then StateStopped, until Resume.
//
// Permission: process = [{ action = "signal", program = "<path>" }].
//
// Errors: ErrPermissionDenied, ErrAlreadyExited.
func (p *Process) Suspend() error {
	return p.do(func(handle host.Process) error { return done(handle.Suspend()) })
}

// Resume sends SignalContinue to the process. If it was stopped, its state is then StateRunning.
//
// Permission: process = [{ action = "signal", program = "<path>" }].
//
// Errors: ErrPermissionDenied, ErrAlreadyExited.
func (p *Process) Resume() error {
	return p.do(func(handle host.Process) error { return done(handle.Resume()) })
}

// WaitStateChange waits for the next change of what the process does, as long as the call of the component may take, and
// gives it. A change that came before the call and was not given yet counts. When the process has ended, it gives
// ChangeExited each time.
func (p *Process) WaitStateChange() (StateChange, error) {
	change, err := p.waitStateChange(wit.None[uint32]())
	if err != nil {
		return StateChange{}, err
	}
	return *change, nil
}

// WaitStateChangeTimeout waits as WaitStateChange does, but at most this long, in whole milliseconds, rounded up, and at
// most 49 days. It gives nil if nothing has changed.
func (p *Process) WaitStateChangeTimeout(timeout time.Duration) (*StateChange, error) {
	return p.waitStateChange(wit.Some(host.Milliseconds(timeout)))
}

func (p *Process) waitStateChange(timeoutMs wit.Option[uint32]) (*StateChange, error) {
	return use(p, func(handle host.Process) (*StateChange, error) {
		return optional(handle.WaitStateChange(timeoutMs), stateChangeOf)
	})
}
