// The fake host: what a test sets up, how it calls the component, and what it can look at afterwards.

import type { ComponentLifecycle } from "../component-lifecycle.js";
import { payloadOf, some } from "../convert.js";
import { isBytes } from "../engine.js";
import { ComponentError, ExecutionError, type ComponentErrorCode, type ExecutionErrorCode } from "../errors.js";
import type { ExitStatus } from "../exit-status.js";
import type { Endpoint } from "../network.js";
import {
  formatComponentId,
  type ComponentId,
  type ComponentMetadata,
  type ExecutionContext,
  type HealthStatus,
  type LogLevel,
  type RequestId,
  type ResourceLimits,
  type Timestamp,
} from "../types.js";
import { within, type Interfaces } from "./current.js";
import { FakeHostError, TrapError } from "./errors.js";
import { FakeFiles } from "./fake-files.js";
import { Clock } from "./internal/clock.js";
import { directories } from "./internal/directories.js";
import { files } from "./internal/files.js";
import { findManifest, type Declared } from "./internal/manifest.js";
import { Network } from "./internal/network.js";
import { paths } from "./internal/paths.js";
import { ACTIONS, Policy } from "./internal/policy.js";
import { Processes } from "./internal/processes.js";
import { componentId, Services } from "./internal/services.js";
import { normalize } from "./internal/text.js";
import { Tree } from "./internal/tree.js";

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
  manifest?: string | { readonly href: string } | undefined;
}

/** Lines of `[permissions]` as in Component.toml, or the same as an object. */
export type PermissionLines =
  | string
  | { readonly [kind in "filesystem" | "network" | "process" | "messaging"]?: ReadonlyArray<Readonly<Record<string, string | number>>> };

/** How a request ended, for {@link FakeHost.handleCallback}. */
export type Outcome =
  | { readonly ok: true; readonly reply: Uint8Array | string }
  | { readonly ok: false; readonly reason: string };

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
export type Program = (
  call: ProgramCall,
) => { status?: ExitStatus; stdout?: Uint8Array | string; stderr?: Uint8Array | string } | Uint8Array | string | void;

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
  readonly files: FakeFiles;

  readonly #component: ComponentLifecycle;
  readonly #clock = new Clock();
  readonly #policy = new Policy();
  readonly #tree: Tree;
  readonly #services: Services;
  readonly #network: Network;
  readonly #processes: Processes;
  readonly #interfaces: Interfaces;
  readonly #id: ComponentId;
  readonly #metadata: ComponentMetadata;
  readonly #declared: Declared | undefined;
  #state: "new" | "started" | "ended" = "new";
  #calls = 0;

  /** Makes a host for what a component exports as `componentLifecycle`. */
  constructor(component: ComponentLifecycle, options: FakeHostOptions = {}) {
    if (typeof component?.execute !== "function") {
      throw new FakeHostError("not-a-component", "the component must be what component() gives");
    }
    this.#component = component;
    this.#tree = new Tree(this.#policy, this.#clock);
    this.files = FakeFiles.of(this.#tree);
    const found = findManifest(options.manifest);
    if (typeof found === "string") {
      this.#policy.declareNothing(found);
    } else {
      this.#declared = found;
      this.#policy.declare(found.permissions);
      this.#tree.mostOpen = Math.min(this.#tree.mostOpen, found.limits["max-open-files"] ?? Infinity);
    }
    const metadata = component.metadata(this.#declared?.component) as ComponentMetadata;
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
  static async load(module: string | { readonly href: string }, options: FakeHostOptions = {}): Promise<FakeHost> {
    const url = typeof module === "string" ? module : module.href;
    instances += 1;
    const loaded = (await import(`${url}${url.includes("?") ? "&" : "?"}airssys-instance=${instances}`)) as {
      componentLifecycle?: ComponentLifecycle;
    };
    if (!loaded.componentLifecycle) {
      throw new FakeHostError("not-a-component", `${url} does not export componentLifecycle`);
    }
    return new FakeHost(loaded.componentLifecycle, options);
  }

  /** The records of the log, oldest first. */
  get logs(): readonly LogRecord[] {
    return this.#services.logs;
  }

  /** The messages that the component sent, oldest first. */
  get messages(): readonly SentMessage[] {
    return this.#services.messages;
  }

  /** The requests that the component sent, oldest first. */
  get requests(): readonly SentRequest[] {
    return this.#services.requests;
  }

  /** The time, which stands still: set it, or let the component sleep. At first it is 2025-01-01T00:00:00Z. */
  get time(): Timestamp {
    return this.#clock.now;
  }

  set time(now: Timestamp) {
    this.#clock.now = now;
  }

  /** Adds another component, which can be sent to and is listed. Without it a target is `component-not-found`. */
  addComponent(id: ComponentId | string, metadata: Partial<Omit<ComponentMetadata, "id">> = {}): void {
    const known = componentId(id);
    const described = { description: "", authors: [], operations: [], ...metadata, id: known };
    this.#services.components.set(formatComponentId(known), described);
  }

  /** Adds a server to connect to, by its name or address. It takes TLS for its own name. Without it, there is no network. */
  addServer(endpoint: Endpoint, server: Server): void {
    this.#network.addServer(endpoint, server);
  }

  /**
   * Adds a program by its absolute path. It runs when the component waits for it or reads from it. Without it, there is
   * no program to start.
   */
  addProgram(path: string, program: Program): void {
    if (!path.startsWith("/")) throw new FakeHostError("invalid-argument", `${JSON.stringify(path)} is not absolute`);
    this.#processes.addProgram(path, program);
  }

  /** Makes the mailbox of a component full, or lets it take messages again. */
  fillMailbox(id: ComponentId | string, full = true): void {
    const target = formatComponentId(componentId(id));
    if (full) this.#services.full.add(target);
    else this.#services.full.delete(target);
  }

  /**
   * Permits more than Component.toml declares: a line of `[permissions]` such as
   * `filesystem = [{ action = "read", path = "/data/**" }]`, or the same as an object.
   */
  permit(lines: PermissionLines): void {
    this.#policy.permit(lines);
  }

  /** Permits everything, for a test that is not about permissions. What is denied stays denied. */
  permitAll(): void {
    this.#policy.permitAll();
  }

  /** Refuses what a line of `[permissions]` covers, as an operator who does not grant it. */
  deny(lines: PermissionLines): void {
    this.#policy.deny(lines);
  }

  /** Refuses these actions on a path and everything below it; without any, all of them. */
  denyPath(path: string, ...actions: PathAction[]): void {
    if (!path.startsWith("/")) throw new FakeHostError("invalid-argument", `${JSON.stringify(path)} is not absolute`);
    this.#policy.denyPath(normalize(path), actions.length > 0 ? actions : ACTIONS);
  }

  /** Refuses messages and requests to a target, `namespace/name` or `namespace/name@version`, where `*` is any text. */
  denyTarget(target: string): void {
    this.#policy.denyTarget(target);
  }

  /** Refuses connections to a host, its resolution included; with a port, only connections to that. */
  denyEndpoint(host: string, port?: number): void {
    this.#policy.denyEndpoint(host, port);
  }

  /** Refuses to start a program, named by its absolute path, and to send signals to it. */
  denyProgram(path: string): void {
    this.#policy.denyProgram(path);
  }

  /** Starts the component. Without it, the first other call does so with an empty configuration. */
  init(configuration: Configuration = {}): void {
    if (this.#state !== "new") throw new FakeHostError("already-initialized", "a host calls init once");
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
  execute(operation: string, input: Uint8Array | string = "", context: Partial<ExecutionContext> = {}): Uint8Array {
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
      caller:
        caller.kind === "component" ? { tag: "component", val: caller.component }
        : caller.kind === "external" ? { tag: "external", val: caller.name }
        : { tag: "host" },
    };
    const answer: unknown = this.#call("execute", ({ tag, val }) => new ExecutionError(tag as ExecutionErrorCode, val), [
      operation,
      lower(input),
      raw,
    ]);
    return (answer as Uint8Array).slice();
  }

  /** The same as {@link execute} for an answer that is text. */
  executeText(operation: string, input: Uint8Array | string = "", context: Partial<ExecutionContext> = {}): string {
    return new TextDecoder("utf-8", { fatal: true }).decode(this.execute(operation, input, context));
  }

  /**
   * Delivers a message.
   *
   * @throws ComponentError as the component answered, or {@link TrapError}.
   */
  handleMessage(sender: ComponentId | string, message: Uint8Array | string): void {
    this.#start();
    this.#lifecycle("handleMessage", componentId(sender), lower(message));
  }

  /**
   * Delivers the outcome of a request that the component sent: once for each, and `cancelled` for one that it cancelled.
   *
   * @throws ComponentError as the component answered, or {@link TrapError}.
   */
  handleCallback(request: RequestId, outcome: Outcome): void {
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
  health(): HealthStatus {
    this.#start();
    return this.#lifecycle("health") as HealthStatus;
  }

  /** Asks the component what it is. */
  metadata(): ComponentMetadata {
    return this.#metadata;
  }

  /**
   * Ends the component. Nothing can be called afterwards.
   *
   * @throws ComponentError as the component answered, or {@link TrapError}.
   */
  shutdown(): void {
    this.#start();
    this.#state = "ended";
    this.#lifecycle("shutdown");
  }

  /** Runs something of the component that is no export of it, so that what it calls reaches this host. */
  run<T>(inner: () => T): T {
    const result = within(this.#interfaces, inner);
    if (result instanceof Promise) {
      throw new FakeHostError("asynchronous", "what run is given must not be async: nothing in a component is");
    }
    return result;
  }

  #start(): void {
    if (this.#state === "ended") throw new FakeHostError("ended", "a host calls nothing after shutdown");
    if (this.#state === "new") this.init();
  }

  #lifecycle(name: keyof ComponentLifecycle, ...given: unknown[]): unknown {
    return this.#call(name, ({ tag, val }) => new ComponentError(tag as ComponentErrorCode, val), given);
  }

  #call(
    name: keyof ComponentLifecycle,
    declared: (payload: { tag: string; val: string }) => Error,
    given: readonly unknown[],
  ): unknown {
    try {
      return within(this.#interfaces, () => this.#component[name](...given) as unknown);
    } catch (thrown) {
      const payload = payloadOf(thrown);
      if (!payload) throw new TrapError(name, thrown);
      const error = declared(payload as { tag: string; val: string });
      throw Object.assign(error, { cause: (thrown as Error).cause });
    }
  }
}

function limitsOf(declared: Declared | undefined): ResourceLimits {
  const amount = (name: string) => {
    const written = declared?.limits[name];
    return written === undefined ? undefined : BigInt(written);
  };
  return {
    ...some("maxMemoryBytes", amount("max-memory-bytes")),
    ...some("maxCpuTimeMs", amount("max-cpu-time-ms")),
    ...some("maxExecutionTimeMs", amount("max-execution-time-ms")),
  };
}

function lower(data: Uint8Array | string): Uint8Array {
  if (isBytes(data)) return data.slice();
  if (typeof data === "string") return new TextEncoder().encode(data);
  throw new FakeHostError("invalid-argument", "the data must be a Uint8Array or a string");
}
