// Gives back the bytes it is given: what is measured around it is the way in and out.

import { component } from "@airssys/wasm";

export const componentLifecycle = component({
  metadata: { name: "airssys/echo-js", version: "1.0.0", description: "Gives back the bytes it is given." },

  execute: {
    echo: (input) => input,
  },
});
