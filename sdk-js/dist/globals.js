// DO NOT EDIT: compiled from src/globals.ts by typescript 7.0.2 (npm run build).
// The globals that an engine lacks or gets wrong within a component, over host services. In a test run nothing is
// touched. A disabled feature of an engine lies rather than fails: QuickJS gives every instance the same Math.random,
// and its clock is not the host's. What cannot be had honestly throws.
import * as host from "airssys:core/host-services@1.0.0";
import { isComponent, isError, isQuickJs, liftU32, liftU64 } from "./engine.js";
import { UnavailableError } from "./errors.js";
import { Utf8Decoder, Utf8Encoder } from "./text-encoding.js";
function define(name, value) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
function show(value) {
    if (typeof value === "string")
        return value;
    if (isError(value))
        return value.stack ? `${value}\n${value.stack}` : `${value}`;
    if (typeof value !== "object" || value === null)
        return String(value);
    try {
        return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? `${inner}n` : inner)) ?? String(value);
    }
    catch {
        // A circular object has no JSON; what it is called is better than no record.
        return Object.prototype.toString.call(value);
    }
}
function consoleFunction(level) {
    return (...values) => host.log(level, values.map(show).join(" ").toWellFormed(), []);
}
const hostConsole = {
    debug: consoleFunction("debug"),
    error: consoleFunction("error"),
    info: consoleFunction("info"),
    log: consoleFunction("info"),
    trace: consoleFunction("trace"),
    warn: consoleFunction("warn"),
};
function nanosecondsNow() {
    const now = host.currentTime();
    return liftU64(now.seconds, "seconds") * 1000000000n + BigInt(liftU32(now.nanoseconds));
}
function millisecondsNow() {
    return Number(nanosecondsNow() / 1000000n);
}
function installTime() {
    const native = Date;
    const hostDate = new Proxy(native, {
        construct: (target, given, newTarget) => Reflect.construct(target, given.length > 0 ? given : [millisecondsNow()], newTarget),
        apply: () => new native(millisecondsNow()).toString(),
    });
    native.now = millisecondsNow;
    native.prototype.constructor = hostDate;
    define("Date", hostDate);
    let start;
    define("performance", {
        now() {
            const now = nanosecondsNow();
            start ??= now;
            return Number(now - start) / 1_000_000;
        },
    });
}
/** Seeded from the host's clock at its first use in an instance. Good for jitter and sampling, never for secrets. */
function installMathRandom() {
    let state;
    Math.random = () => {
        state ??= nanosecondsNow();
        // SplitMix64: each step of the state is mixed on its own, so that near seeds give unlike numbers.
        state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
        let mixed = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
        mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
        return Number((mixed ^ (mixed >> 31n)) >> 11n) / 2 ** 53;
    };
}
function noRandomness() {
    throw new UnavailableError("QuickJS has no real randomness; build the component with engine starlingmonkey");
}
if (isComponent)
    define("console", hostConsole);
if (isQuickJs) {
    define("TextEncoder", Utf8Encoder);
    define("TextDecoder", Utf8Decoder);
    define("crypto", { getRandomValues: noRandomness, randomUUID: noRandomness });
    installTime();
    installMathRandom();
}
