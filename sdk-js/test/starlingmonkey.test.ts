// The SDK as it is on StarlingMonkey, where there is no `process`, in a build whose bindings are not corrected.

import assert from "node:assert/strict";
import { it } from "node:test";

const { process } = globalThis;
Object.assign(globalThis, { process: undefined });
const files = await import("@airssys/wasm/files");
Object.assign(globalThis, { process });

const sdk = await import("@airssys/wasm");
const { UnsafeIntegerError } = sdk;
const { exportInterface, liftBytes } = await import("@airssys/wasm/exports");
const { answer, calls, file } = await import("./scripted-host.js");

it("refuses a 32-bit number that the bindings would pass as another one", () => {
  answer("open", file);
  answer("file.read", () => new Uint8Array());
  const open = files.open("/a", { read: true });
  open.read(2 ** 31 - 1);
  assert.deepEqual(calls.at(-1), ["file.read", 2 ** 31 - 1]);
  assert.throws(() => open.read(2 ** 31), UnsafeIntegerError);
  assert.throws(() => open.read(2 ** 32 - 1), UnsafeIntegerError);
});

it("passes 64-bit numbers as they are", () => {
  answer("copyFile", () => 2n ** 64n - 1n);
  assert.equal(files.copyFile("/a", "/b"), 2n ** 64n - 1n);
});

it("knows bytes and errors of the bindings, which have classes of their own", async () => {
  const { runInNewContext } = await import("node:vm");
  const foreign = runInNewContext("Uint8Array.of(1, 2, 3).subarray(1)") as Uint8Array;
  assert.equal(foreign instanceof Uint8Array, false);
  answer("readFile", () => foreign);
  const bytes = files.readFile("/a");
  assert.ok(bytes instanceof Uint8Array);
  assert.deepEqual(bytes, Uint8Array.of(2, 3));
  assert.deepEqual(liftBytes(foreign), Uint8Array.of(2, 3));

  answer("writeFile", () => undefined);
  files.writeFile("/a", foreign);
  assert.equal(calls.at(-1)?.[2], foreign);

  const error = runInNewContext(`Object.assign(new Error(), { payload: { tag: "locked", val: "/a" } })`);
  answer("readFile", () => {
    throw error;
  });
  assert.throws(() => files.readFile("/a"), files.FilesystemError);
});

it("lets an exported interface fail as the contract says, and logs anything else", () => {
  answer("log", () => undefined);
  class Handle {
    #of = "handle";
    read() {
      throw new files.FilesystemError("locked", { path: this.#of });
    }
    answer() {
      return this.#of;
    }
  }
  const exported = exportInterface("files", {
    Handle,
    plain: (value: number) => value + 1,
    broken: () => {
      throw new Error("boom");
    },
    full: () => {
      throw new files.FilesystemError("too-many-open-files");
    },
    ignored: 5,
  });
  assert.deepEqual(Object.keys(exported), ["Handle", "plain", "broken", "full"]);
  assert.equal(exported.plain(1), 2);
  assert.equal(new exported.Handle().answer(), "handle");
  const payload = (val: object) => (error: Error & { payload?: unknown }) => {
    assert.deepEqual(error.payload, val);
    return true;
  };
  assert.throws(() => new exported.Handle().read(), payload({ tag: "locked", val: "handle" }));
  assert.throws(() => exported.full(), payload({ tag: "too-many-open-files" }));
  const { NetworkError, ProcessError } = sdk;
  const cases: Array<[Error, object]> = [
    [new NetworkError("timeout"), { tag: "timeout" }],
    [new NetworkError("name-not-found", { host: "a" }), { tag: "name-not-found", val: "a" }],
    [new NetworkError("end-of-stream", { received: 0n }), { tag: "end-of-stream", val: 0n }],
    [new NetworkError("io", { detail: "" }), { tag: "io", val: "" }],
    [new ProcessError("stdin-closed"), { tag: "stdin-closed" }],
    [new ProcessError("not-executable", { program: "a" }), { tag: "not-executable", val: "a" }],
    [new ProcessError("process-not-found", { process: 0 }), { tag: "process-not-found", val: 0 }],
    [
      new ProcessError("already-exited", { status: { kind: "signaled", signal: 34 } }),
      { tag: "already-exited", val: { tag: "signaled", val: { tag: "other", val: 34 } } },
    ],
    [new ProcessError("not-piped", { stream: "stdin" }), { tag: "not-piped", val: "stdin" }],
    [new ProcessError("output-too-large", { limit: 0n }), { tag: "output-too-large", val: 0n }],
  ];
  for (const [error, expected] of cases) {
    const { fail } = exportInterface("x", {
      fail: () => {
        throw error;
      },
    });
    assert.throws(() => fail(), payload(expected));
  }
  assert.throws(() => exported.broken(), /boom/);
  assert.deepEqual(calls.at(-1)?.slice(0, 3), ["log", "error", "boom"]);
});
