// Keeps a journal: one line of text for each entry, in a file.

import { component, ExecutionError, FilesystemError } from "@airssys/wasm";
import { appendFile, readFile } from "@airssys/wasm/files";

const JOURNAL = "/data/journal.txt";

/** The journal as it is; there is none before the first entry. */
function journal() {
  try {
    return readFile(JOURNAL);
  } catch (error) {
    if (error instanceof FilesystemError && error.code === "not-found") return new Uint8Array();
    throw error;
  }
}

export const componentLifecycle = component({
  // What is not caught here is answered, too: a refusal as `permission-denied` with the line that Component.toml lacks,
  // and any other error of the files as one that names what went wrong.
  execute: {
    add(input) {
      const entry = new TextDecoder().decode(input);
      if (entry === "" || entry.includes("\n")) {
        throw new ExecutionError("invalid-input", "an entry is one line of text");
      }
      appendFile(JOURNAL, `${entry}\n`);
      const newline = 0x0a;
      return String(journal().filter((byte) => byte === newline).length);
    },

    list: () => journal(),
  },
});
