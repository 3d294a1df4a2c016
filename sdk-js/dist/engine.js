// DO NOT EDIT: compiled from src/engine.ts by typescript 7.0.2 (npm run build).
// How values cross between an engine and the host, where the engines differ or get it wrong. Every argument is checked
// here: an ill-typed one ends a QuickJS instance without a word, and StarlingMonkey takes it modulo 2^32 or 2^64.
import { ArgumentError, UnsafeIntegerError } from "./errors.js";
const globals = globalThis;
/** Whether this is QuickJS, which has the global `wit`, and not StarlingMonkey or the JavaScript of a test run. */
export const isQuickJs = typeof globals.wit === "object";
/** Whether this is an engine within a component rather than the JavaScript of a test run. */
export const isComponent = isQuickJs || typeof AIRSSYS_ENGINE !== "undefined" || globals.process === undefined;
let running = false;
/** Whether the host has called the component. Before, it is being built, and there is no host. */
export function isRunning() {
    return running;
}
/** Notes that the host calls the component. Says whether that is for the first time. */
export function begin() {
    const isFirst = !running;
    running = true;
    return isFirst;
}
const exactU32 = !isComponent || isQuickJs || (typeof AIRSSYS_EXACT_U32 !== "undefined" && AIRSSYS_EXACT_U32);
const U8_MAX = 0xff;
const U16_MAX = 0xffff;
const I32_MAX = 0x7fff_ffff;
const U32_MAX = 0xffff_ffff;
const U64_MAX = 0xffffffffffffffffn;
const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);
function lowerWhole(value, most, name) {
    if (typeof value !== "number")
        throw new ArgumentError("wrong-type", `${name} must be a number, not ${describe(value)}`);
    if (!Number.isInteger(value) || value < 0 || value > most) {
        throw new ArgumentError("out-of-range", `${name} must be a whole number from 0 to ${most}, not ${value}`);
    }
    return value;
}
/** Checks an 8-bit argument. */
export function lowerU8(value, name) {
    return lowerWhole(value, U8_MAX, name);
}
/** Checks a 16-bit argument. */
export function lowerU16(value, name) {
    return lowerWhole(value, U16_MAX, name);
}
/** Checks a 32-bit argument and gives it in the form that the engine passes on unharmed. */
export function lowerU32(value, name) {
    lowerWhole(value, U32_MAX, name);
    // QuickJS clamps to the range of a signed number, but takes a negative one modulo 2^32.
    if (isQuickJs)
        return value | 0;
    if (value > I32_MAX && !exactU32) {
        throw new UnsafeIntegerError(`${name} of ${value} cannot be passed by this build: 2^31 and more arrive as another number`);
    }
    return value;
}
/** Checks a 32-bit argument that may be absent. */
export function lowerOptionalU32(value, name) {
    return value === undefined ? undefined : lowerU32(value, name);
}
/** Gives a 32-bit result as the number it is; QuickJS gives 2^31 and more as a negative one. */
export function liftU32(raw) {
    return raw >>> 0;
}
/** Checks an argument that is a list of 32-bit numbers. StarlingMonkey takes their memory, whatever the bits mean. */
export function lowerU32List(values, name) {
    const list = Array.from(values, (value) => lowerWhole(value, U32_MAX, name));
    return isQuickJs ? list.map((value) => value | 0) : Uint32Array.from(list);
}
/** Checks a 64-bit argument and gives it in the form that the engine takes. The type is that of the bindings. */
export function lowerU64(value, name) {
    if (typeof value !== "bigint")
        throw new ArgumentError("wrong-type", `${name} must be a bigint, not ${describe(value)}`);
    if (value < 0n || value > U64_MAX) {
        throw new ArgumentError("out-of-range", `${name} must be from 0 to ${U64_MAX}, not ${value}`);
    }
    if (!isQuickJs)
        return value;
    if (value > SAFE_MAX) {
        throw new UnsafeIntegerError(`${name} of ${value} cannot be passed by QuickJS, which rounds numbers above ${SAFE_MAX}`);
    }
    return Number(value);
}
/** Gives a whole number as a bigint. A number that is not exact may be another one than was meant. */
export function exactInteger(value, name) {
    if (typeof value === "bigint")
        return value;
    if (typeof value !== "number") {
        throw new ArgumentError("wrong-type", `${name} must be a number or a bigint, not ${describe(value)}`);
    }
    if (!Number.isSafeInteger(value)) {
        throw new ArgumentError("out-of-range", `${name} must be a whole number up to ${SAFE_MAX}, or a bigint, not ${value}`);
    }
    return BigInt(value);
}
/** Checks a 64-bit argument for which authors may write a number, and gives it in the form that the engine takes. */
export function lowerSize(value, name) {
    return lowerU64(exactInteger(value, name), name);
}
/** Gives a 64-bit result. Whatever QuickJS has rounded or wrapped is no safe integer, or a negative one. */
export function liftU64(raw, name) {
    if (typeof raw === "bigint")
        return raw;
    if (!Number.isSafeInteger(raw) || raw < 0) {
        throw new UnsafeIntegerError(`${name} is above ${SAFE_MAX}, and QuickJS has rounded it`);
    }
    return BigInt(raw);
}
/** Checks a text argument. */
export function lowerText(value, name) {
    if (typeof value !== "string")
        throw new ArgumentError("wrong-type", `${name} must be a string, not ${describe(value)}`);
    if (!value.isWellFormed()) {
        throw new ArgumentError("malformed-text", `${name} has half of a surrogate pair, which has no UTF-8`);
    }
    return value;
}
// StarlingMonkey keeps the bindings apart from the program: what comes from them has other classes of the same names,
// for which `instanceof` is false.
export function isBytes(value) {
    return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === "[object Uint8Array]";
}
/** Whether this is an error, of the program or of the bindings. */
export function isError(value) {
    return Object.prototype.toString.call(value) === "[object Error]" || value instanceof Error;
}
/** Gives bytes that came from the host as a `Uint8Array` of the program, without copying them. */
export function liftBytes(raw) {
    const { buffer, byteOffset, byteLength } = raw;
    return raw instanceof Uint8Array ? raw : new Uint8Array(buffer, byteOffset, byteLength);
}
/** Checks an argument of bytes. */
export function lowerBytes(value, name) {
    if (!isBytes(value)) {
        throw new ArgumentError("wrong-type", `${name} must be a Uint8Array, not ${describe(value)}`);
    }
    return value;
}
/** Checks an argument that is bytes or text, which is passed as UTF-8. */
export function lowerData(value, name) {
    if (typeof value === "string")
        return new TextEncoder().encode(lowerText(value, name));
    if (!isBytes(value)) {
        throw new ArgumentError("wrong-type", `${name} must be a Uint8Array or a string, not ${describe(value)}`);
    }
    return value;
}
/** Checks an argument that is one of a few words. */
export function lowerEnum(value, cases, name) {
    if (!cases.includes(value)) {
        throw new ArgumentError("out-of-range", `${name} must be one of ${cases.join(", ")}, not ${describe(value)}`);
    }
    return value;
}
/** Gives the value that came for an option: StarlingMonkey says `undefined` for none, QuickJS `null`. */
export function liftOption(raw) {
    return raw ?? undefined;
}
function describe(value) {
    if (typeof value === "string")
        return JSON.stringify(value);
    if (value === null)
        return "null";
    return typeof value;
}
