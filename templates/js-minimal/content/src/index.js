// Greets by name: `World` -> `Hello, World!`

import { component, ExecutionError } from "@airssys/wasm";

export const componentLifecycle = component({
  // The operations by name: bytes in, bytes or text out. Any other name is answered with `unknown-operation`.
  execute: {
    greet(input) {
      const name = new TextDecoder().decode(input);
      if (name === "") throw new ExecutionError("invalid-input", "a name is needed");
      return `Hello, ${name}!`;
    },
  },
});
