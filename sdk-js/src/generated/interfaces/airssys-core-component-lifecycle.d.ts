// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./airssys-core-types.d.ts" />
declare module 'airssys:core/component-lifecycle@1.0.0' {
  /**
   * Starts the component. The host calls it once, before everything else but `metadata`, and refuses to call it twice.
   *
   * The environment, data and limits arrive as they are in Component.toml. An error stops the start, and the operator
   * sees its text word for word.
   *
   * Permission: none.
   *
   * Errors:
   * - `configuration-invalid`: the environment or the data are not what the component needs.
   * - `initialization-failed`, `resource-exhausted`, `internal`: the component cannot start for another reason.
   */
  export function init(config: ComponentConfig): void;
  /**
   * Performs one operation: bytes in, bytes out. What the bytes mean is between the component and its callers.
   *
   * A request that another component has sent with `host-services.send-request` arrives as the operation
   * `handle-request`, with the bytes of the request as input and the sender as `context.caller`.
   *
   * When the deadline passes, the host ends the call, reports a timeout to the caller and discards the instance. The
   * deadline is the caller's, but no later than the limit `max-execution-time-ms`: by default 30 seconds after the
   * start of the call.
   *
   * Permission: none.
   *
   * Errors:
   * - `unknown-operation`: the component has no operation of this name.
   * - `invalid-input`: the input is not what the operation takes.
   * - `processing-failed`: the operation failed.
   * - `permission-denied`: the operation needs something that the component is not permitted.
   * - `timeout`: something that the operation waited for took too long.
   * - `resource-exhausted`: the operation ran out of something that it needs.
   */
  export function execute(operation: string, input: Uint8Array, context: ExecutionContext): Uint8Array;
  /**
   * Takes one message that another component has sent with `host-services.send-message`. Messages of one sender arrive
   * in the order in which they were sent, each at most once.
   *
   * The host sets `sender`; no component can forge it. An error is logged, and the sender does not learn of it.
   *
   * Permission: none.
   *
   * Errors:
   * - `invalid-message`: the component does not understand the message.
   * - `resource-exhausted`, `internal`: the component could not handle the message.
   */
  export function handleMessage(sender: ComponentId, message: Uint8Array): void;
  /**
   * Takes the outcome of a request that this component has sent with `host-services.send-request`. Called exactly once
   * for each request.
   *
   * The outcome is the reply, or one of these texts:
   * - `timeout`: no reply came within the time that the request allowed.
   * - `cancelled`: the request was cancelled with `host-services.cancel-request`.
   * - `component-gone`: the target stopped before it replied.
   * - `failed: ` followed by the error: the target's `execute` returned an error or trapped.
   *
   * Permission: none.
   *
   * Errors:
   * - `invalid-message`: the component does not understand the outcome.
   * - `resource-exhausted`, `internal`: the component could not handle the outcome.
   */
  export function handleCallback(request: RequestId, outcome: Result<Uint8Array, string>): void;
  /**
   * Says what the component is. It does nothing else, gives the same answer each time, and may be called before
   * `init`.
   *
   * Name and version must be those of Component.toml, or the component is not valid.
   *
   * Permission: none.
   */
  export function metadata(): ComponentMetadata;
  /**
   * Says how the component is. The host gives it a deadline of its own; a trap or a passed deadline counts as
   * `unhealthy`.
   *
   * Permission: none.
   */
  export function health(): HealthStatus;
  /**
   * Ends the component. The host calls it once and calls nothing after it. When the grace period that the host allows
   * has passed, the host drops the instance anyway.
   *
   * Permission: none.
   *
   * Errors:
   * - `resource-exhausted`, `internal`: the component could not end in order. The instance is dropped all the same,
   *   and the operator sees the text.
   */
  export function shutdown(): void;
  export type ComponentConfig = import('airssys:core/types@1.0.0').ComponentConfig;
  export type ComponentError = import('airssys:core/types@1.0.0').ComponentError;
  export type ComponentId = import('airssys:core/types@1.0.0').ComponentId;
  export type ComponentMetadata = import('airssys:core/types@1.0.0').ComponentMetadata;
  export type ExecutionContext = import('airssys:core/types@1.0.0').ExecutionContext;
  export type ExecutionError = import('airssys:core/types@1.0.0').ExecutionError;
  export type HealthStatus = import('airssys:core/types@1.0.0').HealthStatus;
  export type RequestId = import('airssys:core/types@1.0.0').RequestId;
  export type Result<T, E> = { tag: 'ok', val: T } | { tag: 'err', val: E };
}
