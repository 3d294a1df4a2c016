// DO NOT EDIT: compiled from src/jobs.ts by typescript 7.0.2 (npm run build).
type Job = () => void;
/** What jobs need of the outside: the engine's clock in milliseconds, and a way to wait. */
export interface Clock {
    now(): number;
    sleep(milliseconds: number): void;
}
/** Something was thrown, or a promise rejected, where nobody could catch it. */
export declare class Uncaught extends Error {
    readonly name = "Uncaught";
    /** What was thrown. */
    readonly reason: unknown;
    /** Whether it is the reason of a rejected promise. */
    readonly rejection: boolean;
    constructor(reason: unknown, rejection: boolean);
}
/** Tells how the engine runs something later, for jobs that are left while no function of the component runs. */
export declare function attend(by: (job: Job) => void): void;
/** Puts a microtask behind those that wait. */
export declare function enqueue(job: Job): void;
/** Notes a promise that is rejected and has no handler yet. */
export declare function rejected(promise: object, reason: unknown): void;
/** Notes that a promise has got a handler after all. */
export declare function handled(promise: object): void;
/** From the first call on there is a host with a clock. Before, a component is being built. */
export declare function start(by: Clock): void;
/** The global function of the same name. */
export declare function setTimeout(callback: unknown, delay?: number, ...given: unknown[]): number;
/** The global function of the same name. */
export declare function setInterval(callback: unknown, delay?: number, ...given: unknown[]): number;
/** The global function of the same name, and `clearInterval`. */
export declare function clearTimeout(timer?: number): void;
/** The global function of the same name. */
export declare function queueMicrotask(callback: unknown): void;
/**
 * Does all that is left to do: microtasks, then each timer in turn, waiting for it as long as it takes.
 *
 * @throws Uncaught for what a job throws, and for a rejected promise without a handler.
 */
export declare function settle(): void;
/** Lets microtasks wait for {@link settle}, which the caller promises to call. */
export declare function hold(): void;
export {};
