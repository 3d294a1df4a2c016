// The errors of the contract and of this SDK. Programs tell them apart by class and `code`, never by message.

import { formatExitStatus, type ExitStatus } from "./exit-status.js";
import type { ProcessId, StdioStream } from "./process.js";
import { formatComponentId, type ComponentId, type PermissionDenial, type RequestId } from "./types.js";

function denied(denial: PermissionDenial): string {
  const { operation, resource, missing } = denial;
  return `permission denied: ${operation} on ${resource}: needs ${missing} in [permissions] of Component.toml, and the operator's grant`;
}

/** The cases of {@link FilesystemError}. */
export type FilesystemErrorCode =
  | "not-found"
  | "permission-denied"
  | "already-exists"
  | "invalid-path"
  | "not-a-directory"
  | "is-a-directory"
  | "directory-not-empty"
  | "too-many-links"
  | "name-too-long"
  | "cross-device"
  | "locked"
  | "invalid-argument"
  | "unsupported"
  | "quota-exceeded"
  | "too-many-open-files"
  | "io";

/** Why a filesystem operation failed. */
export class FilesystemError extends Error {
  override readonly name: string = "FilesystemError";
  /** Which case it is. */
  readonly code: FilesystemErrorCode;
  /** The path that the case is about, as the component gave it; absent where the case has `detail` or `denial`. */
  readonly path: string | undefined;
  /** With the code `permission-denied`: what was refused, and the line that is missing in Component.toml. */
  readonly denial: PermissionDenial | undefined;
  /** What went wrong, in words, with the codes `invalid-path`, `invalid-argument`, `unsupported`, `quota-exceeded` and `io`. */
  readonly detail: string | undefined;

  /** Components get these errors from the host; a fake host in a test makes its own. */
  constructor(code: FilesystemErrorCode, about: { path?: string; denial?: PermissionDenial; detail?: string } = {}) {
    const words = code.replaceAll("-", " ");
    super(
      about.denial ? denied(about.denial)
      : about.path !== undefined ? `${about.path}: ${words}`
      : about.detail !== undefined ? `${words}: ${about.detail}`
      : words,
    );
    this.code = code;
    this.path = about.path;
    this.denial = about.denial;
    this.detail = about.detail;
  }
}

/** The cases of {@link NetworkError}. */
export type NetworkErrorCode =
  | "permission-denied"
  | "connection-refused"
  | "connection-reset"
  | "connection-aborted"
  | "not-connected"
  | "timeout"
  | "host-unreachable"
  | "network-unreachable"
  | "address-in-use"
  | "address-not-available"
  | "name-not-found"
  | "temporary-resolver-failure"
  | "invalid-argument"
  | "unsupported"
  | "tls-handshake"
  | "certificate-invalid"
  | "datagram-too-large"
  | "end-of-stream"
  | "pool-exhausted"
  | "too-many-sockets"
  | "io";

/** Why a network operation failed. */
export class NetworkError extends Error {
  override readonly name: string = "NetworkError";
  /** Which case it is. */
  readonly code: NetworkErrorCode;
  /** With the code `permission-denied`: what was refused, and the line that is missing in Component.toml. */
  readonly denial: PermissionDenial | undefined;
  /** With `name-not-found`: the name or address that was looked up. */
  readonly host: string | undefined;
  /** With `end-of-stream`: how many bytes came before the peer closed its side. */
  readonly received: bigint | undefined;
  /**
   * What went wrong, in words, with the codes `temporary-resolver-failure`, `invalid-argument`, `unsupported`,
   * `tls-handshake`, `certificate-invalid` and `io`.
   */
  readonly detail: string | undefined;

  /** Components get these errors from the host; a fake host in a test makes its own. */
  constructor(
    code: NetworkErrorCode,
    about: { denial?: PermissionDenial; host?: string; received?: bigint; detail?: string } = {},
  ) {
    const words = code.replaceAll("-", " ");
    super(
      about.denial ? denied(about.denial)
      : about.host !== undefined ? `${about.host}: ${words}`
      : about.received !== undefined ? `${words} after ${about.received} bytes`
      : about.detail !== undefined ? `${words}: ${about.detail}`
      : words,
    );
    this.code = code;
    this.denial = about.denial;
    this.host = about.host;
    this.received = about.received;
    this.detail = about.detail;
  }
}

/** The cases of {@link ProcessError}. */
export type ProcessErrorCode =
  | "permission-denied"
  | "program-not-found"
  | "not-executable"
  | "process-not-found"
  | "already-exited"
  | "not-piped"
  | "stdin-closed"
  | "timeout"
  | "too-many-processes"
  | "output-too-large"
  | "invalid-argument"
  | "unsupported"
  | "io";

/** Why an operation on a process failed. */
export class ProcessError extends Error {
  override readonly name: string = "ProcessError";
  /** Which case it is. */
  readonly code: ProcessErrorCode;
  /** With the code `permission-denied`: what was refused, and the line that is missing in Component.toml. */
  readonly denial: PermissionDenial | undefined;
  /** With `program-not-found` and `not-executable`: the program as it was given. */
  readonly program: string | undefined;
  /** With `process-not-found`: the id that is not known. */
  readonly process: ProcessId | undefined;
  /** With `already-exited`: how the process has ended. */
  readonly status: ExitStatus | undefined;
  /** With `not-piped`: which stream it is. */
  readonly stream: StdioStream | undefined;
  /** With `output-too-large`: the limit, in bytes. */
  readonly limit: bigint | undefined;
  /** What went wrong, in words, with the codes `invalid-argument`, `unsupported` and `io`. */
  readonly detail: string | undefined;

  /** Components get these errors from the host; a fake host in a test makes its own. */
  constructor(
    code: ProcessErrorCode,
    about: {
      denial?: PermissionDenial;
      program?: string;
      process?: ProcessId;
      status?: ExitStatus;
      stream?: StdioStream;
      limit?: bigint;
      detail?: string;
    } = {},
  ) {
    const words = code.replaceAll("-", " ");
    super(
      about.denial ? denied(about.denial)
      : about.program !== undefined ? `${about.program}: ${words}`
      : about.process !== undefined ? `${words}: ${about.process}`
      : about.status ? `${words}: ${formatExitStatus(about.status)}`
      : about.stream !== undefined ? `${about.stream} is not piped`
      : about.limit !== undefined ? `${words}: the limit is ${about.limit} bytes`
      : about.detail !== undefined ? `${words}: ${about.detail}`
      : words,
    );
    this.code = code;
    this.denial = about.denial;
    this.program = about.program;
    this.process = about.process;
    this.status = about.status;
    this.stream = about.stream;
    this.limit = about.limit;
    this.detail = about.detail;
  }
}

/** The cases of {@link MessagingError}. */
export type MessagingErrorCode =
  | "component-not-found"
  | "permission-denied"
  | "mailbox-full"
  | "payload-too-large"
  | "timeout"
  | "unknown-request"
  | "delivery-failed";

/** Why a message or request was not accepted, or a component was not found. */
export class MessagingError extends Error {
  override readonly name: string = "MessagingError";
  /** Which case it is. */
  readonly code: MessagingErrorCode;
  /** With `component-not-found` and `mailbox-full`: the target. */
  readonly component: ComponentId | undefined;
  /** With `permission-denied`: what was refused, and the line that is missing in Component.toml. */
  readonly denial: PermissionDenial | undefined;
  /** With `payload-too-large`: the host's limit, in bytes. */
  readonly limit: bigint | undefined;
  /** With `unknown-request`: the id that is not known. */
  readonly request: RequestId | undefined;
  /** What went wrong, in words, with `timeout` and `delivery-failed`. */
  readonly detail: string | undefined;

  /** Components get these errors from the host; a fake host in a test makes its own. */
  constructor(
    code: MessagingErrorCode,
    about: { component?: ComponentId; denial?: PermissionDenial; limit?: bigint; request?: RequestId; detail?: string } = {},
  ) {
    const words = code.replaceAll("-", " ");
    super(
      about.denial ? denied(about.denial)
      : about.component ? `${formatComponentId(about.component)}: ${words}`
      : about.limit !== undefined ? `${words}: the limit is ${about.limit} bytes`
      : about.request !== undefined ? `${words}: ${about.request}`
      : about.detail !== undefined ? `${words}: ${about.detail}`
      : words,
    );
    this.code = code;
    this.component = about.component;
    this.denial = about.denial;
    this.limit = about.limit;
    this.request = about.request;
    this.detail = about.detail;
  }
}

/** The cases of {@link ExecutionError}. */
export type ExecutionErrorCode =
  | "unknown-operation"
  | "invalid-input"
  | "processing-failed"
  | "permission-denied"
  | "timeout"
  | "resource-exhausted";

/** What an operation throws to fail in one of the ways that its caller can tell apart. */
export class ExecutionError extends Error {
  override readonly name: string = "ExecutionError";
  /** Which case it is. */
  readonly code: ExecutionErrorCode;

  /** The message reaches the caller word for word. With `unknown-operation` it is the name of the operation. */
  constructor(code: ExecutionErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The cases of {@link ComponentError}. */
export type ComponentErrorCode =
  | "initialization-failed"
  | "configuration-invalid"
  | "invalid-message"
  | "resource-exhausted"
  | "internal";

/** What `init`, `handleMessage`, `handleCallback` and `shutdown` throw to fail. */
export class ComponentError extends Error {
  override readonly name: string = "ComponentError";
  /** Which case it is. */
  readonly code: ComponentErrorCode;

  /** The message reaches the operator word for word. */
  constructor(code: ComponentErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** An argument is not what the function takes. The host was not asked. */
export class ArgumentError extends TypeError {
  override readonly name: string = "ArgumentError";
  /** What is wrong with it; `malformed-text` is text with half of a surrogate pair, which has no UTF-8. */
  readonly code: "wrong-type" | "out-of-range" | "malformed-text";

  /** Thrown by the SDK. */
  constructor(code: ArgumentError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * A number cannot cross between this engine and the host unharmed: on QuickJS a 64-bit number of 2^53 or more. The SDK
 * throws this rather than pass or return another number.
 */
export class UnsafeIntegerError extends RangeError {
  override readonly name: string = "UnsafeIntegerError";
  /** Always `unsafe-integer`. */
  readonly code = "unsafe-integer";
}

/** A file, socket, process or the like was used after it was closed. */
export class ClosedError extends Error {
  override readonly name: string = "ClosedError";
  /** Always `closed`. */
  readonly code = "closed";
}

/** This engine does not have what was asked for. */
export class UnavailableError extends Error {
  override readonly name: string = "UnavailableError";
  /** Always `unavailable`. */
  readonly code = "unavailable";
}
