// DO NOT EDIT: compiled from src/network.ts by typescript 7.0.2 (npm run build).
// What tcp, udp and connections share.
import { lowerText, lowerU16 } from "./engine.js";
import { liftIpAddress, lowerIpAddress } from "./ip-address.js";
/** Writes an address and port as usual: `127.0.0.1:80`, `[::1]:80`. */
export function formatSocketAddress({ ip, port }) {
    return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}
/** @internal */
export function liftSocketAddress(raw) {
    return { ip: liftIpAddress(raw.ip), port: raw.port };
}
/** @internal */
export function lowerSocketAddress(address, name) {
    return { ip: lowerIpAddress(address.ip, `${name}.ip`), port: lowerU16(address.port, `${name}.port`) };
}
/** @internal */
export function lowerEndpoint(endpoint, name) {
    return { host: lowerText(endpoint.host, `${name}.host`), port: lowerU16(endpoint.port, `${name}.port`) };
}
