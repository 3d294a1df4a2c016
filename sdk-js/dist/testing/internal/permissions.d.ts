// DO NOT EDIT: compiled from src/testing/internal/permissions.ts by typescript 7.0.2 (npm run build).
import { type Target } from "./patterns.js";
/** What may be done with a path, as in Component.toml. */
export type PathAction = "read" | "write" | "delete" | "list";
/** What a component asks for. */
export type Access = {
    permission: "filesystem";
    action: PathAction;
    path: string;
} | {
    permission: "network";
    action: "outbound" | "inbound" | "resolve";
    host: string;
    port?: number;
    address?: string;
} | {
    permission: "process";
    action: "spawn" | "signal";
    program: string;
} | {
    permission: "messaging";
    target: Target;
};
export declare class Permissions {
    #private;
    /**
     * Reads a table such as `{ filesystem: [{ action: "read", path: "/data/**" }] }`.
     *
     * @throws PatternError for what cannot stand in Component.toml.
     */
    static read(table: object): Permissions;
    /** Whether one permission of the set covers this. */
    cover(access: Access): boolean;
}
/** The line of [permissions] that would have allowed it; nothing if none can. */
export declare function missingLine(access: Access): string | undefined;
/** What it is done to, as a denial says it. */
export declare function resourceOf(access: Access): string;
