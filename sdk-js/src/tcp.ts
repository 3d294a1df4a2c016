/**
 * TCP connections, with and without TLS.
 *
 * @packageDocumentation
 */

import "./globals.js";

import * as host from "airssys:ext-network/tcp@1.0.0";

import { callNetwork, liftTimestamp, some } from "./convert.js";
import {
  liftBytes,
  liftOption,
  liftU32,
  liftU64,
  lowerBytes,
  lowerData,
  lowerEnum,
  lowerOptionalU32,
  lowerText,
  lowerU32,
} from "./engine.js";
import { Handle } from "./handle.js";
import { liftSocketAddress, lowerEndpoint, lowerSocketAddress, type Endpoint, type SocketAddress } from "./network.js";
import type { Timestamp } from "./types.js";

export { NetworkError } from "./errors.js";
export type { NetworkErrorCode } from "./errors.js";
export { formatSocketAddress } from "./network.js";
export type { Endpoint, SocketAddress } from "./network.js";

/** Which direction of a connection ends: receiving, sending, of which the peer sees the end, or both. */
export type ShutdownDirection = "read" | "write" | "both";

/** The options of a connection, set all at once: what is absent is off, or as long or large as the host has it. */
export interface TcpOptions {
  /** Whether to send small pieces at once (`TCP_NODELAY`). Default `false`. */
  noDelay?: boolean | undefined;
  /** After how many milliseconds without traffic to probe whether the peer is still there. Without it, never. */
  keepAliveMs?: number | undefined;
  /** How many milliseconds a read waits before it fails with `timeout`. Without it, as long as the call may take. */
  readTimeoutMs?: number | undefined;
  /** How many milliseconds a write waits before it fails with `timeout`. Without it, as long as the call may take. */
  writeTimeoutMs?: number | undefined;
  /** The size of the receive buffer in bytes. Without it, what the host's operating system chooses. */
  receiveBufferBytes?: number | undefined;
  /** The size of the send buffer in bytes. Without it, what the host's operating system chooses. */
  sendBufferBytes?: number | undefined;
}

/** What has gone over a connection. */
export interface ConnectionStats {
  /** When the connection was made. */
  established: Timestamp;
  /** How many bytes the component has sent. With TLS, before they were encrypted. */
  bytesSent: bigint;
  /** How many bytes the component has received. With TLS, after they were decrypted. */
  bytesReceived: bigint;
}

/** A version of TLS, 1.2 or 1.3. Older ones are not offered. */
export type TlsVersion = "tls12" | "tls13";

/** How to start TLS. Which certificates are trusted is for the host to decide and cannot be asked for here. */
export interface TlsOptions {
  /** The name that the peer's certificate must be for. It is also sent to the peer (SNI). */
  serverName: string;
  /** The application protocols to offer (ALPN), the preferred one first, for example `h2`. Without any, none. */
  alpn?: readonly string[] | undefined;
}

/** What the two sides of a TLS connection have agreed on. */
export interface TlsInfo {
  /** The version. */
  version: TlsVersion;
  /** The cipher suite by its IANA name, for example `TLS_AES_128_GCM_SHA256`. */
  cipherSuite: string;
  /** The application protocol that the peer chose, if any. */
  alpn?: string;
  /** The peer's certificate, in DER. */
  peerCertificate: Uint8Array;
}

/** How {@link listen} sets up a listener. */
export interface ListenOptions {
  /** How many connections may wait to be accepted; the operating system may lower it. Default {@link DEFAULT_BACKLOG}. */
  backlog?: number | undefined;
  /** Whether to take an address that an earlier listener has left a short time ago. Default `true`. */
  reuseAddress?: boolean | undefined;
  /** Whether a listener on an IPv6 address refuses IPv4 connections. Default `false`. */
  ipv6Only?: boolean | undefined;
}

/** How many bytes {@link TcpStream.read} asks for unless told otherwise. */
export const DEFAULT_READ_BYTES = 65_536;

/** How many connections wait to be accepted unless {@link listen} is told otherwise. */
export const DEFAULT_BACKLOG = 128;

/**
 * A TCP connection, from {@link connect}, {@link TcpListener.accept} or a pool. The permission was checked when it was
 * made; no method needs one.
 *
 * Close it when done, with {@link close} or `using stream = connect(…)`: a component may have only so many sockets open.
 * Every other method throws a `ClosedError` afterwards.
 */
export class TcpStream {
  readonly #handle: Handle<host.TcpStream>;

  private constructor(raw: host.TcpStream) {
    this.#handle = new Handle("connection", raw);
  }

  /** @internal */
  static from(raw: host.TcpStream): TcpStream {
    return new TcpStream(raw);
  }

  /** @internal */
  take(): host.TcpStream {
    return this.#handle.take();
  }

  /**
   * Receives what is there, at most `maxBytes` and at most the host's limit, 16 MiB by default; waits until there is
   * something. No bytes mean that the peer has closed its side, that reading was shut down, or that `maxBytes` is 0.
   *
   * @throws NetworkError `timeout`, `connection-reset`, `connection-aborted`, `not-connected` or `io`.
   */
  read(maxBytes: number = DEFAULT_READ_BYTES): Uint8Array {
    const raw = this.#handle.get();
    const most = lowerU32(maxBytes, "maxBytes");
    return callNetwork(() => liftBytes(raw.read(most)));
  }

  /**
   * Receives this many bytes, and waits until all are there.
   *
   * @throws NetworkError `end-of-stream` if the peer closed its side before: `error.received` says how many bytes came,
   *   and they are lost. `invalid-argument` if `length` is above the host's limit, 16 MiB by default. `timeout`,
   *   `connection-reset`, `connection-aborted`, `not-connected` or `io`.
   */
  readExact(length: number): Uint8Array {
    const raw = this.#handle.get();
    const bytes = lowerU32(length, "length");
    return callNetwork(() => liftBytes(raw.readExact(bytes)));
  }

  /** Receives until the peer closes its side, piece by piece, as {@link read} does. The connection stays open. */
  *[Symbol.iterator](): Generator<Uint8Array, void, undefined> {
    for (let piece = this.read(); piece.length > 0; piece = this.read()) yield piece;
  }

  /**
   * Sends bytes and returns how many were taken, which may be less than given; waits until at least one is. Taken does
   * not mean received by the peer.
   *
   * @throws NetworkError `not-connected` if writing was shut down, `timeout`, `connection-reset`, `connection-aborted`
   *   or `io`.
   */
  write(data: Uint8Array): number {
    const raw = this.#handle.get();
    const bytes = lowerBytes(data, "data");
    return callNetwork(() => liftU32(raw.write(bytes)));
  }

  /**
   * Sends all bytes; text as UTF-8. After an error, some of them may have been sent.
   *
   * @throws NetworkError `not-connected` if writing was shut down, `timeout`, `connection-reset`, `connection-aborted`
   *   or `io`.
   */
  writeAll(data: Uint8Array | string): void {
    const raw = this.#handle.get();
    const bytes = lowerData(data, "data");
    callNetwork(() => raw.writeAll(bytes));
  }

  /**
   * Ends one direction or both. After `write` the peer sees the end of the stream, and can still send. The connection
   * stays open until {@link close}.
   *
   * @throws NetworkError `not-connected` if the connection has ended already, or `io`.
   */
  shutdown(direction: ShutdownDirection): void {
    const raw = this.#handle.get();
    const which = lowerEnum(direction, ["read", "write", "both"], "direction");
    callNetwork(() => raw.shutdown(which));
  }

  /**
   * Gives the address and port on this side.
   *
   * @throws NetworkError `not-connected` or `io`.
   */
  localAddress(): SocketAddress {
    const raw = this.#handle.get();
    return callNetwork(() => liftSocketAddress(raw.localAddress()));
  }

  /**
   * Gives the address and port on the peer's side.
   *
   * @throws NetworkError `not-connected` or `io`.
   */
  remoteAddress(): SocketAddress {
    const raw = this.#handle.get();
    return callNetwork(() => liftSocketAddress(raw.remoteAddress()));
  }

  /**
   * Gives the options. What {@link setOptions} has set reads back.
   *
   * @throws NetworkError `io`.
   */
  options(): TcpOptions {
    const raw = this.#handle.get();
    return callNetwork(() => liftOptions(raw.options()));
  }

  /**
   * Sets the options, all at once: to change one, `setOptions({ ...stream.options(), noDelay: true })`. Timeouts hold
   * from the next read or write on.
   *
   * @throws NetworkError `invalid-argument` for a value that the host cannot set, or `io`.
   */
  setOptions(options: TcpOptions): void {
    const raw = this.#handle.get();
    const lowered = lowerOptions(options);
    callNetwork(() => raw.setOptions(lowered));
  }

  /** Gives the exact number of bytes that have gone over the connection each way. */
  stats(): ConnectionStats {
    const raw = this.#handle.get().stats();
    return {
      established: liftTimestamp(raw.established),
      bytesSent: liftU64(raw.bytesSent, "bytesSent"),
      bytesReceived: liftU64(raw.bytesReceived, "bytesReceived"),
    };
  }

  /**
   * Starts TLS 1.2 or 1.3 as the client. From then on all methods work on the encrypted connection. After an error the
   * connection is of no more use.
   *
   * @throws NetworkError `certificate-invalid` if the host's trust store does not accept the peer's certificate,
   *   `tls-handshake` if the peer does not speak TLS or the two sides have nothing in common, `invalid-argument` for a
   *   `serverName` that is no name or address and if TLS was started before, `timeout`, `connection-reset`,
   *   `connection-aborted`, `not-connected` or `io`.
   */
  startTls(options: TlsOptions): TlsInfo {
    const raw = this.#handle.get();
    const { serverName, alpn = [] } = options;
    const lowered = {
      serverName: lowerText(serverName, "serverName"),
      alpn: Array.from(alpn, (protocol) => lowerText(protocol, "alpn")),
    };
    return callNetwork(() => liftTlsInfo(raw.startTls(lowered)));
  }

  /** Gives what {@link startTls} has agreed on, and nothing before it has succeeded. */
  tlsInfo(): TlsInfo | undefined {
    const info = liftOption(this.#handle.get().tlsInfo());
    return info && liftTlsInfo(info);
  }

  /** Closes the connection. Closing it again does nothing. */
  close(): void {
    this.#handle.drop();
  }

  /** The same as {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * A socket that accepts connections, from {@link listen}. The permission was checked then; no method needs one.
 *
 * Close it when done, with {@link close} or `using listener = listen(…)`. That closes the connections that nobody has
 * accepted; those that were accepted go on. Every other method throws a `ClosedError` afterwards.
 */
export class TcpListener {
  readonly #handle: Handle<host.TcpListener>;

  private constructor(raw: host.TcpListener) {
    this.#handle = new Handle("listener", raw);
  }

  /** @internal */
  static from(raw: host.TcpListener): TcpListener {
    return new TcpListener(raw);
  }

  /**
   * Waits for a connection and accepts it, at most `timeoutMs` milliseconds, and without it as long as the call may
   * take. {@link TcpStream.remoteAddress} says who it is.
   *
   * @throws NetworkError `timeout`, `too-many-sockets` or `io`.
   */
  accept(timeoutMs?: number): TcpStream {
    const raw = this.#handle.get();
    const timeout = lowerOptionalU32(timeoutMs, "timeoutMs");
    return TcpStream.from(callNetwork(() => raw.accept(timeout)));
  }

  /**
   * Accepts one connection after the other, each as {@link accept} does without a timeout; leave the loop to end it.
   * Close each connection: `for (using stream of listener) …`.
   */
  *[Symbol.iterator](): Generator<TcpStream, never, undefined> {
    for (;;) yield this.accept();
  }

  /**
   * Gives the address and port that it listens on: after port 0, the port that the host chose.
   *
   * @throws NetworkError `io`.
   */
  localAddress(): SocketAddress {
    const raw = this.#handle.get();
    return callNetwork(() => liftSocketAddress(raw.localAddress()));
  }

  /** Stops listening. Closing it again does nothing. */
  close(): void {
    this.#handle.drop();
  }

  /** The same as {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Makes a connection. If a name has several addresses, IPv4 and IPv6, it tries each in turn, and an error is that of the
 * last one. It takes at most `timeoutMs` milliseconds, resolution included, and without it as long as the call may.
 *
 * Permission: `network = [{ action = "outbound", host = "<host>", port = <port> }]`. One for a name includes its
 * resolution and the addresses that it has at this moment, except loopback, link-local, private and metadata addresses
 * and those of the host's own machine and networks: these need an IP address or a CIDR range of their own.
 *
 * @throws NetworkError `permission-denied` for the endpoint or an address that it leads to, `connection-refused`,
 *   `timeout`, `name-not-found`, `temporary-resolver-failure`, `host-unreachable`, `network-unreachable`,
 *   `invalid-argument` (no host, NUL in it, no name, or port 0), `too-many-sockets`, `connection-reset`,
 *   `connection-aborted` or `io`.
 */
export function connect(endpoint: Endpoint, timeoutMs?: number): TcpStream {
  const to = lowerEndpoint(endpoint, "endpoint");
  const timeout = lowerOptionalU32(timeoutMs, "timeoutMs");
  return TcpStream.from(callNetwork(() => host.connect(to, timeout)));
}

/**
 * Listens for connections on an address of this machine. Port 0 lets the host choose a free port, which
 * {@link TcpListener.localAddress} then gives.
 *
 * Permission: `network = [{ action = "inbound", host = "<address>", port = <port> }]`.
 *
 * @throws NetworkError `permission-denied`, `address-in-use`, `address-not-available`, `too-many-sockets` or `io`.
 */
export function listen(address: SocketAddress, options: ListenOptions = {}): TcpListener {
  const at = lowerSocketAddress(address, "address");
  const { backlog = DEFAULT_BACKLOG, reuseAddress = true, ipv6Only = false } = options;
  const how = {
    backlog: lowerU32(backlog, "backlog"),
    reuseAddress: Boolean(reuseAddress),
    ipv6Only: Boolean(ipv6Only),
  };
  return TcpListener.from(callNetwork(() => host.listen(at, how)));
}

const OPTIONAL = ["keepAliveMs", "readTimeoutMs", "writeTimeoutMs", "receiveBufferBytes", "sendBufferBytes"] as const;

function liftOptions(raw: host.TcpOptions): TcpOptions {
  const options: TcpOptions = { noDelay: raw.noDelay };
  for (const name of OPTIONAL) {
    const value = liftOption(raw[name]);
    if (value !== undefined) options[name] = liftU32(value);
  }
  return options;
}

function lowerOptions(options: TcpOptions): host.TcpOptions {
  const raw: host.TcpOptions = { noDelay: Boolean(options.noDelay) };
  for (const name of OPTIONAL) Object.assign(raw, some(name, lowerOptionalU32(options[name], name)));
  return raw;
}

function liftTlsInfo(raw: host.TlsInfo): TlsInfo {
  const { version, cipherSuite, alpn, peerCertificate } = raw;
  return { version, cipherSuite, ...some("alpn", alpn), peerCertificate: liftBytes(peerCertificate) };
}
