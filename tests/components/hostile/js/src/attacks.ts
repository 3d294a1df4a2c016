// The attacks.

import { ExecutionError, FilesystemError, type ComponentId, type RequestOutcome } from "@airssys/wasm";
import { openDirectory } from "@airssys/wasm/directories";
import { open } from "@airssys/wasm/files";
import { log, MessagingError, sendMessage, sendRequest, sleep } from "@airssys/wasm/host-services";

/** What it has not given back, and what it was told. */
const kept: unknown[] = [];
const outcomes: string[] = [];

export function keepOutcome(outcome: RequestOutcome): void {
  outcomes.push(outcome.ok ? "ok" : outcome.reason);
}

export function attack(operation: string, input: Uint8Array): Uint8Array | string | void {
  const words = new TextDecoder().decode(input).split(" ");
  const [target = "", most, timeout] = words;
  const number = Number(target);
  switch (operation) {
    case "echo":
      return input;
    case "trap":
      throw new Error("trap");
    case "spin":
      for (;;);
    case "recurse":
      return String(recurse(0));
    case "grow-memory":
      for (;;) kept.push(new Uint8Array(1 << 20).fill(1));
    case "big-result":
      return new Uint8Array(number);
    case "panic":
      throw new Error("x".repeat(number));
    case "fail":
      throw new ExecutionError("processing-failed", "x".repeat(number));
    case "log":
      for (let i = 0; i < number; i++) log("info", "line");
      return;
    case "log-fields": {
      const long = "x".repeat(number);
      return log("info", long, [
        [long, long],
        ["short", long],
      ]);
    }
    case "log-output":
      return log("info", "a\n".repeat(number / 2), [["stream", "stdout"]]);
    case "print":
      for (let i = 0; i < number; i++) console.log("line");
      return;
    case "open-files":
      return untilRefused(number, () => kept.push(open("/data/file", { read: true })));
    case "open-cursors":
      return untilRefused(number, () => kept.push(openDirectory("/data/folder")));
    case "deep-path": {
      const path = `/data${"/a".repeat(number)}`;
      return untilRefused(1, () => kept.push(open(path, { read: true })));
    }
    case "denied":
      return String(refusals(number));
    case "send":
      return untilRefused(Number(most), () => sendMessage(componentId(target), "message"));
    case "request":
      return untilRefused(Number(most), () => sendRequest(componentId(target), "request", Number(timeout)));
    case "outcomes":
      return outcomes.join(",");
    case "sleep":
      return sleep(number);
    default:
      throw new ExecutionError("unknown-operation", operation);
  }
}

/** Does something so often or until it fails: how often it went well, and why no more. */
function untilRefused(most: number, act: () => void): string {
  for (let done = 0; done < most; done++) {
    try {
      act();
    } catch (error) {
      if (error instanceof FilesystemError || error instanceof MessagingError) return `${done} ${error.code}`;
      throw error;
    }
  }
  return String(most);
}

function refusals(times: number): number {
  let refused = 0;
  for (let i = 0; i < times; i++) {
    try {
      open("/secret", { read: true }).close();
    } catch (error) {
      if (!(error instanceof FilesystemError)) throw error;
      refused++;
    }
  }
  return refused;
}

/** namespace/name@version */
function componentId(text: string): ComponentId {
  const [name = "", version = ""] = text.split("@");
  const [namespace = "", last = ""] = name.split("/");
  return { namespace, name: last, version };
}

function recurse(depth: number): number {
  return recurse(depth + 1) + depth;
}
