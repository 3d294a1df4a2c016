// Counts equal lines with the programs of the host: `sort | uniq -c | sort -rn`, without a shell.

import { component, ExecutionError } from "@airssys/wasm";
import { formatExitStatus, isSuccess, runPipeline } from "@airssys/wasm/processes";

// A child has the environment that its command names and no other. This one makes the order that of the bytes.
const environment = { set: { LC_ALL: "C" } };

const STAGES = [
  { program: "/usr/bin/sort", arguments: [], environment },
  { program: "/usr/bin/uniq", arguments: ["-c"], environment },
  { program: "/usr/bin/sort", arguments: ["-rn"], environment },
];

export const componentLifecycle = component({
  execute: {
    // The input is text; the output is each line with how often it came, the most frequent first.
    "count-lines"(input) {
      // The host starts all three or none, and feeds and empties them at the same time.
      const { statuses, stdout, stderr } = runPipeline(STAGES, input);
      // A program that fails is no error of runPipeline: the statuses tell.
      for (const [index, status] of statuses.entries()) {
        if (isSuccess(status)) continue;
        const name = ["sort", "uniq -c", "sort -rn"][index];
        const words = new TextDecoder().decode(stderr).trimEnd();
        throw new ExecutionError("processing-failed", `${name}: ${formatExitStatus(status)}: ${words}`);
      }
      return stdout;
    },
  },
});
