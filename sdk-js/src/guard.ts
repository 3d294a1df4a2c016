// What stands around every exported function: errors of the contract cross as such, anything else is logged first,
// because the trap that it becomes has lost its message.

import { log as hostLog } from "airssys:core/host-services@1.0.0";

import { failure } from "./convert.js";
import { isError } from "./engine.js";

type Declared = (error: unknown) => { tag: string; val?: unknown } | undefined;

/** Runs an exported function. `declared` gives the error case that a thrown value stands for, if it is one. */
export function guard<T>(exported: string, fields: ReadonlyArray<[string, string]>, declared: Declared, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    const payload = declared(thrown);
    if (payload) throw failure(payload, thrown);
    logException(thrown, [["function", exported], ...fields]);
    throw trapping(thrown);
  }
}

function logException(thrown: unknown, fields: ReadonlyArray<[string, string]>): void {
  const error = isError(thrown) ? thrown : undefined;
  const details: Array<[string, string]> = [["kind", "exception"], ...fields];
  if (error) details.push(["exception", error.name], ["stack", error.stack ?? ""]);
  const message = error?.message || String(thrown);
  hostLog("error", message.toWellFormed(), details.map(([name, value]) => [name, value.toWellFormed()]));
}

/** An engine takes anything but an error without a payload for the declared error of the function. */
function trapping(thrown: unknown): Error {
  if (isError(thrown) && !Object.hasOwn(thrown, "payload")) return thrown;
  return new Error("uncaught exception", { cause: thrown });
}
