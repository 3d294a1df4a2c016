// DO NOT EDIT: compiled from src/testing/internal/handle.ts by typescript 7.0.2 (npm run build).
// An open file.
import { FakeHostError } from "../errors.js";
import { failed } from "./text.js";
import { metadataOf } from "./tree.js";
/** What one read or write takes at most, by the default of a host. */
const MAX_TRANSFER_BYTES = 16 * 1_048_576;
/** No file may be larger: it is all in memory. The same as a host's default for reading a whole file. */
export const MAX_FILE_BYTES = 64 * 1_048_576;
/** Offsets are signed for the operating system of a host. */
const MAX_OFFSET = 2n ** 63n - 1n;
/** Gives the content of a file another length, cut or filled with zeros. */
export function resize(tree, file, size) {
    if (size > BigInt(MAX_FILE_BYTES))
        throw failed("quota-exceeded", `a file of more than ${MAX_FILE_BYTES} bytes`);
    const content = new Uint8Array(Number(size));
    content.set(file.content.subarray(0, content.length));
    file.content = content;
    file.modified = tree.clock.now;
}
/** Writes into the content of a file, which grows as far as is needed. */
export function writeInto(tree, file, offset, data) {
    if (data.length === 0)
        return;
    const end = offset + BigInt(data.length);
    if (end > BigInt(file.content.length))
        resize(tree, file, end);
    file.content.set(data, Number(offset));
    file.modified = tree.clock.now;
}
export class FileHandle {
    #tree;
    #file;
    #path;
    #mode;
    #position = 0n;
    constructor(tree, file, path, mode) {
        this.#tree = tree;
        this.#file = file;
        this.#path = path;
        this.#mode = mode;
    }
    read(maxBytes) {
        const data = this.readAt(this.#position, maxBytes);
        this.#position += BigInt(data.length);
        return data;
    }
    readAt(offset, maxBytes) {
        if (!this.#mode.read)
            throw failed("invalid-argument", "the file is not open for reading");
        const { content } = this.#file;
        const from = offset > BigInt(content.length) ? content.length : Number(offset);
        return content.slice(from, from + Math.min(maxBytes, MAX_TRANSFER_BYTES));
    }
    write(data) {
        const taken = this.#writable(data);
        if (this.#mode.append)
            this.#position = BigInt(this.#file.content.length);
        writeInto(this.#tree, this.#file, this.#position, taken);
        this.#position += BigInt(taken.length);
        return taken.length;
    }
    writeAt(offset, data) {
        const taken = this.#writable(data);
        if (this.#mode.append)
            throw failed("invalid-argument", "the file is open for appending");
        writeInto(this.#tree, this.#file, offset, taken);
        return taken.length;
    }
    seek(position) {
        const moved = {
            start: () => position.val,
            forward: () => this.#position + position.val,
            backward: () => this.#position - position.val,
            "before-end": () => BigInt(this.#file.content.length) - position.val,
        }[position.tag]();
        if (moved < 0n || moved > MAX_OFFSET) {
            throw failed("invalid-argument", "the position would be before the start or beyond what a filesystem can express");
        }
        this.#position = moved;
        return moved;
    }
    sync() { }
    setSize(size) {
        this.#writable(new Uint8Array());
        resize(this.#tree, this.#file, size);
    }
    metadata() {
        return metadataOf(this.#file);
    }
    lock(kind, timeoutMs) {
        const others = [...this.#file.locks].filter(([handle]) => handle !== this);
        const isHeld = kind === "exclusive" ? others.length > 0 : others.some(([, held]) => held === "exclusive");
        if (!isHeld) {
            this.#file.locks.set(this, kind);
            return;
        }
        // Whoever holds it waits for this call, so that the time passes in vain.
        if (timeoutMs === undefined) {
            throw new FakeHostError("would-block", `another handle of the component holds a lock on ${this.#path}`);
        }
        this.#tree.clock.advance(timeoutMs);
        throw failed("locked", this.#path);
    }
    unlock() {
        if (!this.#file.locks.delete(this))
            throw failed("invalid-argument", "the file is not locked");
    }
    [Symbol.dispose]() {
        this.#file.locks.delete(this);
        this.#tree.open.delete(this);
    }
    #writable(data) {
        if (!this.#mode.write && !this.#mode.append)
            throw failed("invalid-argument", "the file is not open for writing");
        return data.subarray(0, MAX_TRANSFER_BYTES);
    }
}
