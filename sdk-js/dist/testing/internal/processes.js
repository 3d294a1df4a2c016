// DO NOT EDIT: compiled from src/testing/internal/processes.ts by typescript 7.0.2 (npm run build).
// `processes` and `stdio` over programs that a test has scripted.
import { lowerExitStatus } from "../../exit-status.js";
import { checkCommand, checkInput, checkLines, MAX_PROCESSES } from "./commands.js";
import { failed } from "./text.js";
/** What is collected of each stream unless a command says otherwise. */
const MAX_OUTPUT_BYTES = 16n * 1048576n;
function bytes(data) {
    return typeof data === "string" ? new TextEncoder().encode(data) : data;
}
function joined(pieces) {
    const all = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
        all.set(piece, at);
        at += piece.length;
    }
    return all;
}
export class Processes {
    #policy;
    #clock;
    #programs = new Map();
    #held = new Map();
    #started = 0;
    constructor(policy, clock) {
        this.#policy = policy;
        this.#clock = clock;
    }
    addProgram(path, program) {
        this.#programs.set(path, program);
    }
    #start(operation, command) {
        checkCommand(command);
        const { program } = command;
        const isPath = program.includes("/");
        const path = isPath ? program : [...this.#programs.keys()].find((known) => known.endsWith(`/${program}`));
        if (path !== undefined)
            this.#policy.authorizeProgram(operation, "spawn", path);
        const script = path === undefined ? undefined : this.#programs.get(path);
        if (path === undefined || !script)
            throw failed("program-not-found", program);
        checkLines(command.environment);
        this.#started += 1;
        const started = this.#clock.now;
        return new FakeProcess({ id: this.#started, program: path, arguments: command.arguments, started }, command, script);
    }
    #find(id) {
        const process = this.#held.get(id);
        if (!process)
            throw failed("process-not-found", id);
        return process;
    }
    /** The functions of `processes` as the bindings have them. */
    processes() {
        return {
            spawn: (command) => {
                const process = this.#start("processes.spawn", command);
                this.#held.set(process.id(), process);
                process.onClose = () => void this.#held.delete(process.id());
                return process;
            },
            run: (command, stdin) => {
                checkInput(stdin);
                // Its own standard input is not used.
                const stdio = { ...command.stdio, stdin: { tag: "piped" } };
                return this.#start("processes.run", { ...command, stdio }).feed(stdin);
            },
            runPipeline: (commands, stdin) => {
                if (commands.length === 0)
                    throw failed("invalid-argument", "a pipeline of no commands");
                checkInput(stdin);
                const piped = { tag: "piped" };
                const started = commands.map((command) => {
                    const stdio = { ...command.stdio, stdin: piped, stdout: piped };
                    return this.#start("processes.run-pipeline", { ...command, stdio });
                });
                if (commands.length > MAX_PROCESSES)
                    throw failed("too-many-processes");
                const outputs = [];
                let passed = stdin;
                for (const process of started) {
                    const output = process.feed(passed);
                    outputs.push(output);
                    passed = output.stdout;
                }
                const stderr = joined(outputs.map((output) => output.stderr));
                return { statuses: outputs.map(({ status }) => status), stdout: passed, stderr };
            },
            waitAny: (ids) => {
                if (ids.length === 0)
                    throw failed("invalid-argument", "there are no ids");
                const all = Array.from(ids, (id) => this.#find(id));
                const ended = Math.max(0, all.findIndex((process) => !process.isRunning()));
                return { index: ended, status: all[ended].wait() };
            },
            listProcesses: () => Array.from(this.#held.values(), (process) => process.info()),
            getProcessInfo: (id) => this.#find(id).info(),
        };
    }
    /** The functions of `stdio` as the bindings have them. */
    stdio() {
        return {
            writeStdin: (process, data) => process.writeStdin(data),
            closeStdin: (process) => process.closeStdin(),
            readStdout: (process, maxBytes) => process.readOutput("stdout", maxBytes),
            readStderr: (process, maxBytes) => process.readOutput("stderr", maxBytes),
            readStdoutToEnd: (process) => process.readOutput("stdout"),
            readStderrToEnd: (process) => process.readOutput("stderr"),
            communicate: (process, input) => process.communicate(input),
        };
    }
    /** Those functions of `signals` that end a process, as the bindings have them. */
    signals() {
        const end = (operation, tag) => (process) => {
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
class FakeProcess {
    #known;
    #command;
    #program;
    #input = [];
    #output = { stdout: new Uint8Array(), stderr: new Uint8Array() };
    #limits;
    #isStdinOpen = true;
    #status;
    constructor(known, command, program) {
        this.#known = known;
        this.#command = command;
        this.#program = program;
        this.#limits = command.limits;
    }
    id() {
        return this.#known.id;
    }
    info() {
        return this.#status ? { ...this.#known, state: "exited", exit: this.#status } : { ...this.#known, state: "running" };
    }
    wait() {
        if (this.#status)
            return this.#status;
        this.#isStdinOpen = false;
        const { environment, workingDirectory } = this.#command;
        const result = this.#program({
            arguments: this.#known.arguments,
            environment: new Map(environment.set),
            ...(workingDirectory === undefined ? {} : { workingDirectory }),
            stdin: joined(this.#input),
        });
        const { status = { kind: "code", code: 0 }, stdout = "", stderr = "" } = typeof result === "object" && !ArrayBuffer.isView(result) ? result : { stdout: result ?? "" };
        this.#output.stdout = this.#isPiped("stdout") ? bytes(stdout).slice() : new Uint8Array();
        this.#output.stderr = this.#isPiped("stderr") ? bytes(stderr).slice() : new Uint8Array();
        this.#status = lowerExitStatus(status);
        return this.#status;
    }
    waitTimeout() {
        return this.wait();
    }
    tryWait() {
        return this.#status;
    }
    isRunning() {
        return this.#status === undefined;
    }
    usage() {
        return { userTimeMs: 0n, systemTimeMs: 0n, maxResidentBytes: 0n };
    }
    limits() {
        return this.#limits;
    }
    setLimits(limits) {
        if (this.#status)
            throw failed("already-exited", this.#status);
        this.#limits = limits;
    }
    writeStdin(data) {
        this.#needPipe("stdin");
        if (!this.#isStdinOpen)
            throw failed("stdin-closed");
        this.#input.push(data.slice());
        return data.length;
    }
    closeStdin() {
        this.#needPipe("stdin");
        if (!this.#isStdinOpen)
            throw failed("stdin-closed");
        this.#isStdinOpen = false;
    }
    /** Takes what is there, or, without a number, all of it within the limit. */
    readOutput(stream, maxBytes) {
        this.#needPipe(stream);
        this.wait();
        const there = this.#output[stream];
        const limit = this.#limits.maxOutputBytes ?? MAX_OUTPUT_BYTES;
        if (maxBytes === undefined && BigInt(there.length) > limit)
            throw failed("output-too-large", limit);
        const data = there.slice(0, maxBytes);
        this.#output[stream] = there.slice(data.length);
        return data;
    }
    communicate(input) {
        if (input.length > 0)
            this.writeStdin(input);
        return this.#collect();
    }
    /** Gives it its whole input, whatever its command says of standard input. */
    feed(input) {
        this.#input.push(input.slice());
        return this.#collect();
    }
    endBy(signal) {
        if (this.#status)
            throw failed("already-exited", this.#status);
        this.#status = { tag: "signaled", val: signal };
        return this.#status;
    }
    /** The host is told when the component closes it. */
    onClose = () => { };
    [Symbol.dispose]() {
        this.onClose();
    }
    #collect() {
        const status = this.wait();
        const read = (stream) => (this.#isPiped(stream) ? this.readOutput(stream) : new Uint8Array());
        return { status, stdout: read("stdout"), stderr: read("stderr") };
    }
    #isPiped(stream) {
        const stdio = this.#command.stdio[stream];
        return stdio.tag === "piped";
    }
    #needPipe(stream) {
        if (!this.#isPiped(stream))
            throw failed("not-piped", stream);
    }
}
