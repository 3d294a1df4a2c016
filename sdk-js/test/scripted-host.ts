// A host that records what the SDK passes to the bindings, and answers what a test tells it to: for the tests of the
// SDK's own layer. Components are tested with the fake host of the package.

import { enter } from "../dist/testing/current.js";

type Answer = (...given: any[]) => unknown;

/** The calls so far, oldest first: the name, and what was given. */
export const calls: Array<[name: string, ...given: unknown[]]> = [];

const answers = new Map<string, Answer>();

/** Forgets all calls and answers. */
export function reset(): void {
  calls.length = 0;
  answers.clear();
}

/** Sets what a function of the host, such as `files.open` or `file.read`, does. */
export function answer(name: string, does: Answer): void {
  answers.set(name, does);
}

/** What the bindings of an engine throw for the error of a result. */
export function hostError(tag: string, val?: unknown): Error {
  const payload = val === undefined ? { tag } : { tag, val };
  return Object.assign(new Error("[object Object] (see error.payload)"), { payload });
}

/** Makes a function of a scripted interface. */
function scripted(name: string): Answer {
  return function (...given) {
    calls.push([name, ...given]);
    const does = answers.get(name);
    if (!does) throw new Error(`the test has no answer for ${name}`);
    return does(...given);
  };
}

/** Makes a resource of a scripted interface; dropping it is the call `<name>.drop`. */
function scriptedResource(name: string, methods: readonly string[]): object {
  const made: Record<string | symbol, unknown> = {};
  for (const method of methods) made[method] = scripted(`${name}.${method}`);
  made[Symbol.dispose] = () => void calls.push([`${name}.drop`]);
  return made;
}

/** An open file of the scripted host. */
export const file = (): object =>
  scriptedResource("file", [
    "read", "readAt", "write", "writeAt", "seek", "sync", "setSize", "metadata", "lock", "unlock",
  ]);

/** A directory cursor of the scripted host. */
export const cursor = (): object => scriptedResource("cursor", ["next"]);

/** A TCP connection of the scripted host. */
export const stream = (): object =>
  scriptedResource("stream", [
    "read", "readExact", "write", "writeAll", "shutdown", "localAddress", "remoteAddress", "options", "setOptions",
    "stats", "startTls", "tlsInfo",
  ]);

/** A listener of the scripted host. */
export const listener = (): object => scriptedResource("listener", ["accept", "localAddress"]);

/** A UDP socket of the scripted host. */
export const socket = (): object =>
  scriptedResource("socket", [
    "connect", "send", "sendTo", "receive", "localAddress", "options", "setOptions", "joinMulticast", "leaveMulticast",
  ]);

/** A connection pool of the scripted host. */
export const pool = (): object => scriptedResource("pool", ["acquire", "release", "stats"]);

/** A process of the scripted host. */
export const process = (): object =>
  scriptedResource("process", [
    "id", "info", "wait", "waitTimeout", "tryWait", "isRunning", "usage", "limits", "setLimits",
  ]);

/** An interface that has whatever function is asked for. */
const everything = new Proxy({}, { get: (_, name) => scripted(String(name)) });

enter({
  hostServices: everything,
  files: everything,
  directories: everything,
  paths: everything,
  tcp: everything,
  udp: everything,
  connections: everything,
  processes: everything,
  stdio: everything,
  signals: everything,
});
