// DO NOT EDIT: compiled from src/jobs.ts by typescript 7.0.2 (npm run build).
// What a function leaves behind to be done after it: microtasks and timers. Nothing of an engine's own loop is needed, for
// QuickJS has none at run time, and that of StarlingMonkey stops when the function returns. A call is over when nothing
// is left to do, as a process of Node.js is.
import { UnavailableError } from "./errors.js";
/** Something was thrown, or a promise rejected, where nobody could catch it. */
export class Uncaught extends Error {
    name = "Uncaught";
    /** What was thrown. */
    reason;
    /** Whether it is the reason of a rejected promise. */
    rejection;
    constructor(reason, rejection) {
        super("an exception that nobody has caught");
        this.reason = reason;
        this.rejection = rejection;
    }
}
const microtasks = [];
/** Promises that are rejected and have nobody to hear of it, with the reasons. */
const rejections = new Map();
/** Whether {@link settle} is at work, or will be. */
let attended = false;
/** How the engine itself runs something later. While a component is built, it does so between two modules. */
let later = () => { };
/** Tells how the engine runs something later, for jobs that are left while no function of the component runs. */
export function attend(by) {
    later = by;
}
/** Puts a microtask behind those that wait. */
export function enqueue(job) {
    microtasks.push(job);
    if (attended)
        return;
    attended = true;
    later(() => {
        attended = false;
        runMicrotasks();
    });
}
/** Notes a promise that is rejected and has no handler yet. */
export function rejected(promise, reason) {
    rejections.set(promise, reason);
}
/** Notes that a promise has got a handler after all. */
export function handled(promise) {
    rejections.delete(promise);
}
function runMicrotasks() {
    for (let at = 0; at < microtasks.length; at++) {
        // What is done is let go of now and then, for a chain may be long.
        if (at === KEPT_JOBS) {
            microtasks.splice(0, at);
            at = 0;
        }
        try {
            microtasks[at]();
        }
        catch (thrown) {
            microtasks.splice(0, at + 1);
            throw new Uncaught(thrown, false);
        }
    }
    microtasks.length = 0;
    for (const [promise, reason] of rejections) {
        rejections.delete(promise);
        throw new Uncaught(reason, true);
    }
}
const KEPT_JOBS = 1_024;
/** In the order in which they were set. */
const timers = new Map();
let lastTimer = 0;
let clock;
/** The longest time of a timer, as everywhere else; more is taken for 1. */
const MAX_DELAY_MS = 0x7fff_ffff;
/** From the first call on there is a host with a clock. Before, a component is being built. */
export function start(by) {
    clock ??= by;
}
function addTimer(name, callback, delay, given, again) {
    if (typeof callback !== "function")
        throw new TypeError(`the callback of ${name} must be a function`);
    if (!clock) {
        throw new UnavailableError(`${name} is not to be had while a component is built, which is when code outside of functions runs`);
    }
    const wish = Math.trunc(Number(delay));
    const wait = wish >= 1 && wish <= MAX_DELAY_MS ? wish : 1;
    lastTimer += 1;
    timers.set(lastTimer, {
        due: clock.now() + wait,
        run: () => void callback(...given),
        every: again ? wait : undefined,
    });
    return lastTimer;
}
/** The global function of the same name. */
export function setTimeout(callback, delay, ...given) {
    return addTimer("setTimeout", callback, delay, given, false);
}
/** The global function of the same name. */
export function setInterval(callback, delay, ...given) {
    return addTimer("setInterval", callback, delay, given, true);
}
/** The global function of the same name, and `clearInterval`. */
export function clearTimeout(timer) {
    if (timer !== undefined)
        timers.delete(timer);
}
/** The global function of the same name. */
export function queueMicrotask(callback) {
    if (typeof callback !== "function")
        throw new TypeError("the callback of queueMicrotask must be a function");
    enqueue(() => void callback());
}
function earliest() {
    let first;
    for (const entry of timers)
        if (!first || entry[1].due < first[1].due)
            first = entry;
    return first;
}
/**
 * Does all that is left to do: microtasks, then each timer in turn, waiting for it as long as it takes.
 *
 * @throws Uncaught for what a job throws, and for a rejected promise without a handler.
 */
export function settle() {
    attended = true;
    for (;;) {
        runMicrotasks();
        const next = earliest();
        if (!next || !clock)
            break;
        const [id, timer] = next;
        const wait = Math.ceil(timer.due - clock.now());
        if (wait > 0)
            clock.sleep(Math.min(wait, MAX_DELAY_MS));
        if (timer.every === undefined)
            timers.delete(id);
        else
            timer.due += timer.every;
        try {
            timer.run();
        }
        catch (thrown) {
            throw new Uncaught(thrown, false);
        }
    }
    attended = false;
}
/** Lets microtasks wait for {@link settle}, which the caller promises to call. */
export function hold() {
    attended = true;
}
