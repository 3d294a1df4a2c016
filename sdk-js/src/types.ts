// The types that several interfaces of the contract share, in the shapes that this SDK gives them.

/** Names one version of one component, written `namespace/name@version`. */
export interface ComponentId {
  /** The namespace, for example `acme`. */
  readonly namespace: string;
  /** The name within the namespace, for example `resizer`. */
  readonly name: string;
  /** The semantic version, for example `1.2.0`. */
  readonly version: string;
}

/** Correlates a request with its callback. Unique within one host and opaque to components. */
export type RequestId = string;

/** A point in time since the Unix epoch, UTC. Nothing before 1970 can be expressed. */
export interface Timestamp {
  /** Whole seconds since 1970-01-01T00:00:00Z. */
  readonly seconds: bigint;
  /** Nanoseconds within the second, 0 to 999,999,999. */
  readonly nanoseconds: number;
}

/** Why the host refused an operation, and what would have allowed it. Nothing has happened on the host. */
export interface PermissionDenial {
  /** The operation, for example `ext-filesystem/files.open`. */
  readonly operation: string;
  /** What it was refused on: the guest path, or the id of the target. */
  readonly resource: string;
  /** The exact line that is missing in Component.toml. */
  readonly missing: string;
}

/** The limits that a component asked for. An absent one means that the host's default applies. */
export interface ResourceLimits {
  /** Most linear memory, in bytes. */
  readonly maxMemoryBytes?: bigint;
  /** Most CPU time of one call, in milliseconds. */
  readonly maxCpuTimeMs?: bigint;
  /** Longest duration of one call, in milliseconds of wall-clock time. */
  readonly maxExecutionTimeMs?: bigint;
}

/** What a component is started with, unchanged from Component.toml and the operator. */
export interface ComponentConfig {
  /** The id under which the component runs. */
  readonly id: ComponentId;
  /** Name and value of each entry of `environment`, in order. `new Map(environment)` looks them up by name. */
  readonly environment: ReadonlyArray<readonly [name: string, value: string]>;
  /** The bytes of `data`; absent if there is no such key, empty if it is there and empty. */
  readonly data?: Uint8Array;
  /** The limits. On QuickJS, reading one of 2^53 or more throws an `UnsafeIntegerError`. */
  readonly limits: ResourceLimits;
}

/** Who asked for a call. Set by the host; a component cannot forge it. */
export type Caller =
  | { readonly kind: "component"; readonly component: ComponentId }
  | { readonly kind: "external"; readonly name: string }
  | { readonly kind: "host" };

/** The circumstances of one call of an operation. */
export interface ExecutionContext {
  /** Identifies this call. */
  readonly requestId: RequestId;
  /** Who asked for it. */
  readonly caller: Caller;
  /** When the host ends the call; absent if there is no deadline. */
  readonly deadline?: Timestamp;
  /** The W3C `traceparent` that the call belongs to, if it is traced. */
  readonly traceParent?: string;
}

/** What a component says of itself. */
export interface ComponentMetadata {
  /** Its id. */
  readonly id: ComponentId;
  /** What it is for, in a sentence. May be empty. */
  readonly description: string;
  /** Its authors, each as `Name <address>`. */
  readonly authors: readonly string[];
  /** Its license as an SPDX expression, if it states one. */
  readonly license?: string;
  /** The names of its operations. */
  readonly operations: readonly string[];
}

/** What a component says of its own condition. */
export type HealthStatus = "healthy" | "degraded" | "unhealthy" | "unknown";

/** How important a log record is, from the least to the most. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

/** How a request that was sent ended. */
export type RequestOutcome =
  | {
      readonly ok: true;
      /** The reply of the target. */
      readonly reply: Uint8Array;
    }
  | {
      readonly ok: false;
      /** `timeout`, `cancelled`, `component-gone`, or `failed: ` followed by the error of the target. */
      readonly reason: string;
    };

const ID = /^([a-z0-9-]+)\/([a-z0-9-]+)@(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)$/;

/** Reads `namespace/name@version`; gives nothing if the text is not that. */
export function parseComponentId(text: string): ComponentId | undefined {
  const [, namespace, name, version] = ID.exec(text) ?? [];
  return namespace && name && version ? { namespace, name, version } : undefined;
}

/** Writes `namespace/name@version`. */
export function formatComponentId(id: ComponentId): string {
  return `${id.namespace}/${id.name}@${id.version}`;
}
