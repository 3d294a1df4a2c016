// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./airssys-ext-network-types.d.ts" />
declare module 'airssys:ext-network/tcp@1.0.0' {
  /**
   * Makes a connection. If a name has several addresses, IPv4 and IPv6, it tries each in turn. The caller owns the
   * handle.
   *
   * It takes at most `timeout-ms` milliseconds, resolution included; `none` means as long as the call may take.
   *
   * Permission: `network = [{ action = "outbound", host = "<host>", port = <port> }]`. A permission for a name
   * includes its resolution and the addresses that it has at this moment, except loopback, link-local, private and
   * metadata addresses and those of the host's own machine and networks: these need an IP literal or a CIDR range of
   * their own.
   *
   * Errors:
   * - `permission-denied`: the permission is missing for the endpoint or an address that it leads to.
   * - `connection-refused`: nothing listens there.
   * - `timeout`: the time has passed.
   * - `name-not-found`: there is no such name.
   * - `temporary-resolver-failure`: the name cannot be resolved now.
   * - `host-unreachable`, `network-unreachable`: there is no way there.
   * - `invalid-argument`: the host is empty, contains NUL or is not a name, or the port is 0.
   * - `too-many-sockets`: the limit on open sockets is reached.
   * - `connection-reset`, `connection-aborted`, `io`: as described in `network-error`.
   *
   * If there are several addresses, the error is that of the last one tried.
   */
  export function connect(endpoint: Endpoint, timeoutMs: number | undefined): TcpStream;
  /**
   * Listens for connections on an address of this machine. Port 0 lets the host choose a free port, which
   * `tcp-listener.local-address` then gives. The caller owns the handle.
   *
   * Permission: `network = [{ action = "inbound", host = "<address>", port = <port> }]`.
   *
   * Errors:
   * - `permission-denied`: the permission is missing.
   * - `address-in-use`: another socket has this address and port.
   * - `address-not-available`: the address is not one of this machine.
   * - `too-many-sockets`: the limit on open sockets is reached.
   * - `io`: the host's operating system failed.
   */
  export function listen(address: SocketAddress, options: ListenOptions): TcpListener;
  export type NetworkError = import('airssys:ext-network/types@1.0.0').NetworkError;
  export type Endpoint = import('airssys:ext-network/types@1.0.0').Endpoint;
  export type SocketAddress = import('airssys:ext-network/types@1.0.0').SocketAddress;
  export type ListenOptions = import('airssys:ext-network/types@1.0.0').ListenOptions;
  export type ShutdownDirection = import('airssys:ext-network/types@1.0.0').ShutdownDirection;
  export type TcpOptions = import('airssys:ext-network/types@1.0.0').TcpOptions;
  export type ConnectionStats = import('airssys:ext-network/types@1.0.0').ConnectionStats;
  export type TlsOptions = import('airssys:ext-network/types@1.0.0').TlsOptions;
  export type TlsInfo = import('airssys:ext-network/types@1.0.0').TlsInfo;

  export class TcpListener implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * Waits for a connection and accepts it. The caller owns the new handle; `tcp-stream.remote-address` says who it
    * is.
    *
    * It waits at most `timeout-ms` milliseconds; `none` waits as long as the call may take. Connections that came in
    * before are accepted one a call.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `timeout`: no connection came in time.
    * - `too-many-sockets`: the limit on open sockets is reached.
    * - `io`: the host's operating system failed.
    */
    accept(timeoutMs: number | undefined): TcpStream;
    /**
    * Gives the address and port that it listens on. If port 0 was asked for, this is the port that the host chose.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `io`: the host's operating system failed.
    */
    localAddress(): SocketAddress;
    [Symbol.dispose](): void;
  }

  export class TcpStream implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * Receives bytes. It waits until there are some and gives those that are there, at most `max-bytes` and at most
    * the host's limit, default 16 MiB.
    *
    * An empty list means that the peer has closed its side, that reading was shut down, or that `max-bytes` is 0.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `timeout`: nothing came within the read timeout of the options.
    * - `connection-reset`: the peer has reset the connection.
    * - `connection-aborted`, `not-connected`, `io`: as described in `network-error`.
    */
    read(maxBytes: number): Uint8Array;
    /**
    * Receives this many bytes, and waits until all are there. 0 gives an empty list.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `end-of-stream`: the peer closed its side before. The payload is how many bytes came; they are lost.
    * - `invalid-argument`: `length` is larger than the host's limit, default 16 MiB.
    * - `timeout`: nothing came within the read timeout of the options.
    * - `connection-reset`: the peer has reset the connection.
    * - `connection-aborted`, `not-connected`, `io`: as described in `network-error`.
    */
    readExact(length: number): Uint8Array;
    /**
    * Sends bytes, and returns how many were taken, which may be less than given. It waits until at least one is.
    * Taken does not mean received by the peer.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `not-connected`: writing was shut down.
    * - `timeout`: nothing was taken within the write timeout of the options.
    * - `connection-reset`, `connection-aborted`: the peer has closed or reset the connection.
    * - `io`: the host's operating system failed.
    */
    write(data: Uint8Array): number;
    /**
    * Sends all bytes. After an error, some of them may have been sent.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `not-connected`: writing was shut down.
    * - `timeout`: nothing was taken within the write timeout of the options.
    * - `connection-reset`, `connection-aborted`: the peer has closed or reset the connection.
    * - `io`: the host's operating system failed.
    */
    writeAll(data: Uint8Array): void;
    /**
    * Ends one direction or both. After `write` the peer sees the end of the stream, and it can still send. The handle
    * stays open until it is dropped.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `not-connected`: the connection has ended already.
    * - `io`: the host's operating system failed.
    */
    shutdown(direction: ShutdownDirection): void;
    /**
    * Gives the address and port on this side.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `not-connected`: the connection has ended.
    * - `io`: the host's operating system failed.
    */
    localAddress(): SocketAddress;
    /**
    * Gives the address and port on the peer's side.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `not-connected`: the connection has ended.
    * - `io`: the host's operating system failed.
    */
    remoteAddress(): SocketAddress;
    /**
    * Gives the options of the connection. What `set-options` has set reads back.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `io`: the host's operating system failed.
    */
    options(): TcpOptions;
    /**
    * Sets the options of the connection, all at once. Timeouts hold from the next read or write on.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `invalid-argument`: a value is one that the host cannot set.
    * - `io`: the host's operating system failed.
    */
    setOptions(options: TcpOptions): void;
    /**
    * Gives the exact number of bytes that have gone over the connection each way.
    *
    * Permission: none; held by the handle.
    */
    stats(): ConnectionStats;
    /**
    * Starts TLS 1.2 or 1.3 on the connection, as the client. From then on, all functions of the handle work on the
    * encrypted connection.
    *
    * The host's trust store decides whether the peer's certificate is good; a component cannot turn that off. After
    * an error the connection is of no more use.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `certificate-invalid`: the certificate's issuer is unknown, it is for another name, or it is not valid at this
    *   time.
    * - `tls-handshake`: the peer does not speak TLS, or there is nothing that both sides support.
    * - `invalid-argument`: `server-name` is not a name or an IP address, or TLS was started before.
    * - `timeout`: the peer did not answer within the timeouts of the options.
    * - `connection-reset`, `connection-aborted`, `not-connected`, `io`: as described in `network-error`.
    */
    startTls(options: TlsOptions): TlsInfo;
    /**
    * Gives what `start-tls` has agreed on; `none` before it has succeeded.
    *
    * Permission: none; held by the handle.
    */
    tlsInfo(): TlsInfo | undefined;
    [Symbol.dispose](): void;
  }
}
