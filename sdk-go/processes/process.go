// Package processes starts programs of the host as child processes, and talks to, watches and signals them. It is the
// interfaces processes, stdio and signals of the contract.
//
//	output, err := processes.Command("/usr/bin/sort", "-r").Run([]byte("a\nb\n"))
//
// A child gets only the environment that its command names, a process group of its own, the limits that apply, and no
// file descriptor of the host. The host confines it to the filesystem and network permissions of the component, or
// refuses to start it unless the operator says otherwise.
//
// Each function names the permission that it needs, as a line below [permissions] in Component.toml; without it the error
// is ErrPermissionDenied, no process was started and no signal sent. No goroutine runs while a function waits.
package processes

import (
	"io/fs"
	"sync"
	"time"

	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// Process is a child of this component. Close it; the garbage collector does not. Closing kills the child and what it has
// started, and so does the end of the component. A closed one answers fs.ErrClosed. Several goroutines may use it at
// once.
//
// The methods that do not say otherwise need no permission: the handle holds it. All can fail with ErrIO.
type Process struct {
	// mutex is held during each call: a handle must not be dropped between a check and its use.
	mutex  sync.Mutex
	handle host.Process
}

// ID gives the id of the process. That of a closed one is 0, which no process has.
func (p *Process) ID() ID {
	id, _ := use(p, func(handle host.Process) (uint32, error) { return handle.ID(), nil })
	return ID(id)
}

// Info says what the process is and what it does, before and after it has ended.
func (p *Process) Info() (Info, error) {
	return use(p, func(handle host.Process) (Info, error) {
		info, err := value(handle.Info())
		if err != nil {
			return Info{}, err
		}
		return infoOf(info), nil
	})
}

// Wait waits until the process has ended, as long as the call of the component may take. Called again, it gives the same
// answer at once. Output that nobody reads can keep a process from ending; Communicate reads it while it waits.
func (p *Process) Wait() (ExitStatus, error) {
	return use(p, func(handle host.Process) (ExitStatus, error) { return exited(handle.Wait()) })
}

// WaitTimeout waits until the process has ended, but at most this long, in whole milliseconds, rounded up, and at most 49
// days. It gives nil if the process still goes on.
func (p *Process) WaitTimeout(timeout time.Duration) (*ExitStatus, error) {
	return use(p, func(handle host.Process) (*ExitStatus, error) {
		return optional(handle.WaitTimeout(host.Milliseconds(timeout)), exitStatusOf)
	})
}

// TryWait says how the process has ended, without waiting. It gives nil if the process still goes on.
func (p *Process) TryWait() (*ExitStatus, error) {
	return use(p, func(handle host.Process) (*ExitStatus, error) {
		return optional(handle.TryWait(), exitStatusOf)
	})
}

// IsRunning says whether the process has not ended yet. A stopped process has not; a closed one has.
func (p *Process) IsRunning() bool {
	running, _ := use(p, func(handle host.Process) (bool, error) { return handle.IsRunning(), nil })
	return running
}

// Usage gives what the process has used, also after it has ended.
//
// Errors: ErrUnsupported if the host cannot measure it.
func (p *Process) Usage() (Usage, error) {
	return use(p, func(handle host.Process) (Usage, error) {
		usage, err := value(handle.Usage())
		return Usage(usage), err
	})
}

// Limits gives the limits that the process runs under. What its command or SetLimits has set reads back.
func (p *Process) Limits() (Limits, error) {
	return use(p, func(handle host.Process) (Limits, error) {
		limits, err := value(handle.Limits())
		if err != nil {
			return Limits{}, err
		}
		return limitsOf(limits), nil
	})
}

// SetLimits sets the limits of the process, all at once. They count from its start.
//
// Errors: ErrAlreadyExited, ErrInvalidArgument if a limit is above that of the host, ErrUnsupported if the host cannot
// change a limit of a running process.
func (p *Process) SetLimits(limits Limits) error {
	return p.do(func(handle host.Process) error { return done(handle.SetLimits(limits.generated())) })
}

// Close kills the process, if it has not ended, and what it has started. Nothing is left behind. A process that is closed
// already gives fs.ErrClosed.
func (p *Process) Close() error {
	return p.do(func(handle host.Process) error {
		handle.Drop()
		p.handle = nil
		return nil
	})
}

// WaitAny waits until one of several processes has ended, as long as the call of the component may take, and says which.
// If several have, it is the first in the list.
//
// Permission: none, for the component's own processes.
//
// Errors: ErrInvalidArgument if the list is empty, ErrProcessNotFound if an id is not that of a process of this component,
// ErrIO.
func WaitAny(ids ...ID) (Finished, error) {
	finished, err := waitAny(ids, wit.None[uint32]())
	if err != nil {
		return Finished{}, err
	}
	return *finished, nil
}

// WaitAnyTimeout waits as WaitAny does, but at most this long, in whole milliseconds, rounded up, and at most 49 days. It
// gives nil if none has ended.
func WaitAnyTimeout(timeout time.Duration, ids ...ID) (*Finished, error) {
	return waitAny(ids, wit.Some(host.Milliseconds(timeout)))
}

func waitAny(ids []ID, timeoutMs wit.Option[uint32]) (*Finished, error) {
	numbers := make([]uint32, len(ids))
	for i, id := range ids {
		numbers[i] = uint32(id)
	}
	return optional(host.Processes().WaitAny(numbers, timeoutMs), finishedOf)
}

// ListProcesses gives the processes that the component has not closed, ended ones included. It shows no other processes
// and needs no permission.
func ListProcesses() []Info {
	given := host.Processes().ListProcesses()
	infos := make([]Info, len(given))
	for i, info := range given {
		infos[i] = infoOf(info)
	}
	return infos
}

// GetProcessInfo says what one of the component's processes is and what it does.
//
// Permission: none, for the component's own processes.
//
// Errors: ErrProcessNotFound if the id is not that of a process of this component, ErrIO.
func GetProcessInfo(id ID) (Info, error) {
	info, err := value(host.Processes().GetProcessInfo(uint32(id)))
	if err != nil {
		return Info{}, err
	}
	return infoOf(info), nil
}

func exited(result host.ProcessResult[generated.ExitStatus]) (ExitStatus, error) {
	status, err := value(result)
	if err != nil {
		return ExitStatus{}, err
	}
	return exitStatusOf(status), nil
}

// use does something with the handle, unless the process is closed.
func use[T any](p *Process, do func(handle host.Process) (T, error)) (T, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.handle == nil {
		var none T
		return none, fs.ErrClosed
	}
	return do(p.handle)
}

func (p *Process) do(do func(handle host.Process) error) error {
	_, err := use(p, func(handle host.Process) (wit.Unit, error) { return wit.Unit{}, do(handle) })
	return err
}
