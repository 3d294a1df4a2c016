// DO NOT EDIT: compiled from src/index.ts by typescript 7.0.2 (npm run build).
/**
 * Write airssys-wasm components in JavaScript and TypeScript.
 *
 * This module registers a component and has the types and errors that all modules share. What a component may ask of
 * its host is in the modules named as the interfaces of the contract: `@airssys/wasm/host-services`; `/files`,
 * `/directories` and `/paths`; `/tcp`, `/udp` and `/connections`; `/processes`, `/stdio` and `/signals`.
 *
 * @packageDocumentation
 */
export { component } from "./component-lifecycle.js";
export type { Component, ComponentLifecycle, Metadata, Operation } from "./component-lifecycle.js";
export { ArgumentError, ClosedError, ComponentError, ExecutionError, FilesystemError, MessagingError, NetworkError, ProcessError, UnavailableError, UnsafeIntegerError, } from "./errors.js";
export { failureOf } from "./failure.js";
export { formatComponentId, parseComponentId } from "./types.js";
export type { ComponentErrorCode, ExecutionErrorCode, FilesystemErrorCode, MessagingErrorCode, NetworkErrorCode, ProcessErrorCode, } from "./errors.js";
export type { Caller, ComponentConfig, ComponentId, ComponentMetadata, ExecutionContext, HealthStatus, LogLevel, PermissionDenial, RequestId, RequestOutcome, ResourceLimits, Timestamp, } from "./types.js";
