// What processes, stdio and signals share.

import type {
  Command as RawCommand,
  ProcessLimits as RawLimits,
  ProcessOutput as RawOutput,
  Stdio as RawStdio,
} from "airssys:ext-process/types@1.0.0";

import { some } from "./convert.js";
import { liftBytes, liftOption, liftU32, liftU64, lowerSize, lowerText, lowerU32 } from "./engine.js";
import { ArgumentError } from "./errors.js";
import { liftExitStatus, type ExitStatus } from "./exit-status.js";

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
export type Stdio =
  | "null"
  | "piped"
  | "inherit"
  | "to-stdout"
  | { readonly readFile: string }
  | { readonly writeFile: string }
  | { readonly appendFile: string };

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

/** @internal */
export function liftOutput(raw: RawOutput): ProcessOutput {
  return { status: liftExitStatus(raw.status), stdout: liftBytes(raw.stdout), stderr: liftBytes(raw.stderr) };
}

const LARGE_LIMITS = ["maxMemoryBytes", "maxCpuTimeMs", "maxWallTimeMs", "maxOutputBytes"] as const;

/** @internal */
export function liftLimits(raw: RawLimits): ProcessLimits {
  const limits: ProcessLimits = {};
  for (const name of LARGE_LIMITS) {
    const limit = liftOption(raw[name]);
    if (limit !== undefined) limits[name] = liftU64(limit, name);
  }
  const files = liftOption(raw.maxOpenFiles);
  if (files !== undefined) limits.maxOpenFiles = liftU32(files);
  return limits;
}

/** @internal */
export function lowerLimits(limits: ProcessLimits<number | bigint>): RawLimits {
  const raw: RawLimits = {};
  for (const name of LARGE_LIMITS) {
    const limit = limits[name];
    if (limit !== undefined) raw[name] = lowerSize(limit, name);
  }
  const files = limits.maxOpenFiles;
  if (files !== undefined) raw.maxOpenFiles = lowerU32(files, "maxOpenFiles");
  return raw;
}

const PLAIN_STDIO = ["null", "piped", "inherit", "to-stdout"] as const;

function lowerStdio(stdio: Stdio, name: string): RawStdio {
  if (typeof stdio === "string") {
    const tag = PLAIN_STDIO.find((plain) => plain === stdio);
    if (tag) return { tag };
  } else if ("readFile" in stdio) {
    return { tag: "read-file", val: lowerText(stdio.readFile, `${name}.readFile`) };
  } else if ("writeFile" in stdio) {
    return { tag: "write-file", val: lowerText(stdio.writeFile, `${name}.writeFile`) };
  } else if ("appendFile" in stdio) {
    return { tag: "append-file", val: lowerText(stdio.appendFile, `${name}.appendFile`) };
  }
  const forms = `${PLAIN_STDIO.join(", ")}, or an object with readFile, writeFile or appendFile`;
  throw new ArgumentError("out-of-range", `${name} must be one of ${forms}`);
}

function lowerTexts(texts: Iterable<string>, name: string): string[] {
  return Array.from(texts, (text) => lowerText(text, name));
}

/** @internal */
export function lowerCommand(command: Command): RawCommand {
  const { program, environment = {}, workingDirectory, stdio = {}, limits = {} } = command;
  const { inherit = [], set = [] } = environment;
  const pairs = (Array.isArray(set) ? set : Object.entries(set)) as ReadonlyArray<readonly [string, string]>;
  const directory = workingDirectory === undefined ? undefined : lowerText(workingDirectory, "workingDirectory");
  return {
    program: lowerText(program, "program"),
    arguments: lowerTexts(command.arguments ?? [], "an argument"),
    environment: {
      inherit: lowerTexts(inherit, "environment.inherit"),
      set: pairs.map(([name, value]) => [lowerText(name, "a variable's name"), lowerText(value, "a variable's value")]),
    },
    ...some("workingDirectory", directory),
    stdio: {
      stdin: lowerStdio(stdio.stdin ?? "null", "stdio.stdin"),
      stdout: lowerStdio(stdio.stdout ?? "piped", "stdio.stdout"),
      stderr: lowerStdio(stdio.stderr ?? "piped", "stdio.stderr"),
    },
    limits: lowerLimits(limits),
  };
}
