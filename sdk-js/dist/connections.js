// DO NOT EDIT: compiled from src/connections.ts by typescript 7.0.2 (npm run build).
/**
 * Name resolution and pooled connections.
 *
 * @packageDocumentation
 */
import "./globals.js";
import * as host from "airssys:ext-network/connections@1.0.0";
import { callNetwork } from "./convert.js";
import { liftU32, lowerEnum, lowerText, lowerU32 } from "./engine.js";
import { Handle } from "./handle.js";
import { liftIpAddress, lowerIpAddress } from "./ip-address.js";
import { lowerEndpoint } from "./network.js";
import { TcpStream } from "./tcp.js";
export { NetworkError } from "./errors.js";
/**
 * Keeps TCP connections open for use again.
 *
 * ```ts
 * using connection = pool.acquire({ host: "example.com", port: 80 });
 * // … a whole request and its whole answer …
 * pool.release(connection);
 * ```
 *
 * An exception on the way there closes the connection instead, for nobody knows what is left in it. Close the pool when
 * done, with {@link close} or `using`: that closes the idle connections, and those in use go on. Every other method
 * throws a `ClosedError` afterwards.
 */
export class ConnectionPool {
    #handle;
    /**
     * Makes an empty pool.
     *
     * Permission: none.
     */
    constructor(options) {
        const { maxConnections, maxIdleMs, connectTimeoutMs } = options;
        const raw = new host.ConnectionPool({
            maxConnections: lowerU32(maxConnections, "maxConnections"),
            maxIdleMs: lowerU32(maxIdleMs, "maxIdleMs"),
            connectTimeoutMs: lowerU32(connectTimeoutMs, "connectTimeoutMs"),
        });
        this.#handle = new Handle("pool", raw);
    }
    /**
     * Gives a connection to an endpoint: an idle one if there is one that is still alive, else a new one. If the pool has
     * as many as it may, it closes an idle one to another endpoint, or waits for one to be released.
     *
     * Give it back with {@link release}, or close it, which makes room in the pool.
     *
     * Permission: `network = [{ action = "outbound", host = "<host>", port = <port> }]`, checked each time, as for
     * `connect`.
     *
     * @throws NetworkError `pool-exhausted` if no connection was released in time, `timeout` if a new one took too long,
     *   and the others of `connect`.
     */
    acquire(endpoint) {
        const raw = this.#handle.get();
        const to = lowerEndpoint(endpoint, "endpoint");
        return TcpStream.from(callNetwork(() => raw.acquire(to)));
    }
    /**
     * Gives a connection back, which is closed for the component from then on. It is kept for use again, unless it is
     * broken, was shut down, has received bytes that nobody has read, or did not come from this pool: then it is closed.
     *
     * @throws ClosedError if the connection is closed or was given back before.
     */
    release(connection) {
        this.#handle.get().release(connection.take());
    }
    /** Gives the state of the pool. */
    stats() {
        const { open, idle, waiting } = this.#handle.get().stats();
        return { open: liftU32(open), idle: liftU32(idle), waiting: liftU32(waiting) };
    }
    /** Closes the pool and its idle connections. Closing it again does nothing. */
    close() {
        this.#handle.drop();
    }
    /** The same as {@link close}, for `using`. */
    [Symbol.dispose]() {
        this.close();
    }
}
/**
 * Gives the addresses of a name, at least one, as text. An IP address of the family gives itself.
 *
 * Permission: `network = [{ action = "resolve", host = "<host>" }]`.
 *
 * @throws NetworkError `permission-denied`, `name-not-found` also for a name without an address of the family,
 *   `temporary-resolver-failure`, `invalid-argument` (no host, NUL in it, or no name), `timeout` or `io`.
 */
export function resolveHost(name, family = "any") {
    const of = lowerText(name, "name");
    const which = lowerEnum(family, ["ipv4", "ipv6", "any"], "family");
    return callNetwork(() => Array.from(host.resolveHost(of, which), liftIpAddress));
}
/**
 * Gives the name of an IP address.
 *
 * Permission: `network = [{ action = "resolve", host = "<address>" }]`.
 *
 * @throws NetworkError `permission-denied`, `name-not-found` for an address without one, `temporary-resolver-failure`,
 *   `timeout` or `io`.
 */
export function reverseLookup(address) {
    const of = lowerIpAddress(address, "address");
    return callNetwork(() => host.reverseLookup(of));
}
