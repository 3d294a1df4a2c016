// Says hello: `World` -> `Hello, World!`

import { component, ExecutionError } from "@airssys/wasm";

export const componentLifecycle = component({
  execute: {
    greet(input) {
      const name = new TextDecoder().decode(input);
      if (name === "") throw new ExecutionError("invalid-input", "a name is needed");
      return `Hello, ${name}!`;
    },
  },
});
