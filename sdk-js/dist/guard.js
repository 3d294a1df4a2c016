// DO NOT EDIT: compiled from src/guard.ts by typescript 7.0.2 (npm run build).
// What stands around every exported function: errors of the contract cross as such, anything else is logged first,
// because the trap that it becomes has lost its message.
import { log as hostLog } from "airssys:core/host-services@1.0.0";
import { failure } from "./convert.js";
import { isError } from "./engine.js";
/** Runs an exported function. `declared` gives the error case that a thrown value stands for, if it is one. */
export function guard(exported, fields, declared, run) {
    try {
        return run();
    }
    catch (thrown) {
        const payload = declared(thrown);
        if (payload)
            throw failure(payload, thrown);
        logException(thrown, [["function", exported], ...fields]);
        throw trapping(thrown);
    }
}
function logException(thrown, fields) {
    const error = isError(thrown) ? thrown : undefined;
    const details = [["kind", "exception"], ...fields];
    if (error)
        details.push(["exception", error.name], ["stack", frames(error.stack ?? "")]);
    const message = error?.message || String(thrown);
    hostLog("error", message.toWellFormed(), details.map(([name, value]) => [name, value.toWellFormed()]));
}
/**
 * The frames of a stack as the host reads them, whichever engine wrote it: a line each, innermost first,
 * `function at file:line:column`.
 */
function frames(stack) {
    return stack
        .split("\n")
        .map((line) => line.trim())
        .flatMap((line) => {
        // StarlingMonkey: `function@file:1:2`. QuickJS: `at function (file:1:2)`, or without a function `at file:1:2`.
        const found = /^(?<name>[^@]*)@(?<place>.+)$/.exec(line) ?? /^at (?:(?<name>.*) \((?<place>.+)\)|(?<bare>.+))$/.exec(line);
        if (!found)
            return [];
        const { name, place, bare } = found.groups ?? {};
        return [`${name || "(anonymous)"} at ${(place ?? bare ?? "").replace(/^\/bundle\.js:/, "bundle.js:")}`];
    })
        .slice(0, MAX_FRAMES)
        .join("\n");
}
/** Beyond that, it is a recursion. */
const MAX_FRAMES = 64;
/** An engine takes anything but an error without a payload for the declared error of the function. */
function trapping(thrown) {
    if (isError(thrown) && !Object.hasOwn(thrown, "payload"))
        return thrown;
    return new Error("uncaught exception", { cause: thrown });
}
