// Between the values of the bindings and those of the public API: shared records, and errors in both directions.

import type * as host from "airssys:core/types@1.0.0";
import type * as filesystem from "airssys:ext-filesystem/types@1.0.0";
import type * as network from "airssys:ext-network/types@1.0.0";
import type * as process from "airssys:ext-process/types@1.0.0";

import { liftBytes, liftOption, liftU32, liftU64, lowerSize, lowerText, lowerU32, lowerU64 } from "./engine.js";
import { ComponentError, ExecutionError, FilesystemError, MessagingError, NetworkError, ProcessError } from "./errors.js";
import { liftExitStatus, lowerExitStatus } from "./exit-status.js";
import { failureOf } from "./failure.js";
import type { Caller, ComponentConfig, ComponentId, ComponentMetadata, ExecutionContext, Timestamp } from "./types.js";

export function liftTimestamp(raw: host.Timestamp): Timestamp {
  return { seconds: liftU64(raw.seconds, "seconds"), nanoseconds: liftU32(raw.nanoseconds) };
}

export function lowerTimestamp(time: { seconds: number | bigint; nanoseconds: number }, name: string): host.Timestamp {
  return {
    seconds: lowerSize(time.seconds, `${name}.seconds`),
    nanoseconds: lowerU32(time.nanoseconds, `${name}.nanoseconds`),
  };
}

export function lowerComponentId(id: ComponentId, name: string): host.ComponentId {
  return {
    namespace: lowerText(id.namespace, `${name}.namespace`),
    name: lowerText(id.name, `${name}.name`),
    version: lowerText(id.version, `${name}.version`),
  };
}

export function liftMetadata(raw: host.ComponentMetadata): ComponentMetadata {
  const { license, ...rest } = raw;
  return { ...rest, ...some("license", license) };
}

export function liftConfig(raw: host.ComponentConfig): ComponentConfig {
  // Getters, so that a limit too large for QuickJS troubles only the component that looks at it.
  const limits = {};
  for (const name of ["maxMemoryBytes", "maxCpuTimeMs", "maxExecutionTimeMs"] as const) {
    const limit = liftOption(raw.limits[name]);
    if (limit !== undefined) Object.defineProperty(limits, name, { enumerable: true, get: () => liftU64(limit, name) });
  }
  return { id: raw.id, environment: raw.environment, ...some("data", raw.data && liftBytes(raw.data)), limits };
}

function liftCaller(raw: host.Caller): Caller {
  switch (raw.tag) {
    case "component":
      return { kind: "component", component: raw.val };
    case "external":
      return { kind: "external", name: raw.val };
    case "host":
      return { kind: "host" };
  }
}

export function liftContext(raw: host.ExecutionContext): ExecutionContext {
  const deadline = liftOption(raw.deadline);
  return {
    requestId: raw.requestId,
    caller: liftCaller(raw.caller),
    ...some("deadline", deadline && liftTimestamp(deadline)),
    ...some("traceParent", raw.traceParent),
  };
}

/** A property that is there only if its value is: `exactOptionalPropertyTypes` tells the two apart, and so may authors. */
export function some<K extends string, T>(name: K, value: T | null | undefined): { [P in K]?: T } {
  return value === null || value === undefined ? {} : ({ [name]: value } as { [P in K]?: T });
}

/** What an engine throws for the error of a result, and what it takes for one: an error with this property. */
export interface Payload {
  tag: string;
  val?: unknown;
}

export function payloadOf(thrown: unknown): Payload | undefined {
  return failureOf<Payload>(thrown);
}

function liftFilesystemError(error: filesystem.FilesystemError): FilesystemError {
  switch (error.tag) {
    case "permission-denied":
      return new FilesystemError(error.tag, { denial: error.val });
    case "invalid-path":
    case "invalid-argument":
    case "unsupported":
    case "quota-exceeded":
    case "io":
      return new FilesystemError(error.tag, { detail: error.val });
    case "too-many-open-files":
      return new FilesystemError(error.tag);
    default:
      return new FilesystemError(error.tag, { path: error.val });
  }
}

function liftMessagingError(error: host.MessagingError): MessagingError {
  switch (error.tag) {
    case "component-not-found":
    case "mailbox-full":
      return new MessagingError(error.tag, { component: error.val });
    case "permission-denied":
      return new MessagingError(error.tag, { denial: error.val });
    case "payload-too-large":
      return new MessagingError(error.tag, { limit: liftU64(error.val, "the limit") });
    case "unknown-request":
      return new MessagingError(error.tag, { request: error.val });
    default:
      return new MessagingError(error.tag, { detail: error.val });
  }
}

function liftNetworkError(error: network.NetworkError): NetworkError {
  switch (error.tag) {
    case "permission-denied":
      return new NetworkError(error.tag, { denial: error.val });
    case "name-not-found":
      return new NetworkError(error.tag, { host: error.val });
    case "end-of-stream":
      return new NetworkError(error.tag, { received: liftU64(error.val, "the number of bytes") });
    case "temporary-resolver-failure":
    case "invalid-argument":
    case "unsupported":
    case "tls-handshake":
    case "certificate-invalid":
    case "io":
      return new NetworkError(error.tag, { detail: error.val });
    default:
      return new NetworkError(error.tag);
  }
}

function liftProcessError(error: process.ProcessError): ProcessError {
  switch (error.tag) {
    case "permission-denied":
      return new ProcessError(error.tag, { denial: error.val });
    case "program-not-found":
    case "not-executable":
      return new ProcessError(error.tag, { program: error.val });
    case "process-not-found":
      return new ProcessError(error.tag, { process: liftU32(error.val) });
    case "already-exited":
      return new ProcessError(error.tag, { status: liftExitStatus(error.val) });
    case "not-piped":
      return new ProcessError(error.tag, { stream: error.val });
    case "output-too-large":
      return new ProcessError(error.tag, { limit: liftU64(error.val, "the limit") });
    case "invalid-argument":
    case "unsupported":
    case "io":
      return new ProcessError(error.tag, { detail: error.val });
    default:
      return new ProcessError(error.tag);
  }
}

/** Calls a filesystem function of the host; its errors become typed ones. */
export function callFilesystem<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    const payload = payloadOf(thrown);
    throw payload ? liftFilesystemError(payload as filesystem.FilesystemError) : thrown;
  }
}

/** Calls a messaging function of the host; its errors become typed ones. */
export function callMessaging<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    const payload = payloadOf(thrown);
    throw payload ? liftMessagingError(payload as host.MessagingError) : thrown;
  }
}

/** Calls a network function of the host; its errors become typed ones. */
export function callNetwork<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    const payload = payloadOf(thrown);
    throw payload ? liftNetworkError(payload as network.NetworkError) : thrown;
  }
}

/** Calls a process function of the host; its errors become typed ones. */
export function callProcess<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    const payload = payloadOf(thrown);
    throw payload ? liftProcessError(payload as process.ProcessError) : thrown;
  }
}

/** Gives the case and value of an error of the contract, or nothing for any other error. */
export function lowerError(error: unknown): Payload | undefined {
  if (error instanceof FilesystemError) {
    return variant(error.code, error.denial ?? error.path ?? error.detail);
  }
  if (error instanceof MessagingError) {
    const limit = error.limit === undefined ? undefined : lowerU64(error.limit, "limit");
    return variant(error.code, error.component ?? error.denial ?? limit ?? error.request ?? error.detail);
  }
  if (error instanceof NetworkError) {
    const received = error.received === undefined ? undefined : lowerU64(error.received, "received");
    return variant(error.code, error.denial ?? error.host ?? received ?? error.detail);
  }
  if (error instanceof ProcessError) {
    const process = error.process === undefined ? undefined : lowerU32(error.process, "process");
    const status = error.status && lowerExitStatus(error.status);
    const limit = error.limit === undefined ? undefined : lowerU64(error.limit, "limit");
    const { denial, program, stream, detail } = error;
    return variant(error.code, denial ?? program ?? process ?? status ?? stream ?? limit ?? detail);
  }
  if (error instanceof ExecutionError || error instanceof ComponentError) {
    return variant(error.code, error.message.toWellFormed());
  }
  return undefined;
}

/** Makes what an engine takes for the error of a result. */
export function failure(payload: Payload, cause: unknown): Error {
  return Object.assign(new Error(`${payload.tag}`, { cause }), { payload });
}

function variant(tag: string, val: unknown): Payload {
  return val === undefined ? { tag } : { tag, val };
}
