// DO NOT EDIT: compiled from src/stdio.ts by typescript 7.0.2 (npm run build).
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
export { ProcessError } from "./errors.js";
/** How many bytes {@link StandardOutput.read} asks for unless told otherwise. */
export const DEFAULT_READ_BYTES = 65_536;
/** The standard input of a process. */
export class StandardInput {
    #process;
    constructor(process) {
        this.#process = process;
    }
    /** @internal */
    static of(process) {
        return new StandardInput(process);
    }
    /**
     * Writes, and returns how many bytes the pipe took, which may be less than given; waits until it takes at least one.
     *
     * @throws ProcessError `not-piped`, `stdin-closed` if it is closed, by {@link close} or by the process, or `io`.
     */
    write(data) {
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
    writeAll(data) {
        let left = lowerData(data, "data");
        while (left.length > 0)
            left = left.subarray(this.write(left));
    }
    /**
     * Closes it: the process then reads the end of its input.
     *
     * @throws ProcessError `not-piped`, `stdin-closed` if it is closed already, or `io`.
     */
    close() {
        const raw = this.#process.get();
        callProcess(() => host.closeStdin(raw));
    }
}
/** The standard output or the standard error of a process. */
export class StandardOutput {
    #process;
    #stream;
    constructor(process, stream) {
        this.#process = process;
        this.#stream = stream;
    }
    /** @internal */
    static of(process, stream) {
        return new StandardOutput(process, stream);
    }
    /**
     * Reads what is there, at most `maxBytes` and at most the host's limit, 16 MiB by default; waits until there is
     * something. No bytes mean the end, or that `maxBytes` is 0.
     *
     * @throws ProcessError `not-piped` or `io`.
     */
    read(maxBytes = DEFAULT_READ_BYTES) {
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
    readToEnd() {
        const raw = this.#process.get();
        const read = this.#stream === "stdout" ? host.readStdoutToEnd : host.readStderrToEnd;
        return callProcess(() => liftBytes(read(raw)));
    }
    /** Reads until the end, piece by piece, as {@link read} does. */
    *[Symbol.iterator]() {
        for (let piece = this.read(); piece.length > 0; piece = this.read())
            yield piece;
    }
}
