/**
 * Starting processes, waiting for them, signalling them, and what is known about them.
 *
 * A child gets only the environment that its command names, a process group of its own, the limits that apply, and no
 * file descriptor of the host. The host confines it to the filesystem and network permissions of the component, or
 * refuses to start it unless the operator says otherwise.
 *
 * @packageDocumentation
 */

import "./globals.js";

import * as host from "airssys:ext-process/processes@1.0.0";
import * as hostSignals from "airssys:ext-process/signals@1.0.0";
import * as hostStdio from "airssys:ext-process/stdio@1.0.0";

import { callProcess, liftTimestamp, some } from "./convert.js";
import {
  liftBytes,
  liftOption,
  liftU32,
  liftU64,
  lowerData,
  lowerEnum,
  lowerOptionalU32,
  lowerU32,
  lowerU32List,
} from "./engine.js";
import { liftExitStatus, liftSignal, lowerSignal, type ExitStatus, type Signal } from "./exit-status.js";
import { Handle } from "./handle.js";
import {
  liftLimits,
  liftOutput,
  lowerCommand,
  lowerLimits,
  type Command,
  type ProcessId,
  type ProcessLimits,
  type ProcessOutput,
} from "./process.js";
import { StandardInput, StandardOutput } from "./stdio.js";
import type { Timestamp } from "./types.js";

export { ProcessError } from "./errors.js";
export type { ProcessErrorCode } from "./errors.js";
export { formatExitStatus, isSuccess } from "./exit-status.js";
export type { ExitStatus, Signal, SignalName } from "./exit-status.js";
export type {
  Command,
  Environment,
  ProcessId,
  ProcessLimits,
  ProcessOutput,
  Stdio,
  StdioConfig,
  StdioStream,
} from "./process.js";

/** What a process does: it runs, or could; a signal has stopped it; it has ended. */
export type ProcessState = "running" | "stopped" | "exited";

/** What is known about a process. */
export interface ProcessInfo {
  /** Its id. */
  id: ProcessId;
  /** The absolute path of its program, with links resolved. */
  program: string;
  /** Its arguments, without the program itself. */
  arguments: string[];
  /** When it was started. */
  started: Timestamp;
  /** What it does. */
  state: ProcessState;
  /** How it has ended; absent while it has not. */
  exit?: ExitStatus;
}

/** What a process has used since its start. */
export interface ProcessUsage {
  /** CPU time in its own code, in milliseconds. */
  userTimeMs: bigint;
  /** CPU time in the operating system on its behalf, in milliseconds. */
  systemTimeMs: bigint;
  /** The most memory that it had in use at one time, in bytes. */
  maxResidentBytes: bigint;
}

/** How the processes of a pipeline have ended and what they wrote. */
export interface PipelineOutput {
  /** How each has ended, in the order of the commands. */
  statuses: ExitStatus[];
  /** What the last one wrote to standard output. */
  stdout: Uint8Array;
  /** What all of them wrote to standard error, as it came. */
  stderr: Uint8Array;
}

/** The first of several processes to end. */
export interface Finished {
  /** Its place in the list that was given, from 0. */
  index: number;
  /** How it has ended. */
  status: ExitStatus;
}

/** Whom a signal is for: the process alone, or also all in its process group, which is what it has started. */
export type SignalTarget = "process" | "group";

/** A change of what a process does: a signal has stopped it, it goes on after that, it has ended. */
export type StateChange =
  | { readonly kind: "stopped"; readonly signal: Signal }
  | { readonly kind: "continued" }
  | { readonly kind: "exited"; readonly status: ExitStatus };

/**
 * A child of this component, from {@link spawn}.
 *
 * Close it when done, with {@link close} or `using child = spawn(…)`: that kills it and what it has started, if they have
 * not ended, and a component may have only so many. Every other method throws a `ClosedError` afterwards.
 */
export class Process {
  /** Its standard input, if that is `piped`. */
  readonly stdin: StandardInput;
  /** Its standard output, if that is `piped`. */
  readonly stdout: StandardOutput;
  /** Its standard error, if that is `piped`. */
  readonly stderr: StandardOutput;

  readonly #handle: Handle<host.Process>;

  private constructor(raw: host.Process) {
    this.#handle = new Handle("process", raw);
    this.stdin = StandardInput.of(this.#handle);
    this.stdout = StandardOutput.of(this.#handle, "stdout");
    this.stderr = StandardOutput.of(this.#handle, "stderr");
  }

  /** @internal */
  static from(raw: host.Process): Process {
    return new Process(raw);
  }

  /** Gives its id. */
  id(): ProcessId {
    return liftU32(this.#handle.get().id());
  }

  /**
   * Says what the process is and what it does, before and after it has ended.
   *
   * @throws ProcessError `io`.
   */
  info(): ProcessInfo {
    const raw = this.#handle.get();
    return callProcess(() => liftInfo(raw.info()));
  }

  /**
   * Waits until it has ended, as long as the call may take. Called again, it gives the same answer at once. Output that
   * nobody reads can keep a process from ending; {@link communicate} reads it while it waits.
   *
   * @throws ProcessError `io`.
   */
  wait(): ExitStatus {
    const raw = this.#handle.get();
    return callProcess(() => liftExitStatus(raw.wait()));
  }

  /**
   * Waits until it has ended, but at most this many milliseconds. Gives nothing if it still goes on.
   *
   * @throws ProcessError `io`.
   */
  waitTimeout(timeoutMs: number): ExitStatus | undefined {
    const raw = this.#handle.get();
    const timeout = lowerU32(timeoutMs, "timeoutMs");
    return callProcess(() => optionalStatus(raw.waitTimeout(timeout)));
  }

  /**
   * Says how it has ended, without waiting. Gives nothing if it still goes on.
   *
   * @throws ProcessError `io`.
   */
  tryWait(): ExitStatus | undefined {
    const raw = this.#handle.get();
    return callProcess(() => optionalStatus(raw.tryWait()));
  }

  /** Says whether it has not ended yet. A stopped process has not. */
  isRunning(): boolean {
    return this.#handle.get().isRunning();
  }

  /**
   * Gives what it has used, also after it has ended.
   *
   * @throws ProcessError `unsupported` or `io`.
   */
  usage(): ProcessUsage {
    const raw = this.#handle.get();
    return callProcess(() => {
      const { userTimeMs, systemTimeMs, maxResidentBytes } = raw.usage();
      return {
        userTimeMs: liftU64(userTimeMs, "userTimeMs"),
        systemTimeMs: liftU64(systemTimeMs, "systemTimeMs"),
        maxResidentBytes: liftU64(maxResidentBytes, "maxResidentBytes"),
      };
    });
  }

  /**
   * Gives the limits that it runs under. What its command or {@link setLimits} has set reads back.
   *
   * @throws ProcessError `io`.
   */
  limits(): ProcessLimits {
    const raw = this.#handle.get();
    return callProcess(() => liftLimits(raw.limits()));
  }

  /**
   * Sets its limits, all at once. They count from its start.
   *
   * @throws ProcessError `already-exited`, `invalid-argument` for a limit above that of the host, `unsupported` or `io`.
   */
  setLimits(limits: ProcessLimits<number | bigint>): void {
    const raw = this.#handle.get();
    const lowered = lowerLimits(limits);
    callProcess(() => raw.setLimits(lowered));
  }

  /**
   * Writes `input`, text as UTF-8, closes standard input, reads both outputs until their end, and waits until it has
   * ended. All of it goes on at once, so that large input and output do not block each other. A process that ends without
   * reading all of its input is no error.
   *
   * @throws ProcessError `not-piped` or `stdin-closed` if there is input, `output-too-large` for an output of more than
   *   `maxOutputBytes` of the limits, `timeout` if it took longer than `maxWallTimeMs`, after which it and what it has
   *   started are gone, or `io`.
   */
  communicate(input: Uint8Array | string = ""): ProcessOutput {
    const raw = this.#handle.get();
    const bytes = lowerData(input, "input");
    return callProcess(() => liftOutput(hostStdio.communicate(raw, bytes)));
  }

  /**
   * Sends a signal to it or to its process group. It does not wait for the effect.
   *
   * Permission: `process = [{ action = "signal", program = "<path>" }]`, where the path is that of its program.
   *
   * @throws ProcessError `permission-denied`, `already-exited` (with the target `group`: all in its group),
   *   `invalid-argument` if the host has no such signal, or `io`.
   */
  sendSignal(signal: Signal, target: SignalTarget = "process"): void {
    const raw = this.#handle.get();
    const what = lowerSignal(signal, "signal");
    const whom = lowerEnum(target, ["process", "group"], "target");
    callProcess(() => hostSignals.sendSignal(raw, what, whom));
  }

  /**
   * Sends it `interrupt` (`SIGINT`).
   *
   * Permission: `process = [{ action = "signal", program = "<path>" }]`.
   *
   * @throws ProcessError `permission-denied`, `already-exited` or `io`.
   */
  interrupt(): void {
    const raw = this.#handle.get();
    callProcess(() => hostSignals.interrupt(raw));
  }

  /**
   * Ends it: sends `terminate` (`SIGTERM`), waits at most `graceMs` milliseconds until it has ended, then sends `kill`
   * (`SIGKILL`). Returns when it has ended, and says how.
   *
   * Permission: `process = [{ action = "signal", program = "<path>" }]`.
   *
   * @throws ProcessError `permission-denied`, `already-exited` if it had ended before, or `io`.
   */
  terminate(graceMs: number): ExitStatus {
    const raw = this.#handle.get();
    const grace = lowerU32(graceMs, "graceMs");
    return callProcess(() => liftExitStatus(hostSignals.terminate(raw, grace)));
  }

  /**
   * Sends it `kill` (`SIGKILL`). What it has started goes on until {@link close}.
   *
   * Permission: `process = [{ action = "signal", program = "<path>" }]`.
   *
   * @throws ProcessError `permission-denied`, `already-exited` or `io`.
   */
  kill(): void {
    const raw = this.#handle.get();
    callProcess(() => hostSignals.kill(raw));
  }

  /**
   * Sends `kill` (`SIGKILL`) to it and everything in its process group, what it has started included.
   *
   * Permission: `process = [{ action = "signal", program = "<path>" }]`.
   *
   * @throws ProcessError `permission-denied`, `already-exited` if all in its group have ended, or `io`.
   */
  killGroup(): void {
    const raw = this.#handle.get();
    callProcess(() => hostSignals.killGroup(raw));
  }

  /**
   * Sends it `stop` (`SIGSTOP`). Its state is then `stopped`, until {@link resume}.
   *
   * Permission: `process = [{ action = "signal", program = "<path>" }]`.
   *
   * @throws ProcessError `permission-denied`, `already-exited` or `io`.
   */
  suspend(): void {
    const raw = this.#handle.get();
    callProcess(() => hostSignals.suspend(raw));
  }

  /**
   * Sends it `continue` (`SIGCONT`). If it was stopped, its state is then `running`.
   *
   * Permission: `process = [{ action = "signal", program = "<path>" }]`.
   *
   * @throws ProcessError `permission-denied`, `already-exited` or `io`.
   */
  resume(): void {
    const raw = this.#handle.get();
    callProcess(() => hostSignals.resume(raw));
  }

  /**
   * Waits for the next change of what it does, and gives it. A change that came before and that was not given yet
   * counts. When it has ended, this gives `exited` each time. It waits at most `timeoutMs` milliseconds and then gives
   * nothing; without it, it waits as long as the call may take.
   *
   * @throws ProcessError `io`.
   */
  waitStateChange(timeoutMs?: number): StateChange | undefined {
    const raw = this.#handle.get();
    const timeout = lowerOptionalU32(timeoutMs, "timeoutMs");
    return callProcess(() => {
      const change = liftOption(hostSignals.waitStateChange(raw, timeout));
      return change && liftStateChange(change);
    });
  }

  /** Kills it and what it has started, if they have not ended. Closing it again does nothing. */
  close(): void {
    this.#handle.drop();
  }

  /** The same as {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Starts a program and returns without waiting for it.
 *
 * Permission: `process = [{ action = "spawn", program = "<path>" }]`, where the path is absolute and with links resolved.
 * Files among the standard streams need their filesystem permission as well.
 *
 * @throws ProcessError `permission-denied`, `program-not-found`, `not-executable`, `invalid-argument` (NUL in a text, a
 *   variable whose name is empty or contains `=`, a stream that is not for what it is given, a working directory that is
 *   none, a limit above that of the host), `too-many-processes`, `unsupported` or `io`.
 */
export function spawn(command: Command): Process {
  const what = lowerCommand(command);
  return Process.from(callProcess(() => host.spawn(what)));
}

/**
 * Starts a program, writes `stdin` to it, text as UTF-8, collects what it writes, and waits until it has ended. All of it
 * goes on at once, so that large input and output do not block each other. `command.stdio.stdin` is not used, and an
 * output that is not `piped` gives no bytes. A program that does not read its input, or fails, is no error.
 *
 * Permission: `process = [{ action = "spawn", program = "<path>" }]`, as for {@link spawn}.
 *
 * @throws ProcessError `timeout` if it took longer than `maxWallTimeMs`, or `output-too-large` if a stream had more than
 *   `maxOutputBytes`: it and what it has started are then gone. And as {@link spawn}.
 */
export function run(command: Command, stdin: Uint8Array | string = ""): ProcessOutput {
  const what = lowerCommand(command);
  const input = lowerData(stdin, "stdin");
  return callProcess(() => liftOutput(host.run(what, input)));
}

/**
 * Starts several programs, each of which reads what the one before it writes, and waits until all have ended. The first
 * reads `stdin`, text as UTF-8; what the last one writes is the output. One that fails does not end the others and shows
 * in the statuses. The standard input and output that the commands name are not used.
 *
 * Permission: `process = [{ action = "spawn", program = "<path>" }]` for each program. If it is missing for one, none is
 * started.
 *
 * @throws ProcessError `invalid-argument` for an empty list, `timeout` if a process took longer than its
 *   `maxWallTimeMs`, or `output-too-large` for more than the `maxOutputBytes` of the command: all of them are then gone.
 *   And as {@link spawn}.
 */
export function runPipeline(commands: Iterable<Command>, stdin: Uint8Array | string = ""): PipelineOutput {
  const what = Array.from(commands, lowerCommand);
  const input = lowerData(stdin, "stdin");
  return callProcess(() => {
    const { statuses, stdout, stderr } = host.runPipeline(what, input);
    return {
      statuses: Array.from(statuses, (status) => liftExitStatus(status)),
      stdout: liftBytes(stdout),
      stderr: liftBytes(stderr),
    };
  });
}

/**
 * Waits until one of several processes has ended, and says which. If several have, it is the first in the list. It waits
 * at most `timeoutMs` milliseconds and then gives nothing; without it, it waits as long as the call may take.
 *
 * Permission: none, for the component's own processes.
 *
 * @throws ProcessError `invalid-argument` for an empty list, `process-not-found` for an id that is not that of a process
 *   of this component, or `io`.
 */
export function waitAny(ids: Iterable<ProcessId>, timeoutMs?: number): Finished | undefined {
  const which = lowerU32List(ids, "an id");
  const timeout = lowerOptionalU32(timeoutMs, "timeoutMs");
  return callProcess(() => {
    const finished = liftOption(host.waitAny(which, timeout));
    return finished && { index: liftU32(finished.index), status: liftExitStatus(finished.status) };
  });
}

/**
 * Gives the processes that the component has not closed, ended ones included. It shows no other processes.
 *
 * Permission: none.
 */
export function listProcesses(): ProcessInfo[] {
  return Array.from(host.listProcesses(), liftInfo);
}

/**
 * Says what one of the component's processes is and what it does.
 *
 * Permission: none, for the component's own processes.
 *
 * @throws ProcessError `process-not-found` if the id is not that of a process of this component, or `io`.
 */
export function getProcessInfo(id: ProcessId): ProcessInfo {
  const of = lowerU32(id, "id");
  return callProcess(() => liftInfo(host.getProcessInfo(of)));
}

function optionalStatus(raw: host.ExitStatus | null | undefined): ExitStatus | undefined {
  const status = liftOption(raw);
  return status && liftExitStatus(status);
}

function liftInfo(raw: host.ProcessInfo): ProcessInfo {
  const { id, program, arguments: given, started, state } = raw;
  const exit = some("exit", optionalStatus(raw.exit));
  return { id: liftU32(id), program, arguments: given, started: liftTimestamp(started), state, ...exit };
}

function liftStateChange(raw: hostSignals.StateChange): StateChange {
  switch (raw.tag) {
    case "stopped":
      return { kind: "stopped", signal: liftSignal(raw.val) };
    case "continued":
      return { kind: "continued" };
    case "exited":
      return { kind: "exited", status: liftExitStatus(raw.val) };
  }
}
