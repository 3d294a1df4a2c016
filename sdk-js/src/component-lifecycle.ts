// What the host calls: the life of a component from `init` to `shutdown`.

import "./globals.js";

import type * as host from "airssys:core/types@1.0.0";

import { liftConfig, liftContext, lowerError } from "./convert.js";
import { isBytes, isComponent, liftBytes, lowerEnum, lowerText } from "./engine.js";
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

/** What the component says of itself, in the words of Component.toml. What stands in both places must be the same. */
export interface Metadata {
  /** Namespace and name, for example `acme/hello`. */
  name?: `${string}/${string}`;
  /** The semantic version, for example `0.1.0`. */
  version?: string;
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
 * once: none may be `async`, for no function of the host is. What they leave to promises and timers is done before the
 * host gets the answer; an exception or rejection that nobody handles there ends the instance.
 *
 * `init`, `handleMessage`, `handleCallback` and `shutdown` fail by throwing a {@link ComponentError}. A
 * `FilesystemError`, `NetworkError`, `ProcessError` or `MessagingError` that they do not catch becomes `internal`, in
 * `init` `initialization-failed`. Any other exception is logged and ends the instance.
 */
export interface Component {
  /** What the component is called and what it is for, where Component.toml does not say it. Usually that says it all. */
  metadata?: Metadata;

  /**
   * The operations by name, or one function for all of them. A request of another component arrives as the operation
   * `handle-request`. What is not there answers `unknown-operation`; the one function throws that itself.
   */
  execute:
    | Readonly<Record<string, Operation>>
    | ((operation: string, input: Uint8Array, context: ExecutionContext) => Uint8Array | string | void);

  /** Starts the component. An error stops the start; the operator sees its message word for word. */
  init?(config: ComponentConfig): undefined | void;

  /** Takes a message. The sender is set by the host and cannot be forged. Without it, every message is refused. */
  handleMessage?(sender: ComponentId, message: Uint8Array): undefined | void;

  /** Takes the outcome of a request that was sent with `sendRequest`, once for each. Without it, it is forgotten. */
  handleCallback?(request: RequestId, outcome: RequestOutcome): undefined | void;

  /** Says how the component is. Without it, it is healthy. */
  health?(): HealthStatus;

  /** Ends the component. Nothing is called after it. */
  shutdown?(): undefined | void;
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
 *   execute: {
 *     greet: (input) => `Hello, ${new TextDecoder().decode(input)}!`,
 *   },
 * });
 * ```
 *
 * What it is called, and which operations it has, stands in Component.toml. The name `componentLifecycle` is what the
 * engines look for. Whatever stands outside of functions runs when the component is built, where there is no host to
 * call.
 *
 * @throws ArgumentError if the metadata are malformed or not those of Component.toml, which stops the build.
 */
export function component(definition: Component): ComponentLifecycle {
  // In a test there is no Component.toml yet: the fake host asks with the one that it has found. What the code says is
  // checked at once all the same.
  const checked = describe(definition, manifest ?? {}, isComponent ? {} : UNNAMED);
  const described = isComponent ? checked : undefined;

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

    metadata(found: Manifest = {}): host.ComponentMetadata {
      return described ?? describe(definition, found, UNNAMED);
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
  if (typeof (result as { then?: unknown } | null | undefined)?.then === "function") {
    throw new ArgumentError("wrong-type", `${name} must not be async: no function of the host is, so that there is nothing to await`);
  }
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

/**
 * What Component.toml says of the component in its section `[component]`.
 *
 * @internal
 */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
  readonly authors?: readonly string[];
  readonly license?: string;
  readonly operations?: readonly string[];
}

const UNNAMED = { name: "test/component", version: "0.0.0" };

// Set by the build.
declare const AIRSSYS_COMPONENT: Manifest | undefined;

const manifest = typeof AIRSSYS_COMPONENT === "undefined" ? undefined : AIRSSYS_COMPONENT;

/** Puts together what Component.toml and the code say, and what holds if neither says it. */
function describe(definition: Component, manifest: Manifest, otherwise: Manifest = {}): host.ComponentMetadata {
  const given = definition.metadata ?? {};
  const agreed = <K extends keyof Manifest & keyof Metadata>(key: K): Manifest[K] => {
    const inCode = given[key] as Manifest[K];
    const inFile = manifest[key];
    if (inCode === undefined || inFile === undefined) return inFile ?? inCode;
    if (JSON.stringify(inCode) === JSON.stringify(inFile)) return inFile;
    const [said, written] = [JSON.stringify(inCode), JSON.stringify(inFile)];
    throw new ArgumentError(
      "out-of-range",
      `metadata.${key} is ${said}, but Component.toml says ${written}: leave it out of the code`,
    );
  };
  const [name, version] = [agreed("name") ?? otherwise.name, agreed("version") ?? otherwise.version];
  const license = agreed("license");
  for (const [key, value] of Object.entries({ name, version })) {
    if (value !== undefined) continue;
    throw new ArgumentError("wrong-type", `metadata.${key} is missing; it belongs into [component] of Component.toml`);
  }
  const [namespace, last, ...rest] = lowerText(name!, "metadata.name").split("/");
  if (!namespace || !last || rest.length > 0) {
    throw new ArgumentError("out-of-range", `metadata.name must be namespace/name, not ${JSON.stringify(name)}`);
  }
  return {
    id: { namespace, name: last, version: lowerText(version!, "metadata.version") },
    description: lowerText(agreed("description") ?? "", "metadata.description"),
    authors: (agreed("authors") ?? []).map((author) => lowerText(author, "metadata.authors")),
    ...(license === undefined ? {} : { license: lowerText(license, "metadata.license") }),
    operations: operationsOf(definition, manifest).map((operation) => lowerText(operation, "metadata.operations")),
  };
}

/** The operations that are listed, which must be those that there are, or those that there are. */
function operationsOf({ metadata, execute }: Component, manifest: Manifest): readonly string[] {
  const known = typeof execute === "function" ? undefined : Object.keys(execute);
  for (const [place, listed] of [
    ["Component.toml: component.operations", manifest.operations],
    ["metadata.operations", metadata?.operations],
  ] as const) {
    if (listed === undefined || known === undefined) continue;
    const missing = listed.find((operation) => !known.includes(operation));
    if (missing !== undefined) throw new ArgumentError("out-of-range", `${place} has "${missing}", which is not in execute`);
    const unlisted = known.find((operation) => !listed.includes(operation));
    if (unlisted !== undefined) throw new ArgumentError("out-of-range", `${place} lacks "${unlisted}", which is in execute`);
  }
  return known ?? manifest.operations ?? metadata?.operations ?? [];
}
