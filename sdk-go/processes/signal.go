package processes

import (
	"fmt"
	"unicode/utf8"

	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
)

// Signal is a signal: one of those below, or OtherSignal. The numbers of the host's operating system are those that
// ListSignals gives, not these.
type Signal uint16

// The signals that have a name in the contract.
const (
	// SignalHangup (SIGHUP): its terminal or its parent is gone.
	SignalHangup Signal = iota
	// SignalInterrupt (SIGINT): interrupted by the user.
	SignalInterrupt
	// SignalQuit (SIGQUIT): end with a core dump.
	SignalQuit
	// SignalAbort (SIGABRT): the process has given up on itself.
	SignalAbort
	// SignalKill (SIGKILL): end at once. Cannot be caught.
	SignalKill
	// SignalUser1 (SIGUSR1): what the program makes of it.
	SignalUser1
	// SignalUser2 (SIGUSR2): what the program makes of it.
	SignalUser2
	// SignalPipe (SIGPIPE): nobody reads the pipe that it writes to.
	SignalPipe
	// SignalAlarm (SIGALRM): a timer has run out.
	SignalAlarm
	// SignalTerminate (SIGTERM): end in order.
	SignalTerminate
	// SignalStop (SIGSTOP): stop until SignalContinue. Cannot be caught.
	SignalStop
	// SignalContinue (SIGCONT): go on after a stop.
	SignalContinue
)

// otherSignals is where the values of OtherSignal begin.
const otherSignals Signal = 1 << 8

// OtherSignal is the signal of this number on the host.
func OtherSignal(number uint8) Signal { return otherSignals + Signal(number) }

// Other gives the number of a signal that OtherSignal has made, and whether it is one.
func (s Signal) Other() (number uint8, other bool) {
	return uint8(s), s >= otherSignals && s < 2*otherSignals
}

// String gives the name of the contract, for example terminate, or other(34).
func (s Signal) String() string {
	if number, other := s.Other(); other {
		return fmt.Sprintf("other(%d)", number)
	}
	if s >= otherSignals {
		return fmt.Sprintf("signal(%d)", uint16(s))
	}
	return nameOf("signal", uint8(s), "hangup", "interrupt", "quit", "abort", "kill", "user1", "user2", "pipe", "alarm",
		"terminate", "stop", "continue")
}

func signalOf(signal generated.Signal) Signal {
	if signal.Tag() == generated.Signal_Other {
		return OtherSignal(signal.Other())
	}
	// The signals are in the order of the contract.
	return Signal(signal.Tag())
}

var makeSignal = [...]func() generated.Signal{
	SignalHangup:    generated.MakeSignalHangup,
	SignalInterrupt: generated.MakeSignalInterrupt,
	SignalQuit:      generated.MakeSignalQuit,
	SignalAbort:     generated.MakeSignalAbort,
	SignalKill:      generated.MakeSignalKill,
	SignalUser1:     generated.MakeSignalUser1,
	SignalUser2:     generated.MakeSignalUser2,
	SignalPipe:      generated.MakeSignalPipe,
	SignalAlarm:     generated.MakeSignalAlarm,
	SignalTerminate: generated.MakeSignalTerminate,
	SignalStop:      generated.MakeSignalStop,
	SignalContinue:  generated.MakeSignalContinue,
}

func (s Signal) generated() (generated.Signal, error) {
	if number, other := s.Other(); other {
		return generated.MakeSignalOther(number), nil
	}
	if int(s) < len(makeSignal) {
		return makeSignal[s](), nil
	}
	return generated.Signal{}, invalidArgument("there is no " + s.String())
}

// SignalInfo is a signal with its number and name.
type SignalInfo struct {
	// Signal is the signal.
	Signal Signal
	// Number is its number on the host.
	Number uint8
	// Name is its name with the prefix, for example SIGTERM.
	Name string
}

// ParseSignal gives the signal of a name, with or without the prefix, or of a number of the host: TERM, SIGTERM and 15
// are all SignalTerminate. It needs no permission.
//
// Errors: ErrInvalidArgument if the host has no such signal.
func ParseSignal(nameOrNumber string) (Signal, error) {
	if !utf8.ValidString(nameOrNumber) {
		return 0, invalidArgument("the name is not UTF-8")
	}
	signal, err := value(host.Signals().ParseSignal(nameOrNumber))
	if err != nil {
		return 0, err
	}
	return signalOf(signal), nil
}

// ListSignals gives the signals of the host with their numbers and names. ParseSignal takes each of them. It needs no
// permission.
func ListSignals() []SignalInfo {
	given := host.Signals().ListSignals()
	signals := make([]SignalInfo, len(given))
	for i, info := range given {
		signals[i] = SignalInfo{Signal: signalOf(info.Signal), Number: info.Number, Name: info.Name}
	}
	return signals
}

// Target is whom a signal is for.
type Target uint8

// The targets.
const (
	// TargetProcess is the process alone.
	TargetProcess Target = iota
	// TargetGroup is the process and all that it has started and that are still in its process group.
	TargetGroup
)

// ChangeKind is the kind of a StateChange.
type ChangeKind uint8

// The kinds of changes.
const (
	// ChangeStopped: StateChange.Signal has stopped it.
	ChangeStopped ChangeKind = iota
	// ChangeContinued: it goes on after it was stopped.
	ChangeContinued
	// ChangeExited: it has ended, as StateChange.Status says.
	ChangeExited
)

// String gives the name of the contract, for example stopped.
func (k ChangeKind) String() string {
	return nameOf("state-change", uint8(k), "stopped", "continued", "exited")
}

// StateChange is a change of what a process does.
type StateChange struct {
	// Kind says which of the other fields counts.
	Kind ChangeKind
	// Signal is the one that stopped it, for ChangeStopped.
	Signal Signal
	// Status is how it has ended, for ChangeExited.
	Status ExitStatus
}

func stateChangeOf(change generated.StateChange) StateChange {
	given := StateChange{Kind: ChangeKind(change.Tag())}
	switch change.Tag() {
	case generated.StateChange_Stopped:
		given.Signal = signalOf(change.Stopped())
	case generated.StateChange_Exited:
		given.Status = exitStatusOf(change.Exited())
	}
	return given
}
