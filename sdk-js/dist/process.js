// DO NOT EDIT: compiled from src/process.ts by typescript 7.0.2 (npm run build).
// What processes, stdio and signals share.
import { some } from "./convert.js";
import { liftBytes, liftOption, liftU32, liftU64, lowerSize, lowerText, lowerU32 } from "./engine.js";
import { ArgumentError } from "./errors.js";
import { liftExitStatus } from "./exit-status.js";
/** @internal */
export function liftOutput(raw) {
    return { status: liftExitStatus(raw.status), stdout: liftBytes(raw.stdout), stderr: liftBytes(raw.stderr) };
}
const LARGE_LIMITS = ["maxMemoryBytes", "maxCpuTimeMs", "maxWallTimeMs", "maxOutputBytes"];
/** @internal */
export function liftLimits(raw) {
    const limits = {};
    for (const name of LARGE_LIMITS) {
        const limit = liftOption(raw[name]);
        if (limit !== undefined)
            limits[name] = liftU64(limit, name);
    }
    const files = liftOption(raw.maxOpenFiles);
    if (files !== undefined)
        limits.maxOpenFiles = liftU32(files);
    return limits;
}
/** @internal */
export function lowerLimits(limits) {
    const raw = {};
    for (const name of LARGE_LIMITS) {
        const limit = limits[name];
        if (limit !== undefined)
            raw[name] = lowerSize(limit, name);
    }
    const files = limits.maxOpenFiles;
    if (files !== undefined)
        raw.maxOpenFiles = lowerU32(files, "maxOpenFiles");
    return raw;
}
const PLAIN_STDIO = ["null", "piped", "inherit", "to-stdout"];
function lowerStdio(stdio, name) {
    if (typeof stdio === "string") {
        const tag = PLAIN_STDIO.find((plain) => plain === stdio);
        if (tag)
            return { tag };
    }
    else if ("readFile" in stdio) {
        return { tag: "read-file", val: lowerText(stdio.readFile, `${name}.readFile`) };
    }
    else if ("writeFile" in stdio) {
        return { tag: "write-file", val: lowerText(stdio.writeFile, `${name}.writeFile`) };
    }
    else if ("appendFile" in stdio) {
        return { tag: "append-file", val: lowerText(stdio.appendFile, `${name}.appendFile`) };
    }
    const forms = `${PLAIN_STDIO.join(", ")}, or an object with readFile, writeFile or appendFile`;
    throw new ArgumentError("out-of-range", `${name} must be one of ${forms}`);
}
function lowerTexts(texts, name) {
    return Array.from(texts, (text) => lowerText(text, name));
}
/** @internal */
export function lowerCommand(command) {
    const { program, environment = {}, workingDirectory, stdio = {}, limits = {} } = command;
    const { inherit = [], set = [] } = environment;
    const pairs = (Array.isArray(set) ? set : Object.entries(set));
    const directory = workingDirectory === undefined ? undefined : lowerText(workingDirectory, "workingDirectory");
    return {
        program: lowerText(program, "program"),
        arguments: lowerTexts(command.arguments ?? [], "an argument"),
        environment: {
            inherit: lowerTexts(inherit, "environment.inherit"),
            set: pairs.map(([name, value]) => [lowerText(name, "a variable's name"), lowerText(value, "a variable's value")]),
        },
        ...some("workingDirectory", directory),
        stdio: {
            stdin: lowerStdio(stdio.stdin ?? "null", "stdio.stdin"),
            stdout: lowerStdio(stdio.stdout ?? "piped", "stdio.stdout"),
            stderr: lowerStdio(stdio.stderr ?? "piped", "stdio.stderr"),
        },
        limits: lowerLimits(limits),
    };
}
