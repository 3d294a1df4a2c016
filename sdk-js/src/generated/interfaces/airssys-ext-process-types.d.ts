// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./airssys-core-capabilities.d.ts" />
/// <reference path="./airssys-core-types.d.ts" />
declare module 'airssys:ext-process/types@1.0.0' {
  export type Timestamp = import('airssys:core/types@1.0.0').Timestamp;
  export type PermissionDenial = import('airssys:core/capabilities@1.0.0').PermissionDenial;
  /**
   * The id of a process that the component has started. Ids of other processes are `process-not-found` everywhere.
   */
  export type ProcessId = number;
  /**
   * One of the standard streams of a process.
   * # Variants
   *
   * ## `"stdin"`
   *
   * Standard input.
   * ## `"stdout"`
   *
   * Standard output.
   * ## `"stderr"`
   *
   * Standard error.
   */
  export type StdioStream = 'stdin' | 'stdout' | 'stderr';
  /**
   * Where a standard stream of a process comes from or goes to. Paths are guest paths and need the filesystem
   * permission that reading or writing them needs.
   */
  export type Stdio = StdioNull | StdioPiped | StdioInherit | StdioReadFile | StdioWriteFile | StdioAppendFile | StdioToStdout;
  /**
   * Nowhere: nothing to read, and what is written is lost.
   */
  export interface StdioNull {
    tag: 'null',
  }
  /**
   * A pipe to the component, which uses it through the interface `stdio`.
   */
  export interface StdioPiped {
    tag: 'piped',
  }
  /**
   * The stream of the host, if the host allows it; otherwise `unsupported`.
   */
  export interface StdioInherit {
    tag: 'inherit',
  }
  /**
   * From this file. For standard input only. Needs `filesystem = [{ action = "read", path = "<path>" }]`.
   */
  export interface StdioReadFile {
    tag: 'read-file',
    val: string,
  }
  /**
   * To this file, which is created or cut to length 0. For standard output and standard error only. Needs
   * `filesystem = [{ action = "write", path = "<path>" }]`.
   */
  export interface StdioWriteFile {
    tag: 'write-file',
    val: string,
  }
  /**
   * To the end of this file, which is created if it does not exist. For standard output and standard error only.
   * Needs `filesystem = [{ action = "write", path = "<path>" }]`.
   */
  export interface StdioAppendFile {
    tag: 'append-file',
    val: string,
  }
  /**
   * To where standard output goes. For standard error only.
   */
  export interface StdioToStdout {
    tag: 'to-stdout',
  }
  /**
   * The standard streams of a process.
   */
  export interface StdioConfig {
    /**
     * Standard input.
     */
    stdin: Stdio,
    /**
     * Standard output.
     */
    stdout: Stdio,
    /**
     * Standard error.
     */
    stderr: Stdio,
  }
  /**
   * The environment variables of a process: those named here and no others. With two empty lists it has none.
   *
   * Names with which any program would load code that is not its own are an `invalid-argument` in both lists: those that
   * begin with `LD_` or `MALLOC_`, and `GCONV_PATH`, `GETCONF_DIR`, `GLIBC_TUNABLES`, `LOCPATH`, `MUSL_LOCPATH` and
   * `NLSPATH`.
   */
  export interface Environment {
    /**
     * Names of entries of the component's own environment (`component-config.environment`) to pass on. Those that it
     * does not have are left out. Nothing is taken from the environment of the host.
     */
    inherit: Array<string>,
    /**
     * Names and values to set. They go before inherited ones of the same name.
     */
    set: Array<[string, string]>,
  }
  /**
   * The limits of a process. `none` means that the host's default applies. None of them can be above the host's limit.
   */
  export interface ProcessLimits {
    /**
     * Most memory in bytes. A process that needs more fails or is killed.
     */
    maxMemoryBytes?: bigint,
    /**
     * Most CPU time in milliseconds. A process that uses more is killed. The operating system may round it up to
     * seconds.
     */
    maxCpuTimeMs?: bigint,
    /**
     * Longest duration in milliseconds of wall-clock time. A process that takes longer is killed with its group.
     */
    maxWallTimeMs?: bigint,
    /**
     * Most files that the process may have open.
     */
    maxOpenFiles?: number,
    /**
     * Most bytes that the functions which collect output take from each stream before they give `output-too-large`.
     */
    maxOutputBytes?: bigint,
  }
  /**
   * What to start and how. No shell is involved: program and arguments reach the operating system unchanged.
   */
  export interface Command {
    /**
     * The program: an absolute path of the host, or a name without `/` that the host looks up in its own search path.
     * The permission is checked on the absolute path with links resolved.
     */
    program: string,
    /**
     * The arguments, without the program itself. They may contain spaces and quotes, but not NUL.
     */
    arguments: Array<string>,
    /**
     * The environment variables.
     */
    environment: Environment,
    /**
     * The guest path of the directory to start in; `none` leaves it to the host.
     */
    workingDirectory?: string,
    /**
     * The standard streams.
     */
    stdio: StdioConfig,
    /**
     * The limits.
     */
    limits: ProcessLimits,
  }
  /**
   * What a process does.
   * # Variants
   *
   * ## `"running"`
   *
   * It runs, or could.
   * ## `"stopped"`
   *
   * A signal has stopped it.
   * ## `"exited"`
   *
   * It has ended.
   */
  export type ProcessState = 'running' | 'stopped' | 'exited';
  /**
   * What a process has used since its start.
   */
  export interface ProcessUsage {
    /**
     * CPU time in its own code, in milliseconds.
     */
    userTimeMs: bigint,
    /**
     * CPU time in the operating system on its behalf, in milliseconds.
     */
    systemTimeMs: bigint,
    /**
     * The most memory that it had in use at one time, in bytes.
     */
    maxResidentBytes: bigint,
  }
  /**
   * A signal. The numbers belong to the host's operating system; `signals.list-signals` gives them.
   */
  export type Signal = SignalHangup | SignalInterrupt | SignalQuit | SignalAbort | SignalKill | SignalUser1 | SignalUser2 | SignalPipe | SignalAlarm | SignalTerminate | SignalStop | SignalContinue | SignalOther;
  /**
   * `SIGHUP`: its terminal or its parent is gone.
   */
  export interface SignalHangup {
    tag: 'hangup',
  }
  /**
   * `SIGINT`: interrupted by the user.
   */
  export interface SignalInterrupt {
    tag: 'interrupt',
  }
  /**
   * `SIGQUIT`: end with a core dump.
   */
  export interface SignalQuit {
    tag: 'quit',
  }
  /**
   * `SIGABRT`: the process has given up on itself.
   */
  export interface SignalAbort {
    tag: 'abort',
  }
  /**
   * `SIGKILL`: end at once. Cannot be caught.
   */
  export interface SignalKill {
    tag: 'kill',
  }
  /**
   * `SIGUSR1`: what the program makes of it.
   */
  export interface SignalUser1 {
    tag: 'user1',
  }
  /**
   * `SIGUSR2`: what the program makes of it.
   */
  export interface SignalUser2 {
    tag: 'user2',
  }
  /**
   * `SIGPIPE`: nobody reads the pipe that it writes to.
   */
  export interface SignalPipe {
    tag: 'pipe',
  }
  /**
   * `SIGALRM`: a timer has run out.
   */
  export interface SignalAlarm {
    tag: 'alarm',
  }
  /**
   * `SIGTERM`: end in order.
   */
  export interface SignalTerminate {
    tag: 'terminate',
  }
  /**
   * `SIGSTOP`: stop until `continue`. Cannot be caught.
   */
  export interface SignalStop {
    tag: 'stop',
  }
  /**
   * `SIGCONT`: go on after a stop.
   */
  export interface SignalContinue {
    tag: 'continue',
  }
  /**
   * Another signal, by its number on the host.
   */
  export interface SignalOther {
    tag: 'other',
    val: number,
  }
  /**
   * How a process has ended.
   */
  export type ExitStatus = ExitStatusCode | ExitStatusSignaled;
  /**
   * By itself, with this code. 0 usually means success; POSIX keeps 0 to 255.
   */
  export interface ExitStatusCode {
    tag: 'code',
    val: number,
  }
  /**
   * By this signal.
   */
  export interface ExitStatusSignaled {
    tag: 'signaled',
    val: Signal,
  }
  /**
   * Why an operation on a process failed.
   */
  export type ProcessError = ProcessErrorPermissionDenied | ProcessErrorProgramNotFound | ProcessErrorNotExecutable | ProcessErrorProcessNotFound | ProcessErrorAlreadyExited | ProcessErrorNotPiped | ProcessErrorStdinClosed | ProcessErrorTimeout | ProcessErrorTooManyProcesses | ProcessErrorOutputTooLarge | ProcessErrorInvalidArgument | ProcessErrorUnsupported | ProcessErrorIo;
  /**
   * The component lacks the permission. The payload names the line of Component.toml that would have allowed it. No
   * process was started and no signal sent.
   */
  export interface ProcessErrorPermissionDenied {
    tag: 'permission-denied',
    val: PermissionDenial,
  }
  /**
   * There is no such program. The payload is the program as it was given.
   */
  export interface ProcessErrorProgramNotFound {
    tag: 'program-not-found',
    val: string,
  }
  /**
   * The program is there, but it is not a file that can be executed. The payload is the program as it was given.
   */
  export interface ProcessErrorNotExecutable {
    tag: 'not-executable',
    val: string,
  }
  /**
   * The component has started no process of this id, or has dropped its handle.
   */
  export interface ProcessErrorProcessNotFound {
    tag: 'process-not-found',
    val: ProcessId,
  }
  /**
   * The process has exited. The payload is how.
   */
  export interface ProcessErrorAlreadyExited {
    tag: 'already-exited',
    val: ExitStatus,
  }
  /**
   * This stream of the process is not a pipe to the component.
   */
  export interface ProcessErrorNotPiped {
    tag: 'not-piped',
    val: StdioStream,
  }
  /**
   * The standard input of the process is closed, on this side or by the process.
   */
  export interface ProcessErrorStdinClosed {
    tag: 'stdin-closed',
  }
  /**
   * The time for the operation has passed.
   */
  export interface ProcessErrorTimeout {
    tag: 'timeout',
  }
  /**
   * The component has as many processes as the host's limit allows.
   */
  export interface ProcessErrorTooManyProcesses {
    tag: 'too-many-processes',
  }
  /**
   * The process has written more than the limit. The payload is the limit in bytes.
   */
  export interface ProcessErrorOutputTooLarge {
    tag: 'output-too-large',
    val: bigint,
  }
  /**
   * An argument makes no sense. The payload says which.
   */
  export interface ProcessErrorInvalidArgument {
    tag: 'invalid-argument',
    val: string,
  }
  /**
   * The host cannot do this. The payload says what. Among it: to confine a child to the permissions of the
   * component.
   */
  export interface ProcessErrorUnsupported {
    tag: 'unsupported',
    val: string,
  }
  /**
   * The host's operating system failed in another way. The payload says how.
   */
  export interface ProcessErrorIo {
    tag: 'io',
    val: string,
  }
  /**
   * What is known about a process.
   */
  export interface ProcessInfo {
    /**
     * Its id.
     */
    id: ProcessId,
    /**
     * The absolute path of its program, with links resolved.
     */
    program: string,
    /**
     * Its arguments, without the program itself.
     */
    arguments: Array<string>,
    /**
     * When it was started.
     */
    started: Timestamp,
    /**
     * What it does.
     */
    state: ProcessState,
    /**
     * How it has ended; `none` while it has not.
     */
    exit?: ExitStatus,
  }
  /**
   * How a process has ended and what it wrote.
   */
  export interface ProcessOutput {
    /**
     * How it has ended.
     */
    status: ExitStatus,
    /**
     * What it wrote to standard output. Empty if that is not `piped`.
     */
    stdout: Uint8Array,
    /**
     * What it wrote to standard error. Empty if that is not `piped`.
     */
    stderr: Uint8Array,
  }
  /**
   * How the processes of a pipeline have ended and what they wrote.
   */
  export interface PipelineOutput {
    /**
     * How each has ended, in the order of the commands.
     */
    statuses: Array<ExitStatus>,
    /**
     * What the last one wrote to standard output.
     */
    stdout: Uint8Array,
    /**
     * What all of them wrote to standard error, as it came.
     */
    stderr: Uint8Array,
  }
  /**
   * The first of several processes to end.
   */
  export interface Finished {
    /**
     * Its place in the list that was given, from 0.
     */
    index: number,
    /**
     * How it has ended.
     */
    status: ExitStatus,
  }
  /**
   * A change of what a process does.
   */
  export type StateChange = StateChangeStopped | StateChangeContinued | StateChangeExited;
  /**
   * This signal has stopped it.
   */
  export interface StateChangeStopped {
    tag: 'stopped',
    val: Signal,
  }
  /**
   * It goes on after it was stopped.
   */
  export interface StateChangeContinued {
    tag: 'continued',
  }
  /**
   * It has ended.
   */
  export interface StateChangeExited {
    tag: 'exited',
    val: ExitStatus,
  }
  /**
   * Whom a signal is for.
   * # Variants
   *
   * ## `"process"`
   *
   * The process alone.
   * ## `"group"`
   *
   * The process and all that it has started and that are still in its process group.
   */
  export type SignalTarget = 'process' | 'group';
  /**
   * A signal with its number and name.
   */
  export interface SignalInfo {
    /**
     * The signal.
     */
    signal: Signal,
    /**
     * Its number on the host.
     */
    number: number,
    /**
     * Its name with the prefix, for example `SIGTERM`.
     */
    name: string,
  }
}
