/**
 * The globals that a component has on both engines, beside those of ECMAScript itself. A project that compiles without
 * the library `dom` gets their types by `"types": ["@airssys/wasm/globals"]` in its tsconfig.json.
 */

/** Turns text into UTF-8. */
declare class TextEncoder {
  /** Always `utf-8`. */
  readonly encoding: string;
  /** Gives the UTF-8 of a text. */
  encode(text?: string): Uint8Array;
  /** Writes as much of the text as fits, in whole characters. Both counts say how far it came. */
  encodeInto(text: string, destination: Uint8Array): { read: number; written: number };
}

/** Turns UTF-8 into text. */
declare class TextDecoder {
  /** Other encodings than `utf-8` are a `RangeError`. With `fatal`, malformed bytes are a `TypeError`. */
  constructor(encoding?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  /** Always `utf-8`. */
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  /** Gives the text of these bytes. With `stream`, a character that is cut off waits for the next call. */
  decode(bytes?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string;
}

/** How deep and how much of a value `console.dir` shows; as for `util.inspect` of Node.js. */
interface InspectOptions {
  depth?: number | null;
  maxArrayLength?: number | null;
  maxStringLength?: number | null;
  breakLength?: number;
  compact?: boolean | number;
  sorted?: boolean;
  showHidden?: boolean;
}

/**
 * Writes to the host's log, a record for each call, with the text that Node.js would write. While a component is built it
 * writes to the output of the build.
 */
interface Console {
  /** Logs at level warn unless the condition holds. */
  assert(condition?: unknown, ...values: unknown[]): void;
  /** Logs at level info how often it was called with this label. */
  count(label?: string): void;
  /** Lets `count` begin again. */
  countReset(label?: string): void;
  /** Logs at level debug. */
  debug(...values: unknown[]): void;
  /** Logs a value at level info, with options of how. */
  dir(value?: unknown, options?: InspectOptions): void;
  /** The same as `log`. */
  dirxml(...values: unknown[]): void;
  /** Logs at level error. */
  error(...values: unknown[]): void;
  /** Logs at level info, and moves what follows to the right. */
  group(...values: unknown[]): void;
  /** The same as `group`. */
  groupCollapsed(...values: unknown[]): void;
  /** Moves what follows back to the left. */
  groupEnd(): void;
  /** Logs at level info. */
  info(...values: unknown[]): void;
  /** Logs at level info. */
  log(...values: unknown[]): void;
  /** Logs a list of records as a table, at level info. */
  table(data?: unknown, columns?: readonly string[]): void;
  /** Starts a clock. */
  time(label?: string): void;
  /** Logs at level info what the clock shows, and stops it. */
  timeEnd(label?: string): void;
  /** Logs at level info what the clock shows. */
  timeLog(label?: string, ...values: unknown[]): void;
  /** Logs at level trace, with the stack. */
  trace(...values: unknown[]): void;
  /** Logs at level warn. */
  warn(...values: unknown[]): void;
}
declare var console: Console;

/** Real randomness of the host. */
interface Crypto {
  /** Fills an array of integers, at most 65,536 bytes, and returns it. */
  getRandomValues<T extends ArrayBufferView>(array: T): T;
  /** Gives a random UUID, version 4. */
  randomUUID(): `${string}-${string}-${string}-${string}-${string}`;
}
declare var crypto: Crypto;

/** A clock for measuring. */
interface Performance {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
}
declare var performance: Performance;

/** A part of the URL of a resource, as a list of names and values. */
declare class URLSearchParams {
  constructor(init?: string | Readonly<Record<string, string>> | Iterable<readonly [string, string]> | URLSearchParams);
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  toString(): string;
  forEach(callback: (value: string, name: string, parent: URLSearchParams) => void, thisArg?: unknown): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}

/** An address on the web, in its parts. */
declare class URL {
  constructor(url: string | URL, base?: string | URL);
  static canParse(url: string | URL, base?: string): boolean;
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  password: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  readonly searchParams: URLSearchParams;
  username: string;
  toString(): string;
  toJSON(): string;
}

/** Copies a value with all that it holds. */
declare function structuredClone<T>(value: T): T;
/** Turns base64 into text of which each character is a byte. */
declare function atob(base64: string): string;
/** Turns text of which each character is a byte into base64. */
declare function btoa(text: string): string;

/** Calls a function when the present one has returned, before the host gets the answer. */
declare function queueMicrotask(callback: () => void): void;
/** Calls a function after some milliseconds. The host gets its answer when no timer is left. */
declare function setTimeout<T extends unknown[]>(callback: (...given: T) => void, milliseconds?: number, ...given: T): number;
/** Gives up a timer. */
declare function clearTimeout(timer?: number): void;
/** Calls a function every so many milliseconds, until `clearInterval`: the host gets its answer only then. */
declare function setInterval<T extends unknown[]>(callback: (...given: T) => void, milliseconds?: number, ...given: T): number;
/** Gives up a timer. */
declare function clearInterval(timer?: number): void;

interface ImportMeta {
  /** The same for all modules: a component is one file. Nothing can be read from it. */
  url: string;
}
