// The globals that an engine lacks or gets wrong within a component, over host services. In a test run nothing is
// touched. A disabled feature of an engine lies rather than fails: QuickJS gives every instance the same Math.random,
// and its clock is not the host's. What cannot be had honestly throws.

import * as host from "airssys:core/host-services@1.0.0";

import { isComponent, isError, isQuickJs, liftU32, liftU64 } from "./engine.js";
import { UnavailableError } from "./errors.js";
import { Utf8Decoder, Utf8Encoder } from "./text-encoding.js";
import type { LogLevel } from "./types.js";

function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

function show(value: unknown): string {
  if (typeof value === "string") return value;
  if (isError(value)) return value.stack ? `${value}\n${value.stack}` : `${value}`;
  if (typeof value !== "object" || value === null) return String(value);
  try {
    return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? `${inner}n` : inner)) ?? String(value);
  } catch {
    // A circular object has no JSON; what it is called is better than no record.
    return Object.prototype.toString.call(value);
  }
}

function consoleFunction(level: LogLevel): (...values: unknown[]) => void {
  return (...values) => host.log(level, values.map(show).join(" ").toWellFormed(), []);
}

const hostConsole: Console = {
  debug: consoleFunction("debug"),
  error: consoleFunction("error"),
  info: consoleFunction("info"),
  log: consoleFunction("info"),
  trace: consoleFunction("trace"),
  warn: consoleFunction("warn"),
};

function nanosecondsNow(): bigint {
  const now = host.currentTime();
  return liftU64(now.seconds, "seconds") * 1_000_000_000n + BigInt(liftU32(now.nanoseconds));
}

function millisecondsNow(): number {
  return Number(nanosecondsNow() / 1_000_000n);
}

function installTime(): void {
  const native = Date;
  const hostDate = new Proxy(native, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length > 0 ? given : [millisecondsNow()], newTarget) as object,
    apply: () => new native(millisecondsNow()).toString(),
  });
  native.now = millisecondsNow;
  native.prototype.constructor = hostDate;
  define("Date", hostDate);

  let start: bigint | undefined;
  define("performance", {
    now(): number {
      const now = nanosecondsNow();
      start ??= now;
      return Number(now - start) / 1_000_000;
    },
  } satisfies Performance);
}

/** Seeded from the host's clock at its first use in an instance. Good for jitter and sampling, never for secrets. */
function installMathRandom(): void {
  let state: bigint | undefined;
  Math.random = () => {
    state ??= nanosecondsNow();
    // SplitMix64: each step of the state is mixed on its own, so that near seeds give unlike numbers.
    state = BigInt.asUintN(64, state + 0x9e37_79b9_7f4a_7c15n);
    let mixed = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d0_49bb_1331_11ebn);
    return Number((mixed ^ (mixed >> 31n)) >> 11n) / 2 ** 53;
  };
}

function noRandomness(): never {
  throw new UnavailableError("QuickJS has no real randomness; build the component with engine starlingmonkey");
}

if (isComponent) define("console", hostConsole);

if (isQuickJs) {
  define("TextEncoder", Utf8Encoder);
  define("TextDecoder", Utf8Decoder);
  define("crypto", { getRandomValues: noRandomness, randomUUID: noRandomness } satisfies Crypto);
  installTime();
  installMathRandom();
}
