// DO NOT EDIT: compiled from src/exit-status.ts by typescript 7.0.2 (npm run build).
declare const SIGNALS: readonly ["hangup", "interrupt", "quit", "abort", "kill", "user1", "user2", "pipe", "alarm", "terminate", "stop", "continue"];
/**
 * A signal that has a name on every host, such as `terminate` for `SIGTERM`. `listSignals` gives the numbers.
 *
 * - `hangup`: its terminal or its parent is gone. `interrupt`: by the user. `quit`: end with a core dump.
 * - `abort`: the process has given up on itself. `kill`: end at once; cannot be caught. `terminate`: end in order.
 * - `stop`: stop until `continue`; cannot be caught. `continue`: go on after a stop.
 * - `pipe`: nobody reads the pipe that it writes to. `alarm`: a timer has run out.
 * - `user1`, `user2`: what the program makes of it.
 */
export type SignalName = (typeof SIGNALS)[number];
/** A signal by its name or, for any other, by its number on the host, 0 to 255. */
export type Signal = SignalName | number;
/** How a process has ended: by itself, with a code, of which 0 usually means success, or by a signal. */
export type ExitStatus = {
    readonly kind: "code";
    readonly code: number;
} | {
    readonly kind: "signaled";
    readonly signal: Signal;
};
/** A signal as the engines give and take it. */
export type RawSignal = {
    tag: SignalName;
} | {
    tag: "other";
    val: number;
};
/** An exit status as the engines give and take it. */
export type RawExitStatus = {
    tag: "code";
    val: number;
} | {
    tag: "signaled";
    val: RawSignal;
};
/** Gives a signal that arrives. */
export declare function liftSignal(raw: RawSignal): Signal;
/**
 * Gives a signal in the form that the engines take.
 *
 * @throws ArgumentError `out-of-range` for what is neither the name of a signal nor a number from 0 to 255.
 */
export declare function lowerSignal(signal: Signal, name: string): RawSignal;
/** Gives an exit status that arrives. */
export declare function liftExitStatus(raw: RawExitStatus): ExitStatus;
/** Gives an exit status in the form that the engines take. */
export declare function lowerExitStatus(status: ExitStatus): RawExitStatus;
/** Whether a process has ended by itself with the code 0. */
export declare function isSuccess(status: ExitStatus): boolean;
/** Says in words how a process has ended: `exit code 1`, `signal kill`. */
export declare function formatExitStatus(status: ExitStatus): string;
export {};
