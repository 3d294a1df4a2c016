// The console of a component, with the engine of this test: its text is that of Node.js.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { format, inspect } from "node:util";

import { makeConsole } from "../dist/console.js";
import { JobPromise } from "../dist/promise.js";
import type { LogLevel } from "@airssys/wasm";

const written: Array<[level: LogLevel, text: string]> = [];
let now = 0;
const console = makeConsole({ write: (level, text) => void written.push([level, text]), now: () => now });

function last(): string {
  return written.at(-1)?.[1] ?? "";
}

const Mine = JobPromise as unknown as PromiseConstructor;

class Point {
  x = 1;
  #hidden = 2;
  get length() {
    return this.x + this.#hidden;
  }
}
class List extends Array<number> {}
class Special extends Error {
  override name = "Special";
  code = "E1";
}

const circular: Record<string, unknown> = { name: "a" };
circular["self"] = circular;
circular["list"] = [circular];
const sparse = [1, , 3];
const deep = { a: { b: { c: { d: 1 } } } };
const withCause = new Error("outer", { cause: new TypeError("inner") });
const many = new AggregateError([new Error("one"), new RangeError("two")], "all");
const proto = Object.create(null, { a: { value: 1, enumerable: true } });
const symbol = Symbol("s");

/** Arguments of `console.log`. */
const TABLE: unknown[][] = [
  [], [""], ["a", "b"], [undefined], [null], [true], [1, -0, 1.5, NaN, Infinity], [10n], [symbol],
  ["text", { text: "text" }], [["a", 'b"', "c'd", "e\nf"]], ["a\nb"],
  [new Map([["a", 1]])], [new Map<unknown, unknown>([[{ k: 1 }, new Map([[1, [2]]])]])], [new Map()],
  [new Set([1, "two", [3]])], [new Set()],
  [new WeakMap(), new WeakSet()],
  [deep], [{}], [[]], [[[[[]]]]], [{ a: 1, "b-c": 2, [symbol]: 3 }], [sparse], [circular], [proto],
  [new Point()], [new (class {})()], [Point], [class Empty extends Point {}], [new List(1, 2)], [{ p: new Point(), q: [new Point()] }],
  [function named() {}, () => 1], [function* generator() {}], [Math.max],
  [Object.assign(() => 1, { extra: 1 })],
  [/a+b/giu], [new Date(0)], [new Date(NaN)], [new Number(1), new String("s"), new Boolean(false)],
  [new Uint8Array([1, 2, 3])], [new Float64Array(2)], [new ArrayBuffer(4)], [new DataView(new ArrayBuffer(2))],
  [Array.from({ length: 200 }, (_, at) => at)], ["x".repeat(20_000).split("")],
  [{ long: "y".repeat(12_000) }], [Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`key${at}`, at]))],
  [{ get a() { return 1; }, set b(_: number) {}, get c() { return 1; }, set c(_: number) {} }],
  [new Error("boom")], [withCause], [many], [new Special("special")], [{ error: new Error("inside") }],
  [Object.assign(new Error("more"), { detail: { a: 1 } })], [new Error("two\nlines")],
  ["%s", "a"], ["%s is %d years and %i, %f", "Ann", 42.5, 42.9, "1.5"], ["%d", "x"], ["%d %i", 10n, 10n], ["%s", 10n, symbol],
  ["%s", { a: 1 }], ["%s", new Point()], ["%s", null, undefined], ["%s", -0], ["%s", () => 1], ["%s", class A {}],
  ["%j", { a: [1, { b: 2 }] }], ["%j", circular], ["%o", { a: [1, { b: { c: {} } }] }], ["%O", deep], ["%o", [1]],
  ["%c styled %c", "color: red", "", "rest"], ["100%"], ["%% %s", 1], ["%%", 1], ["%s"], ["%s %s", "only"], ["%x", 1], ["a", "%s", "b"],
  [1, "%s", "b"], ["%s", "a", { b: 1 }, "c"], ["%i", "0x10"], ["%d", ""], ["%f", "x"], ["%d", { a: 1 }],
];

describe("console", () => {
  it("writes what Node.js writes", () => {
    for (const values of TABLE) {
      console.log(...values);
      const expected = format(...values);
      const limit = 65_536;
      if (expected.length <= limit) assert.equal(last(), expected, inspect(values));
      else assert.equal(last(), `${expected.slice(0, limit)}… ${expected.length - limit} more characters`);
    }
  });

  it("has a level of the log for each function", () => {
    for (const [name, level] of [["log", "info"], ["info", "info"], ["debug", "debug"], ["warn", "warn"], ["error", "error"], ["dirxml", "info"]] as const) {
      console[name]("%s!", "x");
      assert.deepEqual(written.at(-1), [level, "x!"]);
    }
  });

  it("can be taken apart", () => {
    const { log, group, groupEnd } = console;
    group();
    log("a");
    assert.equal(last(), "  a");
    groupEnd();
  });

  it("traces with a stack", () => {
    console.trace("here %d", 1);
    const [level, text] = written.at(-1)!;
    assert.equal(level, "trace");
    assert.match(text, /^Trace: here 1\n {4}at .*console\.test/);
    console.trace();
    assert.match(last(), /^Trace\n {4}at /);
  });

  it("asserts", () => {
    const before = written.length;
    console.assert(true, "a");
    assert.equal(written.length, before);
    for (const [values, expected] of [
      [[], "Assertion failed"],
      [["%s went wrong", "it"], "Assertion failed: it went wrong"],
      [[{ a: 1 }], "Assertion failed: [object Object]"],
    ] as const) {
      console.assert(false, ...(values as readonly string[]));
      assert.deepEqual(written.at(-1), ["warn", expected]);
    }
  });

  it("shows a value as deep as it is told", () => {
    console.dir(deep, { depth: 0 });
    assert.equal(last(), "{ a: [Object] }");
    console.dir(deep, { depth: null });
    assert.equal(last(), inspect(deep, { depth: null }));
    console.dir({ [inspect.custom]: () => "custom" });
    assert.equal(last(), inspect({ [inspect.custom]: () => "custom" }, { customInspect: false }));
  });

  it("counts", () => {
    console.count();
    console.count();
    assert.equal(last(), "default: 2");
    console.count("x");
    assert.equal(last(), "x: 1");
    console.countReset("x");
    console.count("x");
    assert.equal(last(), "x: 1");
    console.countReset("y");
    assert.deepEqual(written.at(-1), ["warn", "Count for 'y' does not exist"]);
  });

  it("takes the time", () => {
    for (const [took, shown] of [
      [1.23456, "1.235ms"], [5, "5ms"], [999, "999ms"], [1_500, "1.500s"], [62_003, "1:02.003 (m:ss.mmm)"],
      [3_602_003, "1:00:02.003 (h:mm:ss.mmm)"],
    ] as const) {
      now = 100;
      console.time("t");
      now += took;
      console.timeLog("t", { a: 1 });
      assert.equal(last(), `t: ${shown} { a: 1 }`);
      console.timeEnd("t");
      assert.deepEqual(written.at(-1), ["info", `t: ${shown}`]);
    }
    console.timeEnd("t");
    assert.deepEqual(written.at(-1), ["warn", "No such label 't' for console.timeEnd()"]);
    console.time();
    console.time();
    assert.deepEqual(written.at(-1), ["warn", "Label 'default' already exists for console.time()"]);
  });

  it("groups, and moves all lines", () => {
    console.group("one");
    console.groupCollapsed();
    console.log("a\nb");
    assert.equal(last(), "    a\n    b");
    console.groupEnd();
    console.log("c");
    assert.equal(last(), "  c");
    for (let i = 0; i < 5; i++) console.groupEnd();
    console.log("d");
    assert.equal(last(), "d");
  });

  it("draws tables", () => {
    const table = (data: unknown, columns?: string[]) => {
      console.table(data, columns);
      return last().split("\n");
    };
    assert.deepEqual(table([{ a: 1, b: "x" }, { a: 20, c: [1, 2, 3, 4] }, "plain"]), [
      "┌─────────┬────┬─────┬──────────────────────────────┬─────────┐",
      "│ (index) │ a  │ b   │ c                            │ Values  │",
      "├─────────┼────┼─────┼──────────────────────────────┼─────────┤",
      "│ 0       │ 1  │ 'x' │                              │         │",
      "│ 1       │ 20 │     │ [ 1, 2, 3, ... 1 more item ] │         │",
      "│ 2       │    │     │                              │ 'plain' │",
      "└─────────┴────┴─────┴──────────────────────────────┴─────────┘",
    ]);
    assert.deepEqual(table([{ a: 1, b: 2 }], ["b", "d"]), [
      "┌─────────┬───┬───┐",
      "│ (index) │ b │ d │",
      "├─────────┼───┼───┤",
      "│ 0       │ 2 │   │",
      "└─────────┴───┴───┘",
    ]);
    assert.deepEqual(table(new Map([["k", { v: 1 }]])), [
      "┌───────────────────┬─────┬──────────┐",
      "│ (iteration index) │ Key │ Values   │",
      "├───────────────────┼─────┼──────────┤",
      "│ 0                 │ 'k' │ { v: 1 } │",
      "└───────────────────┴─────┴──────────┘",
    ]);
    assert.deepEqual(table(new Set([1])), [
      "┌───────────────────┬────────┐",
      "│ (iteration index) │ Values │",
      "├───────────────────┼────────┤",
      "│ 0                 │ 1      │",
      "└───────────────────┴────────┘",
    ]);
    assert.deepEqual(table({ r: { a: 1 }, s: null }), [
      "┌─────────┬───┬────────┐",
      "│ (index) │ a │ Values │",
      "├─────────┼───┼────────┤",
      "│ r       │ 1 │        │",
      "│ s       │   │ null   │",
      "└─────────┴───┴────────┘",
    ]);
    assert.deepEqual(table("text"), ["text"]);
    assert.equal(table(Array.from({ length: 5_000 }, (_, at) => at)).length, 1_000 + 4);
  });

  it("shows an error of another engine as Node.js shows its own", () => {
    for (const stack of [
      "inner@bundle.js:1:2\nouter@bundle.js:3:4\n@bundle.js:5:6\nexport$greet@/tmp/ab/sources/initializer.js:1:1\n",
      "    at inner (bundle.js:1:2)\n    at outer (bundle.js:3:4)\n    at bundle.js:5:6\n",
    ]) {
      const error = Object.assign(new TypeError("boom"), { extra: 1 });
      Object.defineProperty(error, "stack", { value: stack });
      console.log(error);
      const frames = "\n    at inner (bundle.js:1:2)\n    at outer (bundle.js:3:4)\n    at bundle.js:5:6";
      assert.equal(last(), `TypeError: boom${frames} {\n  extra: 1\n}`);
    }
  });

  it("shows the state of a promise", () => {
    console.log(Mine.resolve({ a: 1 }), new Mine(() => {}), [Mine.resolve(1)]);
    assert.equal(last(), "Promise { { a: 1 } } Promise { <pending> } [ Promise { 1 } ]");
    const rejected = Mine.reject(new RangeError("no"));
    rejected.catch(() => {});
    console.log(rejected);
    assert.match(last(), /^Promise \{ <rejected> RangeError: no\n/);
  });

  it("cuts what the host would cut", () => {
    console.log("x".repeat(70_000));
    assert.equal(last(), `${"x".repeat(65_536)}… 4464 more characters`);
  });

  it("writes nothing that has no UTF-8", () => {
    console.log("a\ud800b");
    assert.equal(last(), "a\ufffdb");
  });
});
