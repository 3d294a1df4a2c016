// What the host calls: the life of a component from `init` to `shutdown`.

import "./globals.js";

import type * as host from "airssys:core/types@1.0.0";

import { liftConfig, liftContext, lowerError } from "./convert.js";
import { isBytes, liftBytes, lowerEnum, lowerText } from "./engine.js";
import {
  ArgumentError,
  ComponentError,
  ExecutionError,
  FilesystemError,
  MessagingError,
  NetworkError,
  ProcessError,
  type ComponentErrorCode,
} from "./errors.js";
import { guard } from "./guard.js";
import {
  formatComponentId,
  type ComponentConfig,
  type ComponentId,
  type ExecutionContext,
  type HealthStatus,
  type RequestId,
  type RequestOutcome,
} from "./types.js";

/**
 * One operation: bytes in, bytes out; a returned text is sent as UTF-8, and nothing as no bytes.
 *
 * An {@link ExecutionError} that it throws reaches the caller as it is. A `FilesystemError`, `NetworkError`,
 * `ProcessError` or `MessagingError` that it does not catch becomes `permission-denied`, `timeout`, `resource-exhausted`
 * or `processing-failed`. Any other exception is logged and ends the instance; the host reports it as a trap.
 */
export type Operation = (input: Uint8Array, context: ExecutionContext) => Uint8Array | string | void;

/** What the component says of itself, in the words of Component.toml, with which name and version must agree. */
export interface Metadata {
  /** Namespace and name, for example `acme/hello`. */
  name: `${string}/${string}`;
  /** The semantic version, for example `0.1.0`. */
  version: string;
  /** What it is for, in a sentence. */
  description?: string;
  /** Its authors, each as `Name <address>`. */
  authors?: readonly string[];
  /** Its license as an SPDX expression. */
  license?: string;
  /** The names of its operations; if absent, those of `execute`. */
  operations?: readonly string[];
}

/**
 * A component, as its author writes it. The host calls one function at a time, `init` first. All of them return at
 * once: none may be `async`, for no function of the host is.
 *
 * `init`, `handleMessage`, `handleCallback` and `shutdown` fail by throwing a {@link ComponentError}. A
 * `FilesystemError`, `NetworkError`, `ProcessError` or `MessagingError` that they do not catch becomes `internal`, in
 * `init` `initialization-failed`. Any other exception is logged and ends the instance.
 */
export interface Component {
  /** What the component is called and what it is for. */
  metadata: Metadata;

  /**
   * The operations by name, or one function for all of them. A request of another component arrives as the operation
   * `handle-request`. What is not there answers `unknown-operation`; the one function throws that itself.
   */
  execute:
    | Readonly<Record<string, Operation>>
    | ((operation: string, input: Uint8Array, context: ExecutionContext) => Uint8Array | string | void);

  /** Starts the component. An error stops the start; the operator sees its message word for word. */
  init?(config: ComponentConfig): void;

  /** Takes a message. The sender is set by the host and cannot be forged. Without it, every message is refused. */
  handleMessage?(sender: ComponentId, message: Uint8Array): void;

  /** Takes the outcome of a request that was sent with `sendRequest`, once for each. Without it, it is forgotten. */
  handleCallback?(request: RequestId, outcome: RequestOutcome): void;

  /** Says how the component is. Without it, it is healthy. */
  health?(): HealthStatus;

  /** Ends the component. Nothing is called after it. */
  shutdown?(): void;
}

/** What {@link component} gives, for the engine to call. */
export type ComponentLifecycle = Readonly<
  Record<
    "init" | "execute" | "handleMessage" | "handleCallback" | "metadata" | "health" | "shutdown",
    (...given: any[]) => any
  >
>;

/**
 * Makes the export of a component:
 *
 * ```ts
 * export const componentLifecycle = component({
 *   metadata: { name: "acme/hello", version: "0.1.0" },
 *   execute: {
 *     greet: (input) => `Hello, ${new TextDecoder().decode(input)}!`,
 *   },
 * });
 * ```
 *
 * The name `componentLifecycle` is what the engines look for. Whatever stands outside of functions runs when the
 * component is built, where there is no host to call.
 *
 * @throws ArgumentError if the metadata are malformed, which stops the build.
 */
export function component(definition: Component): ComponentLifecycle {
  const metadata = lowerMetadata(definition);

  function lifecycle<T>(name: string, unhandled: ComponentErrorCode, run: () => T): T {
    return guard(name, [], (error) => lowerError(asComponentError(error, unhandled)), () => settled(run(), name));
  }

  return {
    init(config: host.ComponentConfig): void {
      lifecycle("init", "initialization-failed", () => definition.init?.(liftConfig(config)));
    },

    execute(operation: string, input: Uint8Array, context: host.ExecutionContext): Uint8Array {
      return guard("execute", [["operation", operation]], (error) => lowerError(asExecutionError(error)), () =>
        output(execute(definition, operation, liftBytes(input), liftContext(context))),
      );
    },

    handleMessage(sender: host.ComponentId, message: Uint8Array): void {
      lifecycle("handle-message", "internal", () => {
        if (!definition.handleMessage) {
          throw new ComponentError("invalid-message", `messages are not handled (sent by ${formatComponentId(sender)})`);
        }
        return definition.handleMessage(sender, liftBytes(message));
      });
    },

    handleCallback(request: string, raw: { tag: "ok"; val: Uint8Array } | { tag: "err"; val: string }): void {
      const outcome: RequestOutcome =
        raw.tag === "ok" ? { ok: true, reply: liftBytes(raw.val) } : { ok: false, reason: raw.val };
      lifecycle("handle-callback", "internal", () => definition.handleCallback?.(request, outcome));
    },

    metadata(): host.ComponentMetadata {
      return metadata;
    },

    health(): HealthStatus {
      return guard("health", [], () => undefined, () =>
        lowerEnum(definition.health?.() ?? "healthy", ["healthy", "degraded", "unhealthy", "unknown"], "the health"),
      );
    },

    shutdown(): void {
      lifecycle("shutdown", "internal", () => definition.shutdown?.());
    },
  };
}

function execute(
  definition: Component,
  operation: string,
  input: Uint8Array,
  context: ExecutionContext,
): Uint8Array | string | void {
  if (typeof definition.execute === "function") return definition.execute(operation, input, context);
  // Own properties only: `toString` is no operation.
  if (!Object.hasOwn(definition.execute, operation)) throw new ExecutionError("unknown-operation", operation);
  return definition.execute[operation]?.call(definition, input, context);
}

function output(result: Uint8Array | string | void): Uint8Array {
  settled(result, "execute");
  if (result === undefined) return new Uint8Array();
  if (typeof result === "string") return new TextEncoder().encode(lowerText(result, "the result"));
  if (isBytes(result)) return result;
  throw new ArgumentError("wrong-type", "an operation must return a Uint8Array, a string or nothing");
}

/** A promise would be dropped by the engine, and its errors with it. */
function settled<T>(result: T, name: string): T {
  if (result instanceof Promise) throw new ArgumentError("wrong-type", `${name} must not be async`);
  return result;
}

/** Whether a function of the host has failed in a way that the contract knows. */
function isHostError(error: unknown): error is FilesystemError | MessagingError | NetworkError | ProcessError {
  return [FilesystemError, MessagingError, NetworkError, ProcessError].some((known) => error instanceof known);
}

function asExecutionError(error: unknown): unknown {
  if (!isHostError(error)) return error instanceof ExecutionError ? error : undefined;
  switch (error.code) {
    case "permission-denied":
    case "timeout":
      return new ExecutionError(error.code, error.message);
    case "quota-exceeded":
    case "too-many-open-files":
    case "too-many-sockets":
    case "pool-exhausted":
    case "too-many-processes":
    case "output-too-large":
      return new ExecutionError("resource-exhausted", error.message);
    default:
      return new ExecutionError("processing-failed", error.message);
  }
}

function asComponentError(error: unknown, unhandled: ComponentErrorCode): unknown {
  if (isHostError(error)) return new ComponentError(unhandled, error.message);
  return error instanceof ComponentError ? error : undefined;
}

function lowerMetadata(definition: Component): host.ComponentMetadata {
  const { name, version, description = "", authors = [], license, operations } = definition.metadata;
  const [namespace, last, ...rest] = lowerText(name, "metadata.name").split("/");
  if (!namespace || !last || rest.length > 0) {
    throw new ArgumentError("out-of-range", `metadata.name must be namespace/name, not ${JSON.stringify(name)}`);
  }
  const known = typeof definition.execute === "function" ? [] : Object.keys(definition.execute);
  return {
    id: { namespace, name: last, version: lowerText(version, "metadata.version") },
    description: lowerText(description, "metadata.description"),
    authors: authors.map((author) => lowerText(author, "metadata.authors")),
    ...(license === undefined ? {} : { license: lowerText(license, "metadata.license") }),
    operations: (operations ?? known).map((operation) => lowerText(operation, "metadata.operations")),
  };
}
