// Talks to other components: sends messages and requests, answers requests, and keeps what arrives.

import { component, ExecutionError, formatComponentId, parseComponentId } from "@airssys/wasm";
import { sendMessage, sendRequest } from "@airssys/wasm/host-services";

const TIMEOUT_MS = 5_000;

/**
 * What has arrived, one line each. It lives as long as the instance.
 *
 * @type {string[]}
 */
const arrived = [];

/** @param {Uint8Array} bytes */
const decode = (bytes) => new TextDecoder().decode(bytes);

/**
 * Parts an input such as `my-namespace/other@0.1.0 good morning`.
 *
 * @param {Uint8Array} input
 */
function addressed(input) {
  const [id = "", ...words] = decode(input).split(" ");
  const target = parseComponentId(id);
  if (!target || words.length === 0) {
    throw new ExecutionError("invalid-input", "the input is namespace/name@version text");
  }
  return { target, text: words.join(" ") };
}

export const componentLifecycle = component({
  // What is not caught here is answered, too: a refusal as `permission-denied` with the line that Component.toml lacks,
  // and what could not be sent as `processing-failed`.
  execute: {
    tell(input) {
      const { target, text } = addressed(input);
      sendMessage(target, text);
    },

    // Answers the id of the request. What comes of it arrives at `handleCallback`.
    ask(input) {
      const { target, text } = addressed(input);
      return sendRequest(target, text, TIMEOUT_MS);
    },

    inbox: () => arrived.join("\n") || "nothing has arrived",

    // A request of another component.
    "handle-request": (input) => `my-namespace/my-component heard: ${decode(input)}`,
  },

  handleMessage(sender, message) {
    arrived.push(`message from ${formatComponentId(sender)}: ${decode(message)}`);
  },

  handleCallback(request, outcome) {
    arrived.push(
      outcome.ok ? `answer to ${request}: ${decode(outcome.reply)}` : `no answer to ${request}: ${outcome.reason}`,
    );
  },
});
