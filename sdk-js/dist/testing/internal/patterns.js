// DO NOT EDIT: compiled from src/testing/internal/patterns.ts by typescript 7.0.2 (npm run build).
// The patterns of [permissions], which mean here what they mean to a host.
import { ArgumentError } from "../../errors.js";
import { lowerIpAddress, liftIpAddress } from "../../ip-address.js";
/** Why something cannot stand in Component.toml. */
export class PatternError extends Error {
    name = "PatternError";
}
/** As long as a path may be. */
const MAX_PATTERN_BYTES = 4_096;
/**
 * Compares item by item, where an item that is `many` stands for any number. Only the last of those is ever tried again:
 * whatever an earlier one could take, the later one can take as well.
 */
function matches(pattern, text, many, one) {
    let [at, from] = [0, 0];
    let retry;
    for (;;) {
        const item = pattern[at];
        if (at < pattern.length && many(item)) {
            at += 1;
            retry = { at, from };
            continue;
        }
        if (at < pattern.length && from >= text.length)
            return false;
        if (at < pattern.length && one(item, text[from])) {
            at += 1;
            from += 1;
            continue;
        }
        if (at >= pattern.length && from >= text.length)
            return true;
        if (!retry || retry.from >= text.length)
            return false;
        retry.from += 1;
        ({ at, from } = retry);
    }
}
/** Whether one segment is covered: `*` is any number of characters, `?` is one. */
export function matchesSegment(pattern, text) {
    return matches([...pattern], [...text], (item) => item === "*", (item, found) => item === "?" || item === found);
}
function checkLength(text, kind) {
    if (new TextEncoder().encode(text).length > MAX_PATTERN_BYTES) {
        throw new PatternError(`${kind} pattern of more than ${MAX_PATTERN_BYTES} bytes`);
    }
}
/** A pattern over absolute paths: a segment `**` is any number of segments. */
export function pathPattern(text) {
    checkLength(text, "path");
    const refused = (problem) => new PatternError(`${problem} in path pattern ${JSON.stringify(text)}`);
    if (!text.startsWith("/"))
        throw new PatternError(`path pattern ${JSON.stringify(text)} is not absolute`);
    if (text.includes("\0"))
        throw refused("NUL");
    const [sign] = /[[{]/.exec(text) ?? [];
    if (sign)
        throw refused(`\`${sign}\``);
    const pattern = text === "/" ? [] : text.slice(1).split("/");
    for (const segment of pattern) {
        if (segment === "")
            throw refused("empty segment");
        if (segment === "." || segment === "..")
            throw refused(`\`${segment}\``);
        if (segment !== "**" && segment.includes("**"))
            throw refused("`**` that is not a whole segment");
    }
    return (path) => {
        if (!isResolved(path))
            return false;
        const found = path === "/" ? [] : path.slice(1).split("/");
        return matches(pattern, found, (segment) => segment === "**", matchesSegment);
    };
}
/** Whether a path names one place for sure: absolute, without a segment that is empty, `.` or `..`. */
function isResolved(path) {
    if (!path.startsWith("/") || path.includes("\0"))
        return false;
    return path === "/" || path.slice(1).split("/").every((segment) => !["", ".", ".."].includes(segment));
}
/** The narrowest pattern that covers a path, if any can: characters with a meaning in patterns become `?`. */
export function coveringPath(path) {
    return coveringBy(pathPattern, path.replace(/[*[{]/g, "?"), path);
}
function coveringBy(parse, pattern, resource) {
    try {
        return parse(pattern)(resource) ? pattern : undefined;
    }
    catch (error) {
        if (error instanceof PatternError)
            return undefined;
        throw error;
    }
}
const NAMES = /^[a-z0-9*?-]+$/;
const VERSION = /^[A-Za-z0-9.+*?-]+$/;
/** A pattern over components: `namespace/name` or `namespace/name@version`. */
export function targetPattern(text) {
    checkLength(text, "target");
    const [names, version] = splitOnce(text, "@");
    const [namespace, name] = splitOnce(names, "/");
    const isWhole = name !== undefined && NAMES.test(namespace) && NAMES.test(name);
    if (!isWhole || (version !== undefined && !VERSION.test(version))) {
        throw new PatternError(`target pattern ${JSON.stringify(text)} is not namespace/name, as in "acme/*"`);
    }
    return (target) => matchesSegment(namespace, target.namespace) &&
        matchesSegment(name, target.name) &&
        (version === undefined || matchesSegment(version, target.version));
}
/** The narrowest pattern that covers a component in every version, if any can. */
export function coveringTarget(target) {
    const literal = (part) => Array.from(part, (c) => (/[a-z0-9-]/.test(c) ? c : "?")).join("");
    return coveringBy(targetPattern, `${literal(target.namespace)}/${literal(target.name)}`, target);
}
function splitOnce(text, by) {
    const at = text.indexOf(by);
    return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + by.length)];
}
/** Ports: one, or a range as a text. Nothing is every port. */
export function portPattern(port) {
    if (port === undefined)
        return () => true;
    const [first, last] = typeof port === "string" ? range(port) : [port, port];
    if (!isPort(first) || !isPort(last) || first > last) {
        throw new PatternError(`${JSON.stringify(port)} is no port, and no range such as "8000-8100"`);
    }
    return (asked) => asked !== undefined && first <= asked && asked <= last;
}
function range(text) {
    const [, first, last] = /^(\d+)-(\d+)$/.exec(text) ?? [];
    return [first, last].map((part) => (part === undefined ? undefined : Number(part)));
}
function isPort(port) {
    return typeof port === "number" && Number.isInteger(port) && port >= 0 && port <= 0xffff;
}
function address(text) {
    let raw;
    try {
        raw = lowerIpAddress(text, "address");
    }
    catch (error) {
        if (error instanceof ArgumentError)
            return undefined;
        throw error;
    }
    const size = raw.tag === "ipv4" ? 8n : 16n;
    const bits = raw.val.reduce((all, part) => (all << size) | BigInt(part), 0n);
    if (raw.tag === "ipv4")
        return { bits, width: 32 };
    return bits >> 32n === 0xffffn ? { bits: bits & 0xffffffffn, width: 32 } : { bits, width: 128 };
}
function formatAddress({ bits, width }) {
    const [count, size] = width === 32 ? [4, 8n] : [8, 16n];
    const parts = Array.from({ length: count }, (_, at) => Number((bits >> (BigInt(count - 1 - at) * size)) & ((1n << size) - 1n)));
    return liftIpAddress({ tag: width === 32 ? "ipv4" : "ipv6", val: parts });
}
function isWithin(found, { bits, width, prefix }) {
    return found.width === width && (found.bits ^ bits) >> BigInt(width - prefix) === 0n;
}
function block(text) {
    const [base, digits] = splitOnce(text, "/");
    const found = address(base);
    if (!found)
        return undefined;
    if (digits === undefined)
        return { ...found, prefix: found.width };
    // A block of IPv4 addresses may be written as one of IPv6.
    const surplus = found.width === 32 && base.includes(":") ? 96 : 0;
    if (!/^\d+$/.test(digits) || Number(digits) > found.width + surplus)
        return undefined;
    const prefix = Math.max(0, Number(digits) - surplus);
    const rest = (1n << BigInt(found.width - prefix)) - 1n;
    return (found.bits & rest) === 0n ? { ...found, prefix } : undefined;
}
const blocks = (list) => list.split(" ").map((text) => block(text));
/** What an address of these reaches depends on where the host runs: a name, and `*`, never cover them. */
const NON_PUBLIC_V4 = blocks("0.0.0.0/8 127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 169.254.0.0/16 192.0.0.0/24 " +
    "192.88.99.0/24 198.18.0.0/15 224.0.0.0/3");
const NON_PUBLIC_V6 = blocks("::/96 64:ff9b:1::/48 ::ffff:0:0:0/96 100::/64 2001::/32 fc00::/7 fe80::/9 ff00::/8");
/** These stand for an IPv4 address, which begins so many bits from the right. */
const TRANSLATED = [
    [block("64:ff9b::/96"), 0n],
    [block("2002::/16"), 80n],
];
function isNonPublic(found) {
    if (found.width === 32)
        return NON_PUBLIC_V4.some((block) => isWithin(found, block));
    const [, shift] = TRANSLATED.find(([block]) => isWithin(found, block)) ?? [];
    if (shift !== undefined)
        return isNonPublic({ bits: (found.bits >> shift) & 0xffffffffn, width: 32 });
    return NON_PUBLIC_V6.some((block) => isWithin(found, block));
}
function host({ host, address: leads }) {
    const at = leads === undefined ? undefined : address(leads);
    const literal = address(host);
    if (literal)
        return !at || (at.bits === literal.bits && at.width === literal.width) ? { name: undefined, address: literal } : undefined;
    const name = hostName(host);
    return name === undefined ? undefined : { name, address: at };
}
const MAX_NAME_BYTES = 253;
const LABEL = /^[A-Za-z0-9_-]{1,63}$/;
/** What a resolver could take for an IPv4 address in one of the old notations. */
const NUMERIC = /(?:^|\.)(?:\d+|0[xX][0-9a-fA-F]*)$/;
/** A name in the one form in which it is compared, if it is one. */
function hostName(text) {
    const name = text.replace(/\.$/, "");
    const isName = name.length <= MAX_NAME_BYTES && name.split(".").every((label) => LABEL.test(label)) && !NUMERIC.test(name);
    return isName ? name.toLowerCase() : undefined;
}
/** A pattern over hosts: a name, what is below one, an address, a block of addresses, or `*`. */
export function hostPattern(text) {
    const covers = hostKind(text);
    return (asked) => {
        const found = host(asked);
        return found !== undefined && covers(found);
    };
}
function hostKind(text) {
    const isOpen = ({ address }) => !address || !isNonPublic(address);
    if (text === "*")
        return isOpen;
    const allowed = text.includes("://") ? undefined : block(text);
    if (allowed)
        return ({ address }) => address !== undefined && isWithin(address, allowed);
    const isBelow = text.startsWith("*.");
    const name = hostName(isBelow ? text.slice(2) : text);
    if (name === undefined) {
        throw new PatternError(`${JSON.stringify(text)} is no host: write a name, an IP address, a block such as "10.0.0.0/8", "*.example.com" or "*"`);
    }
    return (found) => isOpen(found) && (isBelow ? Boolean(found.name?.endsWith(`.${name}`)) : found.name === name);
}
/** The narrowest pattern that covers a host: its name, or its address where a name would not do. */
export function coveringHost(asked) {
    const found = host(asked);
    if (!found)
        return undefined;
    if (found.name !== undefined && !(found.address && isNonPublic(found.address)))
        return found.name;
    return found.address && formatAddress(found.address);
}
