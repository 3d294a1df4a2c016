// DO NOT EDIT: compiled from src/component-lifecycle.ts by typescript 7.0.2 (npm run build).
import "./globals.js";
import { type ComponentConfig, type ComponentId, type ExecutionContext, type HealthStatus, type RequestId, type RequestOutcome } from "./types.js";
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
    execute: Readonly<Record<string, Operation>> | ((operation: string, input: Uint8Array, context: ExecutionContext) => Uint8Array | string | void);
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
export type ComponentLifecycle = Readonly<Record<"init" | "execute" | "handleMessage" | "handleCallback" | "metadata" | "health" | "shutdown", (...given: any[]) => any>>;
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
export declare function component(definition: Component): ComponentLifecycle;
