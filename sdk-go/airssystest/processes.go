package airssystest

import (
	"fmt"
	"path"

	"github.com/airssys/airssys-wasm/sdk-go"
	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	public "github.com/airssys/airssys-wasm/sdk-go/processes"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// Run is one run of a program.
type Run struct {
	// Program is the one that the component has asked for.
	Program string
	// Arguments are the arguments, without the program itself.
	Arguments []string
	// Environment are the variables that the command sets. Those that it inherits are not among them.
	Environment airssys.Environment
	// Stdin is what it reads.
	Stdin []byte
}

// AddProgram puts a program, which is a function, at an absolute path of the host. processes.Cmd.Run and its kin call it;
// a stream of its output that is not piped is lost. Elsewhere there is no program.
//
// A fake host has no processes that go on beside the component: processes.Cmd.Spawn fails with
// processes.ErrUnsupported.
func (h *FakeHost) AddProgram(program string, run func(run Run) public.Output) {
	h.t.Helper()
	defer h.lock()()
	if !path.IsAbs(program) {
		h.t.Fatalf("AddProgram: %q is not an absolute path", program)
	}
	h.programs[program] = run
}

// DenyProgram refuses to start a program. The component gets the refusal of a real host, with the line that
// Component.toml would lack.
func (h *FakeHost) DenyProgram(program string) {
	h.t.Helper()
	defer h.lock()()
	h.rules.programs[program] = true
}

func processError[T any](err generated.ProcessError) host.ProcessResult[T] { return wit.Err[T](err) }

func processValue[T any](value T) host.ProcessResult[T] {
	return wit.Ok[T, generated.ProcessError](value)
}

// processes is the interface processes.
type processes struct{ *FakeHost }

// program gives what a command runs.
func (h processes) program(operation string, command generated.Command) (func(Run) public.Output, *generated.ProcessError) {
	defer h.lock()()
	if problem := commandProblem(command); problem != "" {
		return nil, new(generated.MakeProcessErrorInvalidArgument(problem))
	}
	asked := access{kind: "process", action: "spawn", path: command.Program}
	if denial := h.rules.decide("ext-process/"+operation, asked, h.rules.programs[command.Program]); denial != nil {
		return nil, new(generated.MakeProcessErrorPermissionDenied(*denial))
	}
	run := h.programs[command.Program]
	if run == nil {
		return nil, new(generated.MakeProcessErrorProgramNotFound(command.Program))
	}
	if problem := variablesProblem(command.Environment); problem != "" {
		return nil, new(generated.MakeProcessErrorInvalidArgument(problem))
	}
	return run, nil
}

func runOf(command generated.Command, stdin []byte) Run {
	run := Run{Program: command.Program, Arguments: command.Arguments, Stdin: stdin}
	for _, variable := range command.Environment.Set {
		run.Environment = append(run.Environment, airssys.Variable{Name: variable.F0, Value: variable.F1})
	}
	return run
}

func (h processes) Run(command generated.Command, stdin []byte) host.ProcessResult[generated.ProcessOutput] {
	if problem := inputProblem(stdin); problem != "" {
		return processError[generated.ProcessOutput](generated.MakeProcessErrorInvalidArgument(problem))
	}
	// Its own standard input is not used.
	command.Stdio.Stdin = generated.MakeStdioPiped()
	program, failed := h.program("processes.run", command)
	if failed != nil {
		return processError[generated.ProcessOutput](*failed)
	}
	output := program(runOf(command, stdin))
	return processValue(generated.ProcessOutput{
		Status: generatedStatus(output.Status),
		Stdout: piped(command.Stdio.Stdout, output.Stdout),
		Stderr: piped(command.Stdio.Stderr, output.Stderr),
	})
}

func (h processes) RunPipeline(commands []generated.Command, stdin []byte) host.ProcessResult[generated.PipelineOutput] {
	if len(commands) == 0 {
		return processError[generated.PipelineOutput](generated.MakeProcessErrorInvalidArgument("a pipeline of no commands"))
	}
	if problem := inputProblem(stdin); problem != "" {
		return processError[generated.PipelineOutput](generated.MakeProcessErrorInvalidArgument(problem))
	}
	programs := make([]func(Run) public.Output, len(commands))
	for i, command := range commands {
		command.Stdio.Stdin, command.Stdio.Stdout = generated.MakeStdioPiped(), generated.MakeStdioPiped()
		program, failed := h.program("processes.run-pipeline", command)
		if failed != nil {
			return processError[generated.PipelineOutput](*failed)
		}
		programs[i] = program
	}
	if len(commands) > maxProcesses {
		return processError[generated.PipelineOutput](generated.MakeProcessErrorTooManyProcesses())
	}
	all := generated.PipelineOutput{Stdout: stdin}
	for i, command := range commands {
		output := programs[i](runOf(command, all.Stdout))
		all.Statuses = append(all.Statuses, generatedStatus(output.Status))
		all.Stdout = output.Stdout
		all.Stderr = append(all.Stderr, piped(command.Stdio.Stderr, output.Stderr)...)
	}
	return processValue(all)
}

// piped gives what the component gets of a stream.
func piped(stream generated.Stdio, data []byte) []byte {
	if stream.Tag() == generated.Stdio_Piped {
		return data
	}
	return nil
}

func generatedStatus(status public.ExitStatus) generated.ExitStatus {
	if !status.Signaled {
		return generated.MakeExitStatusCode(status.Code)
	}
	if number, other := status.Signal.Other(); other {
		return generated.MakeExitStatusSignaled(generated.MakeSignalOther(number))
	}
	for _, named := range namedSignals {
		if named.signal == status.Signal {
			return generated.MakeExitStatusSignaled(named.made)
		}
	}
	panic(fmt.Sprintf("airssystest: there is no %v", status.Signal))
}

func (h processes) Spawn(command generated.Command) host.ProcessResult[host.Process] {
	if _, failed := h.program("processes.spawn", command); failed != nil {
		return processError[host.Process](*failed)
	}
	return processError[host.Process](generated.MakeProcessErrorUnsupported("the fake host has no processes.spawn"))
}

func (h processes) WaitAny(ids []uint32, _ wit.Option[uint32]) host.ProcessResult[wit.Option[generated.Finished]] {
	if len(ids) == 0 {
		return processError[wit.Option[generated.Finished]](generated.MakeProcessErrorInvalidArgument("there is no id"))
	}
	return processError[wit.Option[generated.Finished]](generated.MakeProcessErrorProcessNotFound(ids[0]))
}

func (h processes) ListProcesses() []generated.ProcessInfo { return nil }

func (h processes) GetProcessInfo(id uint32) host.ProcessResult[generated.ProcessInfo] {
	return processError[generated.ProcessInfo](generated.MakeProcessErrorProcessNotFound(id))
}

// signals is the interface signals, with the numbers of Linux.
type signals struct{ *FakeHost }

var namedSignals = []struct {
	signal public.Signal
	made   generated.Signal
	number uint8
	name   string
}{
	{public.SignalHangup, generated.MakeSignalHangup(), 1, "SIGHUP"},
	{public.SignalInterrupt, generated.MakeSignalInterrupt(), 2, "SIGINT"},
	{public.SignalQuit, generated.MakeSignalQuit(), 3, "SIGQUIT"},
	{public.SignalAbort, generated.MakeSignalAbort(), 6, "SIGABRT"},
	{public.SignalKill, generated.MakeSignalKill(), 9, "SIGKILL"},
	{public.SignalUser1, generated.MakeSignalUser1(), 10, "SIGUSR1"},
	{public.SignalUser2, generated.MakeSignalUser2(), 12, "SIGUSR2"},
	{public.SignalPipe, generated.MakeSignalPipe(), 13, "SIGPIPE"},
	{public.SignalAlarm, generated.MakeSignalAlarm(), 14, "SIGALRM"},
	{public.SignalTerminate, generated.MakeSignalTerminate(), 15, "SIGTERM"},
	{public.SignalContinue, generated.MakeSignalContinue(), 18, "SIGCONT"},
	{public.SignalStop, generated.MakeSignalStop(), 19, "SIGSTOP"},
}

func (h signals) ParseSignal(nameOrNumber string) host.ProcessResult[generated.Signal] {
	for _, named := range namedSignals {
		if nameOrNumber == named.name || "SIG"+nameOrNumber == named.name || nameOrNumber == fmt.Sprint(named.number) {
			return processValue(named.made)
		}
	}
	return processError[generated.Signal](generated.MakeProcessErrorInvalidArgument("there is no signal " + quoted(nameOrNumber)))
}

func (h signals) ListSignals() []generated.SignalInfo {
	infos := make([]generated.SignalInfo, len(namedSignals))
	for i, named := range namedSignals {
		infos[i] = generated.SignalInfo{Signal: named.made, Number: named.number, Name: named.name}
	}
	return infos
}
