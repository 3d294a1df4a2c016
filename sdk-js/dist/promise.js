// DO NOT EDIT: compiled from src/promise.ts by typescript 7.0.2 (npm run build).
// The global `Promise` within a component: as in ECMAScript, but its jobs are in a queue that the SDK can run to the end.
// The build turns `async` functions into code that uses it. The engine's own promises, which some of its functions
// return, are thenables to it like any other.
import { enqueue, handled, rejected } from "./jobs.js";
function capability(of) {
    if (typeof of !== "function")
        throw new TypeError("the receiver is no constructor of promises");
    let resolve;
    let reject;
    const promise = new of((first, second) => {
        if (resolve !== undefined || reject !== undefined)
            throw new TypeError("the executor is called once");
        resolve = first;
        reject = second;
    });
    if (typeof resolve !== "function" || typeof reject !== "function") {
        throw new TypeError("a constructor of promises passes two functions to the executor");
    }
    return { promise, resolve, reject };
}
function isObject(value) {
    return (typeof value === "object" && value !== null) || typeof value === "function";
}
/** Where Node.js and packages look for what a value says of itself. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");
export class JobPromise {
    #state = "pending";
    #value;
    #reactions = [];
    #isHandled = false;
    constructor(executor) {
        if (typeof executor !== "function")
            throw new TypeError("a promise needs a function as its executor");
        const { resolve, reject } = this.#settlers();
        try {
            executor(resolve, reject);
        }
        catch (thrown) {
            reject(thrown);
        }
    }
    /** The two functions of which only the first call does anything. */
    #settlers() {
        let isDone = false;
        const once = (settle) => (value) => {
            if (isDone)
                return;
            isDone = true;
            settle(value);
        };
        return { resolve: once((value) => this.#resolve(value)), reject: once((reason) => this.#settle("rejected", reason)) };
    }
    #resolve(value) {
        if (value === this)
            return this.#settle("rejected", new TypeError("a promise cannot be resolved with itself"));
        if (!isObject(value))
            return this.#settle("fulfilled", value);
        let then;
        try {
            then = value.then;
        }
        catch (thrown) {
            return this.#settle("rejected", thrown);
        }
        if (typeof then !== "function")
            return this.#settle("fulfilled", value);
        enqueue(() => {
            const { resolve, reject } = this.#settlers();
            try {
                then.call(value, resolve, reject);
            }
            catch (thrown) {
                reject(thrown);
            }
        });
    }
    #settle(state, value) {
        this.#state = state;
        this.#value = value;
        const reactions = this.#reactions;
        this.#reactions = [];
        if (state === "rejected" && !this.#isHandled)
            rejected(this, value);
        for (const reaction of reactions)
            enqueue(reaction);
    }
    then(onFulfilled, onRejected) {
        const species = speciesOf(this);
        const next = capability(species);
        const reaction = () => {
            const handler = this.#state === "fulfilled" ? onFulfilled : onRejected;
            if (typeof handler !== "function") {
                if (this.#state === "fulfilled")
                    next.resolve(this.#value);
                else
                    next.reject(this.#value);
                return;
            }
            let result;
            try {
                result = handler(this.#value);
            }
            catch (thrown) {
                return next.reject(thrown);
            }
            next.resolve(result);
        };
        if (this.#state === "pending")
            this.#reactions.push(reaction);
        else
            enqueue(reaction);
        if (!this.#isHandled && this.#state === "rejected")
            handled(this);
        this.#isHandled = true;
        return next.promise;
    }
    catch(onRejected) {
        return this.then(undefined, onRejected);
    }
    finally(callback) {
        if (typeof callback !== "function")
            return this.then(callback, callback);
        const of = speciesOf(this);
        return this.then((value) => JobPromise.resolve.call(of, callback()).then(() => value), (reason) => JobPromise.resolve.call(of, callback()).then(() => {
            throw reason;
        }));
    }
    get [Symbol.toStringTag]() {
        return "Promise";
    }
    /** What the console shows, which cannot look inside otherwise. */
    [INSPECT](_depth, options, inspect) {
        if (this.#state === "pending")
            return "Promise { <pending> }";
        return `Promise { ${this.#state === "rejected" ? "<rejected> " : ""}${inspect(this.#value, options)} }`;
    }
    static get [Symbol.species]() {
        return this;
    }
    static resolve(value) {
        if (value instanceof JobPromise && value.constructor === this)
            return value;
        const made = capability(this);
        made.resolve(value);
        return made.promise;
    }
    static reject(reason) {
        const made = capability(this);
        made.reject(reason);
        return made.promise;
    }
    static withResolvers() {
        const { promise, resolve, reject } = capability(this);
        return { promise, resolve, reject };
    }
    static try(callback, ...given) {
        const made = capability(this);
        try {
            made.resolve(callback(...given));
        }
        catch (thrown) {
            made.reject(thrown);
        }
        return made.promise;
    }
    static all(values) {
        return combine(this, values, (made, results) => ({
            fulfilled: (at) => (value, done) => {
                results[at] = value;
                done();
            },
            rejected: () => (reason) => made.reject(reason),
            end: () => made.resolve(results),
        }));
    }
    static allSettled(values) {
        return combine(this, values, (made, results) => ({
            fulfilled: (at) => (value, done) => {
                results[at] = { status: "fulfilled", value };
                done();
            },
            rejected: (at) => (reason, done) => {
                results[at] = { status: "rejected", reason };
                done();
            },
            end: () => made.resolve(results),
        }));
    }
    static any(values) {
        return combine(this, values, (made, results) => ({
            fulfilled: () => (value) => made.resolve(value),
            rejected: (at) => (reason, done) => {
                results[at] = reason;
                done();
            },
            end: () => made.reject(new AggregateError(results, "All promises were rejected")),
        }));
    }
    static race(values) {
        return combine(this, values, (made) => ({
            fulfilled: () => (value) => made.resolve(value),
            rejected: () => (reason) => made.reject(reason),
            end: () => { },
        }));
    }
}
function combine(of, values, how) {
    const made = capability(of);
    const results = [];
    const { fulfilled, rejected, end } = how(made, results);
    // One for the loop itself, so that it does not end before all are counted.
    let open = 1;
    const close = () => {
        open -= 1;
        if (open === 0)
            end();
    };
    try {
        const resolve = of.resolve;
        if (typeof resolve !== "function")
            throw new TypeError("the receiver has no resolve");
        let at = 0;
        for (const value of values) {
            const index = at;
            at += 1;
            open += 1;
            results[index] = undefined;
            let isDone = false;
            const done = () => {
                if (!isDone)
                    close();
                isDone = true;
            };
            const hear = (heard) => (value) => {
                if (!isDone)
                    heard(value, done);
            };
            resolve.call(of, value).then(hear(fulfilled(index)), hear(rejected(index)));
        }
        close();
    }
    catch (thrown) {
        made.reject(thrown);
    }
    return made.promise;
}
function speciesOf(promise) {
    const made = promise.constructor;
    if (made === undefined)
        return JobPromise;
    if (!isObject(made))
        throw new TypeError("the constructor of a promise is no object");
    return made[Symbol.species] ?? JobPromise;
}
Object.defineProperty(JobPromise, "name", { value: "Promise", configurable: true });
