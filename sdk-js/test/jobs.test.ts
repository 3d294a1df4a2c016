// Promises, microtasks and timers as the SDK runs them: compared with those of the engine of this test.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import * as jobs from "../dist/jobs.js";
import { JobPromise } from "../dist/promise.js";

type Promises = PromiseConstructor;

const Mine = JobPromise as unknown as Promises;

let now = 0;
const slept: number[] = [];
jobs.start({
  now: () => now,
  sleep: (milliseconds) => {
    slept.push(milliseconds);
    now += milliseconds;
  },
});

/** Numbers that are the same in each run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** A program of promises that depend on each other, and what it does in which order. */
function program(P: Promises, seed: number): string[] {
  const done: string[] = [];
  const random = numbers(seed);
  const pick = (count: number) => Math.floor(random.next().value * count);
  const promises: Array<Promise<unknown>> = [P.resolve(0), P.reject(new Error("first"))];
  const note = (label: string) => (value: unknown) => {
    done.push(`${label}:${value instanceof Error ? value.message : JSON.stringify(value)}`);
    return value;
  };
  for (let step = 0; step < 40; step++) {
    const [one, other] = [promises[pick(promises.length)]!, promises[pick(promises.length)]!];
    const label = `${step}`;
    const made: () => Promise<unknown> = [
      () => one.then(note(label)),
      () => one.then(note(label), note(`${label}!`)),
      () => one.catch(note(`${label}!`)),
      () => one.finally(() => note(label)("finally")),
      () => one.finally(() => other),
      () => one.then(() => other),
      () => one.then(() => ({ then: (resolve: (value: unknown) => void) => resolve(label) })),
      () => one.then(() => { throw new Error(label); }),
      () => P.all([one, other, step]),
      () => P.allSettled([one, other]),
      () => P.race([one, other]),
      () => P.any([one, other]),
      () => new P((resolve) => resolve(other)),
      () => new P((_, reject) => reject(new Error(label))),
      () => P.resolve(one),
      () => new P((resolve, reject) => { resolve(step); reject(new Error("late")); }),
    ][pick(16)]!;
    promises.push(made());
  }
  for (const [at, promise] of promises.entries()) promise.then(note(`end ${at}`), note(`end ${at}!`));
  return done;
}

describe("the promise of the SDK", () => {
  it("does in each order what that of the engine does", async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const theirs = program(Promise, seed);
      await new Promise((resolve) => setImmediate(resolve));
      const mine = program(Mine, seed);
      jobs.settle();
      assert.deepEqual(mine, theirs, `seed ${seed}`);
    }
  });

  it("can be a base class, and has all functions", () => {
    class Own<T> extends Mine<T> {}
    const own = Own.resolve(1).then((value) => value + 1);
    assert.ok(own instanceof Own && own instanceof Mine);
    assert.equal(Object.prototype.toString.call(own), "[object Promise]");
    assert.equal(Mine.name, "Promise");
    const theirs = Object.getOwnPropertyNames(Promise).filter((name) => !["caller", "arguments"].includes(name));
    for (const name of theirs) assert.ok(Object.hasOwn(Mine, name), name);
    assert.throws(() => (Mine as unknown as () => void)(), TypeError);
    assert.throws(() => new Mine(undefined as never), TypeError);
    jobs.settle();
  });

  it("waits for promises of the engine", async () => {
    let heard: unknown;
    Mine.resolve(Promise.resolve("native")).then((value) => (heard = value));
    jobs.settle();
    await Promise.resolve();
    jobs.settle();
    assert.equal(heard, "native");
  });
});

describe("settle", () => {
  it("runs microtasks before timers, and timers by their time", () => {
    const done: string[] = [];
    const note = (text: string) => () => void done.push(text);
    jobs.setTimeout(note("20"), 20);
    jobs.setTimeout(note("10"), 10);
    jobs.setTimeout((a: string, b: string) => done.push(a + b), 10, "with ", "arguments");
    jobs.clearTimeout(jobs.setTimeout(note("cleared"), 5));
    jobs.queueMicrotask(() => {
      note("microtask")();
      jobs.setTimeout(() => jobs.queueMicrotask(note("within")), 5);
    });
    slept.length = 0;
    jobs.settle();
    assert.deepEqual(done, ["microtask", "within", "10", "with arguments", "20"]);
    assert.deepEqual(slept, [5, 5, 10]);
  });

  it("repeats until it is told to stop", () => {
    let count = 0;
    const timer = jobs.setInterval(() => {
      count += 1;
      if (count === 3) jobs.clearTimeout(timer);
    }, 10);
    jobs.settle();
    assert.equal(count, 3);
  });

  it("throws what nobody catches", () => {
    const uncaught = (reason: string, rejection: boolean) => (error: unknown) => {
      assert.ok(error instanceof jobs.Uncaught);
      assert.deepEqual([(error.reason as Error).message, error.rejection], [reason, rejection]);
      return true;
    };
    void Mine.reject(new Error("rejected"));
    assert.throws(() => jobs.settle(), uncaught("rejected", true));
    jobs.queueMicrotask(() => {
      throw new Error("thrown");
    });
    assert.throws(() => jobs.settle(), uncaught("thrown", false));
    jobs.setTimeout(() => {
      throw new Error("later");
    });
    assert.throws(() => jobs.settle(), uncaught("later", false));
    const late = Mine.reject(new Error("handled in time"));
    jobs.queueMicrotask(() => void late.catch(() => {}));
    jobs.settle();
  });

  it("takes no callback that is none", () => {
    assert.throws(() => jobs.setTimeout("code"), TypeError);
    assert.throws(() => jobs.queueMicrotask(undefined), TypeError);
  });

  it("runs many jobs without keeping them", () => {
    let count = 0;
    const next = () => {
      count += 1;
      if (count < 100_000) jobs.enqueue(next);
    };
    jobs.enqueue(next);
    jobs.settle();
    assert.equal(count, 100_000);
  });
});
