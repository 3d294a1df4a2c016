// DO NOT EDIT: compiled from src/testing/current.ts by typescript 7.0.2 (npm run build).
type AnyFunction = (...given: any[]) => any;
type Interface = Readonly<Record<string, AnyFunction>>;
/** The interfaces that a fake host may be without. */
type Absent = "tcp" | "udp" | "connections" | "processes" | "stdio" | "signals";
/** The functions of the contract, by interface, in the shapes that an engine gives them. */
export type Interfaces = Readonly<Record<"hostServices" | "files" | "directories" | "paths", Interface>> & Readonly<Partial<Record<Absent, Interface>>>;
/** Lets the functions of the contract reach a host while something runs. */
export declare function within<T>(host: Interfaces, run: () => T): T;
/** Lets the functions of the contract reach a host from now on, unless another one is calling. */
export declare function enter(host: Interfaces): void;
/** The function or class of the contract that a module of the bindings exports. */
export declare function bind(of: keyof Interfaces, name: string): AnyFunction;
export {};
