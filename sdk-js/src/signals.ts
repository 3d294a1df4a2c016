/**
 * The signals of the host by name and number. Sending them is for the methods of a process, from
 * `@airssys/wasm/processes`: `kill`, `terminate`, `sendSignal` and the like.
 *
 * @packageDocumentation
 */

import "./globals.js";

import * as host from "airssys:ext-process/signals@1.0.0";

import { callProcess } from "./convert.js";
import { lowerText } from "./engine.js";
import { liftSignal, type Signal } from "./exit-status.js";

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
export function parseSignal(nameOrNumber: string): Signal {
  const text = lowerText(nameOrNumber, "nameOrNumber");
  return callProcess(() => liftSignal(host.parseSignal(text)));
}

/**
 * Gives the signals of the host with their numbers and names. {@link parseSignal} takes each of them.
 *
 * Permission: none.
 */
export function listSignals(): SignalInfo[] {
  return Array.from(host.listSignals(), ({ signal, number, name }) => ({
    signal: liftSignal(signal),
    number,
    name,
  }));
}
