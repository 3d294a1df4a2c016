package processes

import (
	"errors"
	"io"
	"io/fs"
	"reflect"
	"testing"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

var (
	generatedInfo = generated.ProcessInfo{
		Id:        1<<32 - 1,
		Program:   "/p",
		Arguments: []string{"a"},
		Started:   core.Timestamp{Seconds: 1<<64 - 1, Nanoseconds: 2},
		State:     generated.ProcessState_Exited,
		Exit:      wit.Some(generated.MakeExitStatusCode(-1 << 31)),
	}
	info = Info{
		ID:        1<<32 - 1,
		Program:   "/p",
		Arguments: []string{"a"},
		Started:   airssys.Timestamp{Seconds: 1<<64 - 1, Nanoseconds: 2},
		State:     StateExited,
		Exit:      &ExitStatus{Code: -1 << 31},
	}
)

// fakeProcess is a process of the host that takes and gives three bytes at a time. What else is asked of it is noted.
type fakeProcess struct {
	ended  wit.Option[generated.ExitStatus]
	limits generated.ProcessLimits
	stdin  []byte
	stdout []byte
	change wit.Option[generated.StateChange]
	asked  []any
}

const most = 3

func (p *fakeProcess) done(what ...any) host.ProcessResult[wit.Unit] {
	p.asked = append(p.asked, what...)
	return ok(wit.Unit{})
}

func (p *fakeProcess) ID() uint32                                      { return generatedInfo.Id }
func (p *fakeProcess) Info() host.ProcessResult[generated.ProcessInfo] { return ok(generatedInfo) }
func (p *fakeProcess) Wait() host.ProcessResult[generated.ExitStatus]  { return ok(killed) }
func (p *fakeProcess) IsRunning() bool                                 { return true }
func (p *fakeProcess) Drop()                                           { p.done("drop") }

func (p *fakeProcess) WaitTimeout(timeoutMs uint32) host.ProcessResult[wit.Option[generated.ExitStatus]] {
	p.done(timeoutMs)
	return ok(p.ended)
}

func (p *fakeProcess) TryWait() host.ProcessResult[wit.Option[generated.ExitStatus]] {
	return ok(p.ended)
}

func (p *fakeProcess) Usage() host.ProcessResult[generated.ProcessUsage] {
	return ok(generated.ProcessUsage{UserTimeMs: 1<<64 - 1, SystemTimeMs: 2, MaxResidentBytes: 3})
}

func (p *fakeProcess) Limits() host.ProcessResult[generated.ProcessLimits] { return ok(p.limits) }

func (p *fakeProcess) SetLimits(limits generated.ProcessLimits) host.ProcessResult[wit.Unit] {
	p.limits = limits
	return p.done()
}

func (p *fakeProcess) WriteStdin(data []byte) host.ProcessResult[uint32] {
	if len(p.stdin) >= 8 {
		return failed[uint32](generated.MakeProcessErrorStdinClosed())
	}
	data = data[:min(len(data), most)]
	p.stdin = append(p.stdin, data...)
	return ok(uint32(len(data)))
}

func (p *fakeProcess) CloseStdin() host.ProcessResult[wit.Unit] { return p.done("close-stdin") }

func (p *fakeProcess) ReadStdout(max uint32) host.ProcessResult[[]byte] {
	data := p.stdout[:min(len(p.stdout), int(max), most)]
	p.stdout = p.stdout[len(data):]
	return ok(data)
}

func (p *fakeProcess) ReadStderr(uint32) host.ProcessResult[[]byte] {
	return failed[[]byte](generated.MakeProcessErrorNotPiped(generated.StdioStream_Stderr))
}

func (p *fakeProcess) ReadStdoutToEnd() host.ProcessResult[[]byte] { return ok(p.stdout) }

func (p *fakeProcess) ReadStderrToEnd() host.ProcessResult[[]byte] {
	return failed[[]byte](generated.MakeProcessErrorOutputTooLarge(9))
}

func (p *fakeProcess) Communicate(input []byte) host.ProcessResult[generated.ProcessOutput] {
	return ok(generated.ProcessOutput{Status: three, Stdout: input})
}

func (p *fakeProcess) SendSignal(signal generated.Signal, target generated.SignalTarget) host.ProcessResult[wit.Unit] {
	return p.done(signal, target)
}

func (p *fakeProcess) Interrupt() host.ProcessResult[wit.Unit] { return p.done("interrupt") }
func (p *fakeProcess) Kill() host.ProcessResult[wit.Unit]      { return p.done("kill") }
func (p *fakeProcess) KillGroup() host.ProcessResult[wit.Unit] { return p.done("kill-group") }
func (p *fakeProcess) Suspend() host.ProcessResult[wit.Unit]   { return p.done("suspend") }
func (p *fakeProcess) Resume() host.ProcessResult[wit.Unit]    { return p.done("resume") }

func (p *fakeProcess) Terminate(graceMs uint32) host.ProcessResult[generated.ExitStatus] {
	p.done(graceMs)
	return failed[generated.ExitStatus](generated.MakeProcessErrorAlreadyExited(killed))
}

func (p *fakeProcess) WaitStateChange(timeoutMs wit.Option[uint32]) host.ProcessResult[wit.Option[generated.StateChange]] {
	p.done(timeoutMs)
	return ok(p.change)
}

func TestWhatIsKnownAboutAProcess(t *testing.T) {
	process := &Process{handle: &fakeProcess{}}
	if got, err := process.Info(); err != nil || !reflect.DeepEqual(got, info) || process.ID() != info.ID || !process.IsRunning() {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := process.Usage(); err != nil || got != (Usage{UserTimeMs: 1<<64 - 1, SystemTimeMs: 2, MaxResidentBytes: 3}) {
		t.Errorf("got %+v, %v", got, err)
	}
	limits := Limits{new(uint64(1<<64 - 1)), new(uint64(0)), new(uint64(2)), new(uint32(1<<32 - 1)), nil}
	if err := process.SetLimits(limits); err != nil {
		t.Fatal(err)
	}
	if got, err := process.Limits(); err != nil || !reflect.DeepEqual(got, limits) {
		t.Errorf("got %+v, %v", got, err)
	}
	if names := StateStopped.String() + " " + StreamStdout.String() + " " + State(9).String(); names != "stopped stdout process-state(9)" {
		t.Errorf("got %s", names)
	}
}

func TestWaiting(t *testing.T) {
	fake := &fakeProcess{ended: wit.None[generated.ExitStatus]()}
	process := &Process{handle: fake}
	want := ExitStatus{Signaled: true, Signal: SignalKill}
	if got, err := process.Wait(); err != nil || got != want || got.Success() {
		t.Errorf("got %v, %v", got, err)
	}
	early, err := process.WaitTimeout(time.Second)
	none, other := process.TryWait()
	if early != nil || none != nil || err != nil || other != nil || !reflect.DeepEqual(fake.asked, []any{uint32(1000)}) {
		t.Errorf("got %v, %v, %v, %v, waited %v", early, err, none, other, fake.asked)
	}
	fake.ended = wit.Some(generated.MakeExitStatusCode(0))
	if got, err := process.TryWait(); err != nil || got == nil || !got.Success() {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestTheStandardStreamsAreStreams(t *testing.T) {
	fake := &fakeProcess{stdout: []byte("01234567")}
	process := &Process{handle: fake}
	if output, err := io.ReadAll(process.Stdout()); err != nil || string(output) != "01234567" {
		t.Errorf("got %q, %v", output, err)
	}
	if _, err := process.Stderr().Read(make([]byte, 1)); !errors.Is(err, ErrNotPiped) {
		t.Errorf("got %v", err)
	}
	if n, err := io.WriteString(process.Stdin(), "01234567"); n != 8 || err != nil || string(fake.stdin) != "01234567" {
		t.Errorf("got %d, %v, wrote %q", n, err, fake.stdin)
	}
	if n, err := process.Stdin().Write([]byte("8")); n != 0 || !errors.Is(err, ErrStdinClosed) {
		t.Errorf("got %d, %v", n, err)
	}
	if err := process.Stdin().Close(); err != nil || !reflect.DeepEqual(fake.asked, []any{"close-stdin"}) {
		t.Errorf("got %v, asked for %v", err, fake.asked)
	}
}

func TestTheStandardStreamsOneCallEach(t *testing.T) {
	process := &Process{handle: &fakeProcess{stdout: []byte("01234567")}}
	if data, err := process.ReadStdout(2); err != nil || string(data) != "01" {
		t.Errorf("got %q, %v", data, err)
	}
	if data, err := process.ReadStdoutToEnd(); err != nil || string(data) != "234567" {
		t.Errorf("got %q, %v", data, err)
	}
	var e *Error
	if _, err := process.ReadStderrToEnd(); !errors.As(err, &e) || e.Code != ErrOutputTooLarge || e.Limit != 9 {
		t.Errorf("got %v", err)
	}
	if taken, err := process.WriteStdin([]byte("0123")); err != nil || taken != most {
		t.Errorf("got %d, %v", taken, err)
	}
	want := Output{Status: ExitStatus{Code: 3}, Stdout: []byte("in")}
	if got, err := process.Communicate([]byte("in")); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestSignals(t *testing.T) {
	fake := &fakeProcess{}
	process := &Process{handle: fake}
	for _, err := range []error{
		process.SendSignal(OtherSignal(255), TargetGroup), process.SendSignal(SignalUser1, TargetProcess),
		process.Interrupt(), process.Kill(), process.KillGroup(), process.Suspend(), process.Resume(),
	} {
		if err != nil {
			t.Errorf("got %v", err)
		}
	}
	var e *Error
	if _, err := process.Terminate(time.Minute); !errors.As(err, &e) || e.Code != ErrAlreadyExited || e.Status.Signal != SignalKill {
		t.Errorf("got %v", err)
	}
	if err := process.SendSignal(Signal(1000), TargetProcess); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("got %v", err)
	}
	want := []any{
		generated.MakeSignalOther(255), generated.SignalTarget_Group, generated.MakeSignalUser1(), generated.SignalTarget_Process,
		"interrupt", "kill", "kill-group", "suspend", "resume", uint32(60_000),
	}
	if !reflect.DeepEqual(fake.asked, want) {
		t.Errorf("asked for %v", fake.asked)
	}
}

func TestChangesOfState(t *testing.T) {
	fake := &fakeProcess{change: wit.None[generated.StateChange]()}
	process := &Process{handle: fake}
	if got, err := process.WaitStateChangeTimeout(0); err != nil || got != nil {
		t.Errorf("got %v, %v", got, err)
	}
	for _, test := range []struct {
		change generated.StateChange
		want   StateChange
	}{
		{generated.MakeStateChangeStopped(generated.MakeSignalStop()), StateChange{Kind: ChangeStopped, Signal: SignalStop}},
		{generated.MakeStateChangeContinued(), StateChange{Kind: ChangeContinued}},
		{generated.MakeStateChangeExited(three), StateChange{Kind: ChangeExited, Status: ExitStatus{Code: 3}}},
	} {
		fake.change = wit.Some(test.change)
		if got, err := process.WaitStateChange(); err != nil || got != test.want {
			t.Errorf("got %+v, %v, want %+v", got, err, test.want)
		}
	}
	if fake.asked[0] != any(wit.Some[uint32](0)) || fake.asked[1] != any(wit.None[uint32]()) {
		t.Errorf("waited %v", fake.asked)
	}
}

func TestAClosedProcessSaysSo(t *testing.T) {
	fake := &fakeProcess{}
	onHost(t, &fakeProcesses{process: fake})
	process, err := Command("p").Spawn()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Close(); err != nil || !reflect.DeepEqual(fake.asked, []any{"drop"}) {
		t.Fatalf("got %v, asked for %v", err, fake.asked)
	}
	_, waited := process.Wait()
	_, read := process.Stdout().Read(make([]byte, 1))
	for _, err := range []error{waited, read, process.Kill(), process.SetLimits(Limits{}), process.Close()} {
		if !errors.Is(err, fs.ErrClosed) {
			t.Errorf("got %v", err)
		}
	}
	if process.ID() != 0 || process.IsRunning() || len(fake.asked) != 1 {
		t.Errorf("asked for %v", fake.asked)
	}
}

// fakeSignals is a host with one signal.
type fakeSignals struct{ asked []string }

func (f *fakeSignals) ParseSignal(nameOrNumber string) host.ProcessResult[generated.Signal] {
	f.asked = append(f.asked, nameOrNumber)
	return ok(generated.MakeSignalTerminate())
}

func (f *fakeSignals) ListSignals() []generated.SignalInfo {
	return []generated.SignalInfo{{Signal: generated.MakeSignalOther(64), Number: 64, Name: "SIGRTMAX"}}
}

func TestSignalsHaveNames(t *testing.T) {
	fake := &fakeSignals{}
	host.Imports.Signals = fake
	t.Cleanup(func() { host.Imports.Signals = nil })
	if signal, err := ParseSignal("15"); err != nil || signal != SignalTerminate || !reflect.DeepEqual(fake.asked, []string{"15"}) {
		t.Errorf("got %v, %v, asked for %v", signal, err, fake.asked)
	}
	want := []SignalInfo{{Signal: OtherSignal(64), Number: 64, Name: "SIGRTMAX"}}
	if got := ListSignals(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}
