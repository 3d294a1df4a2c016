// DO NOT EDIT: compiled from src/testing/errors.ts by typescript 7.0.2 (npm run build).
// What goes wrong in a test itself, and what the host would call a trap.
/**
 * A function of the component threw something that the contract does not know. A host reports that as a trap, with the
 * message lost; here it is the `cause`, with its stack.
 */
export class TrapError extends Error {
    name = "TrapError";
    /** Always `trap`. */
    code = "trap";
    /** Thrown by the fake host. */
    constructor(exported, cause) {
        const what = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
        super(`${exported} trapped: ${what}`, { cause });
    }
}
/**
 * The test does what no host does. The codes:
 *
 * - `no-host`: a function of the SDK was called while no fake host was calling the component.
 * - `not-a-component`: the module does not export a component as `componentLifecycle`.
 * - `already-initialized`, `ended`: `init` was called twice, or something after `shutdown`.
 * - `unknown-request`: the component has no such request, or it has its outcome already.
 * - `invalid-argument`: a path, an id or a pattern in the test is malformed.
 * - `asynchronous`: what {@link FakeHost.run} was given returned a promise, which would go on without the host.
 * - `unsupported`: the component calls what a fake host does not have: it listens, uses UDP or looks at signals.
 * - `would-block`: the component waits without a timeout for a lock that it holds itself.
 */
export class FakeHostError extends Error {
    name = "FakeHostError";
    /** Which case it is. */
    code;
    /** Thrown by the fake host. */
    constructor(code, message) {
        super(message);
        this.code = code;
    }
}
