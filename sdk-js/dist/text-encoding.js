// DO NOT EDIT: compiled from src/text-encoding.ts by typescript 7.0.2 (npm run build).
// UTF-8 in plain JavaScript, for an engine without TextEncoder and TextDecoder. Other encodings are not to be had.
/** Longer argument lists than this risk the stack of a small engine. */
const CHUNK = 4_096;
const REPLACEMENT = 0xfffd;
export class Utf8Encoder {
    encoding = "utf-8";
    encode(text = "") {
        // Three bytes are the most that one UTF-16 unit takes.
        const bytes = new Uint8Array(text.length * 3);
        return bytes.slice(0, this.encodeInto(text, bytes).written);
    }
    encodeInto(text, destination) {
        let read = 0;
        let written = 0;
        while (read < text.length) {
            let point = text.codePointAt(read);
            const units = point > 0xffff ? 2 : 1;
            if (point >= 0xd800 && point <= 0xdfff)
                point = REPLACEMENT;
            const length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
            if (written + length > destination.length)
                break;
            if (length === 1) {
                destination[written] = point;
            }
            else {
                for (let i = length - 1; i > 0; i--) {
                    destination[written + i] = 0x80 | (point & 0x3f);
                    point >>= 6;
                }
                destination[written] = ((0xf00 >> length) & 0xff) | point;
            }
            read += units;
            written += length;
        }
        return { read, written };
    }
}
export class Utf8Decoder {
    encoding = "utf-8";
    fatal;
    ignoreBOM;
    #pending = new Uint8Array();
    #started = false;
    constructor(encoding = "utf-8", options = {}) {
        if (!["utf-8", "utf8", "unicode-1-1-utf-8"].includes(encoding.trim().toLowerCase())) {
            throw new RangeError(`the encoding ${encoding} is not supported, only utf-8`);
        }
        this.fatal = Boolean(options.fatal);
        this.ignoreBOM = Boolean(options.ignoreBOM);
    }
    decode(input, options = {}) {
        let bytes = view(input);
        if (this.#pending.length > 0) {
            const joined = new Uint8Array(this.#pending.length + bytes.length);
            joined.set(this.#pending);
            joined.set(bytes, this.#pending.length);
            bytes = joined;
            this.#pending = new Uint8Array();
        }
        const units = [];
        let text = "";
        let at = 0;
        while (at < bytes.length) {
            const { point, length } = character(bytes, at);
            if (point === undefined) {
                if (options.stream && at + length === bytes.length && truncated(bytes, at)) {
                    this.#pending = bytes.slice(at);
                    break;
                }
                if (this.fatal) {
                    this.#started = false;
                    throw new TypeError("the bytes are not UTF-8");
                }
            }
            at += length;
            const value = point ?? REPLACEMENT;
            const isMark = !this.#started && value === 0xfeff && !this.ignoreBOM;
            this.#started = true;
            if (isMark)
                continue;
            if (value > 0xffff)
                units.push(0xd7c0 + (value >> 10), 0xdc00 | (value & 0x3ff));
            else
                units.push(value);
            if (units.length >= CHUNK) {
                text += String.fromCharCode(...units);
                units.length = 0;
            }
        }
        if (!options.stream)
            this.#started = false;
        return text + String.fromCharCode(...units);
    }
}
function view(input) {
    if (input === undefined)
        return new Uint8Array();
    if (ArrayBuffer.isView(input)) {
        return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    }
    if (input instanceof ArrayBuffer)
        return new Uint8Array(input);
    throw new TypeError("the input must be an ArrayBuffer or a view of one");
}
/** How many bytes a first byte asks for, and which second byte may follow: that rules out overlong forms and surrogates. */
function expectation(first) {
    if (first >= 0xc2 && first <= 0xdf)
        return { length: 2, low: 0x80, high: 0xbf };
    if (first >= 0xe0 && first <= 0xef) {
        return { length: 3, low: first === 0xe0 ? 0xa0 : 0x80, high: first === 0xed ? 0x9f : 0xbf };
    }
    if (first >= 0xf0 && first <= 0xf4) {
        return { length: 4, low: first === 0xf0 ? 0x90 : 0x80, high: first === 0xf4 ? 0x8f : 0xbf };
    }
    return undefined;
}
/** The character at a place, or without `point` how many bytes one replacement stands for. */
function character(bytes, at) {
    const first = bytes[at];
    if (first < 0x80)
        return { point: first, length: 1 };
    const expected = expectation(first);
    if (!expected)
        return { length: 1 };
    let point = first & (0x7f >> expected.length);
    let { low, high } = expected;
    for (let i = 1; i < expected.length; i++) {
        const next = bytes[at + i];
        if (next === undefined || next < low || next > high)
            return { length: i };
        point = (point << 6) | (next & 0x3f);
        low = 0x80;
        high = 0xbf;
    }
    return { point, length: expected.length };
}
/** Whether the malformed bytes at the end of the input are the beginning of a character. */
function truncated(bytes, at) {
    const expected = expectation(bytes[at]);
    return expected !== undefined && bytes.length - at < expected.length;
}
