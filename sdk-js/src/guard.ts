// What stands around every exported function: errors of the contract cross as such, anything else is logged first,
// because the trap that it becomes has lost its message. What the function leaves to be done is done before it returns.

import { currentTime, log as hostLog, sleep } from "airssys:core/host-services@1.0.0";

import { dropBuildLog } from "./build-log.js";
import { stackFrames } from "./console.js";
import { failure } from "./convert.js";
import { begin, isError, isRunning, liftU32, liftU64 } from "./engine.js";
import { hold, settle, start, Uncaught } from "./jobs.js";

type Declared = (error: unknown) => { tag: string; val?: unknown } | undefined;

/** The host's clock, for timers. */
const clock = {
  now(): number {
    const { seconds, nanoseconds } = currentTime();
    return Number(liftU64(seconds, "seconds")) * 1_000 + liftU32(nanoseconds) / 1_000_000;
  },
  sleep,
};

/** Runs an exported function. `declared` gives the error case that a thrown value stands for, if it is one. */
export function guard<T>(exported: string, fields: ReadonlyArray<[string, string]>, declared: Declared, run: () => T): T {
  if (begin()) {
    start(clock);
    dropBuildLog();
  }
  hold();
  try {
    const result = run();
    settle();
    return result;
  } catch (thrown) {
    const payload = thrown instanceof Uncaught ? undefined : declared(thrown);
    if (!payload) throw fatal(thrown, [["function", exported], ...fields]);
    try {
      settle();
    } catch (uncaught) {
      throw fatal(uncaught, [["function", exported], ...fields]);
    }
    throw failure(payload, thrown);
  }
}

/** Logs what nobody has caught, and gives the error that ends the instance. */
function fatal(thrown: unknown, fields: ReadonlyArray<[string, string]>): Error {
  const reason: unknown = thrown instanceof Uncaught ? thrown.reason : thrown;
  logException(reason, thrown instanceof Uncaught && thrown.rejection, fields);
  return trapping(reason);
}

/** Logs what nobody has caught after the answer is given, when it can change nothing any more. */
export function reportUncaught(thrown: unknown): void {
  if (!isRunning()) throw thrown;
  fatal(thrown, []);
}

function logException(thrown: unknown, rejection: boolean, fields: ReadonlyArray<[string, string]>): void {
  const error = isError(thrown) ? thrown : undefined;
  const details: Array<[string, string]> = [["kind", "exception"], ...fields];
  if (error) {
    const frames = stackFrames(error.stack ?? "").map(({ name, place }) => `${name || "(anonymous)"} at ${place}`);
    details.push(["exception", error.name], ["stack", frames.join("\n")]);
  }
  const message = (error?.message || String(thrown)) + (rejection ? " (a promise was rejected, and nothing handles it)" : "");
  hostLog("error", message.toWellFormed(), details.map(([name, value]) => [name, value.toWellFormed()]));
}

/** An engine takes anything but an error without a payload for the declared error of the function. */
function trapping(thrown: unknown): Error {
  if (isError(thrown) && !Object.hasOwn(thrown, "payload")) return thrown;
  return new Error("uncaught exception", { cause: thrown });
}
