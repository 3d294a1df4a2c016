import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { FakeHost } from "@airssys/wasm/testing";

import { componentLifecycle } from "../src/index.js";

const JOURNAL = "/data/journal.txt";

/** @type {FakeHost} */
let host;

beforeEach(() => {
  host = new FakeHost(componentLifecycle);
  host.files.makeDirectory("/data");
});

test("counts the entries", () => {
  assert.equal(host.executeText("add", "first"), "1");
  assert.equal(host.executeText("add", "second"), "2");
  assert.equal(host.files.text(JOURNAL), "first\nsecond\n");
});

test("lists what is in the journal", () => {
  host.files.put(JOURNAL, "of yesterday\n");
  host.execute("add", "of today");
  assert.equal(host.executeText("list"), "of yesterday\nof today\n");
});

test("lists nothing before the first entry", () => {
  assert.equal(host.executeText("list"), "");
});

test("takes one line of text", () => {
  for (const entry of ["", "two\nlines"]) {
    assert.throws(() => host.execute("add", entry), { code: "invalid-input" });
  }
  assert.equal(host.files.has(JOURNAL), false);
});

test("answers a refusal with the missing permission", () => {
  host.denyPath("/data", "write");
  assert.throws(() => host.execute("add", "first"), {
    code: "permission-denied",
    message: /filesystem = \[\{ action = "write", path = "\/data\/journal\.txt" \}\]/,
  });
});

test("answers any other error of the files as a failure", () => {
  host.files.makeDirectory(JOURNAL);
  assert.throws(() => host.execute("list"), { code: "processing-failed" });
});
