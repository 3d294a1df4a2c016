// What a function leaves behind to be done after it: microtasks and timers. Nothing of an engine's own loop is needed, for
// QuickJS has none at run time, and that of StarlingMonkey stops when the function returns. A call is over when nothing
// is left to do, as a process of Node.js is.

import { UnavailableError } from "./errors.js";

type Job = () => void;

/** What jobs need of the outside: the engine's clock in milliseconds, and a way to wait. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number): void;
}

/** Something was thrown, or a promise rejected, where nobody could catch it. */
export class Uncaught extends Error {
  override readonly name = "Uncaught";
  /** What was thrown. */
  readonly reason: unknown;
  /** Whether it is the reason of a rejected promise. */
  readonly rejection: boolean;

  constructor(reason: unknown, rejection: boolean) {
    super("an exception that nobody has caught");
    this.reason = reason;
    this.rejection = rejection;
  }
}

const microtasks: Job[] = [];
/** Promises that are rejected and have nobody to hear of it, with the reasons. */
const rejections = new Map<object, unknown>();
/** Whether {@link settle} is at work, or will be. */
let attended = false;

/** How the engine itself runs something later. While a component is built, it does so between two modules. */
let later: (job: Job) => void = () => {};

/** Tells how the engine runs something later, for jobs that are left while no function of the component runs. */
export function attend(by: (job: Job) => void): void {
  later = by;
}

/** Puts a microtask behind those that wait. */
export function enqueue(job: Job): void {
  microtasks.push(job);
  if (attended) return;
  attended = true;
  later(() => {
    attended = false;
    runMicrotasks();
  });
}

/** Notes a promise that is rejected and has no handler yet. */
export function rejected(promise: object, reason: unknown): void {
  rejections.set(promise, reason);
}

/** Notes that a promise has got a handler after all. */
export function handled(promise: object): void {
  rejections.delete(promise);
}

function runMicrotasks(): void {
  for (let at = 0; at < microtasks.length; at++) {
    // What is done is let go of now and then, for a chain may be long.
    if (at === KEPT_JOBS) {
      microtasks.splice(0, at);
      at = 0;
    }
    try {
      microtasks[at]!();
    } catch (thrown) {
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

interface Timer {
  due: number;
  readonly run: Job;
  /** After how many milliseconds it comes again. */
  readonly every: number | undefined;
}

/** In the order in which they were set. */
const timers = new Map<number, Timer>();
let lastTimer = 0;
let clock: Clock | undefined;

/** The longest time of a timer, as everywhere else; more is taken for 1. */
const MAX_DELAY_MS = 0x7fff_ffff;

/** From the first call on there is a host with a clock. Before, a component is being built. */
export function start(by: Clock): void {
  clock ??= by;
}

function addTimer(name: string, callback: unknown, delay: unknown, given: unknown[], again: boolean): number {
  if (typeof callback !== "function") throw new TypeError(`the callback of ${name} must be a function`);
  if (!clock) {
    throw new UnavailableError(
      `${name} is not to be had while a component is built, which is when code outside of functions runs`,
    );
  }
  const wish = Math.trunc(Number(delay));
  const wait = wish >= 1 && wish <= MAX_DELAY_MS ? wish : 1;
  lastTimer += 1;
  timers.set(lastTimer, {
    due: clock.now() + wait,
    run: () => void (callback as (...given: unknown[]) => void)(...given),
    every: again ? wait : undefined,
  });
  return lastTimer;
}

/** The global function of the same name. */
export function setTimeout(callback: unknown, delay?: number, ...given: unknown[]): number {
  return addTimer("setTimeout", callback, delay, given, false);
}

/** The global function of the same name. */
export function setInterval(callback: unknown, delay?: number, ...given: unknown[]): number {
  return addTimer("setInterval", callback, delay, given, true);
}

/** The global function of the same name, and `clearInterval`. */
export function clearTimeout(timer?: number): void {
  if (timer !== undefined) timers.delete(timer);
}

/** The global function of the same name. */
export function queueMicrotask(callback: unknown): void {
  if (typeof callback !== "function") throw new TypeError("the callback of queueMicrotask must be a function");
  enqueue(() => void (callback as Job)());
}

function earliest(): [number, Timer] | undefined {
  let first: [number, Timer] | undefined;
  for (const entry of timers) if (!first || entry[1].due < first[1].due) first = entry;
  return first;
}

/**
 * Does all that is left to do: microtasks, then each timer in turn, waiting for it as long as it takes.
 *
 * @throws Uncaught for what a job throws, and for a rejected promise without a handler.
 */
export function settle(): void {
  attended = true;
  for (;;) {
    runMicrotasks();
    const next = earliest();
    if (!next || !clock) break;
    const [id, timer] = next;
    const wait = Math.ceil(timer.due - clock.now());
    if (wait > 0) clock.sleep(Math.min(wait, MAX_DELAY_MS));
    if (timer.every === undefined) timers.delete(id);
    else timer.due += timer.every;
    try {
      timer.run();
    } catch (thrown) {
      throw new Uncaught(thrown, false);
    }
  }
  attended = false;
}

/** Lets microtasks wait for {@link settle}, which the caller promises to call. */
export function hold(): void {
  attended = true;
}
