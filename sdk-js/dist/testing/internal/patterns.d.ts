// DO NOT EDIT: compiled from src/testing/internal/patterns.ts by typescript 7.0.2 (npm run build).
/** What a pattern says of a resource. */
export type Covers<Resource> = (resource: Resource) => boolean;
/** Why something cannot stand in Component.toml. */
export declare class PatternError extends Error {
    readonly name = "PatternError";
}
/** Whether one segment is covered: `*` is any number of characters, `?` is one. */
export declare function matchesSegment(pattern: string, text: string): boolean;
/** A pattern over absolute paths: a segment `**` is any number of segments. */
export declare function pathPattern(text: string): Covers<string>;
/** The narrowest pattern that covers a path, if any can: characters with a meaning in patterns become `?`. */
export declare function coveringPath(path: string): string | undefined;
/** A component as messages name it. */
export interface Target {
    readonly namespace: string;
    readonly name: string;
    readonly version: string;
}
/** A pattern over components: `namespace/name` or `namespace/name@version`. */
export declare function targetPattern(text: string): Covers<Target>;
/** The narrowest pattern that covers a component in every version, if any can. */
export declare function coveringTarget(target: Target): string | undefined;
/** Ports: one, or a range as a text. Nothing is every port. */
export declare function portPattern(port: unknown): Covers<number | undefined>;
/** A host as a component names it, with the address that it leads to, if that is known. */
export interface Endpoint {
    readonly host: string;
    readonly address?: string | undefined;
}
/** A pattern over hosts: a name, what is below one, an address, a block of addresses, or `*`. */
export declare function hostPattern(text: string): Covers<Endpoint>;
/** The narrowest pattern that covers a host: its name, or its address where a name would not do. */
export declare function coveringHost(asked: Endpoint): string | undefined;
