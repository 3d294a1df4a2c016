// IP addresses: texts for authors, numbers for the host.

import { ArgumentError } from "./errors.js";
import { lowerText } from "./engine.js";

type Four = [number, number, number, number];
type Eight = [number, number, number, number, number, number, number, number];

/** An IP address as the engines give and take it: the four bytes of an IPv4 one, the eight groups of an IPv6 one. */
export type RawIpAddress = { tag: "ipv4"; val: Four } | { tag: "ipv6"; val: Eight };

const BYTE = /^(0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

/**
 * Gives an address that arrives as text: `127.0.0.1`, `::1`. Of the many forms of an IPv6 address it is always the same
 * one, that of RFC 5952.
 */
export function liftIpAddress(raw: RawIpAddress): string {
  return raw.tag === "ipv4" ? raw.val.join(".") : formatGroups(raw.val);
}

/**
 * Gives an address in the form that the engines take.
 *
 * @throws ArgumentError `out-of-range` if the text is no IP address.
 */
export function lowerIpAddress(text: string, name: string): RawIpAddress {
  const bytes = bytesOf(lowerText(text, name));
  if (bytes) return { tag: "ipv4", val: bytes };
  const groups = groupsOf(text);
  if (groups) return { tag: "ipv6", val: groups };
  throw new ArgumentError("out-of-range", `${name} must be an IP address, not ${JSON.stringify(text)}`);
}

function bytesOf(text: string): Four | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => BYTE.test(part) && Number(part) <= 0xff)) return undefined;
  return parts.map(Number) as Four;
}

function groupsOf(text: string): Eight | undefined {
  const halves = text.split("::");
  const head = groupsOfHalf(halves[0] ?? "", halves.length === 1);
  if (halves.length === 1) return head?.length === 8 ? (head as Eight) : undefined;
  const tail = halves.length === 2 ? groupsOfHalf(halves[1] ?? "", true) : undefined;
  if (!head || !tail || head.length + tail.length > 7) return undefined;
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail] as Eight;
}

/** The groups on one side of `::`. The last two of an address may be written as an IPv4 one. */
function groupsOfHalf(text: string, isLast: boolean): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const bytes = isLast && index === parts.length - 1 ? bytesOf(part) : undefined;
    if (bytes) groups.push(bytes[0] * 256 + bytes[1], bytes[2] * 256 + bytes[3]);
    else if (GROUP.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function formatGroups(groups: Eight): string {
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${groups[6] >> 8}.${groups[6] & 0xff}.${groups[7] >> 8}.${groups[7] & 0xff}`;
  }
  const { from, length } = longestZeros(groups);
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(":");
  if (length < 2) return hex(groups);
  return `${hex(groups.slice(0, from))}::${hex(groups.slice(from + length))}`;
}

/** The first of the longest runs of zeros. */
function longestZeros(groups: Eight): { from: number; length: number } {
  let longest = { from: 0, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > longest.length) longest = { from: index - length + 1, length };
  }
  return longest;
}
