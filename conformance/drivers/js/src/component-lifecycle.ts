// `component-lifecycle`, as the conformance cases expect it of every driver.

import {
  component,
  ComponentError,
  ExecutionError,
  type ComponentConfig,
  type ComponentErrorCode,
  type ExecutionErrorCode,
  type HealthStatus,
} from "@airssys/wasm";
import { readFile } from "@airssys/wasm/files";

import { dumpCallback, dumpConfig, dumpContext, dumpMessage } from "./dump.js";

const HEALTH: readonly HealthStatus[] = ["healthy", "degraded", "unhealthy", "unknown"];

let config: ComponentConfig | undefined;
let messages = "";
let callbacks = "";
let health: HealthStatus = "healthy";

/** The text before the first colon, and all after it. */
function split(text: string): [first: string, rest: string] {
  const colon = text.indexOf(":");
  return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
}

function text(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

function environment(name: string): string | undefined {
  return new Map(config?.environment).get(name);
}

function spin(): never {
  for (;;);
}

export const componentLifecycle = component({
  init(given) {
    config = given;
    const failure = environment("INIT_FAIL");
    if (failure !== undefined) {
      const [code, message] = split(failure);
      throw new ComponentError(code as ComponentErrorCode, message);
    }
    const panic = environment("INIT_PANIC");
    if (panic !== undefined) throw new Error(panic);
    const path = environment("INIT_READS");
    if (path !== undefined) readFile(path);
  },

  execute: {
    echo: (input) => input,
    config: () => config && dumpConfig(config),
    context: (_, context) => dumpContext(context),
    messages: () => messages,
    callbacks: () => callbacks,
    fail(input) {
      const [code, message] = split(text(input));
      throw new ExecutionError(code as ExecutionErrorCode, message);
    },
    panic(input) {
      throw new Error(text(input));
    },
    spin: () => spin(),
    "handle-request"(input) {
      const colon = input.indexOf(":".charCodeAt(0));
      const rest = input.subarray(colon + 1);
      switch (text(colon < 0 ? input : input.subarray(0, colon))) {
        case "reply":
          return rest;
        case "fail":
          throw new ExecutionError("processing-failed", text(rest));
        case "panic":
          throw new Error(text(rest));
        case "spin":
          return spin();
        default:
          throw new ExecutionError("processing-failed", "unknown request");
      }
    },
  },

  handleMessage(sender, message) {
    const [first, rest] = split(text(message));
    if (first === "reject") throw new ComponentError("invalid-message", rest);
    if (first === "health") health = HEALTH.find((status) => status === rest) ?? health;
    messages += dumpMessage(sender, message);
  },

  handleCallback(request, outcome) {
    callbacks += dumpCallback(request, outcome);
  },

  health: () => health,

  shutdown() {
    const failure = environment("SHUTDOWN_FAIL");
    if (failure !== undefined) {
      const [code, message] = split(failure);
      throw new ComponentError(code as ComponentErrorCode, message);
    }
    const path = environment("SHUTDOWN_READS");
    if (path !== undefined) readFile(path);
    if (environment("SHUTDOWN_SPIN") === "1") spin();
  },
});
