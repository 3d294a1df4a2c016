// A component that keeps its state in a module of its own.

import { component } from "@airssys/wasm";

import { state } from "./state.js";

export const componentLifecycle = component({
  metadata: { name: "acme/counter", version: "1.0.0" },
  execute: {
    count: () => String(++state.count),
  },
});
