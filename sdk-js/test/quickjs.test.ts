// The SDK as it is on QuickJS: the global `wit` is what it tells the engine by, and this fake of the engine gives and
// takes numbers as QuickJS does, 64-bit ones rounded and 32-bit ones signed.

import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

const native = { TextDecoder, TextEncoder, Date, random: Math.random };

Object.assign(globalThis, { wit: {} });
const { component, UnavailableError, UnsafeIntegerError } = await import("@airssys/wasm");
const { lowerU64 } = await import("@airssys/wasm/exports");
const directories = await import("@airssys/wasm/directories");
const files = await import("@airssys/wasm/files");
const host = await import("@airssys/wasm/host-services");
const processes = await import("@airssys/wasm/processes");
const tcp = await import("@airssys/wasm/tcp");
const { answer, calls, file, hostError, reset, stream } = await import("./scripted-host.js");

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

beforeEach(reset);

function opened() {
  answer("open", file);
  return files.open("/a", { read: true });
}

describe("64-bit numbers on QuickJS", () => {
  it("are bigints for the author and numbers for the engine", () => {
    const open = opened();
    answer("file.seek", () => Number.MAX_SAFE_INTEGER);
    assert.equal(open.seek(SAFE), SAFE);
    assert.deepEqual(calls.at(-1), ["file.seek", { tag: "start", val: Number.MAX_SAFE_INTEGER }]);
  });

  it("are refused as arguments where they would be rounded", () => {
    const open = opened();
    const before = calls.length;
    for (const offset of [SAFE + 1n, 2n ** 64n - 1n]) assert.throws(() => open.readAt(offset), UnsafeIntegerError);
    assert.equal(calls.length, before);
  });

  it("are refused as results where they have been rounded or wrapped", () => {
    for (const raw of [2 ** 53, 2 ** 63, -1]) {
      answer("copyFile", () => raw);
      assert.throws(() => files.copyFile("/a", "/b"), UnsafeIntegerError);
      answer("measure", () => ({ files: 0, directories: 0, bytes: raw }));
      assert.throws(() => directories.measure("/"), UnsafeIntegerError);
      answer("sendMessage", () => {
        throw hostError("payload-too-large", raw);
      });
      assert.throws(() => host.sendMessage({ namespace: "a", name: "b", version: "1.0.0" }, ""), UnsafeIntegerError);
    }
  });

  it("are refused in counts, limits and errors of the network and of processes", () => {
    answer("connect", stream);
    const open = tcp.connect({ host: "a", port: 1 });
    answer("stream.stats", () => ({ established: { seconds: 0, nanoseconds: 0 }, bytesSent: 2 ** 53, bytesReceived: 0 }));
    assert.throws(() => open.stats(), UnsafeIntegerError);
    answer("stream.readExact", () => {
      throw hostError("end-of-stream", -1);
    });
    assert.throws(() => open.readExact(1), UnsafeIntegerError);
    assert.throws(() => processes.run({ program: "a", limits: { maxOutputBytes: SAFE + 1n } }), UnsafeIntegerError);
    answer("run", () => ({ status: { tag: "code", val: 0 }, stdout: new Uint8Array(), stderr: new Uint8Array() }));
    processes.run({ program: "a", limits: { maxOutputBytes: SAFE } });
    assert.deepEqual((calls.at(-1)?.[1] as { limits: object }).limits, { maxOutputBytes: Number.MAX_SAFE_INTEGER });
  });

  it("do not trouble a component that does not look at its limits", () => {
    let read: (() => unknown) | undefined;
    const { init } = component({
      metadata: { name: "a/b", version: "1.0.0" },
      execute: {},
      init: ({ limits }) => void (read = () => limits.maxMemoryBytes),
    });
    init({ environment: [], data: null, limits: { maxMemoryBytes: -1, maxCpuTimeMs: null, maxExecutionTimeMs: null } });
    assert.throws(() => read?.(), UnsafeIntegerError);
  });

  it("are lowered to numbers for exported interfaces", () => {
    assert.equal(lowerU64(5n, "size"), 5);
    assert.throws(() => lowerU64(SAFE + 1n, "size"), UnsafeIntegerError);
  });
});

describe("32-bit numbers on QuickJS", () => {
  it("cross as signed ones in both directions", () => {
    const open = opened();
    answer("file.read", () => Uint8Array.of());
    open.read(2 ** 32 - 1);
    assert.deepEqual(calls.at(-1), ["file.read", -1]);
    open.read(2 ** 31);
    assert.deepEqual(calls.at(-1), ["file.read", -(2 ** 31)]);
    answer("file.write", () => -1);
    assert.equal(open.write(Uint8Array.of()), 2 ** 32 - 1);
  });
});

describe("lists of 32-bit numbers on QuickJS", () => {
  it("cross as lists of signed ones", () => {
    answer("waitAny", () => ({ index: -1, status: { tag: "code", val: -1 } }));
    const finished = processes.waitAny([0, 2 ** 32 - 1]);
    assert.deepEqual(finished, { index: 2 ** 32 - 1, status: { kind: "code", code: -1 } });
    assert.deepEqual(calls.at(-1), ["waitAny", [0, -1], undefined]);
  });
});

describe("globals on QuickJS", () => {
  const encoder = new native.TextEncoder();

  it("encode any text as Node.js does", () => {
    assert.notEqual(TextEncoder, native.TextEncoder);
    for (let from = 0; from < 0x11_0000; from += 0x1_000) {
      const points = Array.from({ length: 0x1_000 }, (_, index) => from + index);
      const text = String.fromCodePoint(...points);
      assert.deepEqual(new TextEncoder().encode(text), new Uint8Array(encoder.encode(text)));
    }
    for (const text of ["", "\ud800", "a\udc00b", "\udc00\ud800", "\ud83d\ude00\ud83d"]) {
      assert.deepEqual(new TextEncoder().encode(text), new Uint8Array(encoder.encode(text)));
    }
  });

  it("encode into what room there is as Node.js does", () => {
    for (let room = 0; room <= 12; room++) {
      const [mine, theirs] = [new Uint8Array(room), new Uint8Array(room)];
      assert.deepEqual(new TextEncoder().encodeInto("aé€😀\ud800", mine), encoder.encodeInto("aé€😀\ud800", theirs));
      assert.deepEqual(mine, theirs);
    }
  });

  it("decode any two or four bytes as Node.js does", () => {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const reference = new native.TextDecoder("utf-8", { ignoreBOM: true });
    const interesting = [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff];
    for (const a of interesting) {
      for (const b of interesting) {
        assert.equal(decoder.decode(Uint8Array.of(a, b)), reference.decode(Uint8Array.of(a, b)));
        for (const c of interesting) {
          for (const d of interesting) {
            const bytes = Uint8Array.of(a, b, c, d);
            const expected = reference.decode(bytes);
            if (decoder.decode(bytes) !== expected) assert.fail(`${bytes} is ${JSON.stringify(expected)}`);
          }
        }
      }
    }
  });

  it("decode a stream cut anywhere, byte order marks, and fatally", () => {
    const text = "\ufeffaé€😀z";
    const bytes = new Uint8Array(encoder.encode(text));
    for (let cut = 0; cut <= bytes.length; cut++) {
      const decoder = new TextDecoder();
      const decoded = decoder.decode(bytes.subarray(0, cut), { stream: true }) + decoder.decode(bytes.subarray(cut));
      assert.equal(decoded, text.slice(1));
    }
    assert.equal(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), text);
    assert.equal(new TextDecoder().decode(new Uint8Array(10_000).fill(97)), "a".repeat(10_000));
    assert.throws(() => new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.of(0xe2, 0x82)), TypeError);
    assert.throws(() => new TextDecoder("latin1"), RangeError);
  });

  it("take the time from the host", () => {
    answer("currentTime", () => ({ seconds: 1_700_000_000, nanoseconds: 123_456_789 }));
    assert.equal(Date.now(), 1_700_000_000_123);
    assert.equal(new Date().toISOString(), "2023-11-14T22:13:20.123Z");
    assert.ok(new Date() instanceof Date && new Date().constructor === Date);
    assert.equal(new Date(5).getTime(), 5);
    assert.equal(new Date(2020, 0).getTime(), new native.Date(2020, 0).getTime());
    assert.equal(performance.now(), 0);
    answer("currentTime", () => ({ seconds: 1_700_000_001, nanoseconds: 123_956_789 }));
    assert.equal(performance.now(), 1000.5);
  });

  it("seed Math.random from the host, and have no cryptographic randomness", () => {
    answer("currentTime", () => ({ seconds: 1_700_000_000, nanoseconds: 1 }));
    assert.notEqual(Math.random, native.random);
    const numbers = Array.from({ length: 1_000 }, Math.random);
    assert.equal(new Set(numbers).size, 1_000);
    assert.ok(numbers.every((number) => number >= 0 && number < 1));
    const mean = numbers.reduce((sum, number) => sum + number) / numbers.length;
    assert.ok(mean > 0.4 && mean < 0.6, `${mean}`);
    assert.throws(() => crypto.getRandomValues(new Uint8Array(1)), UnavailableError);
    assert.throws(() => crypto.randomUUID(), UnavailableError);
  });

  it("write the console to the host's log", () => {
    answer("log", () => undefined);
    console.log("a", 1, { b: 2n }, undefined, new Map([["k", [1]]]));
    assert.deepEqual(calls.at(-1), ["log", "info", "a 1 { b: 2n } undefined Map(1) { 'k' => [ 1 ] }", []]);
    for (const level of ["debug", "info", "warn", "error"] as const) {
      console[level]("x");
      assert.deepEqual(calls.at(-1), ["log", level, "x", []]);
    }
  });
});
