// DO NOT EDIT: compiled from src/ip-address.ts by typescript 7.0.2 (npm run build).
// IP addresses: texts for authors, numbers for the host.
import { ArgumentError } from "./errors.js";
import { lowerText } from "./engine.js";
const BYTE = /^(0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;
/**
 * Gives an address that arrives as text: `127.0.0.1`, `::1`. Of the many forms of an IPv6 address it is always the same
 * one, that of RFC 5952.
 */
export function liftIpAddress(raw) {
    return raw.tag === "ipv4" ? raw.val.join(".") : formatGroups(raw.val);
}
/**
 * Gives an address in the form that the engines take.
 *
 * @throws ArgumentError `out-of-range` if the text is no IP address.
 */
export function lowerIpAddress(text, name) {
    const bytes = bytesOf(lowerText(text, name));
    if (bytes)
        return { tag: "ipv4", val: bytes };
    const groups = groupsOf(text);
    if (groups)
        return { tag: "ipv6", val: groups };
    throw new ArgumentError("out-of-range", `${name} must be an IP address, not ${JSON.stringify(text)}`);
}
function bytesOf(text) {
    const parts = text.split(".");
    if (parts.length !== 4 || !parts.every((part) => BYTE.test(part) && Number(part) <= 0xff))
        return undefined;
    return parts.map(Number);
}
function groupsOf(text) {
    const halves = text.split("::");
    const head = groupsOfHalf(halves[0] ?? "", halves.length === 1);
    if (halves.length === 1)
        return head?.length === 8 ? head : undefined;
    const tail = halves.length === 2 ? groupsOfHalf(halves[1] ?? "", true) : undefined;
    if (!head || !tail || head.length + tail.length > 7)
        return undefined;
    return [...head, ...Array(8 - head.length - tail.length).fill(0), ...tail];
}
/** The groups on one side of `::`. The last two of an address may be written as an IPv4 one. */
function groupsOfHalf(text, isLast) {
    if (text === "")
        return [];
    const groups = [];
    const parts = text.split(":");
    for (const [index, part] of parts.entries()) {
        const bytes = isLast && index === parts.length - 1 ? bytesOf(part) : undefined;
        if (bytes)
            groups.push(bytes[0] * 256 + bytes[1], bytes[2] * 256 + bytes[3]);
        else if (GROUP.test(part))
            groups.push(Number.parseInt(part, 16));
        else
            return undefined;
    }
    return groups;
}
function formatGroups(groups) {
    if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
        return `::ffff:${groups[6] >> 8}.${groups[6] & 0xff}.${groups[7] >> 8}.${groups[7] & 0xff}`;
    }
    const { from, length } = longestZeros(groups);
    const hex = (part) => part.map((group) => group.toString(16)).join(":");
    if (length < 2)
        return hex(groups);
    return `${hex(groups.slice(0, from))}::${hex(groups.slice(from + length))}`;
}
/** The first of the longest runs of zeros. */
function longestZeros(groups) {
    let longest = { from: 0, length: 0 };
    let length = 0;
    for (const [index, group] of groups.entries()) {
        length = group === 0 ? length + 1 : 0;
        if (length > longest.length)
            longest = { from: index - length + 1, length };
    }
    return longest;
}
