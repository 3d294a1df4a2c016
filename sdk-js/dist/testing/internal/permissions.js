// DO NOT EDIT: compiled from src/testing/internal/permissions.ts by typescript 7.0.2 (npm run build).
// A set of permissions, as [permissions] of Component.toml has them, and the line that a denial names.
import { coveringHost, coveringPath, coveringTarget, hostPattern, pathPattern, PatternError, portPattern, targetPattern, } from "./patterns.js";
/** The keys of an entry of each kind, with whether there must be one, and the actions. */
const SHAPES = {
    filesystem: { keys: { action: true, path: true }, actions: ["read", "write", "delete", "list"] },
    network: { keys: { action: true, host: true, port: false }, actions: ["outbound", "inbound", "resolve"] },
    process: { keys: { action: true, program: true }, actions: ["spawn", "signal"] },
    storage: { keys: { namespace: true, "max-bytes": false } },
    messaging: { keys: { target: true } },
};
export class Permissions {
    #rules = [];
    /**
     * Reads a table such as `{ filesystem: [{ action: "read", path: "/data/**" }] }`.
     *
     * @throws PatternError for what cannot stand in Component.toml.
     */
    static read(table) {
        const read = new Permissions();
        for (const [kind, entries] of Object.entries(table)) {
            // A package of a host's own: the fake host has none of its interfaces.
            if (kind.includes(":"))
                continue;
            if (!Object.hasOwn(SHAPES, kind))
                throw new PatternError(`there is no permission of the kind ${JSON.stringify(kind)}`);
            if (!Array.isArray(entries))
                throw new PatternError(`permissions.${kind} is a list`);
            for (const entry of entries) {
                const covers = rule(kind, entry);
                if (covers)
                    read.#rules.push(covers);
            }
        }
        return read;
    }
    /** Whether one permission of the set covers this. */
    cover(access) {
        return this.#rules.some((covers) => covers(access));
    }
}
function rule(kind, entry) {
    if (typeof entry !== "object" || entry === null)
        throw new PatternError(`an entry of permissions.${kind} is a table`);
    const { keys, actions } = SHAPES[kind];
    for (const key of Object.keys(entry)) {
        if (!Object.hasOwn(keys, key))
            throw new PatternError(`an entry of permissions.${kind} has no ${JSON.stringify(key)}`);
    }
    for (const [key, isNeeded] of Object.entries(keys)) {
        const value = entry[key];
        if (value === undefined && isNeeded)
            throw new PatternError(`an entry of permissions.${kind} lacks ${key}`);
        if (isNeeded && typeof value !== "string")
            throw new PatternError(`${key} of permissions.${kind} is a text`);
    }
    const { action, path, host, port, program, target } = entry;
    if (actions && !actions.includes(action)) {
        throw new PatternError(`${JSON.stringify(action)} is no action of permissions.${kind}: ${actions.join(", ")}`);
    }
    switch (kind) {
        case "filesystem": {
            const covers = pathPattern(path);
            return (asked) => asked.permission === kind && asked.action === action && covers(asked.path);
        }
        case "network": {
            const [covers, coversPort] = [hostPattern(host), portPattern(port)];
            return (asked) => asked.permission === kind && asked.action === action && coversPort(asked.port) && covers(asked);
        }
        case "process": {
            const covers = pathPattern(program);
            return (asked) => asked.permission === kind && asked.action === action && covers(asked.program);
        }
        case "messaging": {
            const covers = targetPattern(target);
            return (asked) => asked.permission === kind && covers(asked.target);
        }
        case "storage":
            return undefined;
    }
}
/** The line of [permissions] that would have allowed it; nothing if none can. */
export function missingLine(access) {
    switch (access.permission) {
        case "filesystem": {
            const path = coveringPath(access.path);
            return path && `filesystem = [{ action = "${access.action}", path = ${quoted(path)} }]`;
        }
        case "network": {
            const host = coveringHost(access);
            const port = access.port === undefined ? "" : `, port = ${access.port}`;
            return host && `network = [{ action = "${access.action}", host = "${host}"${port} }]`;
        }
        case "process": {
            const program = coveringPath(access.program);
            return program && `process = [{ action = "${access.action}", program = ${quoted(program)} }]`;
        }
        case "messaging": {
            const target = coveringTarget(access.target);
            return target && `messaging = [{ target = "${target}" }]`;
        }
    }
}
/** What it is done to, as a denial says it. */
export function resourceOf(access) {
    switch (access.permission) {
        case "filesystem":
            return access.path;
        case "network": {
            const host = access.host.includes(":") ? `[${access.host}]` : access.host;
            const port = access.port === undefined ? "" : `:${access.port}`;
            return `${host}${port}${access.address === undefined ? "" : ` (${access.address})`}`;
        }
        case "process":
            return access.program;
        case "messaging":
            return `${access.target.namespace}/${access.target.name}@${access.target.version}`;
    }
}
/** Control characters, and characters that have no width or turn the direction of writing. */
const INVISIBLE = /["\\\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
/** As a TOML string, with what a terminal would not show written out. */
function quoted(text) {
    const named = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
    const written = text.replace(INVISIBLE, (c) => {
        const point = c.codePointAt(0) ?? 0;
        const hex = point.toString(16).toUpperCase();
        return named[c] ?? (point > 0xffff ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`);
    });
    return `"${written}"`;
}
