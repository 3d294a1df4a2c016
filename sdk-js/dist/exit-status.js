// DO NOT EDIT: compiled from src/exit-status.ts by typescript 7.0.2 (npm run build).
// How processes end, and the signals that may have ended them.
import { lowerU8 } from "./engine.js";
import { ArgumentError } from "./errors.js";
const SIGNALS = [
    "hangup",
    "interrupt",
    "quit",
    "abort",
    "kill",
    "user1",
    "user2",
    "pipe",
    "alarm",
    "terminate",
    "stop",
    "continue",
];
/** Gives a signal that arrives. */
export function liftSignal(raw) {
    return raw.tag === "other" ? raw.val : raw.tag;
}
/**
 * Gives a signal in the form that the engines take.
 *
 * @throws ArgumentError `out-of-range` for what is neither the name of a signal nor a number from 0 to 255.
 */
export function lowerSignal(signal, name) {
    if (typeof signal === "number")
        return { tag: "other", val: lowerU8(signal, name) };
    const tag = SIGNALS.find((known) => known === signal);
    if (!tag)
        throw new ArgumentError("out-of-range", `${name} must be a number or one of ${SIGNALS.join(", ")}`);
    return { tag };
}
/** Gives an exit status that arrives. */
export function liftExitStatus(raw) {
    return raw.tag === "code" ? { kind: "code", code: raw.val } : { kind: "signaled", signal: liftSignal(raw.val) };
}
/** Gives an exit status in the form that the engines take. */
export function lowerExitStatus(status) {
    if (status.kind === "code")
        return { tag: "code", val: status.code };
    return { tag: "signaled", val: lowerSignal(status.signal, "signal") };
}
/** Whether a process has ended by itself with the code 0. */
export function isSuccess(status) {
    return status.kind === "code" && status.code === 0;
}
/** Says in words how a process has ended: `exit code 1`, `signal kill`. */
export function formatExitStatus(status) {
    return status.kind === "code" ? `exit code ${status.code}` : `signal ${status.signal}`;
}
