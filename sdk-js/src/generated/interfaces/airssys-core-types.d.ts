// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./airssys-core-capabilities.d.ts" />
declare module 'airssys:core/types@1.0.0' {
  export type PermissionDenial = import('airssys:core/capabilities@1.0.0').PermissionDenial;
  /**
   * Names one version of one component. Written `namespace/name@version`, for example `acme/resizer@1.2.0`.
   */
  export interface ComponentId {
    /**
     * The namespace, for example `acme`.
     */
    namespace: string,
    /**
     * The name within the namespace, for example `resizer`.
     */
    name: string,
    /**
     * The semantic version, for example `1.2.0`.
     */
    version: string,
  }
  /**
   * Correlates a request with its callback. Unique within one host and opaque to guests.
   */
  export type RequestId = string;
  /**
   * A point in time: seconds and nanoseconds since the Unix epoch, UTC. Nothing before 1970 can be expressed.
   */
  export interface Timestamp {
    /**
     * Whole seconds since 1970-01-01T00:00:00Z.
     */
    seconds: bigint,
    /**
     * Nanoseconds within the second, 0 to 999,999,999.
     */
    nanoseconds: number,
  }
  /**
   * Why a lifecycle function other than `execute` failed. The text is for the operator and is passed on word for word.
   */
  export type ComponentError = ComponentErrorInitializationFailed | ComponentErrorConfigurationInvalid | ComponentErrorInvalidMessage | ComponentErrorResourceExhausted | ComponentErrorInternal;
  /**
   * The component could not be set up.
   */
  export interface ComponentErrorInitializationFailed {
    tag: 'initialization-failed',
    val: string,
  }
  /**
   * The environment or data of the configuration is missing something or has an invalid value.
   */
  export interface ComponentErrorConfigurationInvalid {
    tag: 'configuration-invalid',
    val: string,
  }
  /**
   * The message or the outcome of a request is not one that the component understands.
   */
  export interface ComponentErrorInvalidMessage {
    tag: 'invalid-message',
    val: string,
  }
  /**
   * The component ran out of something that it needs.
   */
  export interface ComponentErrorResourceExhausted {
    tag: 'resource-exhausted',
    val: string,
  }
  /**
   * Anything else that went wrong within the component.
   */
  export interface ComponentErrorInternal {
    tag: 'internal',
    val: string,
  }
  /**
   * Why an operation of a component failed. A panic or an exception is not one of these: it is a trap, which the host
   * reports as such.
   */
  export type ExecutionError = ExecutionErrorUnknownOperation | ExecutionErrorInvalidInput | ExecutionErrorProcessingFailed | ExecutionErrorPermissionDenied | ExecutionErrorTimeout | ExecutionErrorResourceExhausted;
  /**
   * The component has no operation of this name. The payload is the name.
   */
  export interface ExecutionErrorUnknownOperation {
    tag: 'unknown-operation',
    val: string,
  }
  /**
   * The input is not what the operation takes. The payload says what is wrong with it.
   */
  export interface ExecutionErrorInvalidInput {
    tag: 'invalid-input',
    val: string,
  }
  /**
   * The operation began and failed. The payload says why.
   */
  export interface ExecutionErrorProcessingFailed {
    tag: 'processing-failed',
    val: string,
  }
  /**
   * The operation needs something that the component is not permitted. The payload says what, usually as the missing
   * line of Component.toml.
   */
  export interface ExecutionErrorPermissionDenied {
    tag: 'permission-denied',
    val: string,
  }
  /**
   * The operation, or something that it waited for, ran out of time.
   */
  export interface ExecutionErrorTimeout {
    tag: 'timeout',
    val: string,
  }
  /**
   * The operation ran out of something that it needs.
   */
  export interface ExecutionErrorResourceExhausted {
    tag: 'resource-exhausted',
    val: string,
  }
  /**
   * Why a message or request was not accepted, or a component was not found.
   */
  export type MessagingError = MessagingErrorComponentNotFound | MessagingErrorPermissionDenied | MessagingErrorMailboxFull | MessagingErrorPayloadTooLarge | MessagingErrorTimeout | MessagingErrorUnknownRequest | MessagingErrorDeliveryFailed;
  /**
   * No component has this id, or the caller may not see it. The two are not told apart, so that existence does not
   * leak.
   */
  export interface MessagingErrorComponentNotFound {
    tag: 'component-not-found',
    val: ComponentId,
  }
  /**
   * The caller lacks the permission. The payload names the line of Component.toml that would have allowed it.
   */
  export interface MessagingErrorPermissionDenied {
    tag: 'permission-denied',
    val: PermissionDenial,
  }
  /**
   * The mailbox of this component is full. Nothing was queued; the sender may try again later.
   */
  export interface MessagingErrorMailboxFull {
    tag: 'mailbox-full',
    val: ComponentId,
  }
  /**
   * The message or request is larger than the host's limit. The payload is that limit in bytes.
   */
  export interface MessagingErrorPayloadTooLarge {
    tag: 'payload-too-large',
    val: bigint,
  }
  /**
   * The host could not accept the message in time.
   */
  export interface MessagingErrorTimeout {
    tag: 'timeout',
    val: string,
  }
  /**
   * No unfinished request of the caller has this id.
   */
  export interface MessagingErrorUnknownRequest {
    tag: 'unknown-request',
    val: RequestId,
  }
  /**
   * The message could not be delivered for another reason. The payload says which.
   */
  export interface MessagingErrorDeliveryFailed {
    tag: 'delivery-failed',
    val: string,
  }
  /**
   * What a component says of its own condition.
   * # Variants
   *
   * ## `"healthy"`
   *
   * Everything works.
   * ## `"degraded"`
   *
   * It works, but not as well as it should.
   * ## `"unhealthy"`
   *
   * It does not work. A trap in `health` counts as this.
   * ## `"unknown"`
   *
   * It cannot tell.
   */
  export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy' | 'unknown';
  /**
   * How important a log record is, from the least to the most.
   * # Variants
   *
   * ## `"trace"`
   *
   * Step by step detail.
   * ## `"debug"`
   *
   * For those who look for a fault.
   * ## `"info"`
   *
   * The normal course of events.
   * ## `"warn"`
   *
   * Unexpected, but dealt with.
   * ## `"error"`
   *
   * Something failed.
   */
  export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';
  /**
   * The limits a component runs under. `none` means that the host's default applies.
   */
  export interface ResourceLimits {
    /**
     * Most linear memory, in bytes.
     */
    maxMemoryBytes?: bigint,
    /**
     * Most CPU time of one call, in milliseconds.
     */
    maxCpuTimeMs?: bigint,
    /**
     * Longest duration of one call, in milliseconds of wall-clock time. The default is 30,000.
     */
    maxExecutionTimeMs?: bigint,
  }
  /**
   * What a component is started with, unchanged from Component.toml and the operator.
   */
  export interface ComponentConfig {
    /**
     * The id under which the component runs.
     */
    id: ComponentId,
    /**
     * Name and value of each entry of `environment`, in order. These are not the environment variables of the host.
     */
    environment: Array<[string, string]>,
    /**
     * The bytes of `data`; `none` if there is no such key. An empty list is a `data` that is empty.
     */
    data?: Uint8Array,
    /**
     * The limits that the component asked for.
     */
    limits: ResourceLimits,
  }
  /**
   * Who asked for a call. Set by the host; a guest cannot forge it.
   */
  export type Caller = CallerComponent | CallerExternal | CallerHost;
  /**
   * Another component, by a request.
   */
  export interface CallerComponent {
    tag: 'component',
    val: ComponentId,
  }
  /**
   * Someone outside of the host. The payload is the name that the embedder gave them.
   */
  export interface CallerExternal {
    tag: 'external',
    val: string,
  }
  /**
   * The host itself.
   */
  export interface CallerHost {
    tag: 'host',
  }
  /**
   * The circumstances of one call of `execute`.
   */
  export interface ExecutionContext {
    /**
     * Identifies this call.
     */
    requestId: RequestId,
    /**
     * Who asked for the call.
     */
    caller: Caller,
    /**
     * When the host ends the call; `none` if there is no deadline.
     */
    deadline?: Timestamp,
    /**
     * The W3C `traceparent` that this call belongs to, if it is traced.
     */
    traceParent?: string,
  }
  /**
   * What a component says of itself.
   */
  export interface ComponentMetadata {
    /**
     * Its id. Name and version are the same as in Component.toml.
     */
    id: ComponentId,
    /**
     * What it is for, in a sentence. May be empty.
     */
    description: string,
    /**
     * Its authors, each as `Name <address>`. May be empty.
     */
    authors: Array<string>,
    /**
     * Its license as an SPDX expression, if it states one.
     */
    license?: string,
    /**
     * The names of the operations that `execute` knows.
     */
    operations: Array<string>,
  }
}
