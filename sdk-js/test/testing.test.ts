// The testing kit: how it calls a component, and the services of its host.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";

import {
  component,
  ComponentError,
  ExecutionError,
  MessagingError,
  type Component,
  type ComponentConfig,
  type ExecutionContext,
  type RequestOutcome,
} from "@airssys/wasm";
import * as services from "@airssys/wasm/host-services";
import { listen } from "@airssys/wasm/tcp";
import { FakeHost, FakeHostError, TrapError } from "@airssys/wasm/testing";

const metadata = { name: "acme/counter", version: "1.2.3" } as const;
const other = { namespace: "acme", name: "other", version: "1.0.0" };

function hostOf(definition: Partial<Component>): FakeHost {
  const host = new FakeHost(component({ metadata, execute: {}, ...definition }));
  host.permitAll();
  return host;
}

/** Gives what is thrown, which must be of this class. */
function thrown<T extends Error>(type: abstract new (...given: any[]) => T, run: () => unknown): T {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof type, `${error}`);
    return error;
  }
  return assert.fail("nothing was thrown");
}

describe("a fake host calls the component", () => {
  it("with init first, once, and with nothing after shutdown", () => {
    const calls: string[] = [];
    const host = hostOf({
      init: () => void calls.push("init"),
      execute: { work: () => void calls.push("work") },
      shutdown: () => void calls.push("shutdown"),
    });
    host.execute("work");
    host.execute("work");
    assert.equal(thrown(FakeHostError, () => host.init()).code, "already-initialized");
    host.shutdown();
    assert.deepEqual(calls, ["init", "work", "work", "shutdown"]);
    for (const call of [() => host.execute("work"), () => host.shutdown(), () => host.handleMessage(other, "")]) {
      assert.equal(thrown(FakeHostError, call).code, "ended");
    }
  });

  it("with the configuration of the test", () => {
    const seen: ComponentConfig[] = [];
    const init = (config: ComponentConfig) => void seen.push(config);
    hostOf({ init }).init();
    const own = { namespace: "acme", name: "counter", version: "1.2.3" };
    assert.deepEqual(seen[0], { id: own, environment: [], limits: {} });
    hostOf({ init }).init({ id: "b/c@1.0.0", environment: { A: "1" }, data: "é", limits: { maxMemoryBytes: 5n } });
    const id = { namespace: "b", name: "c", version: "1.0.0" };
    assert.deepEqual([seen[1]?.id, seen[1]?.environment], [id, [["A", "1"]]]);
    assert.deepEqual([seen[1]?.data, seen[1]?.limits.maxMemoryBytes], [Uint8Array.of(0xc3, 0xa9), 5n]);
    hostOf({ init }).init({ environment: [["B", "2"], ["A", "1"]] });
    assert.deepEqual(seen[2]?.environment, [["B", "2"], ["A", "1"]]);
  });

  it("with a context, in whole or in part", () => {
    const seen: ExecutionContext[] = [];
    const host = hostOf({ execute: { look: (_, context) => void seen.push(context) } });
    host.execute("look");
    host.execute("look", "", { caller: { kind: "component", component: other }, traceParent: "00-1" });
    host.execute("look", "", { requestId: "mine", caller: { kind: "host" } });
    assert.deepEqual(seen[0], {
      requestId: "call-1",
      caller: { kind: "external", name: "test" },
      deadline: { seconds: host.time.seconds + 30n, nanoseconds: 0 },
    });
    assert.deepEqual([seen[1]?.caller, seen[1]?.traceParent], [{ kind: "component", component: other }, "00-1"]);
    assert.deepEqual([seen[2]?.requestId, seen[2]?.caller], ["mine", { kind: "host" }]);
  });

  it("and gives the answer as bytes or as text", () => {
    const host = hostOf({ execute: { echo: (input) => input } });
    assert.deepEqual(host.execute("echo", Uint8Array.of(0, 255)), Uint8Array.of(0, 255));
    assert.equal(host.executeText("echo", "é"), "é");
    assert.throws(() => host.executeText("echo", Uint8Array.of(255)), TypeError);
  });

  it("and throws what the caller would see, with what the component threw as cause", () => {
    const cause = new ExecutionError("invalid-input", "not a number");
    const host = hostOf({
      execute: { refuse: () => { throw cause; } },
      shutdown: () => { throw new ComponentError("internal", "2 left"); },
    });
    const error = thrown(ExecutionError, () => host.execute("refuse"));
    assert.deepEqual([error.code, error.message, error.cause], ["invalid-input", "not a number", cause]);
    assert.equal(thrown(ExecutionError, () => host.execute("nope")).code, "unknown-operation");
    assert.equal(thrown(ComponentError, () => host.handleMessage(other, "x")).code, "invalid-message");
    assert.equal(thrown(ComponentError, () => host.shutdown()).message, "2 left");
  });

  it("and reports any other exception as a trap, which it logs", () => {
    const cause = new ComponentError("internal", "not an execution error");
    const host = hostOf({ execute: { boom: () => { throw cause; } } });
    const error = thrown(TrapError, () => host.execute("boom"));
    assert.deepEqual([error.code, error.cause], ["trap", cause]);
    assert.match(error.message, /^execute trapped: ComponentError: not an execution error$/);
    assert.deepEqual(host.logs.map(({ level, message }) => [level, message]), [["error", "not an execution error"]]);
  });

  it("for its health and metadata", () => {
    const host = hostOf({ health: () => "degraded", execute: { a: () => {} } });
    assert.equal(host.health(), "degraded");
    assert.deepEqual(host.metadata().operations, ["a"]);
  });

  it("and refuses what is no component", () => {
    assert.equal(thrown(FakeHostError, () => new FakeHost({} as never)).code, "not-a-component");
  });
});

describe("tests are apart from each other", () => {
  const log = (text: string) => services.log("info", text);

  it("because each host answers only its own component", () => {
    const [one, two] = [hostOf({ execute: { log: (_) => log("one") } }), hostOf({ execute: { log: (_) => log("two") } })];
    two.execute("log");
    one.execute("log");
    assert.deepEqual([one, two].map((host) => host.logs.map(({ message }) => message)), [["one"], ["two"]]);
  });

  it("even where one component is called within the call of another", () => {
    const inner = hostOf({ execute: { log: () => log("inner") } });
    const outer = hostOf({ execute: { log: () => { inner.execute("log"); log("outer"); } } });
    outer.execute("log");
    assert.deepEqual([outer.logs[0]?.message, inner.logs[0]?.message], ["outer", "inner"]);
  });

  it("down to the variables of the component's modules, if it is loaded afresh", async () => {
    const module = new URL("./counter/counter.js", import.meta.url);
    const [one, two] = [await FakeHost.load(module), await FakeHost.load(module.href)];
    assert.deepEqual([one.executeText("count"), one.executeText("count"), two.executeText("count")], ["1", "2", "1"]);
    assert.equal(thrown(ExecutionError, () => one.execute("nope")).code, "unknown-operation");
    await assert.rejects(FakeHost.load(new URL("./counter/state.js", import.meta.url)), { code: "not-a-component" });
  });

  it("and what is no call of the component is run with a host, or refused", () => {
    const host = hostOf({});
    assert.deepEqual(host.run(() => services.currentTime()), host.time);
    assert.equal(thrown(FakeHostError, () => host.run(async () => {})).code, "asynchronous");
    assert.equal(thrown(FakeHostError, () => services.currentTime()).code, "no-host");
  });

  it("and interfaces of which the contract knows nothing are named", () => {
    const script = `import "airssys:ext-gpu/shaders@1.0.0"`;
    const flags = ["--import", "@airssys/wasm/testing/register", "--input-type=module", "-e", script];
    const { stderr, status } = spawnSync(process.execPath, flags, { encoding: "utf8" });
    assert.match(stderr, /unsupported: the fake host does not have airssys:ext-gpu\/shaders@1\.0\.0/);
    assert.equal(status, 1);
  });

  it("and what the fake host does not do is said when it is called", () => {
    const host = hostOf({ execute: { listen: () => void listen({ ip: "127.0.0.1", port: 0 }) } });
    const { cause } = thrown(TrapError, () => host.execute("listen"));
    assert.ok(cause instanceof FakeHostError);
    assert.deepEqual([cause.code, cause.message], ["unsupported", "a FakeHost does not have tcp.listen"]);
  });
});

describe("the services of a fake host", () => {
  it("keep the log", () => {
    const host = hostOf({});
    host.run(() => services.log("warn", "careful", { count: 5 }));
    assert.deepEqual(host.logs, [{ level: "warn", message: "careful", fields: [["count", "5"]] }]);
  });

  it("keep messages and requests for components that are there", () => {
    const host = hostOf({});
    host.addComponent("acme/other@1.0.0");
    host.run(() => {
      services.sendMessage(other, "hello");
      assert.equal(services.sendRequest(other, Uint8Array.of(255), 5_000), "request-1");
    });
    assert.deepEqual(host.messages, [
      { target: "acme/other@1.0.0", message: Uint8Array.of(104, 101, 108, 108, 111), text: "hello" },
    ]);
    const request = Uint8Array.of(255);
    assert.deepEqual(host.requests, [
      { id: "request-1", target: "acme/other@1.0.0", request, text: "\ufffd", timeoutMs: 5_000, state: "pending" },
    ]);
  });

  it("fail as a host does: not there, refused, full, too large", () => {
    const host = hostOf({});
    const send = (size = 0) =>
      thrown(MessagingError, () => host.run(() => services.sendMessage(other, new Uint8Array(size))));
    assert.deepEqual([send().code, send().component], ["component-not-found", other]);
    host.addComponent(other);
    host.fillMailbox("acme/other@1.0.0");
    assert.equal(send().code, "mailbox-full");
    assert.deepEqual([send(1_048_577).code, send(1_048_577).limit], ["payload-too-large", 1_048_576n]);
    host.fillMailbox(other, false);
    host.run(() => services.sendMessage(other, ""));
    host.denyTarget("acme/o*");
    assert.deepEqual(send().denial, {
      operation: "core/host-services.send-message",
      resource: "acme/other@1.0.0",
      missing: 'messaging = [{ target = "acme/other" }]',
    });
    const request = () => services.sendRequest({ ...other, name: "over-there" }, "", 1);
    assert.equal(thrown(MessagingError, () => host.run(request)).code, "permission-denied");
    assert.equal(host.messages.length, 1);
  });

  it("refuse a target in one version, or in all", () => {
    const host = hostOf({});
    host.addComponent("acme/other@1.0.0");
    host.addComponent("acme/other@2.0.0");
    host.denyTarget("acme/other@1.*");
    const list = () => host.run(() => services.listComponents().map(({ name, version }) => `${name}@${version}`));
    assert.deepEqual(list(), ["counter@1.2.3", "other@2.0.0"]);
    host.denyTarget("*/*");
    assert.deepEqual(list(), ["counter@1.2.3"]);
    assert.equal(thrown(FakeHostError, () => host.denyTarget("acme")).code, "invalid-argument");
  });

  it("deliver the outcome of a request once", () => {
    const seen: Array<[string, RequestOutcome]> = [];
    const host = hostOf({ handleCallback: (request, outcome) => void seen.push([request, outcome]) });
    host.addComponent(other);
    host.run(() => [1, 2, 3].map(() => services.sendRequest(other, "", 1)));
    host.run(() => services.cancelRequest("request-3"));
    host.handleCallback("request-2", { ok: false, reason: "timeout" });
    host.handleCallback("request-1", { ok: true, reply: "é" });
    const early = () => host.handleCallback("request-3", { ok: true, reply: "too late" });
    assert.equal(thrown(FakeHostError, early).code, "unknown-request");
    host.handleCallback("request-3", { ok: false, reason: "cancelled" });
    assert.deepEqual(seen, [
      ["request-2", { ok: false, reason: "timeout" }],
      ["request-1", { ok: true, reply: Uint8Array.of(0xc3, 0xa9) }],
      ["request-3", { ok: false, reason: "cancelled" }],
    ]);
    for (const id of ["request-1", "nope"]) {
      const again = () => host.handleCallback(id, { ok: true, reply: "" });
      assert.equal(thrown(FakeHostError, again).code, "unknown-request");
      assert.equal(thrown(MessagingError, () => host.run(() => services.cancelRequest(id))).code, "unknown-request");
    }
  });

  it("have a clock that the test sets and sleep moves", () => {
    const host = hostOf({});
    host.time = { seconds: 100n, nanoseconds: 999_000_000 };
    host.run(() => services.sleep(2_001));
    assert.deepEqual(host.run(() => services.currentTime()), { seconds: 103n, nanoseconds: 0 });
    assert.deepEqual(host.time, { seconds: 103n, nanoseconds: 0 });
  });

  it("know the metadata of components, and of the component itself", () => {
    const host = hostOf({ execute: { a: () => {} } });
    host.addComponent("acme/other@1.0.0", { description: "Another.", operations: ["b"] });
    const of = (id: typeof other) => host.run(() => services.getComponentMetadata(id));
    assert.deepEqual(of(other), { id: other, description: "Another.", authors: [], operations: ["b"] });
    assert.deepEqual(of({ namespace: "acme", name: "counter", version: "1.2.3" }).operations, ["a"]);
    host.denyTarget("*/*");
    assert.equal(thrown(MessagingError, () => of(other)).code, "component-not-found");
    assert.deepEqual(of({ namespace: "acme", name: "counter", version: "1.2.3" }).operations, ["a"]);
  });
});
