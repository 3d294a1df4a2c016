// What tcp, udp and connections share.

import type { Endpoint as RawEndpoint, SocketAddress as RawSocketAddress } from "airssys:ext-network/types@1.0.0";

import { lowerText, lowerU16 } from "./engine.js";
import { liftIpAddress, lowerIpAddress } from "./ip-address.js";

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
export function formatSocketAddress({ ip, port }: SocketAddress): string {
  return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** @internal */
export function liftSocketAddress(raw: RawSocketAddress): SocketAddress {
  return { ip: liftIpAddress(raw.ip), port: raw.port };
}

/** @internal */
export function lowerSocketAddress(address: SocketAddress, name: string): RawSocketAddress {
  return { ip: lowerIpAddress(address.ip, `${name}.ip`), port: lowerU16(address.port, `${name}.port`) };
}

/** @internal */
export function lowerEndpoint(endpoint: Endpoint, name: string): RawEndpoint {
  return { host: lowerText(endpoint.host, `${name}.host`), port: lowerU16(endpoint.port, `${name}.port`) };
}
