// Says hello: `World` -> `Hello, World!`, and keeps in a file whom it has greeted.

import { component, ExecutionError, FilesystemError } from "@airssys/wasm";
import { appendFile, readFile } from "@airssys/wasm/files";

const GREETINGS = "/data/greetings";

function greetings(): string[] {
  try {
    return new TextDecoder().decode(readFile(GREETINGS)).split("\n").slice(0, -1);
  } catch (error) {
    if (error instanceof FilesystemError && error.code === "not-found") return [];
    throw error;
  }
}

export const componentLifecycle = component({
  execute: {
    greet(input) {
      const name = new TextDecoder().decode(input);
      if (name === "" || name.includes("\n")) throw new ExecutionError("invalid-input", "a name is needed");
      appendFile(GREETINGS, `${name}\n`);
      return `Hello, ${name}!`;
    },

    count: () => String(greetings().length),
  },
});
