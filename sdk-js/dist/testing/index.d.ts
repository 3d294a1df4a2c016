// DO NOT EDIT: compiled from src/testing/index.ts by typescript 7.0.2 (npm run build).
/**
 * Unit tests of a component under Node.js, without a WebAssembly runtime: a {@link FakeHost} calls the component as a
 * host does and answers what it asks for.
 *
 * ```js
 * // node --import @airssys/wasm/testing/register --test
 * import assert from "node:assert/strict";
 * import { test } from "node:test";
 * import { FakeHost } from "@airssys/wasm/testing";
 * import { componentLifecycle } from "../src/index.js";
 *
 * test("greets by name", () => {
 *   const host = new FakeHost(componentLifecycle);
 *   assert.equal(host.executeText("greet", "World"), "Hello, World!");
 * });
 * ```
 *
 * @packageDocumentation
 */
export { FakeHostError, TrapError } from "./errors.js";
export type { FakeHostErrorCode } from "./errors.js";
export { FakeFiles } from "./fake-files.js";
export { FakeHost } from "./fake-host.js";
export type { Configuration, FakeHostOptions, LogRecord, Outcome, PathAction, PermissionLines, Program, ProgramCall, SentMessage, SentRequest, Server, } from "./fake-host.js";
