import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import {
  ArgumentError,
  component,
  ComponentError,
  ExecutionError,
  FilesystemError,
  formatComponentId,
  MessagingError,
  NetworkError,
  ProcessError,
  parseComponentId,
  type Component,
  type ComponentConfig,
  type ExecutionContext,
  type RequestOutcome,
} from "@airssys/wasm";

import { answer, calls, reset } from "./scripted-host.js";

const metadata = { name: "acme/counter", version: "1.2.3" } as const;
const sender = { namespace: "acme", name: "other", version: "2.0.0" };
const context = { requestId: "r1", caller: { tag: "host" } };

const bytes = (text: string) => new TextEncoder().encode(text);

/** Runs what must fail and gives the payload that the engine would see. */
function payload(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof Error && Object.hasOwn(error, "payload"), `not a declared error: ${error}`);
    return (error as Error & { payload: unknown }).payload;
  }
  return assert.fail("nothing was thrown");
}

beforeEach(() => {
  reset();
  answer("log", () => undefined);
});

describe("execute", () => {
  const lifecycle = component({
    metadata,
    execute: {
      echo: (input) => input,
      greet: (input) => `Hällo, ${new TextDecoder().decode(input)}!`,
      nothing: () => undefined,
      refuse: () => {
        throw new ExecutionError("invalid-input", "not a number");
      },
      boom: () => {
        throw new RangeError("boom");
      },
      text: () => {
        throw "just text";
      },
      number: (() => 5) as never,
      later: (async () => {}) as never,
    },
  });
  const execute = (operation: string, input: Uint8Array = new Uint8Array()) => lifecycle.execute(operation, input, context);

  it("gives bytes as they are, text as UTF-8 and nothing as no bytes", () => {
    const input = Uint8Array.of(0, 255);
    assert.equal(execute("echo", input), input);
    assert.deepEqual(execute("greet", bytes("Wörld")), bytes("Hällo, Wörld!"));
    assert.deepEqual(execute("nothing"), new Uint8Array());
  });

  it("answers unknown-operation for what is not there, inherited names included", () => {
    for (const name of ["nope", "toString", "__proto__", ""]) {
      assert.deepEqual(payload(() => execute(name)), { tag: "unknown-operation", val: name });
    }
  });

  it("passes a declared error on and does not log it", () => {
    assert.deepEqual(payload(() => execute("refuse")), { tag: "invalid-input", val: "not a number" });
    assert.deepEqual(calls, []);
  });

  it("logs an exception with its operation and lets it be a trap", () => {
    assert.throws(() => execute("boom"), (error) => error instanceof RangeError && !Object.hasOwn(error, "payload"));
    const [[, level, message, fields]] = calls as [[string, string, string, Array<[string, string]>]];
    assert.equal(level, "error");
    assert.equal(message, "boom");
    const { stack, ...rest } = Object.fromEntries(fields);
    assert.deepEqual(rest, { kind: "exception", function: "execute", operation: "boom", exception: "RangeError" });
    assert.match(stack ?? "", /boom/);
  });

  it("gives the frames of every engine in the form that the host reads", () => {
    const starlingmonkey = "price@bundle.js:10:3\ncomponent/execute/<@bundle.js:472:120\n@bundle.js:1:1\n";
    const quickjs = "    at price (/bundle.js:10:3)\n    at call (native)\n    at <anonymous> (/bundle.js:4:1)\n    at /bundle.js:5:6\n";
    const frames = (stack: string) => {
      reset();
      answer("log", () => undefined);
      const thrown = Object.assign(new RangeError("too far"), { stack });
      const boom = () => {
        throw thrown;
      };
      assert.throws(() => component({ metadata, execute: { boom } }).execute("boom", bytes(""), context), thrown);
      const [, , , fields] = calls[0] as [string, string, string, Array<[string, string]>];
      return Object.fromEntries(fields).stack ?? "";
    };
    assert.equal(
      frames(starlingmonkey),
      "price at bundle.js:10:3\ncomponent/execute/< at bundle.js:472:120\n(anonymous) at bundle.js:1:1",
    );
    assert.equal(
      frames(quickjs),
      "price at bundle.js:10:3\ncall at native\n<anonymous> at bundle.js:4:1\n(anonymous) at bundle.js:5:6",
    );
    assert.equal(frames("price@bundle.js:10:3\n".repeat(1000)).split("\n").length, 64);
  });

  it("makes a trap of a thrown text too, which an engine would take for a declared error", () => {
    assert.throws(() => execute("text"), (error) => error instanceof Error && !Object.hasOwn(error, "payload"));
    assert.equal(calls[0]?.[2], "just text");
  });

  it("refuses other results and promises", () => {
    assert.throws(() => execute("number"), ArgumentError);
    assert.throws(() => execute("later"), ArgumentError);
  });

  it("gives one function every operation", () => {
    const one = component({
      metadata,
      execute(operation, input) {
        if (operation !== "twice") throw new ExecutionError("unknown-operation", operation);
        return new Uint8Array([...input, ...input]);
      },
    });
    assert.deepEqual(one.execute("twice", Uint8Array.of(1, 2), context), Uint8Array.of(1, 2, 1, 2));
    assert.deepEqual(payload(() => one.execute("x", new Uint8Array(), context)), { tag: "unknown-operation", val: "x" });
  });

  it("maps an error of the host that is not caught", () => {
    const denial = { operation: "ext-filesystem/files.open", resource: "/a", missing: "filesystem = []" };
    const cases: Array<[Error, string]> = [
      [new FilesystemError("permission-denied", { denial }), "permission-denied"],
      [new FilesystemError("not-found", { path: "/a" }), "processing-failed"],
      [new FilesystemError("quota-exceeded", { detail: "full" }), "resource-exhausted"],
      [new FilesystemError("too-many-open-files"), "resource-exhausted"],
      [new NetworkError("permission-denied", { denial }), "permission-denied"],
      [new NetworkError("timeout"), "timeout"],
      [new NetworkError("too-many-sockets"), "resource-exhausted"],
      [new NetworkError("pool-exhausted"), "resource-exhausted"],
      [new NetworkError("end-of-stream", { received: 5n }), "processing-failed"],
      [new ProcessError("permission-denied", { denial }), "permission-denied"],
      [new ProcessError("timeout"), "timeout"],
      [new ProcessError("too-many-processes"), "resource-exhausted"],
      [new ProcessError("output-too-large", { limit: 5n }), "resource-exhausted"],
      [new ProcessError("program-not-found", { program: "x" }), "processing-failed"],
      [new MessagingError("timeout", { detail: "late" }), "timeout"],
      [new MessagingError("mailbox-full", { component: sender }), "processing-failed"],
      [new MessagingError("payload-too-large", { limit: 5n }), "processing-failed"],
      [new MessagingError("unknown-request", { request: "q" }), "processing-failed"],
    ];
    for (const [error, tag] of cases) {
      const { execute } = component({ metadata, execute: { fail: () => { throw error; } } });
      assert.deepEqual(payload(() => execute("fail", new Uint8Array(), context)), { tag, val: error.message });
    }
  });

  it("gives the context in the shape of the SDK, whichever way an engine says none", () => {
    let seen: ExecutionContext | undefined;
    const { execute } = component({ metadata, execute: { look: (_, given) => void (seen = given) } });
    const look = (raw: object) => {
      execute("look", new Uint8Array(), { requestId: "r", ...raw });
      return seen;
    };
    assert.deepEqual(look({ caller: { tag: "component", val: sender } }), {
      requestId: "r",
      caller: { kind: "component", component: sender },
    });
    assert.deepEqual(look({ caller: { tag: "external", val: "me" }, deadline: null, traceParent: null }), {
      requestId: "r",
      caller: { kind: "external", name: "me" },
    });
    assert.deepEqual(look({ caller: { tag: "host" }, deadline: { seconds: 7n, nanoseconds: 8 }, traceParent: "" }), {
      requestId: "r",
      caller: { kind: "host" },
      deadline: { seconds: 7n, nanoseconds: 8 },
      traceParent: "",
    });
  });
});

describe("init", () => {
  it("gives the configuration unchanged", () => {
    let seen: ComponentConfig | undefined;
    const { init } = component({ metadata, execute: {}, init: (config) => void (seen = config) });
    const environment = [["B", "2"], ["A", "1"], ["B", "3"]];
    init({ id: sender, environment, data: new Uint8Array(), limits: { maxMemoryBytes: 2n ** 64n - 1n, maxCpuTimeMs: null } });
    assert.deepEqual(seen?.environment, environment);
    assert.deepEqual(seen?.id, sender);
    assert.deepEqual(seen?.data, new Uint8Array());
    assert.equal(seen?.limits.maxMemoryBytes, 2n ** 64n - 1n);
    assert.equal("maxCpuTimeMs" in seen!.limits, false);
    init({ id: sender, environment: [], data: undefined, limits: {} });
    assert.equal("data" in seen!, false);
  });

  it("fails with the declared error, or with initialization-failed for one of the host", () => {
    const failing = (error: Error) =>
      payload(() => component({ metadata, execute: {}, init: () => { throw error; } }).init({ environment: [], limits: {} }));
    assert.deepEqual(failing(new ComponentError("configuration-invalid", "bad port")), {
      tag: "configuration-invalid",
      val: "bad port",
    });
    assert.deepEqual(failing(new FilesystemError("io", { detail: "broken" })), {
      tag: "initialization-failed",
      val: "io: broken",
    });
    assert.throws(() => failing(new Error("unexpected")), /not a declared error/);
  });
});

describe("the rest of the life", () => {
  it("has defaults: messages are refused, outcomes forgotten, health is healthy", () => {
    const lifecycle = component({ metadata, execute: {} });
    assert.deepEqual(payload(() => lifecycle.handleMessage(sender, bytes("x"))), {
      tag: "invalid-message",
      val: "messages are not handled (sent by acme/other@2.0.0)",
    });
    lifecycle.handleCallback("q", { tag: "err", val: "timeout" });
    assert.equal(lifecycle.health(), "healthy");
    lifecycle.init({ environment: [], limits: {} });
    lifecycle.shutdown();
  });

  it("calls what is there, as methods", () => {
    class Counter implements Component {
      metadata = metadata;
      seen: unknown[] = [];
      execute = {};
      handleMessage(...given: unknown[]) {
        this.seen.push(given);
      }
      handleCallback(_: string, outcome: RequestOutcome) {
        this.seen.push(outcome);
      }
      health() {
        return this.seen.length > 2 ? "degraded" : "healthy";
      }
      shutdown() {
        throw new ComponentError("internal", `${this.seen.length} left`);
      }
    }
    const counter = new Counter();
    const lifecycle = component(counter);
    lifecycle.handleMessage(sender, bytes("m"));
    lifecycle.handleCallback("q", { tag: "ok", val: bytes("r") });
    lifecycle.handleCallback("q", { tag: "err", val: "cancelled" });
    assert.deepEqual(counter.seen, [[sender, bytes("m")], { ok: true, reply: bytes("r") }, { ok: false, reason: "cancelled" }]);
    assert.equal(lifecycle.health(), "degraded");
    assert.deepEqual(payload(() => lifecycle.shutdown()), { tag: "internal", val: "3 left" });
  });

  it("refuses a health that is none", () => {
    assert.throws(() => component({ metadata, execute: {}, health: () => "fine" as never }).health(), ArgumentError);
  });
});

describe("an id", () => {
  it("is read and written", () => {
    for (const text of ["acme/other@2.0.0", "a-1/b@1.0.0-rc.1+b5"]) {
      const id = parseComponentId(text);
      assert.ok(id);
      assert.equal(formatComponentId(id), text);
    }
    assert.deepEqual(parseComponentId("acme/other@2.0.0"), sender);
    for (const text of ["", "acme/other", "acme@1.0.0", "a/b/c@1.0.0", "A/b@1.0.0", "a/b@1", "a/b@1.0.0 "]) {
      assert.equal(parseComponentId(text), undefined, text);
    }
  });
});

describe("metadata", () => {
  it("is that of the author, with the operations of execute", () => {
    const all = { ...metadata, description: "Counts.", authors: ["A <a@example.org>"], license: "MIT" };
    assert.deepEqual(component({ metadata: all, execute: { a: () => {}, b: () => {} } }).metadata(), {
      id: { namespace: "acme", name: "counter", version: "1.2.3" },
      description: "Counts.",
      authors: ["A <a@example.org>"],
      license: "MIT",
      operations: ["a", "b"],
    });
    const stated = component({ metadata: { ...metadata, operations: ["x"] }, execute: () => {} }).metadata();
    assert.deepEqual(stated.operations, ["x"]);
    assert.equal("license" in stated, false);
  });

  it("must have a namespace and a name", () => {
    for (const name of ["hello", "a/b/c", "/b", "a/"] as const) {
      assert.throws(() => component({ metadata: { ...metadata, name: name as "a/b" }, execute: {} }), ArgumentError);
    }
  });
});
