package processes

import (
	"slices"
	"unicode/utf8"

	"github.com/airssys/airssys-wasm/sdk-go"
	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// Cmd is what to start and how. No shell is involved: program and arguments reach the operating system unchanged. It can
// be started several times.
type Cmd struct {
	// Program is an absolute path of the host, or a name without / that the host looks up in its own search path. The
	// permission is checked on the absolute path with links resolved.
	Program string
	// Arguments are the arguments, without the program itself. They may contain spaces and quotes, but not NUL.
	Arguments []string
	// Environment are the environment variables: those named here and no others.
	Environment Environment
	// WorkingDirectory is the guest path of the directory to start in; nil leaves it to the host.
	WorkingDirectory *string
	// Stdin is where standard input comes from.
	Stdin Stdio
	// Stdout is where standard output goes.
	Stdout Stdio
	// Stderr is where standard error goes.
	Stderr Stdio
	// Limits are the limits.
	Limits Limits
}

// Environment are the environment variables of a process. The zero value is none.
//
// Names with which any program would load code that is not its own are an ErrInvalidArgument: those that begin with LD_ or
// MALLOC_, and GCONV_PATH, GETCONF_DIR, GLIBC_TUNABLES, LOCPATH, MUSL_LOCPATH and NLSPATH.
type Environment struct {
	// Inherit are names of entries of the component's own environment (airssys.Config.Environment) to pass on. Those that
	// it does not have are left out. Nothing is taken from the environment of the host.
	Inherit []string
	// Set are names and values to set. They go before inherited ones of the same name.
	Set airssys.Environment
}

// Command makes a command of a program and its arguments, with no environment, nothing to read, and both outputs piped.
// What is not to be so is set in its fields.
func Command(program string, arguments ...string) *Cmd {
	return &Cmd{Program: program, Arguments: arguments, Stdout: Piped(), Stderr: Piped()}
}

// Spawn starts the program and returns without waiting for it. The caller must close the process, which kills it if it
// has not ended.
//
// Permission: process = [{ action = "spawn", program = "<path>" }], where the path is absolute and with links resolved.
// Files among the standard streams need their filesystem permission as well.
//
// Errors: ErrPermissionDenied, ErrProgramNotFound, ErrNotExecutable, ErrInvalidArgument if a string contains NUL or is not
// UTF-8, the name of a variable is empty, contains = or is one with which programs load code, a stream has a Stdio that is
// not for it, the working directory is none, or a limit is above that of the host; ErrTooManyProcesses, ErrUnsupported if the host cannot confine the child or
// cannot give it such a stream, ErrIO.
func (c *Cmd) Spawn() (*Process, error) {
	command, err := c.generated()
	if err != nil {
		return nil, err
	}
	handle, err := value(host.Processes().Spawn(command))
	if err != nil {
		return nil, err
	}
	return &Process{handle: handle}, nil
}

// Run starts the program, writes stdin to it, closes that, collects what it writes, and waits until it has ended. All of
// it goes on at once, so that large input and output do not block each other.
//
// The field Stdin is not used. An output that is not piped goes where the command says and gives nothing. A program that
// does not read its input, or fails, is no error: Output.Status says how it ended.
//
// Permission: process = [{ action = "spawn", program = "<path>" }], as for Spawn.
//
// Errors: ErrTimeout if the process took longer than MaxWallTimeMs, ErrOutputTooLarge if a stream had more than
// MaxOutputBytes; after both, it and what it has started are gone. The others are those of Spawn.
func (c *Cmd) Run(stdin []byte) (Output, error) {
	command, err := c.generated()
	if err != nil {
		return Output{}, err
	}
	output, err := value(host.Processes().Run(command, stdin))
	if err != nil {
		return Output{}, err
	}
	return outputOf(output), nil
}

// Output runs the program without input and gives what it writes to standard output.
//
// Permission: process = [{ action = "spawn", program = "<path>" }], as for Spawn.
//
// Errors: those of Run, and an *ExitError if the program does not end with code 0.
func (c *Cmd) Output() ([]byte, error) {
	output, err := c.Run(nil)
	if err != nil {
		return nil, err
	}
	if !output.Status.Success() {
		return output.Stdout, &ExitError{Program: c.Program, Status: output.Status, Stderr: output.Stderr}
	}
	return output.Stdout, nil
}

// RunPipeline starts several programs, each of which reads what the one before it writes, and waits until all have ended.
// The first reads stdin; what the last one writes is the output. One that fails does not end the others and shows in the
// statuses. The fields Stdin and Stdout of the commands are not used.
//
// Permission: process = [{ action = "spawn", program = "<path>" }] for each program. If it is missing for one, none is
// started.
//
// Errors: ErrInvalidArgument if there is no command, or as for Spawn; ErrTimeout if a process took longer than its
// MaxWallTimeMs, ErrOutputTooLarge if the output had more than MaxOutputBytes of its command. The others are those of
// Spawn. After each of them, none of the processes is left.
func RunPipeline(stdin []byte, commands ...*Cmd) (PipelineOutput, error) {
	all := make([]generated.Command, len(commands))
	for i, command := range commands {
		var err error
		if all[i], err = command.generated(); err != nil {
			return PipelineOutput{}, err
		}
	}
	output, err := value(host.Processes().RunPipeline(all, stdin))
	if err != nil {
		return PipelineOutput{}, err
	}
	statuses := make([]ExitStatus, len(output.Statuses))
	for i, status := range output.Statuses {
		statuses[i] = exitStatusOf(status)
	}
	return PipelineOutput{Statuses: statuses, Stdout: output.Stdout, Stderr: output.Stderr}, nil
}

func (c *Cmd) generated() (generated.Command, error) {
	texts := slices.Concat([]string{c.Program, c.Stdin.path, c.Stdout.path, c.Stderr.path}, c.Arguments, c.Environment.Inherit)
	set := make([]wit.Tuple2[string, string], len(c.Environment.Set))
	for i, variable := range c.Environment.Set {
		set[i] = wit.Tuple2[string, string]{F0: variable.Name, F1: variable.Value}
		texts = append(texts, variable.Name, variable.Value)
	}
	if c.WorkingDirectory != nil {
		texts = append(texts, *c.WorkingDirectory)
	}
	for _, text := range texts {
		// The host traps on a string that is not UTF-8.
		if !utf8.ValidString(text) {
			return generated.Command{}, invalidArgument("a string of the command is not UTF-8")
		}
	}
	return generated.Command{
		Program:          c.Program,
		Arguments:        c.Arguments,
		Environment:      generated.Environment{Inherit: c.Environment.Inherit, Set: set},
		WorkingDirectory: host.Option(c.WorkingDirectory),
		Stdio: generated.StdioConfig{
			Stdin:  c.Stdin.generated(),
			Stdout: c.Stdout.generated(),
			Stderr: c.Stderr.generated(),
		},
		Limits: c.Limits.generated(),
	}, nil
}

// Stdio is where a standard stream of a process comes from or goes to. The zero value is Null. Paths are guest paths and
// need the filesystem permission that reading or writing them needs.
type Stdio struct {
	tag  uint8
	path string
}

// Null is nowhere: nothing to read, and what is written is lost.
func Null() Stdio { return Stdio{tag: generated.Stdio_Null} }

// Piped is a pipe to the component.
func Piped() Stdio { return Stdio{tag: generated.Stdio_Piped} }

// Inherit is the stream of the host, if the host allows it; otherwise starting fails with ErrUnsupported.
func Inherit() Stdio { return Stdio{tag: generated.Stdio_Inherit} }

// ReadFile is from this file. For standard input only.
//
// Permission: filesystem = [{ action = "read", path = "<path>" }].
func ReadFile(path string) Stdio { return Stdio{generated.Stdio_ReadFile, path} }

// WriteFile is to this file, which is created or cut to length 0. For standard output and standard error only.
//
// Permission: filesystem = [{ action = "write", path = "<path>" }].
func WriteFile(path string) Stdio { return Stdio{generated.Stdio_WriteFile, path} }

// AppendFile is to the end of this file, which is created if it does not exist. For standard output and standard error
// only.
//
// Permission: filesystem = [{ action = "write", path = "<path>" }].
func AppendFile(path string) Stdio { return Stdio{generated.Stdio_AppendFile, path} }

// ToStdout is to where standard output goes. For standard error only.
func ToStdout() Stdio { return Stdio{tag: generated.Stdio_ToStdout} }

func (s Stdio) generated() generated.Stdio {
	switch s.tag {
	case generated.Stdio_Piped:
		return generated.MakeStdioPiped()
	case generated.Stdio_Inherit:
		return generated.MakeStdioInherit()
	case generated.Stdio_ReadFile:
		return generated.MakeStdioReadFile(s.path)
	case generated.Stdio_WriteFile:
		return generated.MakeStdioWriteFile(s.path)
	case generated.Stdio_AppendFile:
		return generated.MakeStdioAppendFile(s.path)
	case generated.Stdio_ToStdout:
		return generated.MakeStdioToStdout()
	default:
		return generated.MakeStdioNull()
	}
}
