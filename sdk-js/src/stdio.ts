/**
 * The standard streams of a process that are pipes to the component: `process.stdin`, `process.stdout` and
 * `process.stderr`. The permission was checked when it was started; no method needs one. Once the process is closed, all
 * of them throw a `ClosedError`.
 *
 * @packageDocumentation
 */

import "./globals.js";

import * as host from "airssys:ext-process/stdio@1.0.0";

import { callProcess } from "./convert.js";
import { liftBytes, liftU32, lowerBytes, lowerData, lowerU32 } from "./engine.js";
import type { Handle } from "./handle.js";

export { ProcessError } from "./errors.js";
export type { ProcessErrorCode } from "./errors.js";
export type { Stdio, StdioConfig, StdioStream } from "./process.js";

/** How many bytes {@link StandardOutput.read} asks for unless told otherwise. */
export const DEFAULT_READ_BYTES = 65_536;

type ProcessHandle = Handle<host.Process>;

/** The standard input of a process. */
export class StandardInput {
  readonly #process: ProcessHandle;

  private constructor(process: ProcessHandle) {
    this.#process = process;
  }

  /** @internal */
  static of(process: ProcessHandle): StandardInput {
    return new StandardInput(process);
  }

  /**
   * Writes, and returns how many bytes the pipe took, which may be less than given; waits until it takes at least one.
   *
   * @throws ProcessError `not-piped`, `stdin-closed` if it is closed, by {@link close} or by the process, or `io`.
   */
  write(data: Uint8Array): number {
    const raw = this.#process.get();
    const bytes = lowerBytes(data, "data");
    return callProcess(() => liftU32(host.writeStdin(raw, bytes)));
  }

  /**
   * Writes all of it; text as UTF-8. After an error, some of it may have been written. It waits for the process to read,
   * which may itself wait for its output to be read: `process.communicate` does both.
   *
   * @throws ProcessError as {@link write}.
   */
  writeAll(data: Uint8Array | string): void {
    let left = lowerData(data, "data");
    while (left.length > 0) left = left.subarray(this.write(left));
  }

  /**
   * Closes it: the process then reads the end of its input.
   *
   * @throws ProcessError `not-piped`, `stdin-closed` if it is closed already, or `io`.
   */
  close(): void {
    const raw = this.#process.get();
    callProcess(() => host.closeStdin(raw));
  }
}

/** The standard output or the standard error of a process. */
export class StandardOutput {
  readonly #process: ProcessHandle;
  readonly #stream: "stdout" | "stderr";

  private constructor(process: ProcessHandle, stream: "stdout" | "stderr") {
    this.#process = process;
    this.#stream = stream;
  }

  /** @internal */
  static of(process: ProcessHandle, stream: "stdout" | "stderr"): StandardOutput {
    return new StandardOutput(process, stream);
  }

  /**
   * Reads what is there, at most `maxBytes` and at most the host's limit, 16 MiB by default; waits until there is
   * something. No bytes mean the end, or that `maxBytes` is 0.
   *
   * @throws ProcessError `not-piped` or `io`.
   */
  read(maxBytes: number = DEFAULT_READ_BYTES): Uint8Array {
    const raw = this.#process.get();
    const most = lowerU32(maxBytes, "maxBytes");
    const read = this.#stream === "stdout" ? host.readStdout : host.readStderr;
    return callProcess(() => liftBytes(read(raw, most)));
  }

  /**
   * Reads until the end.
   *
   * @throws ProcessError `not-piped`, `output-too-large` if there is more than `maxOutputBytes` of the limits, or `io`.
   */
  readToEnd(): Uint8Array {
    const raw = this.#process.get();
    const read = this.#stream === "stdout" ? host.readStdoutToEnd : host.readStderrToEnd;
    return callProcess(() => liftBytes(read(raw)));
  }

  /** Reads until the end, piece by piece, as {@link read} does. */
  *[Symbol.iterator](): Generator<Uint8Array, void, undefined> {
    for (let piece = this.read(); piece.length > 0; piece = this.read()) yield piece;
  }
}
