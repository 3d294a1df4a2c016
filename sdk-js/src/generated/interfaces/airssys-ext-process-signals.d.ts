// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./airssys-ext-process-processes.d.ts" />
/// <reference path="./airssys-ext-process-types.d.ts" />
declare module 'airssys:ext-process/signals@1.0.0' {
  /**
   * Sends a signal to a process or its process group. It does not wait for the effect.
   *
   * Permission: `process = [{ action = "signal", program = "<path>" }]`, where the path is that of the process's
   * program.
   *
   * Errors:
   * - `permission-denied`: the permission is missing.
   * - `already-exited`: the process has ended, and with the target `group` everything in its group.
   * - `invalid-argument`: the host has no signal of this number.
   * - `io`: the host's operating system failed.
   */
  export function sendSignal(process: Process, signal: Signal, target: SignalTarget): void;
  /**
   * Sends `interrupt` (`SIGINT`) to a process.
   *
   * Permission: `process = [{ action = "signal", program = "<path>" }]`.
   *
   * Errors:
   * - `permission-denied`: the permission is missing.
   * - `already-exited`: the process has ended.
   * - `io`: the host's operating system failed.
   */
  export function interrupt(process: Process): void;
  /**
   * Ends a process: sends `terminate` (`SIGTERM`), waits until it has ended, but at most `grace-ms` milliseconds, then
   * sends `kill` (`SIGKILL`). It returns when the process has ended, and says how.
   *
   * Permission: `process = [{ action = "signal", program = "<path>" }]`.
   *
   * Errors:
   * - `permission-denied`: the permission is missing.
   * - `already-exited`: the process had ended before.
   * - `io`: the host's operating system failed.
   */
  export function terminate(process: Process, graceMs: number): ExitStatus;
  /**
   * Sends `kill` (`SIGKILL`) to a process. What it has started goes on until the handle is dropped.
   *
   * Permission: `process = [{ action = "signal", program = "<path>" }]`.
   *
   * Errors:
   * - `permission-denied`: the permission is missing.
   * - `already-exited`: the process has ended.
   * - `io`: the host's operating system failed.
   */
  export function kill(process: Process): void;
  /**
   * Sends `kill` (`SIGKILL`) to a process and everything in its process group, what it has started included.
   *
   * Permission: `process = [{ action = "signal", program = "<path>" }]`.
   *
   * Errors:
   * - `permission-denied`: the permission is missing.
   * - `already-exited`: the process and everything in its group have ended.
   * - `io`: the host's operating system failed.
   */
  export function killGroup(process: Process): void;
  /**
   * Sends `stop` (`SIGSTOP`) to a process. Its state is then `stopped`, until `resume`.
   *
   * Permission: `process = [{ action = "signal", program = "<path>" }]`.
   *
   * Errors:
   * - `permission-denied`: the permission is missing.
   * - `already-exited`: the process has ended.
   * - `io`: the host's operating system failed.
   */
  export function suspend(process: Process): void;
  /**
   * Sends `continue` (`SIGCONT`) to a process. If it was stopped, its state is then `running`.
   *
   * Permission: `process = [{ action = "signal", program = "<path>" }]`.
   *
   * Errors:
   * - `permission-denied`: the permission is missing.
   * - `already-exited`: the process has ended.
   * - `io`: the host's operating system failed.
   */
  export function resume(process: Process): void;
  /**
   * Waits for the next change of what a process does, and gives it. A change that came before the call and that this
   * function has not given yet counts. When the process has ended, it gives `exited` each time.
   *
   * It waits at most `timeout-ms` milliseconds and then gives `none`; a `timeout-ms` of `none` waits as long as the
   * call may take.
   *
   * Permission: none; held by the handle.
   *
   * Errors:
   * - `io`: the host's operating system failed.
   */
  export function waitStateChange(process: Process, timeoutMs: number | undefined): StateChange | undefined;
  /**
   * Gives the signal of a name, with or without the prefix, or of a number of the host: `TERM`, `SIGTERM` and `15` are
   * all `terminate`.
   *
   * Permission: none.
   *
   * Errors:
   * - `invalid-argument`: the host has no such signal.
   */
  export function parseSignal(nameOrNumber: string): Signal;
  /**
   * Gives the signals of the host with their numbers and names. `parse-signal` takes each of them.
   *
   * Permission: none.
   */
  export function listSignals(): Array<SignalInfo>;
  export type ProcessError = import('airssys:ext-process/types@1.0.0').ProcessError;
  export type ExitStatus = import('airssys:ext-process/types@1.0.0').ExitStatus;
  export type Signal = import('airssys:ext-process/types@1.0.0').Signal;
  export type SignalInfo = import('airssys:ext-process/types@1.0.0').SignalInfo;
  export type SignalTarget = import('airssys:ext-process/types@1.0.0').SignalTarget;
  export type StateChange = import('airssys:ext-process/types@1.0.0').StateChange;
  export type Process = import('airssys:ext-process/processes@1.0.0').Process;
}
