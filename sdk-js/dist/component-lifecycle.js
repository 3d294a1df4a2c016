// DO NOT EDIT: compiled from src/component-lifecycle.ts by typescript 7.0.2 (npm run build).
// What the host calls: the life of a component from `init` to `shutdown`.
import "./globals.js";
import { liftConfig, liftContext, lowerError } from "./convert.js";
import { isBytes, isComponent, liftBytes, lowerEnum, lowerText } from "./engine.js";
import { ArgumentError, ComponentError, ExecutionError, FilesystemError, MessagingError, NetworkError, ProcessError, } from "./errors.js";
import { guard } from "./guard.js";
import { formatComponentId, } from "./types.js";
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
export function component(definition) {
    // In a test there is no Component.toml yet: the fake host asks with the one that it has found. What the code says is
    // checked at once all the same.
    const checked = describe(definition, manifest ?? {}, isComponent ? {} : UNNAMED);
    const described = isComponent ? checked : undefined;
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
        metadata(found = {}) {
            return described ?? describe(definition, found, UNNAMED);
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
    if (typeof result?.then === "function") {
        throw new ArgumentError("wrong-type", `${name} must not be async: no function of the host is, so that there is nothing to await`);
    }
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
const UNNAMED = { name: "test/component", version: "0.0.0" };
const manifest = typeof AIRSSYS_COMPONENT === "undefined" ? undefined : AIRSSYS_COMPONENT;
/** Puts together what Component.toml and the code say, and what holds if neither says it. */
function describe(definition, manifest, otherwise = {}) {
    const given = definition.metadata ?? {};
    const agreed = (key) => {
        const inCode = given[key];
        const inFile = manifest[key];
        if (inCode === undefined || inFile === undefined)
            return inFile ?? inCode;
        if (JSON.stringify(inCode) === JSON.stringify(inFile))
            return inFile;
        const [said, written] = [JSON.stringify(inCode), JSON.stringify(inFile)];
        throw new ArgumentError("out-of-range", `metadata.${key} is ${said}, but Component.toml says ${written}: leave it out of the code`);
    };
    const [name, version] = [agreed("name") ?? otherwise.name, agreed("version") ?? otherwise.version];
    const license = agreed("license");
    for (const [key, value] of Object.entries({ name, version })) {
        if (value !== undefined)
            continue;
        throw new ArgumentError("wrong-type", `metadata.${key} is missing; it belongs into [component] of Component.toml`);
    }
    const [namespace, last, ...rest] = lowerText(name, "metadata.name").split("/");
    if (!namespace || !last || rest.length > 0) {
        throw new ArgumentError("out-of-range", `metadata.name must be namespace/name, not ${JSON.stringify(name)}`);
    }
    return {
        id: { namespace, name: last, version: lowerText(version, "metadata.version") },
        description: lowerText(agreed("description") ?? "", "metadata.description"),
        authors: (agreed("authors") ?? []).map((author) => lowerText(author, "metadata.authors")),
        ...(license === undefined ? {} : { license: lowerText(license, "metadata.license") }),
        operations: operationsOf(definition, manifest).map((operation) => lowerText(operation, "metadata.operations")),
    };
}
/** The operations that are listed, which must be those that there are, or those that there are. */
function operationsOf({ metadata, execute }, manifest) {
    const known = typeof execute === "function" ? undefined : Object.keys(execute);
    for (const [place, listed] of [
        ["Component.toml: component.operations", manifest.operations],
        ["metadata.operations", metadata?.operations],
    ]) {
        if (listed === undefined || known === undefined)
            continue;
        const missing = listed.find((operation) => !known.includes(operation));
        if (missing !== undefined)
            throw new ArgumentError("out-of-range", `${place} has "${missing}", which is not in execute`);
        const unlisted = known.find((operation) => !listed.includes(operation));
        if (unlisted !== undefined)
            throw new ArgumentError("out-of-range", `${place} lacks "${unlisted}", which is in execute`);
    }
    return known ?? manifest.operations ?? metadata?.operations ?? [];
}
