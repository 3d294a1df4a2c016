// Copies a folder with all that is in it.

import { component, ExecutionError } from "@airssys/wasm";
import { createDirectoryAll, listDirectory } from "@airssys/wasm/directories";
import { copyFile } from "@airssys/wasm/files";

interface Copied {
  files: number;
  bytes: bigint;
}

function copyFolder(from: string, to: string, copied: Copied): void {
  // The list is complete before anything is created, so that a copy into the folder itself comes to an end.
  const entries = listDirectory(from);
  createDirectoryAll(to);
  for (const { name, fileType } of entries) {
    const source = `${from}/${name}`;
    const destination = `${to}/${name}`;
    if (fileType === "directory") {
      copyFolder(source, destination, copied);
    } else if (fileType === "regular") {
      // The host copies: the bytes do not pass through the component.
      copied.bytes += copyFile(source, destination, "replace");
      copied.files += 1;
    }
    // A link could lead anywhere, and anything else is no file.
  }
}

export const componentLifecycle = component({
  execute: {
    // The input is two lines: the folder to copy, and the folder to copy it to.
    "copy-tree"(input) {
      const [from, to, ...rest] = new TextDecoder().decode(input).trimEnd().split("\n");
      if (!from || !to || rest.length > 0) {
        throw new ExecutionError("invalid-input", "expected FROM and TO, a line each");
      }
      const copied = { files: 0, bytes: 0n };
      // A refusal of the host stays one: not caught, it is the permission-denied of this operation.
      copyFolder(from, to, copied);
      return `copied ${copied.files} files, ${copied.bytes} bytes`;
    },
  },
});
