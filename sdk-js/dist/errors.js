// DO NOT EDIT: compiled from src/errors.ts by typescript 7.0.2 (npm run build).
// The errors of the contract and of this SDK. Programs tell them apart by class and `code`, never by message.
import { formatExitStatus } from "./exit-status.js";
import { formatComponentId } from "./types.js";
function denied(denial) {
    const { operation, resource, missing } = denial;
    return `permission denied: ${operation} on ${resource}: needs ${missing} in [permissions] of Component.toml, and the operator's grant`;
}
/** Why a filesystem operation failed. */
export class FilesystemError extends Error {
    name = "FilesystemError";
    /** Which case it is. */
    code;
    /** The path that the case is about, as the component gave it; absent where the case has `detail` or `denial`. */
    path;
    /** With the code `permission-denied`: what was refused, and the line that is missing in Component.toml. */
    denial;
    /** What went wrong, in words, with the codes `invalid-path`, `invalid-argument`, `unsupported`, `quota-exceeded` and `io`. */
    detail;
    /** Components get these errors from the host; a fake host in a test makes its own. */
    constructor(code, about = {}) {
        const words = code.replaceAll("-", " ");
        super(about.denial ? denied(about.denial)
            : about.path !== undefined ? `${about.path}: ${words}`
                : about.detail !== undefined ? `${words}: ${about.detail}`
                    : words);
        this.code = code;
        this.path = about.path;
        this.denial = about.denial;
        this.detail = about.detail;
    }
}
/** Why a network operation failed. */
export class NetworkError extends Error {
    name = "NetworkError";
    /** Which case it is. */
    code;
    /** With the code `permission-denied`: what was refused, and the line that is missing in Component.toml. */
    denial;
    /** With `name-not-found`: the name or address that was looked up. */
    host;
    /** With `end-of-stream`: how many bytes came before the peer closed its side. */
    received;
    /**
     * What went wrong, in words, with the codes `temporary-resolver-failure`, `invalid-argument`, `unsupported`,
     * `tls-handshake`, `certificate-invalid` and `io`.
     */
    detail;
    /** Components get these errors from the host; a fake host in a test makes its own. */
    constructor(code, about = {}) {
        const words = code.replaceAll("-", " ");
        super(about.denial ? denied(about.denial)
            : about.host !== undefined ? `${about.host}: ${words}`
                : about.received !== undefined ? `${words} after ${about.received} bytes`
                    : about.detail !== undefined ? `${words}: ${about.detail}`
                        : words);
        this.code = code;
        this.denial = about.denial;
        this.host = about.host;
        this.received = about.received;
        this.detail = about.detail;
    }
}
/** Why an operation on a process failed. */
export class ProcessError extends Error {
    name = "ProcessError";
    /** Which case it is. */
    code;
    /** With the code `permission-denied`: what was refused, and the line that is missing in Component.toml. */
    denial;
    /** With `program-not-found` and `not-executable`: the program as it was given. */
    program;
    /** With `process-not-found`: the id that is not known. */
    process;
    /** With `already-exited`: how the process has ended. */
    status;
    /** With `not-piped`: which stream it is. */
    stream;
    /** With `output-too-large`: the limit, in bytes. */
    limit;
    /** What went wrong, in words, with the codes `invalid-argument`, `unsupported` and `io`. */
    detail;
    /** Components get these errors from the host; a fake host in a test makes its own. */
    constructor(code, about = {}) {
        const words = code.replaceAll("-", " ");
        super(about.denial ? denied(about.denial)
            : about.program !== undefined ? `${about.program}: ${words}`
                : about.process !== undefined ? `${words}: ${about.process}`
                    : about.status ? `${words}: ${formatExitStatus(about.status)}`
                        : about.stream !== undefined ? `${about.stream} is not piped`
                            : about.limit !== undefined ? `${words}: the limit is ${about.limit} bytes`
                                : about.detail !== undefined ? `${words}: ${about.detail}`
                                    : words);
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
/** Why a message or request was not accepted, or a component was not found. */
export class MessagingError extends Error {
    name = "MessagingError";
    /** Which case it is. */
    code;
    /** With `component-not-found` and `mailbox-full`: the target. */
    component;
    /** With `permission-denied`: what was refused, and the line that is missing in Component.toml. */
    denial;
    /** With `payload-too-large`: the host's limit, in bytes. */
    limit;
    /** With `unknown-request`: the id that is not known. */
    request;
    /** What went wrong, in words, with `timeout` and `delivery-failed`. */
    detail;
    /** Components get these errors from the host; a fake host in a test makes its own. */
    constructor(code, about = {}) {
        const words = code.replaceAll("-", " ");
        super(about.denial ? denied(about.denial)
            : about.component ? `${formatComponentId(about.component)}: ${words}`
                : about.limit !== undefined ? `${words}: the limit is ${about.limit} bytes`
                    : about.request !== undefined ? `${words}: ${about.request}`
                        : about.detail !== undefined ? `${words}: ${about.detail}`
                            : words);
        this.code = code;
        this.component = about.component;
        this.denial = about.denial;
        this.limit = about.limit;
        this.request = about.request;
        this.detail = about.detail;
    }
}
/** What an operation throws to fail in one of the ways that its caller can tell apart. */
export class ExecutionError extends Error {
    name = "ExecutionError";
    /** Which case it is. */
    code;
    /** The message reaches the caller word for word. With `unknown-operation` it is the name of the operation. */
    constructor(code, message, options) {
        super(message, options);
        this.code = code;
    }
}
/** What `init`, `handleMessage`, `handleCallback` and `shutdown` throw to fail. */
export class ComponentError extends Error {
    name = "ComponentError";
    /** Which case it is. */
    code;
    /** The message reaches the operator word for word. */
    constructor(code, message, options) {
        super(message, options);
        this.code = code;
    }
}
/** An argument is not what the function takes. The host was not asked. */
export class ArgumentError extends TypeError {
    name = "ArgumentError";
    /** What is wrong with it; `malformed-text` is text with half of a surrogate pair, which has no UTF-8. */
    code;
    /** Thrown by the SDK. */
    constructor(code, message) {
        super(message);
        this.code = code;
    }
}
/**
 * A number cannot cross between this engine and the host unharmed: on QuickJS a 64-bit number of 2^53 or more. The SDK
 * throws this rather than pass or return another number.
 */
export class UnsafeIntegerError extends RangeError {
    name = "UnsafeIntegerError";
    /** Always `unsafe-integer`. */
    code = "unsafe-integer";
}
/** A file, socket, process or the like was used after it was closed. */
export class ClosedError extends Error {
    name = "ClosedError";
    /** Always `closed`. */
    code = "closed";
}
/** This engine does not have what was asked for. */
export class UnavailableError extends Error {
    name = "UnavailableError";
    /** Always `unavailable`. */
    code = "unavailable";
}
