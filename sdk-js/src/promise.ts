// The global `Promise` within a component: as in ECMAScript, but its jobs are in a queue that the SDK can run to the end.
// The build turns `async` functions into code that uses it. The engine's own promises, which some of its functions
// return, are thenables to it like any other.

import { enqueue, handled, rejected } from "./jobs.js";

type Resolve<T> = (value: T | PromiseLike<T>) => void;
type Reject = (reason?: unknown) => void;
type Executor<T> = (resolve: Resolve<T>, reject: Reject) => void;

/** A promise under construction, whose class may be a subclass. */
interface Capability<T> {
  promise: Promise<T>;
  resolve: Resolve<T>;
  reject: Reject;
}

type Constructor<T> = new (executor: Executor<T>) => Promise<T>;

function capability<T>(of: unknown): Capability<T> {
  if (typeof of !== "function") throw new TypeError("the receiver is no constructor of promises");
  let resolve: Resolve<T> | undefined;
  let reject: Reject | undefined;
  const promise = new (of as Constructor<T>)((first, second) => {
    if (resolve !== undefined || reject !== undefined) throw new TypeError("the executor is called once");
    resolve = first;
    reject = second;
  });
  if (typeof resolve !== "function" || typeof reject !== "function") {
    throw new TypeError("a constructor of promises passes two functions to the executor");
  }
  return { promise, resolve, reject };
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** Where Node.js and packages look for what a value says of itself. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

type State = "pending" | "fulfilled" | "rejected";

export class JobPromise<T> {
  #state: State = "pending";
  #value: unknown;
  #reactions: Array<() => void> = [];
  #isHandled = false;

  constructor(executor: Executor<T>) {
    if (typeof executor !== "function") throw new TypeError("a promise needs a function as its executor");
    const { resolve, reject } = this.#settlers();
    try {
      executor(resolve, reject);
    } catch (thrown) {
      reject(thrown);
    }
  }

  /** The two functions of which only the first call does anything. */
  #settlers(): { resolve: Resolve<T>; reject: Reject } {
    let isDone = false;
    const once = <V>(settle: (value: V) => void) => (value: V) => {
      if (isDone) return;
      isDone = true;
      settle(value);
    };
    return { resolve: once((value) => this.#resolve(value)), reject: once((reason) => this.#settle("rejected", reason)) };
  }

  #resolve(value: unknown): void {
    if (value === this) return this.#settle("rejected", new TypeError("a promise cannot be resolved with itself"));
    if (!isObject(value)) return this.#settle("fulfilled", value);
    let then: unknown;
    try {
      then = (value as { then?: unknown }).then;
    } catch (thrown) {
      return this.#settle("rejected", thrown);
    }
    if (typeof then !== "function") return this.#settle("fulfilled", value);
    enqueue(() => {
      const { resolve, reject } = this.#settlers();
      try {
        then.call(value, resolve, reject);
      } catch (thrown) {
        reject(thrown);
      }
    });
  }

  #settle(state: State, value: unknown): void {
    this.#state = state;
    this.#value = value;
    const reactions = this.#reactions;
    this.#reactions = [];
    if (state === "rejected" && !this.#isHandled) rejected(this, value);
    for (const reaction of reactions) enqueue(reaction);
  }

  then(onFulfilled?: unknown, onRejected?: unknown): Promise<unknown> {
    const species: unknown = speciesOf(this);
    const next = capability<unknown>(species);
    const reaction = () => {
      const handler = this.#state === "fulfilled" ? onFulfilled : onRejected;
      if (typeof handler !== "function") {
        if (this.#state === "fulfilled") next.resolve(this.#value);
        else next.reject(this.#value);
        return;
      }
      let result: unknown;
      try {
        result = handler(this.#value);
      } catch (thrown) {
        return next.reject(thrown);
      }
      next.resolve(result);
    };
    if (this.#state === "pending") this.#reactions.push(reaction);
    else enqueue(reaction);
    if (!this.#isHandled && this.#state === "rejected") handled(this);
    this.#isHandled = true;
    return next.promise;
  }

  catch(onRejected?: unknown): Promise<unknown> {
    return this.then(undefined, onRejected);
  }

  finally(callback?: unknown): Promise<unknown> {
    if (typeof callback !== "function") return this.then(callback, callback);
    const of = speciesOf(this) as { resolve(value: unknown): Promise<unknown> };
    return this.then(
      (value: unknown) => JobPromise.resolve.call(of, callback()).then(() => value),
      (reason: unknown) =>
        JobPromise.resolve.call(of, callback()).then(() => {
          throw reason;
        }),
    );
  }

  get [Symbol.toStringTag](): string {
    return "Promise";
  }

  /** What the console shows, which cannot look inside otherwise. */
  [INSPECT](_depth: unknown, options: object, inspect: (value: unknown, options: object) => string): string {
    if (this.#state === "pending") return "Promise { <pending> }";
    return `Promise { ${this.#state === "rejected" ? "<rejected> " : ""}${inspect(this.#value, options)} }`;
  }

  static get [Symbol.species](): unknown {
    return this;
  }

  static resolve(this: unknown, value?: unknown): Promise<unknown> {
    if (value instanceof JobPromise && value.constructor === this) return value as unknown as Promise<unknown>;
    const made = capability<unknown>(this);
    made.resolve(value);
    return made.promise;
  }

  static reject(this: unknown, reason?: unknown): Promise<unknown> {
    const made = capability<unknown>(this);
    made.reject(reason);
    return made.promise;
  }

  static withResolvers(this: unknown): Capability<unknown> {
    const { promise, resolve, reject } = capability<unknown>(this);
    return { promise, resolve, reject };
  }

  static try(this: unknown, callback: (...given: unknown[]) => unknown, ...given: unknown[]): Promise<unknown> {
    const made = capability<unknown>(this);
    try {
      made.resolve(callback(...given));
    } catch (thrown) {
      made.reject(thrown);
    }
    return made.promise;
  }

  static all(this: unknown, values: Iterable<unknown>): Promise<unknown> {
    return combine(this, values, (made, results) => ({
      fulfilled: (at) => (value, done) => {
        results[at] = value;
        done();
      },
      rejected: () => (reason) => made.reject(reason),
      end: () => made.resolve(results),
    }));
  }

  static allSettled(this: unknown, values: Iterable<unknown>): Promise<unknown> {
    return combine(this, values, (made, results) => ({
      fulfilled: (at) => (value, done) => {
        results[at] = { status: "fulfilled", value };
        done();
      },
      rejected: (at) => (reason, done) => {
        results[at] = { status: "rejected", reason };
        done();
      },
      end: () => made.resolve(results),
    }));
  }

  static any(this: unknown, values: Iterable<unknown>): Promise<unknown> {
    return combine(this, values, (made, results) => ({
      fulfilled: () => (value) => made.resolve(value),
      rejected: (at) => (reason, done) => {
        results[at] = reason;
        done();
      },
      end: () => made.reject(new AggregateError(results, "All promises were rejected")),
    }));
  }

  static race(this: unknown, values: Iterable<unknown>): Promise<unknown> {
    return combine(this, values, (made) => ({
      fulfilled: () => (value) => made.resolve(value),
      rejected: () => (reason) => made.reject(reason),
      end: () => {},
    }));
  }
}

type Heard = (value: unknown, done: () => void) => void;

/** What a combination does with each outcome, and when there is none left to wait for. */
interface Combination {
  fulfilled: (at: number) => Heard;
  rejected: (at: number) => Heard;
  end: () => void;
}

function combine(
  of: unknown,
  values: Iterable<unknown>,
  how: (made: Capability<unknown>, results: unknown[]) => Combination,
): Promise<unknown> {
  const made = capability<unknown>(of);
  const results: unknown[] = [];
  const { fulfilled, rejected, end } = how(made, results);
  // One for the loop itself, so that it does not end before all are counted.
  let open = 1;
  const close = () => {
    open -= 1;
    if (open === 0) end();
  };
  try {
    const resolve = (of as { resolve?: unknown }).resolve;
    if (typeof resolve !== "function") throw new TypeError("the receiver has no resolve");
    let at = 0;
    for (const value of values) {
      const index = at;
      at += 1;
      open += 1;
      results[index] = undefined;
      let isDone = false;
      const done = () => {
        if (!isDone) close();
        isDone = true;
      };
      const hear = (heard: Heard) => (value: unknown) => {
        if (!isDone) heard(value, done);
      };
      (resolve.call(of, value) as Promise<unknown>).then(hear(fulfilled(index)), hear(rejected(index)));
    }
    close();
  } catch (thrown) {
    made.reject(thrown);
  }
  return made.promise;
}

function speciesOf(promise: object): unknown {
  const made: unknown = promise.constructor;
  if (made === undefined) return JobPromise;
  if (!isObject(made)) throw new TypeError("the constructor of a promise is no object");
  return (made as { [Symbol.species]?: unknown })[Symbol.species] ?? JobPromise;
}

Object.defineProperty(JobPromise, "name", { value: "Promise", configurable: true });
