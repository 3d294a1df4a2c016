// `airssys:core/host-services`: log, messages and requests, time, and who else is there.

import type * as host from "airssys:core/host-services@1.0.0";

import { failure } from "../../convert.js";
import { formatComponentId, parseComponentId, type ComponentId, type ComponentMetadata } from "../../types.js";
import { FakeHostError } from "../errors.js";
import type { LogRecord, SentMessage, SentRequest } from "../fake-host.js";
import type { Clock } from "./clock.js";
import type { Policy } from "./policy.js";

/** The host's default. */
const MAX_MESSAGE_BYTES = 1_048_576;

/** Gives an id that a test wrote as text or as an object. */
export function componentId(id: ComponentId | string): ComponentId {
  const parsed = parseComponentId(typeof id === "string" ? id : formatComponentId(id));
  if (!parsed) throw new FakeHostError("invalid-argument", `${JSON.stringify(id)} is not namespace/name@version`);
  return parsed;
}

export class Services {
  readonly logs: LogRecord[] = [];
  readonly messages: SentMessage[] = [];
  readonly requests: SentRequest[] = [];
  readonly components = new Map<string, ComponentMetadata>();
  readonly full = new Set<string>();
  readonly #policy: Policy;
  readonly #clock: Clock;
  readonly #self: () => ComponentId;

  constructor(policy: Policy, clock: Clock, self: () => ComponentId) {
    this.#policy = policy;
    this.#clock = clock;
    this.#self = self;
  }

  /** The functions as the bindings have them. */
  bindings(): typeof host {
    return {
      log: (level, message, fields) => void this.logs.push({ level, message, fields }),

      sendMessage: (target, message) => {
        this.#reach("host-services.send-message", target, message);
        this.messages.push({ target: formatComponentId(target), message: message.slice(), text: decode(message) });
      },

      sendRequest: (target, request, timeoutMs) => {
        this.#reach("host-services.send-request", target, request);
        const id = `request-${this.requests.length + 1}`;
        const sent = { target: formatComponentId(target), request: request.slice(), text: decode(request), timeoutMs };
        this.requests.push({ id, ...sent, state: "pending" });
        return id;
      },

      cancelRequest: (id) => {
        const request = this.requests.find((sent) => sent.id === id && sent.state === "pending");
        if (!request) throw failure({ tag: "unknown-request", val: id }, undefined);
        request.state = "cancelled";
      },

      currentTime: () => this.#clock.now,
      sleep: (milliseconds) => this.#clock.advance(milliseconds),

      listComponents: () =>
        [...this.components.values()]
          .map(({ id }) => id)
          .filter((id) => this.#isVisible(id)),

      getComponentMetadata: (id) => {
        const metadata = this.components.get(formatComponentId(id));
        if (!metadata || !this.#isVisible(id)) throw failure({ tag: "component-not-found", val: id }, undefined);
        return { ...metadata, authors: [...metadata.authors], operations: [...metadata.operations] };
      },
    };
  }

  #isVisible(id: ComponentId): boolean {
    return formatComponentId(id) === formatComponentId(this.#self()) || this.#policy.allowsTarget(id);
  }

  /** Whether the target may be reached is asked before whether it is there, as a real host does. */
  #reach(operation: string, target: ComponentId, bytes: Uint8Array): void {
    const text = formatComponentId(target);
    const notFound = () => failure({ tag: "component-not-found", val: target }, undefined);
    if (!parseComponentId(text)) throw notFound();
    this.#policy.authorizeTarget(operation, target);
    if (bytes.length > MAX_MESSAGE_BYTES) {
      throw failure({ tag: "payload-too-large", val: BigInt(MAX_MESSAGE_BYTES) }, undefined);
    }
    if (!this.components.has(text)) throw notFound();
    if (this.full.has(text)) throw failure({ tag: "mailbox-full", val: target }, undefined);
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
