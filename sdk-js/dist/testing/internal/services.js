// DO NOT EDIT: compiled from src/testing/internal/services.ts by typescript 7.0.2 (npm run build).
// `airssys:core/host-services`: log, messages and requests, time, and who else is there.
import { failure } from "../../convert.js";
import { formatComponentId, parseComponentId } from "../../types.js";
import { FakeHostError } from "../errors.js";
/** The host's default. */
const MAX_MESSAGE_BYTES = 1_048_576;
/** Gives an id that a test wrote as text or as an object. */
export function componentId(id) {
    const parsed = parseComponentId(typeof id === "string" ? id : formatComponentId(id));
    if (!parsed)
        throw new FakeHostError("invalid-argument", `${JSON.stringify(id)} is not namespace/name@version`);
    return parsed;
}
export class Services {
    logs = [];
    messages = [];
    requests = [];
    components = new Map();
    full = new Set();
    #policy;
    #clock;
    #self;
    constructor(policy, clock, self) {
        this.#policy = policy;
        this.#clock = clock;
        this.#self = self;
    }
    /** The functions as the bindings have them. */
    bindings() {
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
                if (!request)
                    throw failure({ tag: "unknown-request", val: id }, undefined);
                request.state = "cancelled";
            },
            currentTime: () => this.#clock.now,
            sleep: (milliseconds) => this.#clock.advance(milliseconds),
            listComponents: () => [...this.components.values()]
                .map(({ id }) => id)
                .filter((id) => this.#isVisible(id)),
            getComponentMetadata: (id) => {
                const metadata = this.components.get(formatComponentId(id));
                if (!metadata || !this.#isVisible(id))
                    throw failure({ tag: "component-not-found", val: id }, undefined);
                return { ...metadata, authors: [...metadata.authors], operations: [...metadata.operations] };
            },
        };
    }
    #isVisible(id) {
        return formatComponentId(id) === formatComponentId(this.#self()) || this.#policy.allowsTarget(id);
    }
    /** Whether the target may be reached is asked before whether it is there, as a real host does. */
    #reach(operation, target, bytes) {
        const text = formatComponentId(target);
        const notFound = () => failure({ tag: "component-not-found", val: target }, undefined);
        if (!parseComponentId(text))
            throw notFound();
        this.#policy.authorizeTarget(operation, target);
        if (bytes.length > MAX_MESSAGE_BYTES) {
            throw failure({ tag: "payload-too-large", val: BigInt(MAX_MESSAGE_BYTES) }, undefined);
        }
        if (!this.components.has(text))
            throw notFound();
        if (this.full.has(text))
            throw failure({ tag: "mailbox-full", val: target }, undefined);
    }
}
function decode(bytes) {
    return new TextDecoder().decode(bytes);
}
