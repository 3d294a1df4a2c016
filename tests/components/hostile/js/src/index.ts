// Does what no component should, one attack an operation. INIT, MESSAGE, CALLBACK, REQUEST, HEALTH and SHUTDOWN in its
// environment, and the file /data/metadata, do one elsewhere: an operation, a blank, its input.

import { component, ComponentError, ExecutionError, FilesystemError } from "@airssys/wasm";
import { readFile } from "@airssys/wasm/files";

import { attack, keepOutcome } from "./attacks.js";

let environment = new Map<string, string>();

function line(text: string): Uint8Array | string | void {
  const [operation = "", ...rest] = text.split(" ");
  return attack(operation, new TextEncoder().encode(rest.join(" ")));
}

/** Does what the environment says for it; nothing otherwise. */
function occasion(name: string): void {
  const text = environment.get(name);
  if (text === undefined) return;
  try {
    line(text);
  } catch (error) {
    if (error instanceof ExecutionError) throw new ComponentError("internal", error.message);
    throw error;
  }
}

const lifecycle = component({
  init(config) {
    environment = new Map(config.environment);
    occasion("INIT");
  },

  execute(operation, input) {
    if (operation !== "handle-request") return attack(operation, input);
    occasion("REQUEST");
    return input;
  },

  handleMessage: () => occasion("MESSAGE"),

  handleCallback(_, outcome) {
    keepOutcome(outcome);
    occasion("CALLBACK");
  },

  health() {
    occasion("HEALTH");
    return "healthy";
  },

  shutdown: () => occasion("SHUTDOWN"),
});

function metadata() {
  const told = lifecycle.metadata();
  try {
    const text = line(new TextDecoder().decode(readFile("/data/metadata"))) as Uint8Array;
    return { ...told, description: new TextDecoder().decode(text) };
  } catch (error) {
    if (error instanceof FilesystemError) return told;
    throw error;
  }
}

export const componentLifecycle = { ...lifecycle, metadata };
