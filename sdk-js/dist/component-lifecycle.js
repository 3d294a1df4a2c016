// DO NOT EDIT: compiled from src/component-lifecycle.ts by typescript 7.0.2 (npm run build).
// What the host calls: the life of a component from `init` to `shutdown`.
import "./globals.js";
import { liftConfig, liftContext, lowerError } from "./convert.js";
import { isBytes, liftBytes, lowerEnum, lowerText } from "./engine.js";
import { ArgumentError, ComponentError, ExecutionError, FilesystemError, MessagingError, NetworkError, ProcessError, } from "./errors.js";
import { guard } from "./guard.js";
import { formatComponentId, } from "./types.js";
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
export function component(definition) {
    const metadata = lowerMetadata(definition);
    function lifecycle(name, unhandled, run) {
        return guard(name, [], (error) => lowerError(asComponentError(error, unhandled)), () => settled(run(), name));
    }
    return {
        init(config) {
            lifecycle("init", "initialization-failed", () => definition.init?.(liftConfig(config)));
        },
        execute(operation, input, context) {
            return guard("execute", [["operation", operation]], (error) => lowerError(asExecutionError(error)), () => output(execute(definition, operation, liftBytes(input), liftContext(context))));
        },
        handleMessage(sender, message) {
            lifecycle("handle-message", "internal", () => {
                if (!definition.handleMessage) {
                    throw new ComponentError("invalid-message", `messages are not handled (sent by ${formatComponentId(sender)})`);
                }
                return definition.handleMessage(sender, liftBytes(message));
            });
        },
        handleCallback(request, raw) {
            const outcome = raw.tag === "ok" ? { ok: true, reply: liftBytes(raw.val) } : { ok: false, reason: raw.val };
            lifecycle("handle-callback", "internal", () => definition.handleCallback?.(request, outcome));
        },
        metadata() {
            return metadata;
        },
        health() {
            return guard("health", [], () => undefined, () => lowerEnum(definition.health?.() ?? "healthy", ["healthy", "degraded", "unhealthy", "unknown"], "the health"));
        },
        shutdown() {
            lifecycle("shutdown", "internal", () => definition.shutdown?.());
        },
    };
}
function execute(definition, operation, input, context) {
    if (typeof definition.execute === "function")
        return definition.execute(operation, input, context);
    // Own properties only: `toString` is no operation.
    if (!Object.hasOwn(definition.execute, operation))
        throw new ExecutionError("unknown-operation", operation);
    return definition.execute[operation]?.call(definition, input, context);
}
function output(result) {
    settled(result, "execute");
    if (result === undefined)
        return new Uint8Array();
    if (typeof result === "string")
        return new TextEncoder().encode(lowerText(result, "the result"));
    if (isBytes(result))
        return result;
    throw new ArgumentError("wrong-type", "an operation must return a Uint8Array, a string or nothing");
}
/** A promise would be dropped by the engine, and its errors with it. */
function settled(result, name) {
    if (result instanceof Promise)
        throw new ArgumentError("wrong-type", `${name} must not be async`);
    return result;
}
/** Whether a function of the host has failed in a way that the contract knows. */
function isHostError(error) {
    return [FilesystemError, MessagingError, NetworkError, ProcessError].some((known) => error instanceof known);
}
function asExecutionError(error) {
    if (!isHostError(error))
        return error instanceof ExecutionError ? error : undefined;
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
function asComponentError(error, unhandled) {
    if (isHostError(error))
        return new ComponentError(unhandled, error.message);
    return error instanceof ComponentError ? error : undefined;
}
function lowerMetadata(definition) {
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
