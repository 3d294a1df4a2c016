// Asks other components, and answers them.

import { component, ExecutionError, parseComponentId, type RequestId, type RequestOutcome } from "@airssys/wasm";
import { sendRequest } from "@airssys/wasm/host-services";

/** How long another component may take to answer. */
const TIMEOUT_MS = 10_000;

/** Outcomes that nobody asks for must not pile up. */
const MAX_OUTCOMES = 100;

// A Map keeps the order in which its entries came.
const outcomes = new Map<RequestId, RequestOutcome>();

export const componentLifecycle = component({
  execute: {
    // The input is a line `namespace/name@version` and the text to send; the output is the id of the request.
    ask(input) {
      const [, line, text] = /^([^\n]*)\n([^]*)$/.exec(new TextDecoder().decode(input)) ?? [];
      const target = line === undefined ? undefined : parseComponentId(line);
      if (!target || text === undefined) {
        throw new ExecutionError("invalid-input", "expected namespace/name@version and a text, a line each");
      }
      // It does not wait: the outcome comes to handleCallback, when this operation has returned.
      return sendRequest(target, text, TIMEOUT_MS);
    },

    // The input is the id of a request; the output is the reply to it.
    answer(input) {
      const outcome = outcomes.get(new TextDecoder().decode(input));
      if (!outcome) throw new ExecutionError("processing-failed", "no answer yet");
      if (!outcome.ok) throw new ExecutionError("processing-failed", outcome.reason);
      return outcome.reply;
    },

    // A request of another component arrives as this operation; what it returns is the reply.
    "handle-request": (input) => `js says: ${new TextDecoder().decode(input)}`,
  },

  // Called exactly once a request: with the reply, or with why there is none.
  handleCallback(request, outcome) {
    const [oldest] = outcomes.keys();
    if (outcomes.size === MAX_OUTCOMES && oldest !== undefined) outcomes.delete(oldest);
    outcomes.set(request, outcome);
  },
});
