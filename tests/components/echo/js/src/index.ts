// Gives back the bytes it is given: what is measured around it is the way in and out.

import { component } from "@airssys/wasm";

export const componentLifecycle = component({
  execute: {
    echo: (input) => input,
  },
});
