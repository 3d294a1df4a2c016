// DO NOT EDIT: compiled from src/stdio.ts by typescript 7.0.2 (npm run build).
/**
 * The standard streams of a process that are pipes to the component: `process.stdin`, `process.stdout` and
 * `process.stderr`. The permission was checked when it was started; no method needs one. Once the process is closed, all
 * of them throw a `ClosedError`.
 *
 * @packageDocumentation
 */
import "./globals.js";
export { ProcessError } from "./errors.js";
export type { ProcessErrorCode } from "./errors.js";
export type { Stdio, StdioConfig, StdioStream } from "./process.js";
/** How many bytes {@link StandardOutput.read} asks for unless told otherwise. */
export declare const DEFAULT_READ_BYTES = 65536;
/** The standard input of a process. */
export declare class StandardInput {
    #private;
    private constructor();
    /**
     * Writes, and returns how many bytes the pipe took, which may be less than given; waits until it takes at least one.
     *
     * @throws ProcessError `not-piped`, `stdin-closed` if it is closed, by {@link close} or by the process, or `io`.
     */
    write(data: Uint8Array): number;
    /**
     * Writes all of it; text as UTF-8. After an error, some of it may have been written. It waits for the process to read,
     * which may itself wait for its output to be read: `process.communicate` does both.
     *
     * @throws ProcessError as {@link write}.
     */
    writeAll(data: Uint8Array | string): void;
    /**
     * Closes it: the process then reads the end of its input.
     *
     * @throws ProcessError `not-piped`, `stdin-closed` if it is closed already, or `io`.
     */
    close(): void;
}
/** The standard output or the standard error of a process. */
export declare class StandardOutput {
    #private;
    private constructor();
    /**
     * Reads what is there, at most `maxBytes` and at most the host's limit, 16 MiB by default; waits until there is
     * something. No bytes mean the end, or that `maxBytes` is 0.
     *
     * @throws ProcessError `not-piped` or `io`.
     */
    read(maxBytes?: number): Uint8Array;
    /**
     * Reads until the end.
     *
     * @throws ProcessError `not-piped`, `output-too-large` if there is more than `maxOutputBytes` of the limits, or `io`.
     */
    readToEnd(): Uint8Array;
    /** Reads until the end, piece by piece, as {@link read} does. */
    [Symbol.iterator](): Generator<Uint8Array, void, undefined>;
}
