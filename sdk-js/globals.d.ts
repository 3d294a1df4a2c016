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

/** Writes to the host's log. */
interface Console {
  /** Logs at level debug. */
  debug(...values: unknown[]): void;
  /** Logs at level error. */
  error(...values: unknown[]): void;
  /** Logs at level info. */
  info(...values: unknown[]): void;
  /** Logs at level info. */
  log(...values: unknown[]): void;
  /** Logs at level trace. */
  trace(...values: unknown[]): void;
  /** Logs at level warn. */
  warn(...values: unknown[]): void;
}
declare var console: Console;

/** Real randomness of the host. On QuickJS there is none: each function throws an `UnavailableError`. */
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
