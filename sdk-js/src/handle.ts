// What the classes of all interfaces keep of a resource of the host.

import { ClosedError } from "./errors.js";

interface Disposable {
  [Symbol.dispose]?(): void;
}

/** A handle of the host, dropped once and not used after: the engines would pass a dropped handle on, which is a trap. */
export class Handle<T extends object> {
  readonly #name: string;
  #raw: T | undefined;

  constructor(name: string, raw: T) {
    this.#name = name;
    this.#raw = raw;
  }

  get(): T {
    if (!this.#raw) throw new ClosedError(`the ${this.#name} is closed`);
    return this.#raw;
  }

  /** Gives the handle away to the host, and is closed from then on. */
  take(): T {
    const raw = this.get();
    this.#raw = undefined;
    return raw;
  }

  drop(): void {
    const raw = this.#raw as (T & Disposable) | undefined;
    this.#raw = undefined;
    raw?.[Symbol.dispose]?.();
  }
}
