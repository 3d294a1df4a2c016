// DO NOT EDIT: compiled from src/network.ts by typescript 7.0.2 (npm run build).
/** An IP address with a port. */
export interface SocketAddress {
    /** The address as text, such as `127.0.0.1` or `::1`, without brackets. */
    readonly ip: string;
    /** The port, 0 to 65,535. To listen or bind, 0 lets the host choose a free one. */
    readonly port: number;
}
/** Where to connect to. */
export interface Endpoint {
    /** A host name, or an IPv4 or IPv6 address without brackets. */
    readonly host: string;
    /** The port, 1 to 65,535. */
    readonly port: number;
}
/** Which addresses of a name are asked for. */
export type IpFamily = "ipv4" | "ipv6" | "any";
/** Writes an address and port as usual: `127.0.0.1:80`, `[::1]:80`. */
export declare function formatSocketAddress({ ip, port }: SocketAddress): string;
