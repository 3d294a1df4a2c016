// DO NOT EDIT: compiled from src/connections.ts by typescript 7.0.2 (npm run build).
/**
 * Name resolution and pooled connections.
 *
 * @packageDocumentation
 */
import "./globals.js";
import { type Endpoint, type IpFamily } from "./network.js";
import { TcpStream } from "./tcp.js";
export { NetworkError } from "./errors.js";
export type { NetworkErrorCode } from "./errors.js";
export type { Endpoint, IpFamily } from "./network.js";
/** The limits of a pool. */
export interface PoolOptions {
    /** Most connections open at once, over all endpoints, in use and idle. At least 1; 0 ends the instance. */
    maxConnections: number;
    /** After how many milliseconds without use a connection is closed. */
    maxIdleMs: number;
    /** How many milliseconds `acquire` may take, be it to wait for a free connection or to make a new one. */
    connectTimeoutMs: number;
}
/** The state of a pool. */
export interface PoolStats {
    /** How many connections are open, in use and idle. */
    open: number;
    /** How many of them are idle. */
    idle: number;
    /** How many calls of `acquire` wait for a connection. */
    waiting: number;
}
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
export declare class ConnectionPool {
    #private;
    /**
     * Makes an empty pool.
     *
     * Permission: none.
     */
    constructor(options: PoolOptions);
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
    acquire(endpoint: Endpoint): TcpStream;
    /**
     * Gives a connection back, which is closed for the component from then on. It is kept for use again, unless it is
     * broken, was shut down, has received bytes that nobody has read, or did not come from this pool: then it is closed.
     *
     * @throws ClosedError if the connection is closed or was given back before.
     */
    release(connection: TcpStream): void;
    /** Gives the state of the pool. */
    stats(): PoolStats;
    /** Closes the pool and its idle connections. Closing it again does nothing. */
    close(): void;
    /** The same as {@link close}, for `using`. */
    [Symbol.dispose](): void;
}
/**
 * Gives the addresses of a name, at least one, as text. An IP address of the family gives itself.
 *
 * Permission: `network = [{ action = "resolve", host = "<host>" }]`.
 *
 * @throws NetworkError `permission-denied`, `name-not-found` also for a name without an address of the family,
 *   `temporary-resolver-failure`, `invalid-argument` (no host, NUL in it, or no name), `timeout` or `io`.
 */
export declare function resolveHost(name: string, family?: IpFamily): string[];
/**
 * Gives the name of an IP address.
 *
 * Permission: `network = [{ action = "resolve", host = "<address>" }]`.
 *
 * @throws NetworkError `permission-denied`, `name-not-found` for an address without one, `temporary-resolver-failure`,
 *   `timeout` or `io`.
 */
export declare function reverseLookup(address: string): string;
