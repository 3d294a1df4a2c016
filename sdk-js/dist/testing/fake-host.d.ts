// DO NOT EDIT: compiled from src/testing/fake-host.ts by typescript 7.0.2 (npm run build).
import type { ComponentLifecycle } from "../component-lifecycle.js";
import type { ExitStatus } from "../exit-status.js";
import type { Endpoint } from "../network.js";
import { type ComponentId, type ComponentMetadata, type ExecutionContext, type HealthStatus, type LogLevel, type RequestId, type ResourceLimits, type Timestamp } from "../types.js";
import { FakeFiles } from "./fake-files.js";
/** A record that the component wrote to the log. In a test its `console` is that of Node.js and writes to the terminal. */
export interface LogRecord {
    readonly level: LogLevel;
    readonly message: string;
    readonly fields: ReadonlyArray<readonly [name: string, value: string]>;
}
/** A message that the component sent. */
export interface SentMessage {
    /** To whom, as `namespace/name@version`. */
    readonly target: string;
    /** What was sent. */
    readonly message: Uint8Array;
    /** The same as text. */
    readonly text: string;
}
/** A request that the component sent. */
export interface SentRequest {
    /** What the component got as its id: `request-1` and so on. */
    readonly id: RequestId;
    /** To whom, as `namespace/name@version`. */
    readonly target: string;
    /** What was sent. */
    readonly request: Uint8Array;
    /** The same as text. */
    readonly text: string;
    /** How long the component waits for the outcome, in milliseconds. */
    readonly timeoutMs: number;
    /** Whether it still waits, has given up, or has the outcome. */
    state: "pending" | "cancelled" | "done";
}
/** What a component is started with; what is absent is as Component.toml says it. */
export interface Configuration {
    /** The id under which it runs; without it, its own. */
    id?: ComponentId | string;
    /** The environment, as an object or as pairs. */
    environment?: Readonly<Record<string, string>> | ReadonlyArray<readonly [name: string, value: string]>;
    /** The data. */
    data?: Uint8Array | string;
    /** The limits. */
    limits?: ResourceLimits;
}
/** Where a {@link FakeHost} finds out what the component may do. */
export interface FakeHostOptions {
    /** The Component.toml; without it, that of the folder in which the test runs, or of the nearest one above it. */
    manifest?: string | {
        readonly href: string;
    } | undefined;
}
/** Lines of `[permissions]` as in Component.toml, or the same as an object. */
export type PermissionLines = string | {
    readonly [kind in "filesystem" | "network" | "process" | "messaging"]?: ReadonlyArray<Readonly<Record<string, string | number>>>;
};
/** How a request ended, for {@link FakeHost.handleCallback}. */
export type Outcome = {
    readonly ok: true;
    readonly reply: Uint8Array | string;
} | {
    readonly ok: false;
    readonly reason: string;
};
/** What may be done with a path, as in Component.toml. */
export type PathAction = "read" | "write" | "delete" | "list";
/**
 * What a server answers to the bytes of one write of a connection: bytes, text as UTF-8, or nothing. When the component
 * has read all of it, the connection is at its end, until the next write.
 */
export type Server = (data: Uint8Array) => Uint8Array | string | void;
/** How a program was started. */
export interface ProgramCall {
    /** Its arguments, without the program itself. */
    readonly arguments: readonly string[];
    /** The variables that the command sets. */
    readonly environment: ReadonlyMap<string, string>;
    /** The guest path of the directory that it starts in, if the command names one. */
    readonly workingDirectory?: string;
    /** All of its input. */
    readonly stdin: Uint8Array;
}
/** What a program does: it gives what it writes and how it ends, or only its output, text as UTF-8. */
export type Program = (call: ProgramCall) => {
    status?: ExitStatus;
    stdout?: Uint8Array | string;
    stderr?: Uint8Array | string;
} | Uint8Array | string | void;
/**
 * A host for one component in one test. It calls the component as a real one does, `init` first, and answers what the
 * component asks for out of memory: nothing of one fake is seen by another. What Component.toml declares in
 * `[permissions]` is permitted, as if the operator granted all of it, and what the test {@link permit}s; all else is
 * refused as by a real host. `[limits]` and `[config]` of Component.toml hold as well.
 *
 * Whatever is permitted, it takes the paths and commands that a real host takes. A path that ends in `/` or `/.` leads to
 * nothing but a directory: a file is not found behind one, nor made there. A command cannot set or inherit `LD_PRELOAD`
 * and the other variables with which any program would load code that is not its own.
 *
 * A declared error of the component is thrown as `ExecutionError` or `ComponentError`, as the caller would see it; its
 * `cause` is what the component threw. Anything else that it throws is a {@link TrapError}.
 */
export declare class FakeHost {
    #private;
    /** The files that the component sees. */
    readonly files: FakeFiles;
    /** Makes a host for what a component exports as `componentLifecycle`. */
    constructor(component: ComponentLifecycle, options?: FakeHostOptions);
    /**
     * Makes a host for a fresh instance of a component: what its modules keep in variables is as at the start. Give it the
     * module that exports `componentLifecycle`, as in `new URL("../src/index.js", import.meta.url)`.
     */
    static load(module: string | {
        readonly href: string;
    }, options?: FakeHostOptions): Promise<FakeHost>;
    /** The records of the log, oldest first. */
    get logs(): readonly LogRecord[];
    /** The messages that the component sent, oldest first. */
    get messages(): readonly SentMessage[];
    /** The requests that the component sent, oldest first. */
    get requests(): readonly SentRequest[];
    /** The time, which stands still: set it, or let the component sleep. At first it is 2025-01-01T00:00:00Z. */
    get time(): Timestamp;
    set time(now: Timestamp);
    /** Adds another component, which can be sent to and is listed. Without it a target is `component-not-found`. */
    addComponent(id: ComponentId | string, metadata?: Partial<Omit<ComponentMetadata, "id">>): void;
    /** Adds a server to connect to, by its name or address. It takes TLS for its own name. Without it, there is no network. */
    addServer(endpoint: Endpoint, server: Server): void;
    /**
     * Adds a program by its absolute path. It runs when the component waits for it or reads from it. Without it, there is
     * no program to start.
     */
    addProgram(path: string, program: Program): void;
    /** Makes the mailbox of a component full, or lets it take messages again. */
    fillMailbox(id: ComponentId | string, full?: boolean): void;
    /**
     * Permits more than Component.toml declares: a line of `[permissions]` such as
     * `filesystem = [{ action = "read", path = "/data/**" }]`, or the same as an object.
     */
    permit(lines: PermissionLines): void;
    /** Permits everything, for a test that is not about permissions. What is denied stays denied. */
    permitAll(): void;
    /** Refuses what a line of `[permissions]` covers, as an operator who does not grant it. */
    deny(lines: PermissionLines): void;
    /** Refuses these actions on a path and everything below it; without any, all of them. */
    denyPath(path: string, ...actions: PathAction[]): void;
    /** Refuses messages and requests to a target, `namespace/name` or `namespace/name@version`, where `*` is any text. */
    denyTarget(target: string): void;
    /** Refuses connections to a host, its resolution included; with a port, only connections to that. */
    denyEndpoint(host: string, port?: number): void;
    /** Refuses to start a program, named by its absolute path, and to send signals to it. */
    denyProgram(path: string): void;
    /** Starts the component. Without it, the first other call does so with an empty configuration. */
    init(configuration?: Configuration): void;
    /**
     * Performs an operation and gives its answer. A request of another component is the operation `handle-request`, with
     * `caller: { kind: "component", component }`. The caller is otherwise `{ kind: "external", name: "test" }`.
     *
     * @throws ExecutionError as the component answered, or {@link TrapError}.
     */
    execute(operation: string, input?: Uint8Array | string, context?: Partial<ExecutionContext>): Uint8Array;
    /** The same as {@link execute} for an answer that is text. */
    executeText(operation: string, input?: Uint8Array | string, context?: Partial<ExecutionContext>): string;
    /**
     * Delivers a message.
     *
     * @throws ComponentError as the component answered, or {@link TrapError}.
     */
    handleMessage(sender: ComponentId | string, message: Uint8Array | string): void;
    /**
     * Delivers the outcome of a request that the component sent: once for each, and `cancelled` for one that it cancelled.
     *
     * @throws ComponentError as the component answered, or {@link TrapError}.
     */
    handleCallback(request: RequestId, outcome: Outcome): void;
    /** Asks the component how it is. */
    health(): HealthStatus;
    /** Asks the component what it is. */
    metadata(): ComponentMetadata;
    /**
     * Ends the component. Nothing can be called afterwards.
     *
     * @throws ComponentError as the component answered, or {@link TrapError}.
     */
    shutdown(): void;
    /** Runs something of the component that is no export of it, so that what it calls reaches this host. */
    run<T>(inner: () => T): T;
}
