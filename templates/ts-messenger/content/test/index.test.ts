import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { FakeHost } from "@airssys/wasm/testing";

const OTHER = "my-namespace/other@0.1.0";

let host: FakeHost;

beforeEach(async () => {
  // A fresh instance for each test, with an empty inbox.
  host = await FakeHost.load(new URL("../src/index.js", import.meta.url));
  host.addComponent(OTHER);
});

test("tells another component something", () => {
  host.execute("tell", `${OTHER} good morning`);
  assert.deepEqual(
    host.messages.map(({ target, text }) => [target, text]),
    [[OTHER, "good morning"]],
  );
});

test("asks, and finds the answer in the inbox", () => {
  assert.equal(host.executeText("inbox"), "nothing has arrived");
  const [first, second] = [host.executeText("ask", `${OTHER} who?`), host.executeText("ask", `${OTHER} when?`)];
  assert.deepEqual(
    host.requests.map(({ id, text, timeoutMs }) => [id, text, timeoutMs]),
    [[first, "who?", 5_000], [second, "when?", 5_000]],
  );
  host.handleCallback(first, { ok: true, reply: "me" });
  host.handleCallback(second, { ok: false, reason: "timeout" });
  assert.equal(host.executeText("inbox"), `answer to ${first}: me\nno answer to ${second}: timeout`);
});

test("finds a message in the inbox", () => {
  host.handleMessage(OTHER, "good evening");
  assert.equal(host.executeText("inbox"), `message from ${OTHER}: good evening`);
});

test("answers the request of another component", () => {
  assert.equal(host.executeText("handle-request", "hello"), "my-namespace/my-component heard: hello");
});

test("needs a target and a text", () => {
  for (const input of ["", "hello", "my-namespace/other hello", OTHER]) {
    assert.throws(() => host.execute("tell", input), { code: "invalid-input" });
  }
});

test("says that a component is not there, or has no room", () => {
  assert.throws(() => host.execute("tell", "my-namespace/nobody@0.1.0 hello"), {
    code: "processing-failed",
    message: "my-namespace/nobody@0.1.0: component not found",
  });
  host.fillMailbox(OTHER);
  assert.throws(() => host.execute("ask", `${OTHER} hello`), { code: "processing-failed", message: /mailbox full/ });
});

test("answers a refusal with the missing permission", () => {
  host.denyTarget("my-namespace/other");
  assert.throws(() => host.execute("tell", `${OTHER} hello`), {
    code: "permission-denied",
    message: /messaging = \[\{ target = "my-namespace\/other" \}\]/,
  });
});
