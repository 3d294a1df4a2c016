// DO NOT EDIT: compiled from src/testing/current.ts by typescript 7.0.2 (npm run build).
// Which fake host the functions of the contract reach at the moment. Nothing in a component is asynchronous, so that the
// one who calls is the one who answers, whatever else runs in the same process.
import { FakeHostError } from "./errors.js";
let current;
/** Lets the functions of the contract reach a host while something runs. */
export function within(host, run) {
    const before = current;
    current = host;
    try {
        return run();
    }
    finally {
        current = before;
    }
}
/** Lets the functions of the contract reach a host from now on, unless another one is calling. */
export function enter(host) {
    current = host;
}
/** The function or class of the contract that a module of the bindings exports. */
export function bind(of, name) {
    // No arrow function, so that it can stand for a class.
    return function (...given) {
        if (!current) {
            throw new FakeHostError("no-host", `${name} was called without a host; call the component through a FakeHost, other functions through its run. ` +
                "Code outside of functions runs when a component is built, where there is no host either");
        }
        const does = current[of]?.[name];
        if (!does) {
            throw new FakeHostError("unsupported", `a FakeHost does not have ${of}.${name}`);
        }
        return does(...given);
    };
}
