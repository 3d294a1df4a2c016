import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { ArgumentError, MessagingError } from "@airssys/wasm";
import * as host from "@airssys/wasm/host-services";

import { answer, calls, hostError, reset } from "./scripted-host.js";

const target = { namespace: "acme", name: "other", version: "1.0.0" };

beforeEach(reset);

describe("host services", () => {
  it("log takes fields as an object or as pairs", () => {
    answer("log", () => undefined);
    host.log("warn", "careful", { count: 5, size: 2n ** 64n, ok: true, path: "/ä" });
    assert.deepEqual(calls.at(-1), [
      "log", "warn", "careful",
      [["count", "5"], ["size", "18446744073709551616"], ["ok", "true"], ["path", "/ä"]],
    ]);
    host.log("trace", "", [["a", "1"], ["a", "2"]]);
    assert.deepEqual(calls.at(-1), ["log", "trace", "", [["a", "1"], ["a", "2"]]]);
    host.log("info", "plain");
    assert.deepEqual(calls.at(-1), ["log", "info", "plain", []]);
    assert.throws(() => host.log("loud" as never, "x"), ArgumentError);
    assert.throws(() => host.log("info", "\ud800"), ArgumentError);
  });

  it("send messages and requests", () => {
    answer("sendMessage", () => undefined);
    host.sendMessage(target, "é");
    assert.deepEqual(calls.at(-1), ["sendMessage", target, Uint8Array.of(0xc3, 0xa9)]);
    answer("sendRequest", () => "q1");
    assert.equal(host.sendRequest(target, Uint8Array.of(), 2 ** 32 - 1), "q1");
    assert.deepEqual(calls.at(-1), ["sendRequest", target, Uint8Array.of(), 2 ** 32 - 1]);
    answer("cancelRequest", () => undefined);
    host.cancelRequest("q1");
    assert.deepEqual(calls.at(-1), ["cancelRequest", "q1"]);
  });

  it("know the time and who is there", () => {
    answer("currentTime", () => ({ seconds: 5n, nanoseconds: 6 }));
    assert.deepEqual(host.currentTime(), { seconds: 5n, nanoseconds: 6 });
    answer("sleep", () => undefined);
    host.sleep(0);
    assert.deepEqual(calls.at(-1), ["sleep", 0]);
    answer("listComponents", () => [target]);
    assert.deepEqual(host.listComponents(), [target]);
    const metadata = { id: target, description: "", authors: [], operations: ["x"] };
    answer("getComponentMetadata", () => ({ ...metadata, license: null }));
    assert.deepEqual(host.getComponentMetadata(target), metadata);
  });

  it("throw typed errors with what they are about", () => {
    const denial = { operation: "core/host-services.send-message", resource: "acme/other", missing: "messaging = []" };
    const cases: Array<[string, unknown, Partial<MessagingError>]> = [
      ["component-not-found", target, { component: target }],
      ["mailbox-full", target, { component: target }],
      ["permission-denied", denial, { denial }],
      ["payload-too-large", 2n ** 64n - 1n, { limit: 2n ** 64n - 1n }],
      ["timeout", "late", { detail: "late" }],
      ["unknown-request", "q", { request: "q" }],
      ["delivery-failed", "gone", { detail: "gone" }],
    ];
    for (const [code, val, about] of cases) {
      answer("sendMessage", () => {
        throw hostError(code, val);
      });
      assert.throws(() => host.sendMessage(target, ""), (error) => {
        assert.ok(error instanceof MessagingError);
        assert.equal(error.code, code);
        const { component, denial, limit, request, detail } = error;
        const none = { component: undefined, denial: undefined, limit: undefined, request: undefined, detail: undefined };
        assert.deepEqual({ component, denial, limit, request, detail }, { ...none, ...about });
        return true;
      });
    }
  });

  it("convert times to dates and back", () => {
    const time = { seconds: 1_700_000_000n, nanoseconds: 123_456_789 };
    assert.equal(host.toDate(time).toISOString(), "2023-11-14T22:13:20.123Z");
    assert.deepEqual(host.fromDate(host.toDate(time)), { seconds: 1_700_000_000n, nanoseconds: 123_000_000 });
    assert.throws(() => host.fromDate(new Date(-1)), ArgumentError);
    assert.throws(() => host.fromDate(new Date(NaN)), ArgumentError);
  });
});
