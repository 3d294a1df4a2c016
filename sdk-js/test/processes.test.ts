import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { ArgumentError, ClosedError, ProcessError, type ProcessErrorCode } from "@airssys/wasm";
import * as processes from "@airssys/wasm/processes";
import { listSignals, parseSignal } from "@airssys/wasm/signals";
import { DEFAULT_READ_BYTES } from "@airssys/wasm/stdio";

import { answer, calls, hostError, process, reset } from "./scripted-host.js";

const U64_MAX = 2n ** 64n - 1n;
const U32_MAX = 2 ** 32 - 1;

const NAMES: processes.SignalName[] = [
  "hangup", "interrupt", "quit", "abort", "kill", "user1", "user2", "pipe", "alarm", "terminate", "stop", "continue",
];
const SIGNALS: Array<[signal: processes.Signal, raw: object]> = [
  ...NAMES.map((name): [processes.Signal, object] => [name, { tag: name }]),
  [0, { tag: "other", val: 0 }],
  [255, { tag: "other", val: 255 }],
];
const STATUSES: Array<[status: processes.ExitStatus, raw: object]> = [
  ...[0, 255, -1].map((code): [processes.ExitStatus, object] => [{ kind: "code", code }, { tag: "code", val: code }]),
  ...SIGNALS.map(([signal, raw]): [processes.ExitStatus, object] => [{ kind: "signaled", signal }, { tag: "signaled", val: raw }]),
];

beforeEach(reset);

function spawned(): processes.Process {
  answer("spawn", process);
  return processes.spawn({ program: "/bin/cat" });
}

/** The call that came last. */
function last(): unknown[] | undefined {
  return calls.at(-1);
}

describe("commands", () => {
  it("have nothing that they do not name", () => {
    spawned();
    const bare = {
      program: "/bin/cat",
      arguments: [],
      environment: { inherit: [], set: [] },
      stdio: { stdin: { tag: "null" }, stdout: { tag: "piped" }, stderr: { tag: "piped" } },
      limits: {},
    };
    assert.deepEqual(last(), ["spawn", bare]);
  });

  it("cross with all that they name", () => {
    answer("spawn", process);
    const limits = {
      maxMemoryBytes: U64_MAX, maxCpuTimeMs: 0n, maxWallTimeMs: 1n, maxOpenFiles: U32_MAX, maxOutputBytes: 2n,
    };
    processes.spawn({
      program: "sort",
      arguments: ["a b", "'\"", "", "ü"],
      environment: { inherit: ["PATH"], set: { A: "1", B: "" } },
      workingDirectory: "/data",
      stdio: { stdin: { readFile: "/i" }, stdout: { writeFile: "/o" }, stderr: { appendFile: "/e" } },
      limits,
    });
    assert.deepEqual(last()?.[1], {
      program: "sort",
      arguments: ["a b", "'\"", "", "ü"],
      environment: { inherit: ["PATH"], set: [["A", "1"], ["B", ""]] },
      workingDirectory: "/data",
      stdio: {
        stdin: { tag: "read-file", val: "/i" },
        stdout: { tag: "write-file", val: "/o" },
        stderr: { tag: "append-file", val: "/e" },
      },
      limits,
    });
    processes.spawn({
      program: "sort",
      environment: { set: [["A", "1"], ["A", "2"]] },
      stdio: { stdin: "piped", stdout: "inherit", stderr: "to-stdout" },
    });
    const { environment, stdio } = last()?.[1] as { environment: object; stdio: object };
    assert.deepEqual(environment, { inherit: [], set: [["A", "1"], ["A", "2"]] });
    assert.deepEqual(stdio, { stdin: { tag: "piped" }, stdout: { tag: "inherit" }, stderr: { tag: "to-stdout" } });
  });

  it("are checked before the host is asked", () => {
    const program = "/bin/cat";
    const refused: processes.Command[] = [
      { program: 5 as never },
      { program: "\ud800" },
      { program, arguments: [5 as never] },
      { program, environment: { set: { A: 5 as never } } },
      { program, workingDirectory: 5 as never },
      { program, stdio: { stdin: "pipe" as never } },
      { program, stdio: { stdin: {} as never } },
      { program, stdio: { stdin: { readFile: 5 as never } } },
      { program, limits: { maxMemoryBytes: 0.5 } },
      { program, limits: { maxOpenFiles: -1 } },
    ];
    for (const command of refused) assert.throws(() => processes.spawn(command), ArgumentError);
    assert.deepEqual(calls, []);
  });
});

describe("processes", () => {
  it("run and give what they wrote", () => {
    for (const [status, raw] of STATUSES) {
      answer("run", () => ({ status: raw, stdout: Uint8Array.of(1), stderr: new Uint8Array() }));
      const output = processes.run({ program: "/bin/cat" }, "é");
      assert.deepEqual(output, { status, stdout: Uint8Array.of(1), stderr: new Uint8Array() });
      assert.deepEqual(last()?.[2], Uint8Array.of(0xc3, 0xa9));
    }
    processes.run({ program: "/bin/true" });
    assert.deepEqual(last()?.[2], new Uint8Array());
  });

  it("run as a pipeline", () => {
    const raw = { statuses: STATUSES.map(([, raw]) => raw), stdout: Uint8Array.of(1), stderr: Uint8Array.of(2) };
    answer("runPipeline", () => raw);
    const output = processes.runPipeline([{ program: "/bin/a" }, { program: "/bin/b" }]);
    assert.deepEqual(output, { ...raw, statuses: STATUSES.map(([status]) => status) });
    assert.deepEqual((last()?.[1] as processes.Command[]).map(({ program }) => program), ["/bin/a", "/bin/b"]);
  });

  it("say how they have ended", () => {
    const child = spawned();
    for (const [status, raw] of STATUSES) {
      for (const name of ["wait", "waitTimeout", "tryWait"]) answer(`process.${name}`, () => raw);
      assert.deepEqual(child.wait(), status);
      assert.deepEqual(child.tryWait(), status);
      assert.deepEqual(child.waitTimeout(U32_MAX), status);
      assert.deepEqual(last(), ["process.waitTimeout", U32_MAX]);
    }
    for (const none of [null, undefined]) {
      for (const name of ["waitTimeout", "tryWait"]) answer(`process.${name}`, () => none);
      assert.equal(child.tryWait(), undefined);
      assert.equal(child.waitTimeout(0), undefined);
    }
    assert.deepEqual(STATUSES.filter(([status]) => processes.isSuccess(status)).map(([status]) => status), [
      { kind: "code", code: 0 },
    ]);
    assert.equal(processes.formatExitStatus({ kind: "code", code: 1 }), "exit code 1");
    assert.equal(processes.formatExitStatus({ kind: "signaled", signal: "kill" }), "signal kill");
  });

  it("say what they are and use", () => {
    const child = spawned();
    const raw = {
      id: U32_MAX, program: "/bin/cat", arguments: ["-"], started: { seconds: 1n, nanoseconds: 2 }, state: "stopped", exit: null,
    };
    const { exit: _, ...known } = raw;
    answer("process.info", () => raw);
    assert.deepEqual(child.info(), known);
    answer("getProcessInfo", () => ({ ...raw, exit: { tag: "code", val: 3 } }));
    assert.deepEqual(processes.getProcessInfo(U32_MAX), { ...known, exit: { kind: "code", code: 3 } });
    answer("listProcesses", () => [raw]);
    assert.deepEqual(processes.listProcesses(), [known]);
    answer("process.id", () => U32_MAX);
    assert.equal(child.id(), U32_MAX);
    answer("process.isRunning", () => true);
    assert.equal(child.isRunning(), true);
    const usage = { userTimeMs: U64_MAX, systemTimeMs: 0n, maxResidentBytes: 1n };
    answer("process.usage", () => usage);
    assert.deepEqual(child.usage(), usage);
    answer("process.limits", () => ({ maxMemoryBytes: U64_MAX, maxCpuTimeMs: null, maxOpenFiles: 0 }));
    assert.deepEqual(child.limits(), { maxMemoryBytes: U64_MAX, maxOpenFiles: 0 });
    answer("process.setLimits", () => undefined);
    child.setLimits({ maxWallTimeMs: 1n });
    assert.deepEqual(last(), ["process.setLimits", { maxWallTimeMs: 1n }]);
  });

  it("wait for the first of several", () => {
    answer("waitAny", () => ({ index: 1, status: { tag: "code", val: 0 } }));
    assert.deepEqual(processes.waitAny([1, U32_MAX]), { index: 1, status: { kind: "code", code: 0 } });
    assert.deepEqual(last(), ["waitAny", Uint32Array.of(1, U32_MAX), undefined]);
    answer("waitAny", () => undefined);
    assert.equal(processes.waitAny([], 0), undefined);
    assert.throws(() => processes.waitAny([-1]), ArgumentError);
  });

  it("are dropped once, and refuse every use afterwards", () => {
    const child = spawned();
    child.close();
    child[Symbol.dispose]();
    assert.equal(calls.filter(([name]) => name === "process.drop").length, 1);
    const uses: Array<() => unknown> = [
      () => child.id(), () => child.info(), () => child.wait(), () => child.waitTimeout(0), () => child.tryWait(),
      () => child.isRunning(), () => child.usage(), () => child.limits(), () => child.setLimits({}),
      () => child.communicate(), () => child.stdin.write(new Uint8Array()), () => child.stdin.writeAll("a"),
      () => child.stdin.close(), () => child.stdout.read(), () => child.stderr.readToEnd(), () => child.sendSignal("kill"),
      () => child.interrupt(), () => child.terminate(0), () => child.kill(), () => child.killGroup(),
      () => child.suspend(), () => child.resume(), () => child.waitStateChange(),
    ];
    for (const use of uses) assert.throws(use, ClosedError);
    assert.equal(last()?.[0], "process.drop");
  });
});

describe("stdio", () => {
  it("writes all of it, however little the pipe takes", () => {
    const child = spawned();
    answer("writeStdin", (_, data: Uint8Array) => Math.min(2, data.length));
    assert.equal(child.stdin.write(Uint8Array.of(1, 2, 3)), 2);
    calls.length = 0;
    child.stdin.writeAll("abcde");
    assert.deepEqual(calls.map(([, , data]) => new TextDecoder().decode(data as Uint8Array)), ["abcde", "cde", "e"]);
    answer("closeStdin", () => undefined);
    child.stdin.close();
    assert.equal(last()?.[0], "closeStdin");
  });

  it("reads each of the outputs", () => {
    const child = spawned();
    for (const [output, name] of [[child.stdout, "readStdout"], [child.stderr, "readStderr"]] as const) {
      const pieces = [Uint8Array.of(1), Uint8Array.of(2), new Uint8Array()];
      answer(name, () => pieces.shift());
      assert.deepEqual([...output], [Uint8Array.of(1), Uint8Array.of(2)]);
      assert.deepEqual([last()?.[0], last()?.[2]], [name, DEFAULT_READ_BYTES]);
      answer(`${name}ToEnd`, () => Uint8Array.of(3));
      assert.deepEqual(output.readToEnd(), Uint8Array.of(3));
    }
    answer("communicate", () => ({ status: { tag: "code", val: 0 }, stdout: Uint8Array.of(1), stderr: new Uint8Array() }));
    const output = child.communicate("a");
    assert.deepEqual(output, { status: { kind: "code", code: 0 }, stdout: Uint8Array.of(1), stderr: new Uint8Array() });
    assert.deepEqual(last()?.[2], Uint8Array.of(97));
  });
});

describe("signals", () => {
  it("are sent, to a process or its group", () => {
    const child = spawned();
    answer("sendSignal", () => undefined);
    for (const [signal, raw] of SIGNALS) {
      child.sendSignal(signal);
      assert.deepEqual(last()?.slice(2), [raw, "process"]);
    }
    child.sendSignal("user1", "group");
    assert.deepEqual(last()?.slice(2), [{ tag: "user1" }, "group"]);
    for (const signal of ["SIGTERM" as never, -1, 256]) assert.throws(() => child.sendSignal(signal), ArgumentError);
    for (const name of ["interrupt", "kill", "killGroup", "suspend", "resume"] as const) {
      answer(name, () => undefined);
      child[name]();
      assert.equal(last()?.[0], name);
    }
    answer("terminate", () => ({ tag: "signaled", val: { tag: "terminate" } }));
    assert.deepEqual(child.terminate(0), { kind: "signaled", signal: "terminate" });
    assert.deepEqual(last()?.[2], 0);
  });

  it("show in what a process does", () => {
    const child = spawned();
    const changes: Array<[change: processes.StateChange | undefined, raw: object | null | undefined]> = [
      ...SIGNALS.map(([signal, raw]): [processes.StateChange, object] => [{ kind: "stopped", signal }, { tag: "stopped", val: raw }]),
      ...STATUSES.map(([status, raw]): [processes.StateChange, object] => [{ kind: "exited", status }, { tag: "exited", val: raw }]),
      [{ kind: "continued" }, { tag: "continued" }],
      [undefined, null],
      [undefined, undefined],
    ];
    for (const [change, raw] of changes) {
      answer("waitStateChange", () => raw);
      assert.deepEqual(child.waitStateChange(5), change);
      assert.equal(last()?.[2], 5);
    }
    child.waitStateChange();
    assert.equal(last()?.[2], undefined);
  });

  it("are known by name and number", () => {
    for (const [signal, raw] of SIGNALS) {
      answer("parseSignal", () => raw);
      assert.equal(parseSignal("X"), signal);
      answer("listSignals", () => [{ signal: raw, number: 255, name: "SIGX" }]);
      assert.deepEqual(listSignals(), [{ signal, number: 255, name: "SIGX" }]);
    }
    assert.throws(() => parseSignal(15 as never), ArgumentError);
  });
});

describe("process errors", () => {
  function thrown(error: Error): ProcessError {
    answer("run", () => {
      throw error;
    });
    try {
      processes.run({ program: "/bin/cat" });
    } catch (error) {
      assert.ok(error instanceof ProcessError);
      return error;
    }
    return assert.fail("nothing was thrown");
  }

  it("carry their case and what it is about", () => {
    const cases: Array<[code: ProcessErrorCode, val: unknown, about: Partial<ProcessError>]> = [
      ["program-not-found", "/ä", { program: "/ä" }],
      ["not-executable", "/ä", { program: "/ä" }],
      ["process-not-found", U32_MAX, { process: U32_MAX }],
      ["already-exited", { tag: "code", val: 1 }, { status: { kind: "code", code: 1 } }],
      ["not-piped", "stderr", { stream: "stderr", message: "stderr is not piped" }],
      ["stdin-closed", undefined, { message: "stdin closed" }],
      ["timeout", undefined, {}],
      ["too-many-processes", undefined, {}],
      ["output-too-large", U64_MAX, { limit: U64_MAX }],
      ["invalid-argument", "why", { detail: "why" }],
      ["unsupported", "why", { detail: "why" }],
      ["io", "why", { detail: "why" }],
    ];
    for (const [code, val, about] of cases) {
      const error = thrown(hostError(code, val));
      assert.equal(error.code, code);
      for (const [name, value] of Object.entries(about)) assert.deepEqual(error[name as keyof ProcessError], value, code);
    }
  });

  it("name the missing line of Component.toml", () => {
    const missing = 'process = [{ action = "spawn", program = "/bin/cat" }]';
    const denial = { operation: "ext-process/processes.run", resource: "/bin/cat", missing };
    const error = thrown(hostError("permission-denied", denial));
    assert.deepEqual([error.code, error.denial], ["permission-denied", denial]);
    assert.ok(error.message.endsWith(`: needs ${missing} in [permissions] of Component.toml, and the operator's grant`));
  });
});
