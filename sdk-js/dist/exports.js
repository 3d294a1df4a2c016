// DO NOT EDIT: compiled from src/exports.ts by typescript 7.0.2 (npm run build).
/**
 * For components that export interfaces beside `component-lifecycle`, which few do. Their functions speak the values of
 * the engine, which differ between the two; what is here makes them the same.
 *
 * @packageDocumentation
 */
import { lowerError } from "./convert.js";
import { guard } from "./guard.js";
export { liftBytes, liftU32, liftU64, lowerU32, lowerU64 } from "./engine.js";
export { liftSignal, lowerExitStatus, lowerSignal } from "./exit-status.js";
export { liftIpAddress, lowerIpAddress } from "./ip-address.js";
/**
 * Makes the export of an interface: `export const files = exportInterface("files", { open, readFile, File })`. Functions
 * and classes keep their names in camel case, resources are classes.
 *
 * An error of the contract that a function throws crosses as that case of its result: `FilesystemError`,
 * `NetworkError`, `ProcessError`, `MessagingError`, `ExecutionError` or `ComponentError`. Any other exception is logged and ends the instance.
 *
 * Records and flags are objects with names in camel case, enums are texts, variants are `{ tag, val }`, an absent option
 * is `undefined`, or on QuickJS `null`. Give 32- and 64-bit numbers to `liftU32` and `liftU64` when they arrive and to
 * `lowerU32` and `lowerU64` when they are returned: on QuickJS a bigint ends the instance, and a number above 2^31 is
 * negative. On StarlingMonkey bytes and errors that arrive have classes of their own, for which `instanceof` is false:
 * `liftBytes` gives bytes for which it is true. IP addresses, signals and exit statuses have functions of their own.
 *
 * The methods of the classes are replaced in place.
 */
export function exportInterface(name, members) {
    const guarded = {};
    for (const [member, value] of Object.entries(members)) {
        if (typeof value !== "function")
            continue;
        guarded[member] = isClass(value) ? guardMethods(`${name}.${member}`, value) : guardFunction(`${name}.${member}`, value);
    }
    return guarded;
}
function guardFunction(name, target) {
    return function (...given) {
        return guard(name, [], lowerError, () => target.apply(this, given));
    };
}
function isClass(value) {
    // The prototype of a class cannot be replaced; methods and arrow functions have none.
    return Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false;
}
function guardMethods(name, target) {
    const prototype = target.prototype;
    for (const method of Object.getOwnPropertyNames(prototype)) {
        const value = prototype[method];
        if (method !== "constructor" && typeof value === "function") {
            prototype[method] = guardFunction(`${name}.${method}`, value);
        }
    }
    return target;
}
