import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeHost } from "@airssys/wasm/testing";

import { componentLifecycle } from "../src/index.js";

test("greets by name", () => {
  const host = new FakeHost(componentLifecycle);
  assert.equal(host.executeText("greet", "World"), "Hello, World!");
});

test("needs a name", () => {
  const host = new FakeHost(componentLifecycle);
  assert.throws(() => host.execute("greet", ""), { code: "invalid-input", message: "a name is needed" });
});

test("knows no other operation", () => {
  const host = new FakeHost(componentLifecycle);
  assert.throws(() => host.execute("leave"), { code: "unknown-operation", message: "leave" });
});
