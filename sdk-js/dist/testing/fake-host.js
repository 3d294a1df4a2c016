// DO NOT EDIT: compiled from src/testing/fake-host.ts by typescript 7.0.2 (npm run build).
// The fake host: what a test sets up, how it calls the component, and what it can look at afterwards.
import { payloadOf, some } from "../convert.js";
import { isBytes } from "../engine.js";
import { ComponentError, ExecutionError } from "../errors.js";
import { formatComponentId, } from "../types.js";
import { within } from "./current.js";
import { FakeHostError, TrapError } from "./errors.js";
import { FakeFiles } from "./fake-files.js";
import { Clock } from "./internal/clock.js";
import { directories } from "./internal/directories.js";
import { files } from "./internal/files.js";
import { findManifest } from "./internal/manifest.js";
import { Network } from "./internal/network.js";
import { paths } from "./internal/paths.js";
import { ACTIONS, Policy } from "./internal/policy.js";
import { Processes } from "./internal/processes.js";
import { componentId, Services } from "./internal/services.js";
import { normalize } from "./internal/text.js";
import { Tree } from "./internal/tree.js";
/** How long a call may take, by the default of a host. */
const DEADLINE_MS = 30_000;
let instances = 0;
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
export class FakeHost {
    /** The files that the component sees. */
    files;
    #component;
    #clock = new Clock();
    #policy = new Policy();
    #tree;
    #services;
    #network;
    #processes;
    #interfaces;
    #id;
    #metadata;
    #declared;
    #state = "new";
    #calls = 0;
    /** Makes a host for what a component exports as `componentLifecycle`. */
    constructor(component, options = {}) {
        if (typeof component?.execute !== "function") {
            throw new FakeHostError("not-a-component", "the component must be what component() gives");
        }
        this.#component = component;
        this.#tree = new Tree(this.#policy, this.#clock);
        this.files = FakeFiles.of(this.#tree);
        const found = findManifest(options.manifest);
        if (typeof found === "string") {
            this.#policy.declareNothing(found);
        }
        else {
            this.#declared = found;
            this.#policy.declare(found.permissions);
            this.#tree.mostOpen = Math.min(this.#tree.mostOpen, found.limits["max-open-files"] ?? Infinity);
        }
        const metadata = component.metadata(this.#declared?.component);
        this.#metadata = metadata;
        this.#id = metadata.id;
        this.#services = new Services(this.#policy, this.#clock, () => this.#id);
        this.#services.components.set(formatComponentId(metadata.id), metadata);
        this.#network = new Network(this.#policy, this.#clock);
        this.#processes = new Processes(this.#policy, this.#clock);
        this.#interfaces = {
            hostServices: this.#services.bindings(),
            files: files(this.#tree),
            directories: directories(this.#tree),
            paths: paths(this.#tree),
            tcp: this.#network.tcp(),
            connections: this.#network.connections(),
            processes: this.#processes.processes(),
            stdio: this.#processes.stdio(),
            signals: this.#processes.signals(),
        };
    }
    /**
     * Makes a host for a fresh instance of a component: what its modules keep in variables is as at the start. Give it the
     * module that exports `componentLifecycle`, as in `new URL("../src/index.js", import.meta.url)`.
     */
    static async load(module, options = {}) {
        const url = typeof module === "string" ? module : module.href;
        instances += 1;
        const loaded = (await import(`${url}${url.includes("?") ? "&" : "?"}airssys-instance=${instances}`));
        if (!loaded.componentLifecycle) {
            throw new FakeHostError("not-a-component", `${url} does not export componentLifecycle`);
        }
        return new FakeHost(loaded.componentLifecycle, options);
    }
    /** The records of the log, oldest first. */
    get logs() {
        return this.#services.logs;
    }
    /** The messages that the component sent, oldest first. */
    get messages() {
        return this.#services.messages;
    }
    /** The requests that the component sent, oldest first. */
    get requests() {
        return this.#services.requests;
    }
    /** The time, which stands still: set it, or let the component sleep. At first it is 2025-01-01T00:00:00Z. */
    get time() {
        return this.#clock.now;
    }
    set time(now) {
        this.#clock.now = now;
    }
    /** Adds another component, which can be sent to and is listed. Without it a target is `component-not-found`. */
    addComponent(id, metadata = {}) {
        const known = componentId(id);
        const described = { description: "", authors: [], operations: [], ...metadata, id: known };
        this.#services.components.set(formatComponentId(known), described);
    }
    /** Adds a server to connect to, by its name or address. It takes TLS for its own name. Without it, there is no network. */
    addServer(endpoint, server) {
        this.#network.addServer(endpoint, server);
    }
    /**
     * Adds a program by its absolute path. It runs when the component waits for it or reads from it. Without it, there is
     * no program to start.
     */
    addProgram(path, program) {
        if (!path.startsWith("/"))
            throw new FakeHostError("invalid-argument", `${JSON.stringify(path)} is not absolute`);
        this.#processes.addProgram(path, program);
    }
    /** Makes the mailbox of a component full, or lets it take messages again. */
    fillMailbox(id, full = true) {
        const target = formatComponentId(componentId(id));
        if (full)
            this.#services.full.add(target);
        else
            this.#services.full.delete(target);
    }
    /**
     * Permits more than Component.toml declares: a line of `[permissions]` such as
     * `filesystem = [{ action = "read", path = "/data/**" }]`, or the same as an object.
     */
    permit(lines) {
        this.#policy.permit(lines);
    }
    /** Permits everything, for a test that is not about permissions. What is denied stays denied. */
    permitAll() {
        this.#policy.permitAll();
    }
    /** Refuses what a line of `[permissions]` covers, as an operator who does not grant it. */
    deny(lines) {
        this.#policy.deny(lines);
    }
    /** Refuses these actions on a path and everything below it; without any, all of them. */
    denyPath(path, ...actions) {
        if (!path.startsWith("/"))
            throw new FakeHostError("invalid-argument", `${JSON.stringify(path)} is not absolute`);
        this.#policy.denyPath(normalize(path), actions.length > 0 ? actions : ACTIONS);
    }
    /** Refuses messages and requests to a target, `namespace/name` or `namespace/name@version`, where `*` is any text. */
    denyTarget(target) {
        this.#policy.denyTarget(target);
    }
    /** Refuses connections to a host, its resolution included; with a port, only connections to that. */
    denyEndpoint(host, port) {
        this.#policy.denyEndpoint(host, port);
    }
    /** Refuses to start a program, named by its absolute path, and to send signals to it. */
    denyProgram(path) {
        this.#policy.denyProgram(path);
    }
    /** Starts the component. Without it, the first other call does so with an empty configuration. */
    init(configuration = {}) {
        if (this.#state !== "new")
            throw new FakeHostError("already-initialized", "a host calls init once");
        const declared = this.#declared;
        const { id, environment = declared?.environment ?? [], data = declared?.data } = configuration;
        const { limits = limitsOf(declared) } = configuration;
        const pairs = Array.isArray(environment) ? environment : Object.entries(environment);
        this.#lifecycle("init", {
            id: id === undefined ? this.#id : componentId(id),
            environment: pairs.map(([name, value]) => [name, value]),
            data: data === undefined ? undefined : lower(data),
            limits,
        });
        this.#state = "started";
    }
    /**
     * Performs an operation and gives its answer. A request of another component is the operation `handle-request`, with
     * `caller: { kind: "component", component }`. The caller is otherwise `{ kind: "external", name: "test" }`.
     *
     * @throws ExecutionError as the component answered, or {@link TrapError}.
     */
    execute(operation, input = "", context = {}) {
        this.#start();
        this.#calls += 1;
        const deadline = new Clock();
        deadline.now = this.#clock.now;
        deadline.advance(DEADLINE_MS);
        const { caller = { kind: "external", name: "test" } } = context;
        const raw = {
            requestId: `call-${this.#calls}`,
            deadline: deadline.now,
            ...context,
            caller: caller.kind === "component" ? { tag: "component", val: caller.component }
                : caller.kind === "external" ? { tag: "external", val: caller.name }
                    : { tag: "host" },
        };
        const answer = this.#call("execute", ({ tag, val }) => new ExecutionError(tag, val), [
            operation,
            lower(input),
            raw,
        ]);
        return answer.slice();
    }
    /** The same as {@link execute} for an answer that is text. */
    executeText(operation, input = "", context = {}) {
        return new TextDecoder("utf-8", { fatal: true }).decode(this.execute(operation, input, context));
    }
    /**
     * Delivers a message.
     *
     * @throws ComponentError as the component answered, or {@link TrapError}.
     */
    handleMessage(sender, message) {
        this.#start();
        this.#lifecycle("handleMessage", componentId(sender), lower(message));
    }
    /**
     * Delivers the outcome of a request that the component sent: once for each, and `cancelled` for one that it cancelled.
     *
     * @throws ComponentError as the component answered, or {@link TrapError}.
     */
    handleCallback(request, outcome) {
        this.#start();
        const sent = this.#services.requests.find(({ id }) => id === request);
        if (!sent || sent.state === "done") {
            throw new FakeHostError("unknown-request", `no outcome is awaited for ${JSON.stringify(request)}`);
        }
        if (sent.state === "cancelled" && (outcome.ok || outcome.reason !== "cancelled")) {
            throw new FakeHostError("unknown-request", `the component gave up ${request}: its outcome can only be cancelled`);
        }
        sent.state = "done";
        const raw = outcome.ok ? { tag: "ok", val: lower(outcome.reply) } : { tag: "err", val: outcome.reason };
        this.#lifecycle("handleCallback", request, raw);
    }
    /** Asks the component how it is. */
    health() {
        this.#start();
        return this.#lifecycle("health");
    }
    /** Asks the component what it is. */
    metadata() {
        return this.#metadata;
    }
    /**
     * Ends the component. Nothing can be called afterwards.
     *
     * @throws ComponentError as the component answered, or {@link TrapError}.
     */
    shutdown() {
        this.#start();
        this.#state = "ended";
        this.#lifecycle("shutdown");
    }
    /** Runs something of the component that is no export of it, so that what it calls reaches this host. */
    run(inner) {
        const result = within(this.#interfaces, inner);
        if (result instanceof Promise) {
            throw new FakeHostError("asynchronous", "what run is given must not be async: nothing in a component is");
        }
        return result;
    }
    #start() {
        if (this.#state === "ended")
            throw new FakeHostError("ended", "a host calls nothing after shutdown");
        if (this.#state === "new")
            this.init();
    }
    #lifecycle(name, ...given) {
        return this.#call(name, ({ tag, val }) => new ComponentError(tag, val), given);
    }
    #call(name, declared, given) {
        try {
            return within(this.#interfaces, () => this.#component[name](...given));
        }
        catch (thrown) {
            const payload = payloadOf(thrown);
            if (!payload)
                throw new TrapError(name, thrown);
            const error = declared(payload);
            throw Object.assign(error, { cause: thrown.cause });
        }
    }
}
function limitsOf(declared) {
    const amount = (name) => {
        const written = declared?.limits[name];
        return written === undefined ? undefined : BigInt(written);
    };
    return {
        ...some("maxMemoryBytes", amount("max-memory-bytes")),
        ...some("maxCpuTimeMs", amount("max-cpu-time-ms")),
        ...some("maxExecutionTimeMs", amount("max-execution-time-ms")),
    };
}
function lower(data) {
    if (isBytes(data))
        return data.slice();
    if (typeof data === "string")
        return new TextEncoder().encode(data);
    throw new FakeHostError("invalid-argument", "the data must be a Uint8Array or a string");
}
