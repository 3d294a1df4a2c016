// DO NOT EDIT: compiled from src/handle.ts by typescript 7.0.2 (npm run build).
// What the classes of all interfaces keep of a resource of the host.
import { ClosedError } from "./errors.js";
/** A handle of the host, dropped once and not used after: the engines would pass a dropped handle on, which is a trap. */
export class Handle {
    #name;
    #raw;
    constructor(name, raw) {
        this.#name = name;
        this.#raw = raw;
    }
    get() {
        if (!this.#raw)
            throw new ClosedError(`the ${this.#name} is closed`);
        return this.#raw;
    }
    /** Gives the handle away to the host, and is closed from then on. */
    take() {
        const raw = this.get();
        this.#raw = undefined;
        return raw;
    }
    drop() {
        const raw = this.#raw;
        this.#raw = undefined;
        raw?.[Symbol.dispose]?.();
    }
}
