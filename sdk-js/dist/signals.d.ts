// DO NOT EDIT: compiled from src/signals.ts by typescript 7.0.2 (npm run build).
/**
 * The signals of the host by name and number. Sending them is for the methods of a process, from
 * `@airssys/wasm/processes`: `kill`, `terminate`, `sendSignal` and the like.
 *
 * @packageDocumentation
 */
import "./globals.js";
import { type Signal } from "./exit-status.js";
export { ProcessError } from "./errors.js";
export type { ProcessErrorCode } from "./errors.js";
export type { Signal, SignalName } from "./exit-status.js";
/** A signal with its number and name. */
export interface SignalInfo {
    /** The signal. */
    signal: Signal;
    /** Its number on the host. */
    number: number;
    /** Its name with the prefix, for example `SIGTERM`. */
    name: string;
}
/**
 * Gives the signal of a name, with or without the prefix, or of a number of the host: `TERM`, `SIGTERM` and `15` are all
 * `terminate`.
 *
 * Permission: none.
 *
 * @throws ProcessError `invalid-argument` if the host has no such signal.
 */
export declare function parseSignal(nameOrNumber: string): Signal;
/**
 * Gives the signals of the host with their numbers and names. {@link parseSignal} takes each of them.
 *
 * Permission: none.
 */
export declare function listSignals(): SignalInfo[];
