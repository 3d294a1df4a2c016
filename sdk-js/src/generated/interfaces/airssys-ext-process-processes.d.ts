// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./airssys-ext-process-types.d.ts" />
declare module 'airssys:ext-process/processes@1.0.0' {
  /**
   * Starts a program and returns without waiting for it. The caller owns the handle.
   *
   * Permission: `process = [{ action = "spawn", program = "<path>" }]`, where the path is absolute and with links
   * resolved. Files among the standard streams need their filesystem permission as well.
   *
   * Errors:
   * - `permission-denied`: a permission is missing.
   * - `program-not-found`: there is no such program.
   * - `not-executable`: the program cannot be executed.
   * - `invalid-argument`: a string contains NUL, the name of a variable is empty, contains `=` or is one with which
   *   programs load code, a stream has a `stdio` that is not for it, the working directory is none, or a limit is above
   *   that of the host.
   * - `too-many-processes`: the limit on processes is reached.
   * - `unsupported`: the host cannot confine the child, or cannot give it such a stream.
   * - `io`: a file among the standard streams cannot be opened, or the host's operating system failed.
   */
  export function spawn(command: Command): Process;
  /**
   * Starts a program, writes `stdin` to it, closes that, collects what it writes, and waits until it has ended. All of
   * it goes on at once, so that large input and output do not block each other.
   *
   * `command.stdio.stdin` is not used. An output that is not `piped` goes where the command says and gives an empty
   * list. A program that does not read its input, or fails, is no error of this function.
   *
   * Permission: `process = [{ action = "spawn", program = "<path>" }]`, as for `spawn`.
   *
   * Errors:
   * - `timeout`: the process took longer than `max-wall-time-ms`. It and what it has started are gone.
   * - `output-too-large`: a stream had more than `max-output-bytes`. The process and what it has started are gone.
   * - `permission-denied`, `program-not-found`, `not-executable`, `invalid-argument`, `too-many-processes`,
   *   `unsupported`, `io`: as for `spawn`.
   */
  export function run(command: Command, stdin: Uint8Array): ProcessOutput;
  /**
   * Starts several programs, each of which reads what the one before it writes, and waits until all have ended. The
   * first reads `stdin`; what the last one writes is the output. One that fails does not end the others and shows in
   * the statuses.
   *
   * The standard input and output that the commands name are not used.
   *
   * Permission: `process = [{ action = "spawn", program = "<path>" }]` for each program. If it is missing for one,
   * none is started.
   *
   * Errors:
   * - `invalid-argument`: the list is empty, or as for `spawn`.
   * - `timeout`: a process took longer than its `max-wall-time-ms`. All of them are gone.
   * - `output-too-large`: the output had more than `max-output-bytes` of the command. All of them are gone.
   * - `permission-denied`, `program-not-found`, `not-executable`, `too-many-processes`, `unsupported`, `io`: as for
   *   `spawn`. None of them is left.
   */
  export function runPipeline(commands: Array<Command>, stdin: Uint8Array): PipelineOutput;
  /**
   * Waits until one of several processes has ended, and says which. If several have, it is the first in the list.
   *
   * It waits at most `timeout-ms` milliseconds and then gives `none`; a `timeout-ms` of `none` waits as long as the
   * call may take.
   *
   * Permission: none, for the component's own processes.
   *
   * Errors:
   * - `invalid-argument`: the list is empty.
   * - `process-not-found`: an id is not that of a process of this component.
   * - `io`: the host's operating system failed.
   */
  export function waitAny(ids: Uint32Array, timeoutMs: number | undefined): Finished | undefined;
  /**
   * Gives the processes whose handles the component holds, ended ones included. It shows no other processes.
   *
   * Permission: none.
   */
  export function listProcesses(): Array<ProcessInfo>;
  /**
   * Says what one of the component's processes is and what it does.
   *
   * Permission: none, for the component's own processes.
   *
   * Errors:
   * - `process-not-found`: the id is not that of a process of this component.
   * - `io`: the host's operating system failed.
   */
  export function getProcessInfo(id: ProcessId): ProcessInfo;
  export type ProcessError = import('airssys:ext-process/types@1.0.0').ProcessError;
  export type ProcessId = import('airssys:ext-process/types@1.0.0').ProcessId;
  export type Command = import('airssys:ext-process/types@1.0.0').Command;
  export type ExitStatus = import('airssys:ext-process/types@1.0.0').ExitStatus;
  export type Finished = import('airssys:ext-process/types@1.0.0').Finished;
  export type PipelineOutput = import('airssys:ext-process/types@1.0.0').PipelineOutput;
  export type ProcessInfo = import('airssys:ext-process/types@1.0.0').ProcessInfo;
  export type ProcessLimits = import('airssys:ext-process/types@1.0.0').ProcessLimits;
  export type ProcessOutput = import('airssys:ext-process/types@1.0.0').ProcessOutput;
  export type ProcessUsage = import('airssys:ext-process/types@1.0.0').ProcessUsage;

  export class Process implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * Gives the id of the process.
    *
    * Permission: none; held by the handle.
    */
    id(): ProcessId;
    /**
    * Says what the process is and what it does, before and after it has ended.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `io`: the host's operating system failed.
    */
    info(): ProcessInfo;
    /**
    * Waits until the process has ended, as long as the call may take. Called again, it gives the same answer at once.
    *
    * Output that nobody reads can keep a process from ending; `stdio.communicate` reads it while it waits.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `io`: the host's operating system failed.
    */
    wait(): ExitStatus;
    /**
    * Waits until the process has ended, but at most this many milliseconds. Gives `none` if it still goes on.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `io`: the host's operating system failed.
    */
    waitTimeout(timeoutMs: number): ExitStatus | undefined;
    /**
    * Says how the process has ended, without waiting. Gives `none` if it still goes on.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `io`: the host's operating system failed.
    */
    tryWait(): ExitStatus | undefined;
    /**
    * Says whether the process has not ended yet. A stopped process has not.
    *
    * Permission: none; held by the handle.
    */
    isRunning(): boolean;
    /**
    * Gives what the process has used, also after it has ended.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `unsupported`: the host cannot measure it.
    * - `io`: the host's operating system failed.
    */
    usage(): ProcessUsage;
    /**
    * Gives the limits that the process runs under. What its command or `set-limits` has set reads back.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `io`: the host's operating system failed.
    */
    limits(): ProcessLimits;
    /**
    * Sets the limits of the process, all at once. They count from its start.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `already-exited`: the process has ended.
    * - `invalid-argument`: a limit is above that of the host.
    * - `unsupported`: the host cannot change a limit of a running process.
    * - `io`: the host's operating system failed.
    */
    setLimits(limits: ProcessLimits): void;
    [Symbol.dispose](): void;
  }
}
