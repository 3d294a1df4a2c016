// DO NOT EDIT: compiled from src/promise.ts by typescript 7.0.2 (npm run build).
type Resolve<T> = (value: T | PromiseLike<T>) => void;
type Reject = (reason?: unknown) => void;
type Executor<T> = (resolve: Resolve<T>, reject: Reject) => void;
/** A promise under construction, whose class may be a subclass. */
interface Capability<T> {
    promise: Promise<T>;
    resolve: Resolve<T>;
    reject: Reject;
}
/** Where Node.js and packages look for what a value says of itself. */
declare const INSPECT: unique symbol;
export declare class JobPromise<T> {
    #private;
    constructor(executor: Executor<T>);
    then(onFulfilled?: unknown, onRejected?: unknown): Promise<unknown>;
    catch(onRejected?: unknown): Promise<unknown>;
    finally(callback?: unknown): Promise<unknown>;
    get [Symbol.toStringTag](): string;
    /** What the console shows, which cannot look inside otherwise. */
    [INSPECT](_depth: unknown, options: object, inspect: (value: unknown, options: object) => string): string;
    static get [Symbol.species](): unknown;
    static resolve(this: unknown, value?: unknown): Promise<unknown>;
    static reject(this: unknown, reason?: unknown): Promise<unknown>;
    static withResolvers(this: unknown): Capability<unknown>;
    static try(this: unknown, callback: (...given: unknown[]) => unknown, ...given: unknown[]): Promise<unknown>;
    static all(this: unknown, values: Iterable<unknown>): Promise<unknown>;
    static allSettled(this: unknown, values: Iterable<unknown>): Promise<unknown>;
    static any(this: unknown, values: Iterable<unknown>): Promise<unknown>;
    static race(this: unknown, values: Iterable<unknown>): Promise<unknown>;
}
export {};
