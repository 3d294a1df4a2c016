// DO NOT EDIT: compiled from src/process.ts by typescript 7.0.2 (npm run build).
import { type ExitStatus } from "./exit-status.js";
/** The id of a process that the component has started. Ids of other processes are `process-not-found` everywhere. */
export type ProcessId = number;
/** One of the standard streams of a process. */
export type StdioStream = "stdin" | "stdout" | "stderr";
/**
 * Where a standard stream of a process comes from or goes to. Paths are guest paths and need the filesystem permission
 * that reading or writing them needs.
 *
 * - `null`: nowhere; there is nothing to read, and what is written is lost.
 * - `piped`: a pipe to the component.
 * - `inherit`: the stream of the host, if the host allows it; otherwise `unsupported`.
 * - `to-stdout`: to where standard output goes. For standard error only.
 * - `readFile`: from this file. For standard input only.
 * - `writeFile`: to this file, which is created or cut to length 0. For the outputs only.
 * - `appendFile`: to the end of this file, which is created if it does not exist. For the outputs only.
 */
export type Stdio = "null" | "piped" | "inherit" | "to-stdout" | {
    readonly readFile: string;
} | {
    readonly writeFile: string;
} | {
    readonly appendFile: string;
};
/** The standard streams of a process. */
export interface StdioConfig {
    /** Standard input. Default `null`. */
    stdin?: Stdio | undefined;
    /** Standard output. Default `piped`. */
    stdout?: Stdio | undefined;
    /** Standard error. Default `piped`. */
    stderr?: Stdio | undefined;
}
/** The environment variables of a process: those named here and no others. */
export interface Environment {
    /** Names of entries of the component's own environment to pass on. Those that it does not have are left out. */
    inherit?: readonly string[] | undefined;
    /** What to set, as an object or as pairs. It goes before what is inherited. */
    set?: Readonly<Record<string, string>> | ReadonlyArray<readonly [name: string, value: string]> | undefined;
}
/**
 * The limits of a process. An absent one means that the host's default applies. None can be above the host's limit. Where
 * a component sets them, they may be numbers.
 */
export interface ProcessLimits<Size = bigint> {
    /** Most memory in bytes. A process that needs more fails or is killed. */
    maxMemoryBytes?: Size | undefined;
    /** Most CPU time in milliseconds; the operating system may round it up to seconds. Beyond it, it is killed. */
    maxCpuTimeMs?: Size | undefined;
    /** Longest duration in milliseconds of wall-clock time. A process that takes longer is killed with its group. */
    maxWallTimeMs?: Size | undefined;
    /** Most files that the process may have open. */
    maxOpenFiles?: number | undefined;
    /** Most bytes that the functions which collect output take from each stream before they fail. */
    maxOutputBytes?: Size | undefined;
}
/** What to start and how. No shell is involved: program and arguments reach the operating system unchanged. */
export interface Command {
    /**
     * The program: an absolute path of the host, or a name without `/` that the host looks up in its own search path. The
     * permission is checked on the absolute path with links resolved.
     */
    program: string;
    /** The arguments, without the program itself. They may contain spaces and quotes, but not NUL. */
    arguments?: readonly string[] | undefined;
    /** The environment variables. Without it, there are none. */
    environment?: Environment | undefined;
    /** The guest path of the directory to start in. Without it, the host chooses. */
    workingDirectory?: string | undefined;
    /** The standard streams. */
    stdio?: StdioConfig | undefined;
    /** The limits. */
    limits?: ProcessLimits<number | bigint> | undefined;
}
/** How a process has ended and what it wrote. */
export interface ProcessOutput {
    /** How it has ended. */
    status: ExitStatus;
    /** What it wrote to standard output. Empty if that is not `piped`. */
    stdout: Uint8Array;
    /** What it wrote to standard error. Empty if that is not `piped`. */
    stderr: Uint8Array;
}
