// `processes` and `stdio` over programs that a test has scripted.

import type * as host from "airssys:ext-process/processes@1.0.0";
import type * as signals from "airssys:ext-process/signals@1.0.0";
import type { Stdio, StdioStream } from "airssys:ext-process/types@1.0.0";

import { lowerExitStatus } from "../../exit-status.js";
import type { Program } from "../fake-host.js";
import type { Clock } from "./clock.js";
import { checkCommand, checkInput, checkLines, MAX_PROCESSES } from "./commands.js";
import type { Policy } from "./policy.js";
import { failed } from "./text.js";

/** What is collected of each stream unless a command says otherwise. */
const MAX_OUTPUT_BYTES = 16n * 1_048_576n;

function bytes(data: Uint8Array | string): Uint8Array {
  return typeof data === "string" ? new TextEncoder().encode(data) : data;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

export class Processes {
  readonly #policy: Policy;
  readonly #clock: Clock;
  readonly #programs = new Map<string, Program>();
  readonly #held = new Map<number, FakeProcess>();
  #started = 0;

  constructor(policy: Policy, clock: Clock) {
    this.#policy = policy;
    this.#clock = clock;
  }

  addProgram(path: string, program: Program): void {
    this.#programs.set(path, program);
  }

  #start(operation: string, command: host.Command): FakeProcess {
    checkCommand(command);
    const { program } = command;
    const isPath = program.includes("/");
    const path = isPath ? program : [...this.#programs.keys()].find((known) => known.endsWith(`/${program}`));
    if (path !== undefined) this.#policy.authorizeProgram(operation, "spawn", path);
    const script = path === undefined ? undefined : this.#programs.get(path);
    if (path === undefined || !script) throw failed("program-not-found", program);
    checkLines(command.environment);
    this.#started += 1;
    const started = this.#clock.now;
    return new FakeProcess({ id: this.#started, program: path, arguments: command.arguments, started }, command, script);
  }

  #find(id: number): FakeProcess {
    const process = this.#held.get(id);
    if (!process) throw failed("process-not-found", id);
    return process;
  }

  /** The functions of `processes` as the bindings have them. */
  processes() {
    return {
      spawn: (command: host.Command) => {
        const process = this.#start("processes.spawn", command);
        this.#held.set(process.id(), process);
        process.onClose = () => void this.#held.delete(process.id());
        return process;
      },

      run: (command: host.Command, stdin: Uint8Array) => {
        checkInput(stdin);
        // Its own standard input is not used.
        const stdio = { ...command.stdio, stdin: { tag: "piped" } as const };
        return this.#start("processes.run", { ...command, stdio }).feed(stdin);
      },

      runPipeline: (commands: host.Command[], stdin: Uint8Array) => {
        if (commands.length === 0) throw failed("invalid-argument", "a pipeline of no commands");
        checkInput(stdin);
        const piped = { tag: "piped" } as const;
        const started = commands.map((command) => {
          const stdio = { ...command.stdio, stdin: piped, stdout: piped };
          return this.#start("processes.run-pipeline", { ...command, stdio });
        });
        if (commands.length > MAX_PROCESSES) throw failed("too-many-processes");
        const outputs: host.ProcessOutput[] = [];
        let passed = stdin;
        for (const process of started) {
          const output = process.feed(passed);
          outputs.push(output);
          passed = output.stdout;
        }
        const stderr = joined(outputs.map((output) => output.stderr));
        return { statuses: outputs.map(({ status }) => status), stdout: passed, stderr };
      },

      waitAny: (ids: Uint32Array) => {
        if (ids.length === 0) throw failed("invalid-argument", "there are no ids");
        const all = Array.from(ids, (id) => this.#find(id));
        const ended = Math.max(0, all.findIndex((process) => !process.isRunning()));
        return { index: ended, status: all[ended]!.wait() };
      },

      listProcesses: () => Array.from(this.#held.values(), (process) => process.info()),
      getProcessInfo: (id: number) => this.#find(id).info(),
    };
  }

  /** The functions of `stdio` as the bindings have them. */
  stdio() {
    return {
      writeStdin: (process: FakeProcess, data: Uint8Array) => process.writeStdin(data),
      closeStdin: (process: FakeProcess) => process.closeStdin(),
      readStdout: (process: FakeProcess, maxBytes: number) => process.readOutput("stdout", maxBytes),
      readStderr: (process: FakeProcess, maxBytes: number) => process.readOutput("stderr", maxBytes),
      readStdoutToEnd: (process: FakeProcess) => process.readOutput("stdout"),
      readStderrToEnd: (process: FakeProcess) => process.readOutput("stderr"),
      communicate: (process: FakeProcess, input: Uint8Array) => process.communicate(input),
    };
  }

  /** Those functions of `signals` that end a process, as the bindings have them. */
  signals() {
    const end = (operation: string, tag: "interrupt" | "kill" | "terminate") => (process: FakeProcess) => {
      this.#policy.authorizeProgram(`signals.${operation}`, "signal", process.info().program);
      return process.endBy({ tag });
    };
    return {
      interrupt: end("interrupt", "interrupt"),
      terminate: end("terminate", "terminate"),
      kill: end("kill", "kill"),
      killGroup: end("kill-group", "kill"),
    };
  }
}

/** A child. Its program runs when the component waits for it or reads from it: only then is its input complete. */
class FakeProcess implements host.Process {
  readonly #known: Omit<host.ProcessInfo, "state" | "exit">;
  readonly #command: host.Command;
  readonly #program: Program;
  readonly #input: Uint8Array[] = [];
  readonly #output = { stdout: new Uint8Array(), stderr: new Uint8Array() };
  #limits: host.ProcessLimits;
  #isStdinOpen = true;
  #status: host.ExitStatus | undefined;

  constructor(known: Omit<host.ProcessInfo, "state" | "exit">, command: host.Command, program: Program) {
    this.#known = known;
    this.#command = command;
    this.#program = program;
    this.#limits = command.limits;
  }

  id(): number {
    return this.#known.id;
  }

  info(): host.ProcessInfo {
    return this.#status ? { ...this.#known, state: "exited", exit: this.#status } : { ...this.#known, state: "running" };
  }

  wait(): host.ExitStatus {
    if (this.#status) return this.#status;
    this.#isStdinOpen = false;
    const { environment, workingDirectory } = this.#command;
    const result = this.#program({
      arguments: this.#known.arguments,
      environment: new Map(environment.set),
      ...(workingDirectory === undefined ? {} : { workingDirectory }),
      stdin: joined(this.#input),
    });
    const { status = { kind: "code", code: 0 }, stdout = "", stderr = "" } =
      typeof result === "object" && !ArrayBuffer.isView(result) ? result : { stdout: result ?? "" };
    this.#output.stdout = this.#isPiped("stdout") ? bytes(stdout).slice() : new Uint8Array();
    this.#output.stderr = this.#isPiped("stderr") ? bytes(stderr).slice() : new Uint8Array();
    this.#status = lowerExitStatus(status);
    return this.#status;
  }

  waitTimeout(): host.ExitStatus {
    return this.wait();
  }

  tryWait(): host.ExitStatus | undefined {
    return this.#status;
  }

  isRunning(): boolean {
    return this.#status === undefined;
  }

  usage(): host.ProcessUsage {
    return { userTimeMs: 0n, systemTimeMs: 0n, maxResidentBytes: 0n };
  }

  limits(): host.ProcessLimits {
    return this.#limits;
  }

  setLimits(limits: host.ProcessLimits): void {
    if (this.#status) throw failed("already-exited", this.#status);
    this.#limits = limits;
  }

  writeStdin(data: Uint8Array): number {
    this.#needPipe("stdin");
    if (!this.#isStdinOpen) throw failed("stdin-closed");
    this.#input.push(data.slice());
    return data.length;
  }

  closeStdin(): void {
    this.#needPipe("stdin");
    if (!this.#isStdinOpen) throw failed("stdin-closed");
    this.#isStdinOpen = false;
  }

  /** Takes what is there, or, without a number, all of it within the limit. */
  readOutput(stream: "stdout" | "stderr", maxBytes?: number): Uint8Array {
    this.#needPipe(stream);
    this.wait();
    const there = this.#output[stream];
    const limit = this.#limits.maxOutputBytes ?? MAX_OUTPUT_BYTES;
    if (maxBytes === undefined && BigInt(there.length) > limit) throw failed("output-too-large", limit);
    const data = there.slice(0, maxBytes);
    this.#output[stream] = there.slice(data.length);
    return data;
  }

  communicate(input: Uint8Array): host.ProcessOutput {
    if (input.length > 0) this.writeStdin(input);
    return this.#collect();
  }

  /** Gives it its whole input, whatever its command says of standard input. */
  feed(input: Uint8Array): host.ProcessOutput {
    this.#input.push(input.slice());
    return this.#collect();
  }

  endBy(signal: signals.Signal): host.ExitStatus {
    if (this.#status) throw failed("already-exited", this.#status);
    this.#status = { tag: "signaled", val: signal };
    return this.#status;
  }

  /** The host is told when the component closes it. */
  onClose: () => void = () => {};

  [Symbol.dispose](): void {
    this.onClose();
  }

  #collect(): host.ProcessOutput {
    const status = this.wait();
    const read = (stream: "stdout" | "stderr") => (this.#isPiped(stream) ? this.readOutput(stream) : new Uint8Array());
    return { status, stdout: read("stdout"), stderr: read("stderr") };
  }

  #isPiped(stream: StdioStream): boolean {
    const stdio: Stdio = this.#command.stdio[stream];
    return stdio.tag === "piped";
  }

  #needPipe(stream: StdioStream): void {
    if (!this.#isPiped(stream)) throw failed("not-piped", stream);
  }
}
