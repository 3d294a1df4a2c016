// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./airssys-ext-process-processes.d.ts" />
/// <reference path="./airssys-ext-process-types.d.ts" />
declare module 'airssys:ext-process/stdio@1.0.0' {
  /**
   * Writes to the standard input of a process and returns how many bytes the pipe took, which may be less than given.
   * It waits until the pipe takes at least one.
   *
   * Permission: none; held by the handle.
   *
   * Errors:
   * - `not-piped`: standard input is not `piped`.
   * - `stdin-closed`: standard input is closed, by `close-stdin` or by the process.
   * - `io`: the host's operating system failed.
   */
  export function writeStdin(process: Process, data: Uint8Array): number;
  /**
   * Closes the standard input of a process, which then reads the end of its input.
   *
   * Permission: none; held by the handle.
   *
   * Errors:
   * - `not-piped`: standard input is not `piped`.
   * - `stdin-closed`: it is closed already.
   * - `io`: the host's operating system failed.
   */
  export function closeStdin(process: Process): void;
  /**
   * Reads from the standard output of a process. It waits until there is something and gives what is there, at most
   * `max-bytes` and at most the host's limit, default 16 MiB. An empty list means the end, or that `max-bytes` is 0.
   *
   * Permission: none; held by the handle.
   *
   * Errors:
   * - `not-piped`: standard output is not `piped`.
   * - `io`: the host's operating system failed.
   */
  export function readStdout(process: Process, maxBytes: number): Uint8Array;
  /**
   * Reads from the standard error of a process. It waits until there is something and gives what is there, at most
   * `max-bytes` and at most the host's limit, default 16 MiB. An empty list means the end, or that `max-bytes` is 0.
   *
   * Permission: none; held by the handle.
   *
   * Errors:
   * - `not-piped`: standard error is not `piped`.
   * - `io`: the host's operating system failed.
   */
  export function readStderr(process: Process, maxBytes: number): Uint8Array;
  /**
   * Reads the standard output of a process until its end.
   *
   * Permission: none; held by the handle.
   *
   * Errors:
   * - `not-piped`: standard output is not `piped`.
   * - `output-too-large`: there is more than `max-output-bytes` of the process's limits.
   * - `io`: the host's operating system failed.
   */
  export function readStdoutToEnd(process: Process): Uint8Array;
  /**
   * Reads the standard error of a process until its end.
   *
   * Permission: none; held by the handle.
   *
   * Errors:
   * - `not-piped`: standard error is not `piped`.
   * - `output-too-large`: there is more than `max-output-bytes` of the process's limits.
   * - `io`: the host's operating system failed.
   */
  export function readStderrToEnd(process: Process): Uint8Array;
  /**
   * Writes `input` to a process, closes its standard input, reads both outputs until their end, and waits until the
   * process has ended. All of it goes on at once, so that large input and output do not block each other.
   *
   * An output that is not `piped` gives an empty list. A process that ends without reading all of its input is no
   * error.
   *
   * Permission: none; held by the handle.
   *
   * Errors:
   * - `not-piped`: there is input, but standard input is not `piped`.
   * - `stdin-closed`: there is input, but standard input was closed by `close-stdin`.
   * - `output-too-large`: an output has more than `max-output-bytes` of the process's limits.
   * - `timeout`: the process took longer than `max-wall-time-ms`. It and what it has started are gone.
   * - `io`: the host's operating system failed.
   */
  export function communicate(process: Process, input: Uint8Array): ProcessOutput;
  export type ProcessError = import('airssys:ext-process/types@1.0.0').ProcessError;
  export type ProcessOutput = import('airssys:ext-process/types@1.0.0').ProcessOutput;
  export type Process = import('airssys:ext-process/processes@1.0.0').Process;
}
