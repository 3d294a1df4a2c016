// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./airssys-ext-network-tcp.d.ts" />
/// <reference path="./airssys-ext-network-types.d.ts" />
declare module 'airssys:ext-network/connections@1.0.0' {
  /**
   * Gives the addresses of a name, at least one. An IP literal of the family gives itself.
   *
   * Permission: `network = [{ action = "resolve", host = "<host>" }]`.
   *
   * Errors:
   * - `permission-denied`: the permission is missing.
   * - `name-not-found`: there is no such name, or it has no address of this family.
   * - `temporary-resolver-failure`: the name cannot be resolved now.
   * - `invalid-argument`: the host is empty, contains NUL or is not a name.
   * - `timeout`, `io`: as described in `network-error`.
   */
  export function resolveHost(host: string, family: IpFamily): Array<IpAddress>;
  /**
   * Gives the name of an address.
   *
   * Permission: `network = [{ action = "resolve", host = "<address>" }]`.
   *
   * Errors:
   * - `permission-denied`: the permission is missing.
   * - `name-not-found`: the address has no name.
   * - `temporary-resolver-failure`: the address cannot be resolved now.
   * - `timeout`, `io`: as described in `network-error`.
   */
  export function reverseLookup(address: IpAddress): string;
  export type NetworkError = import('airssys:ext-network/types@1.0.0').NetworkError;
  export type Endpoint = import('airssys:ext-network/types@1.0.0').Endpoint;
  export type IpAddress = import('airssys:ext-network/types@1.0.0').IpAddress;
  export type IpFamily = import('airssys:ext-network/types@1.0.0').IpFamily;
  export type PoolOptions = import('airssys:ext-network/types@1.0.0').PoolOptions;
  export type PoolStats = import('airssys:ext-network/types@1.0.0').PoolStats;
  export type TcpStream = import('airssys:ext-network/tcp@1.0.0').TcpStream;

  export class ConnectionPool implements Disposable {
    /**
    * Makes an empty pool. `max-connections` of 0 traps, with a message that says so.
    *
    * Permission: none.
    */
    constructor(options: PoolOptions)
    /**
    * Gives a connection to an endpoint: an idle one if there is one that is still alive, else a new one. If the pool
    * has as many as it may, it closes an idle one to another endpoint, or waits for one to be released.
    *
    * The caller owns the handle. It gives it back with `release`, or drops it, which closes the connection and makes
    * room in the pool.
    *
    * Permission: `network = [{ action = "outbound", host = "<host>", port = <port> }]`, checked each time, as for
    * `tcp.connect`.
    *
    * Errors:
    * - `permission-denied`: the permission is missing.
    * - `pool-exhausted`: no connection was released within `connect-timeout-ms`.
    * - `timeout`: a new connection took longer than `connect-timeout-ms`.
    * - `connection-refused`, `name-not-found`, `temporary-resolver-failure`, `host-unreachable`,
    *   `network-unreachable`, `invalid-argument`, `too-many-sockets`, `connection-reset`, `connection-aborted`, `io`:
    *   as for `tcp.connect`.
    */
    acquire(endpoint: Endpoint): TcpStream;
    /**
    * Gives a connection back and with it the handle. It is kept for use again, unless it is broken, was shut down,
    * has received bytes that nobody has read, or did not come from this pool: then it is closed.
    *
    * Permission: none; held by the handle.
    */
    release(connection: TcpStream): void;
    /**
    * Gives the state of the pool.
    *
    * Permission: none.
    */
    stats(): PoolStats;
    [Symbol.dispose](): void;
  }
}
