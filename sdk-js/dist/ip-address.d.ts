// DO NOT EDIT: compiled from src/ip-address.ts by typescript 7.0.2 (npm run build).
type Four = [number, number, number, number];
type Eight = [number, number, number, number, number, number, number, number];
/** An IP address as the engines give and take it: the four bytes of an IPv4 one, the eight groups of an IPv6 one. */
export type RawIpAddress = {
    tag: "ipv4";
    val: Four;
} | {
    tag: "ipv6";
    val: Eight;
};
/**
 * Gives an address that arrives as text: `127.0.0.1`, `::1`. Of the many forms of an IPv6 address it is always the same
 * one, that of RFC 5952.
 */
export declare function liftIpAddress(raw: RawIpAddress): string;
/**
 * Gives an address in the form that the engines take.
 *
 * @throws ArgumentError `out-of-range` if the text is no IP address.
 */
export declare function lowerIpAddress(text: string, name: string): RawIpAddress;
export {};
