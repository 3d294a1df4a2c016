// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./airssys-core-types.d.ts" />
declare module 'airssys:core/host-services@1.0.0' {
  /**
   * Writes a record to the host's structured log, which adds the component's id. Each field is a name and a value. It
   * never fails and never waits.
   *
   * A message may have 64 KiB and a record 64 fields by the host's limits. What is beyond them is cut off, and records
   * that come faster than the host's rate limit are dropped; the host counts both.
   *
   * Permission: none.
   */
  export function log(level: LogLevel, message: string, fields: Array<[string, string]>): void;
  /**
   * Puts a message into the mailbox of another component, which gets it through `component-lifecycle.handle-message`.
   * It returns when the message is in the mailbox, not when it is handled.
   *
   * Each message is delivered at most once, and those of one sender to one target in order. A mailbox holds at most
   * the host's limit of messages, default 1,024.
   *
   * Permission: `messaging = [{ target = "<namespace>/<name>" }]`.
   *
   * Errors:
   * - `permission-denied`: the permission is missing, whether or not there is such a component.
   * - `component-not-found`: there is no such component.
   * - `mailbox-full`: the mailbox of the target is full. Given at once, without waiting for room.
   * - `payload-too-large`: the message is larger than the host's limit, default 1 MiB.
   * - `timeout`, `delivery-failed`: the host could not deliver the message.
   */
  export function sendMessage(target: ComponentId, message: Uint8Array): void;
  /**
   * Sends a request to another component and returns its id at once. The outcome arrives through
   * `component-lifecycle.handle-callback`, exactly once, after the present call has returned.
   *
   * The target gets the request as the operation `handle-request` of `component-lifecycle.execute`. The host enforces
   * `timeout-ms`, in milliseconds from this call; when it has passed, the outcome is the error `timeout`.
   *
   * Permission: `messaging = [{ target = "<namespace>/<name>" }]`.
   *
   * Errors:
   * - `permission-denied`: the permission is missing, whether or not there is such a component.
   * - `component-not-found`: there is no such component.
   * - `mailbox-full`: the mailbox of the target is full. Given at once, without waiting for room.
   * - `payload-too-large`: the request is larger than the host's limit, default 1 MiB.
   * - `timeout`, `delivery-failed`: the host could not deliver the request.
   *
   * After an error there is no callback.
   */
  export function sendRequest(target: ComponentId, request: Uint8Array, timeoutMs: number): RequestId;
  /**
   * Gives up a request of this component. Its outcome is then the error `cancelled`, and a reply that still comes is
   * dropped.
   *
   * Permission: none, for the component's own requests.
   *
   * Errors:
   * - `unknown-request`: the id is not that of a request of this component, or the request has its outcome already.
   */
  export function cancelRequest(request: RequestId): void;
  /**
   * Gives the present time. Within one component it never goes back.
   *
   * Permission: none.
   */
  export function currentTime(): Timestamp;
  /**
   * Waits for this many milliseconds. The host's thread is not blocked. The wait ends early when the deadline of the
   * present call passes, and the call with it.
   *
   * Permission: none.
   */
  export function sleep(durationMs: number): void;
  /**
   * Lists the components that this component may send to, and the component itself.
   *
   * Permission: none. A component that no `messaging` permission covers is left out.
   */
  export function listComponents(): Array<ComponentId>;
  /**
   * Gives the metadata of a component that `list-components` lists.
   *
   * Permission: `messaging = [{ target = "<namespace>/<name>" }]`, or none for the component itself.
   *
   * Errors:
   * - `component-not-found`: there is no such component, or the permission is missing. The two are not told apart, so
   *   that existence does not leak.
   */
  export function getComponentMetadata(id: ComponentId): ComponentMetadata;
  export type ComponentId = import('airssys:core/types@1.0.0').ComponentId;
  export type ComponentMetadata = import('airssys:core/types@1.0.0').ComponentMetadata;
  export type LogLevel = import('airssys:core/types@1.0.0').LogLevel;
  export type MessagingError = import('airssys:core/types@1.0.0').MessagingError;
  export type RequestId = import('airssys:core/types@1.0.0').RequestId;
  export type Timestamp = import('airssys:core/types@1.0.0').Timestamp;
}
