// Shows what JavaScript finds around it, on either engine. Each operation answers with lines, or is heard in the log.

import { component, ExecutionError, type Operation } from "@airssys/wasm";

import { name as forBrowsers } from "for-browsers";
import oldBrowsers from "old-browsers";
import { found } from "tries-files";

console.log("built with %o", { top: "level" });

let early = "";
Promise.resolve("a promise from the build").then((text) => (early = text));

/** What a function throws, in a line. */
function failure(run: () => unknown): string {
  try {
    return `nothing: ${String(run())}`;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

class Account {
  readonly owner = "Ann";
  readonly #secret = 1;
  balance() {
    return this.#secret;
  }
}

function consoleOutput(): void {
  console.log(new Map([["a", 1]]), new Set(["b"]));
  console.log("%s is %d and %j%%", "Ann", 42, { a: [1] }, { nested: { deeper: { deepest: { hidden: 1 } } } });
  const circular: { self?: object; account: Account } = { account: new Account() };
  circular.self = circular;
  console.warn(circular);
  console.error(new Error("outer", { cause: new TypeError("inner") }));
  console.table([{ a: 1 }]);
  console.group("group");
  console.log("inside");
  console.groupEnd();
  console.count();
  console.assert(false, "assertion of %s", "mine");
  console.dir({ a: { b: { c: {} } } }, { depth: 0 });
  console.trace("trace");
}

async function later(done: string[], text: string): Promise<void> {
  await null;
  done.push(text);
}

async function* countTo(most: number): AsyncGenerator<number> {
  for (let at = 1; at <= most; at++) yield at;
}

const execute: Record<string, Operation> = {
  console: consoleOutput,

  time() {
    console.time("clock");
    console.timeEnd("clock");
    const before = Date.now();
    return String(before > 1_700_000_000_000 && Date.now() >= before && performance.now() >= 0);
  },

  jobs() {
    const done = [early];
    queueMicrotask(() => done.push("microtask"));
    void later(done, "async function").then(async () => {
      for await (const number of countTo(2)) done.push(`async iteration ${number}`);
      const all = await Promise.all([1, Promise.resolve(2)]);
      console.warn([...done, ...all.map(String)].join(", "));
    });
  },

  timers() {
    const done: string[] = [];
    const started = Date.now();
    setTimeout(() => done.push("third"), 40);
    const timer = setInterval(() => {
      done.push("tick");
      if (done.length === 2) clearInterval(timer);
    }, 10);
    const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
    void wait(60).then(() => console.warn(done.join(", "), Date.now() - started >= 60));
    clearTimeout(setTimeout(() => done.push("never"), 5));
  },

  rejection() {
    void Promise.reject(new RangeError("nobody listens"));
  },

  interval() {
    setTimeout(() => {
      throw new RangeError("in a timer");
    }, 1);
  },

  declared() {
    queueMicrotask(() => console.warn("after the error"));
    throw new ExecutionError("invalid-input", "as declared");
  },

  web() {
    const url = new URL("../b?x=1&y=%20z#end", "https://example.com:8443/a/c");
    url.searchParams.append("n", "ü");
    const copy = structuredClone({ map: new Map([["k", new Set([1n])]]), date: new Date(0) });
    return [
      url.href,
      String(url.searchParams.get("y") === " z"),
      `${copy.map.get("k")?.has(1n)} ${copy.date.toISOString()}`,
      `${btoa("abc")} ${atob("YWJj")}`,
      new TextDecoder().decode(new TextEncoder().encode("é€😀")),
      import.meta.url,
      String(new WeakRef(copy).deref() === copy),
    ].join("\n");
  },

  random() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return `${crypto.randomUUID()} ${bytes.join(" ")} ${Math.random()}`;
  },

  absent() {
    const { fetch } = globalThis as unknown as { fetch(url: string): unknown };
    return failure(() => fetch("https://example.com"));
  },

  packages: () => [forBrowsers, oldBrowsers(), found].join("\n"),

  // What TypeScript refuses, as JavaScript may write it.
  async: (async () => "never") as unknown as Operation,

  engine() {
    const has = (run: () => unknown) => failure(() => (run() ? "yes" : "no")).replace("nothing: ", "");
    return [
      `\\p{L}: ${has(() => new RegExp("^\\p{L}$", "u").test("é"))}`,
      `normalize: ${has(() => "e\u0301".normalize() === "é")}`,
      `localeCompare: ${has(() => "a".localeCompare("b") < 0)}`,
      `Intl: ${typeof (globalThis as { Intl?: unknown }).Intl}`,
      `toLocaleString: ${has(() => (1234.5).toLocaleString())}`,
      `FinalizationRegistry: ${typeof FinalizationRegistry}`,
      `subtle: ${typeof (crypto as { subtle?: unknown }).subtle}`,
    ].join("\n");
  },
};

export const componentLifecycle = component({ execute });
