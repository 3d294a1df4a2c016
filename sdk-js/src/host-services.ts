/**
 * What every component may ask of its host: the log, messages, time, and who else is there.
 *
 * @packageDocumentation
 */

import "./globals.js";

import * as host from "airssys:core/host-services@1.0.0";

import { callMessaging, liftMetadata, liftTimestamp, lowerComponentId } from "./convert.js";
import { lowerData, lowerEnum, lowerText, lowerU32 } from "./engine.js";
import { ArgumentError } from "./errors.js";
import type { ComponentId, ComponentMetadata, LogLevel, RequestId, Timestamp } from "./types.js";

export { MessagingError } from "./errors.js";
export type { MessagingErrorCode } from "./errors.js";

/** Names and values of a log record: an object, or pairs where order or repeated names matter. */
export type LogFields =
  | Readonly<Record<string, string | number | bigint | boolean>>
  | ReadonlyArray<readonly [name: string, value: string]>;

/**
 * Writes a record to the host's structured log. It never fails and never waits; the host bounds size and rate, and
 * counts what it drops. The global `console` does the same without fields.
 *
 * Permission: none.
 *
 * @throws ArgumentError for text that has no UTF-8.
 */
export function log(level: LogLevel, message: string, fields: LogFields = []): void {
  const pairs: ReadonlyArray<readonly [string, unknown]> = Array.isArray(fields) ? fields : Object.entries(fields);
  host.log(
    lowerEnum(level, ["trace", "debug", "info", "warn", "error"], "level"),
    lowerText(message, "message"),
    pairs.map(([name, value]) => [lowerText(name, "a field's name"), lowerText(String(value), "a field's value")]),
  );
}

/**
 * Puts a message into the mailbox of another component, which gets it through `handleMessage`. It returns when the
 * message is in the mailbox, not when it is handled. Text is sent as UTF-8. Each message is delivered at most once, and
 * those of one sender to one target in order.
 *
 * Permission: `messaging = [{ target = "<namespace>/<name>" }]`.
 *
 * @throws MessagingError `component-not-found`, `permission-denied`, `mailbox-full` (at once, without waiting for
 *   room), `payload-too-large`, `timeout` or `delivery-failed`.
 */
export function sendMessage(target: ComponentId, message: Uint8Array | string): void {
  const to = lowerComponentId(target, "target");
  const bytes = lowerData(message, "message");
  callMessaging(() => host.sendMessage(to, bytes));
}

/**
 * Sends a request to another component and returns its id at once. The target gets it as the operation
 * `handle-request`. The outcome arrives through `handleCallback`, exactly once, after the present call has returned;
 * after `timeoutMs` milliseconds at the latest, with the reason `timeout`. After an error there is no callback.
 *
 * Permission: `messaging = [{ target = "<namespace>/<name>" }]`.
 *
 * @throws MessagingError `component-not-found`, `permission-denied`, `mailbox-full`, `payload-too-large`, `timeout` or
 *   `delivery-failed`.
 */
export function sendRequest(target: ComponentId, request: Uint8Array | string, timeoutMs: number): RequestId {
  const to = lowerComponentId(target, "target");
  const bytes = lowerData(request, "request");
  const timeout = lowerU32(timeoutMs, "timeoutMs");
  return callMessaging(() => host.sendRequest(to, bytes, timeout));
}

/**
 * Gives up a request of this component. Its outcome is then `cancelled`, and a reply that still comes is dropped.
 *
 * Permission: none, for the component's own requests.
 *
 * @throws MessagingError `unknown-request` if it is not one of this component's, or has its outcome already.
 */
export function cancelRequest(request: RequestId): void {
  const id = lowerText(request, "request");
  callMessaging(() => host.cancelRequest(id));
}

/**
 * Gives the present time. Within one component it never goes back.
 *
 * Permission: none.
 */
export function currentTime(): Timestamp {
  return liftTimestamp(host.currentTime());
}

/**
 * Waits for this many milliseconds. It ends early when the deadline of the present call passes, and the call with it.
 *
 * Permission: none.
 */
export function sleep(durationMs: number): void {
  host.sleep(lowerU32(durationMs, "durationMs"));
}

/**
 * Lists the components that this one may send to, and itself.
 *
 * Permission: none. A component that no `messaging` permission covers is left out.
 */
export function listComponents(): ComponentId[] {
  return host.listComponents();
}

/**
 * Gives the metadata of a component that {@link listComponents} lists.
 *
 * Permission: `messaging = [{ target = "<namespace>/<name>" }]`, or none for the component itself.
 *
 * @throws MessagingError `component-not-found` if it is not there or the permission is missing; the two are not told
 *   apart.
 */
export function getComponentMetadata(id: ComponentId): ComponentMetadata {
  const of = lowerComponentId(id, "id");
  return callMessaging(() => liftMetadata(host.getComponentMetadata(of)));
}

/** Gives the time as a `Date`, which is precise to the millisecond. */
export function toDate(time: Timestamp): Date {
  return new Date(Number(time.seconds) * 1000 + Math.floor(time.nanoseconds / 1_000_000));
}

/**
 * Gives the time of a `Date`.
 *
 * @throws ArgumentError for an invalid date and for one before 1970.
 */
export function fromDate(date: Date): Timestamp {
  const milliseconds = date.getTime();
  if (!(milliseconds >= 0)) throw new ArgumentError("out-of-range", "date must be valid and not before 1970");
  return {
    seconds: BigInt(Math.floor(milliseconds / 1000)),
    nanoseconds: (milliseconds % 1000) * 1_000_000,
  };
}
