package processes

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

func ok[T any](value T) host.ProcessResult[T] { return wit.Ok[T, generated.ProcessError](value) }

func failed[T any](err generated.ProcessError) host.ProcessResult[T] { return wit.Err[T](err) }

var (
	three  = generated.MakeExitStatusCode(3)
	killed = generated.MakeExitStatusSignaled(generated.MakeSignalKill())
)

// fakeProcesses is a host on which every program writes the same and ends with a status.
type fakeProcesses struct {
	process  *fakeProcess
	status   generated.ExitStatus
	commands []generated.Command
	stdin    [][]byte
	waited   [][]uint32
	timeouts []wit.Option[uint32]
	finished wit.Option[generated.Finished]
}

func (f *fakeProcesses) Spawn(command generated.Command) host.ProcessResult[host.Process] {
	f.commands = append(f.commands, command)
	if f.process == nil {
		return failed[host.Process](generated.MakeProcessErrorProgramNotFound(command.Program))
	}
	return ok[host.Process](f.process)
}

func (f *fakeProcesses) Run(command generated.Command, stdin []byte) host.ProcessResult[generated.ProcessOutput] {
	f.commands, f.stdin = append(f.commands, command), append(f.stdin, stdin)
	return ok(generated.ProcessOutput{Status: f.status, Stdout: []byte("out"), Stderr: []byte("err")})
}

func (f *fakeProcesses) RunPipeline(commands []generated.Command, stdin []byte) host.ProcessResult[generated.PipelineOutput] {
	f.commands, f.stdin = commands, append(f.stdin, stdin)
	if len(commands) == 0 {
		return failed[generated.PipelineOutput](generated.MakeProcessErrorInvalidArgument("no command"))
	}
	return ok(generated.PipelineOutput{
		Statuses: []generated.ExitStatus{three, killed},
		Stdout:   []byte("out"),
		Stderr:   []byte("err"),
	})
}

func (f *fakeProcesses) WaitAny(ids []uint32, timeoutMs wit.Option[uint32]) host.ProcessResult[wit.Option[generated.Finished]] {
	f.waited, f.timeouts = append(f.waited, ids), append(f.timeouts, timeoutMs)
	return ok(f.finished)
}

func (f *fakeProcesses) ListProcesses() []generated.ProcessInfo {
	return []generated.ProcessInfo{generatedInfo, {}}
}

func (f *fakeProcesses) GetProcessInfo(id uint32) host.ProcessResult[generated.ProcessInfo] {
	return failed[generated.ProcessInfo](generated.MakeProcessErrorProcessNotFound(id))
}

func onHost(t *testing.T, fake *fakeProcesses) *fakeProcesses {
	host.Imports.Processes = fake
	t.Cleanup(func() { host.Imports.Processes = nil })
	return fake
}

func TestACommandCrossesWhole(t *testing.T) {
	fake := onHost(t, &fakeProcesses{status: three})
	command := Command("p", "a b", "", `"'$(x)`, "\x00")
	command.Environment = Environment{Inherit: []string{"HOME"}, Set: airssys.Environment{{Name: "A", Value: ""}, {Name: "A", Value: "="}}}
	command.WorkingDirectory = new("")
	command.Stdin = ReadFile("/in")
	command.Stdout = WriteFile("/out")
	command.Stderr = AppendFile("/err")
	command.Limits = Limits{new(uint64(1<<64 - 1)), new(uint64(0)), nil, new(uint32(1<<32 - 1)), new(uint64(1))}
	output, err := command.Run([]byte("in"))
	if want := (Output{Status: ExitStatus{Code: 3}, Stdout: []byte("out"), Stderr: []byte("err")}); err != nil || !reflect.DeepEqual(output, want) {
		t.Errorf("got %+v, %v", output, err)
	}
	want := generated.Command{
		Program:   "p",
		Arguments: []string{"a b", "", `"'$(x)`, "\x00"},
		Environment: generated.Environment{
			Inherit: []string{"HOME"},
			Set:     []wit.Tuple2[string, string]{{F0: "A", F1: ""}, {F0: "A", F1: "="}},
		},
		WorkingDirectory: wit.Some(""),
		Stdio: generated.StdioConfig{
			Stdin:  generated.MakeStdioReadFile("/in"),
			Stdout: generated.MakeStdioWriteFile("/out"),
			Stderr: generated.MakeStdioAppendFile("/err"),
		},
		Limits: generated.ProcessLimits{
			MaxMemoryBytes: wit.Some[uint64](1<<64 - 1),
			MaxCpuTimeMs:   wit.Some[uint64](0),
			MaxOpenFiles:   wit.Some[uint32](1<<32 - 1),
			MaxOutputBytes: wit.Some[uint64](1),
		},
	}
	if !reflect.DeepEqual(fake.commands, []generated.Command{want}) || string(fake.stdin[0]) != "in" {
		t.Errorf("asked for %+v, %q", fake.commands, fake.stdin)
	}
}

func TestACommandReadsNothingAndIsHeard(t *testing.T) {
	fake := onHost(t, &fakeProcesses{})
	if _, err := Command("p").Spawn(); !errors.Is(err, ErrProgramNotFound) {
		t.Errorf("got %v", err)
	}
	null, piped := generated.MakeStdioNull(), generated.MakeStdioPiped()
	if got := fake.commands[0].Stdio; got != (generated.StdioConfig{Stdin: null, Stdout: piped, Stderr: piped}) {
		t.Errorf("got %+v", got)
	}
	others := map[Stdio]generated.Stdio{Null(): null, Inherit(): generated.MakeStdioInherit(), ToStdout(): generated.MakeStdioToStdout()}
	for stdio, want := range others {
		if got := stdio.generated(); got != want {
			t.Errorf("%+v became %+v", stdio, got)
		}
	}
}

func TestTextThatIsNotUTF8NeverReachesTheHost(t *testing.T) {
	fake := onHost(t, &fakeProcesses{})
	for _, command := range []*Cmd{
		Command("\xff"),
		Command("p", "\xff"),
		{Stdin: ReadFile("\xff")},
		{WorkingDirectory: new("\xff")},
		{Environment: Environment{Inherit: []string{"\xff"}}},
		{Environment: Environment{Set: airssys.Environment{{Name: "A", Value: "\xff"}}}},
	} {
		_, spawned := command.Spawn()
		_, run := command.Run(nil)
		_, piped := RunPipeline(nil, Command("p"), command)
		for _, err := range []error{spawned, run, piped} {
			if !errors.Is(err, ErrInvalidArgument) {
				t.Errorf("got %v", err)
			}
		}
	}
	if _, err := ParseSignal("\xff"); !errors.Is(err, ErrInvalidArgument) || len(fake.commands) != 0 {
		t.Errorf("got %v, asked for %v", err, fake.commands)
	}
}

func TestOutputFailsWithTheProgram(t *testing.T) {
	fake := onHost(t, &fakeProcesses{status: generated.MakeExitStatusCode(0)})
	if output, err := Command("p").Output(); err != nil || string(output) != "out" {
		t.Errorf("got %q, %v", output, err)
	}
	fake.status = killed
	var failure *ExitError
	_, err := Command("p").Output()
	if !errors.As(err, &failure) || failure.Program != "p" || failure.Status.Signal != SignalKill || string(failure.Stderr) != "err" {
		t.Errorf("got %v", err)
	}
}

func TestAPipelineHasAStatusForEach(t *testing.T) {
	fake := onHost(t, &fakeProcesses{})
	output, err := RunPipeline([]byte("in"), Command("a"), Command("b"))
	want := PipelineOutput{
		Statuses: []ExitStatus{{Code: 3}, {Signaled: true, Signal: SignalKill}},
		Stdout:   []byte("out"),
		Stderr:   []byte("err"),
	}
	if err != nil || !reflect.DeepEqual(output, want) {
		t.Errorf("got %+v, %v", output, err)
	}
	if len(fake.commands) != 2 || fake.commands[1].Program != "b" || string(fake.stdin[0]) != "in" {
		t.Errorf("asked for %+v, %q", fake.commands, fake.stdin)
	}
	if _, err := RunPipeline(nil); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("got %v", err)
	}
}

func TestWaitingForTheFirstOfSeveral(t *testing.T) {
	fake := onHost(t, &fakeProcesses{finished: wit.Some(generated.Finished{Index: 1, Status: killed})})
	want := Finished{Index: 1, Status: ExitStatus{Signaled: true, Signal: SignalKill}}
	if got, err := WaitAny(1, 1<<32-1); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	fake.finished = wit.None[generated.Finished]()
	if got, err := WaitAnyTimeout(0); err != nil || got != nil {
		t.Errorf("got %+v, %v", got, err)
	}
	if !reflect.DeepEqual(fake.waited, [][]uint32{{1, 1<<32 - 1}, {}}) {
		t.Errorf("waited for %v", fake.waited)
	}
	if !reflect.DeepEqual(fake.timeouts, []wit.Option[uint32]{wit.None[uint32](), wit.Some[uint32](0)}) {
		t.Errorf("waited %v", fake.timeouts)
	}
}

func TestProcessesAreListed(t *testing.T) {
	onHost(t, &fakeProcesses{})
	if listed := ListProcesses(); len(listed) != 2 || !reflect.DeepEqual(listed[0], info) || listed[1].Exit != nil {
		t.Errorf("got %+v", listed)
	}
	var e *Error
	if _, err := GetProcessInfo(7); !errors.As(err, &e) || e.Code != ErrProcessNotFound || e.ID != 7 {
		t.Errorf("got %v", err)
	}
	if _, err := WaitAnyTimeout(time.Second, 1); err != nil {
		t.Errorf("got %v", err)
	}
}
