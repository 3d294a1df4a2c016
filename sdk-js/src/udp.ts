/**
 * UDP datagrams.
 *
 * @packageDocumentation
 */

import "./globals.js";

import * as host from "airssys:ext-network/udp@1.0.0";

import { callNetwork, some } from "./convert.js";
import { liftBytes, liftOption, liftU32, lowerData, lowerOptionalU32, lowerU32, lowerU8 } from "./engine.js";
import { Handle } from "./handle.js";
import { lowerIpAddress } from "./ip-address.js";
import { liftSocketAddress, lowerSocketAddress, type SocketAddress } from "./network.js";

export { NetworkError } from "./errors.js";
export type { NetworkErrorCode } from "./errors.js";
export { formatSocketAddress } from "./network.js";
export type { SocketAddress } from "./network.js";

/** The options of a socket, set all at once: what is absent is as its default. */
export interface UdpOptions {
  /** Whether the socket may send to broadcast addresses. Default `false`. */
  broadcast?: boolean | undefined;
  /** How many routers a datagram may pass, 0 to 255. Without it, what the host's operating system chooses. */
  timeToLive?: number | undefined;
  /** How many milliseconds `receive` waits before it fails with `timeout`. Without it, as long as the call may take. */
  receiveTimeoutMs?: number | undefined;
  /** Whether the socket's own multicast datagrams come back to this machine. Default `true`. */
  multicastLoop?: boolean | undefined;
}

/** A datagram that was received. */
export interface Datagram {
  /** Its content, cut to the length that was asked for. May be empty: an empty datagram is data and not an end. */
  data: Uint8Array;
  /** Who has sent it. */
  source: SocketAddress;
  /** Whether it was longer than `data`. What was cut off is lost. */
  truncated: boolean;
}

/** How long a datagram can be, in bytes. {@link UdpSocket.receive} asks for as much unless told otherwise. */
export const MAX_DATAGRAM_BYTES = 65_507;

/**
 * A UDP socket, from {@link bind}.
 *
 * Close it when done, with {@link close} or `using socket = bind(…)`: a component may have only so many sockets open.
 * Every other method throws a `ClosedError` afterwards.
 */
export class UdpSocket {
  readonly #handle: Handle<host.UdpSocket>;

  private constructor(raw: host.UdpSocket) {
    this.#handle = new Handle("socket", raw);
  }

  /** @internal */
  static from(raw: host.UdpSocket): UdpSocket {
    return new UdpSocket(raw);
  }

  /**
   * Sets the peer that {@link send} sends to. From then on, datagrams of others are not received. Connecting again
   * changes the peer. Nothing is sent.
   *
   * Permission: `network = [{ action = "outbound", host = "<address>", port = <port> }]`.
   *
   * @throws NetworkError `permission-denied`, `invalid-argument` if the port is 0 or the address is not of the family of
   *   the socket, `network-unreachable`, `host-unreachable` or `io`.
   */
  connect(remote: SocketAddress): void {
    const raw = this.#handle.get();
    const to = lowerSocketAddress(remote, "remote");
    callNetwork(() => raw.connect(to));
  }

  /**
   * Sends one datagram to the peer that {@link connect} has set and returns its length in bytes; text as UTF-8. It may
   * be empty, and at most {@link MAX_DATAGRAM_BYTES} long. It may get lost.
   *
   * Permission: `network = [{ action = "outbound", host = "<address>", port = <port> }]` for the peer.
   *
   * @throws NetworkError `not-connected`, `datagram-too-large`, `permission-denied`, `connection-refused` if the peer has
   *   answered an earlier datagram by saying that nobody listens, `network-unreachable`, `host-unreachable` or `io`.
   */
  send(data: Uint8Array | string): number {
    const raw = this.#handle.get();
    const bytes = lowerData(data, "data");
    return callNetwork(() => liftU32(raw.send(bytes)));
  }

  /**
   * Sends one datagram to this address and returns its length in bytes; text as UTF-8. It may be empty, and at most
   * {@link MAX_DATAGRAM_BYTES} long. It may get lost.
   *
   * Permission: `network = [{ action = "outbound", host = "<address>", port = <port> }]`, checked for each datagram.
   *
   * @throws NetworkError `permission-denied`, `datagram-too-large`, `invalid-argument` if the port is 0 or the address is
   *   not of the family of the socket, `network-unreachable`, `host-unreachable` or `io`.
   */
  sendTo(data: Uint8Array | string, remote: SocketAddress): number {
    const raw = this.#handle.get();
    const bytes = lowerData(data, "data");
    const to = lowerSocketAddress(remote, "remote");
    return callNetwork(() => liftU32(raw.sendTo(bytes, to)));
  }

  /**
   * Waits for one datagram and gives it with its sender. If it is longer than `maxBytes`, the rest is lost and
   * `truncated` is set. An empty datagram is data and not an end.
   *
   * @throws NetworkError `timeout`, `connection-refused` if the peer has answered an earlier datagram by saying that
   *   nobody listens, or `io`.
   */
  receive(maxBytes: number = MAX_DATAGRAM_BYTES): Datagram {
    const raw = this.#handle.get();
    const most = lowerU32(maxBytes, "maxBytes");
    return callNetwork(() => {
      const { data, source, truncated } = raw.receive(most);
      return { data: liftBytes(data), source: liftSocketAddress(source), truncated };
    });
  }

  /**
   * Gives the address and port of the socket: after port 0, the port that the host chose.
   *
   * @throws NetworkError `io`.
   */
  localAddress(): SocketAddress {
    const raw = this.#handle.get();
    return callNetwork(() => liftSocketAddress(raw.localAddress()));
  }

  /**
   * Gives the options. What {@link setOptions} has set reads back.
   *
   * @throws NetworkError `io`.
   */
  options(): UdpOptions {
    const raw = this.#handle.get();
    return callNetwork(() => {
      const { broadcast, timeToLive, receiveTimeoutMs, multicastLoop } = raw.options();
      const timeout = liftOption(receiveTimeoutMs);
      return {
        broadcast,
        ...some("timeToLive", timeToLive),
        ...some("receiveTimeoutMs", timeout === undefined ? undefined : liftU32(timeout)),
        multicastLoop,
      };
    });
  }

  /**
   * Sets the options, all at once: to change one, `setOptions({ ...socket.options(), broadcast: true })`. The timeout
   * holds from the next {@link receive} on.
   *
   * @throws NetworkError `invalid-argument` for a value that the host cannot set, or `io`.
   */
  setOptions(options: UdpOptions): void {
    const raw = this.#handle.get();
    const { broadcast = false, timeToLive, receiveTimeoutMs, multicastLoop = true } = options;
    const lowered: host.UdpOptions = {
      broadcast: Boolean(broadcast),
      ...some("timeToLive", timeToLive === undefined ? undefined : lowerU8(timeToLive, "timeToLive")),
      ...some("receiveTimeoutMs", lowerOptionalU32(receiveTimeoutMs, "receiveTimeoutMs")),
      multicastLoop: Boolean(multicastLoop),
    };
    callNetwork(() => raw.setOptions(lowered));
  }

  /**
   * Begins to receive what is sent to a multicast group, an IP address.
   *
   * Permission: `network = [{ action = "inbound", host = "<group>" }]`.
   *
   * @throws NetworkError `permission-denied`, `invalid-argument` if it is no multicast address or not of the family of
   *   the socket, `address-in-use` if the socket is in the group already, or `io`.
   */
  joinMulticast(group: string): void {
    const raw = this.#handle.get();
    const address = lowerIpAddress(group, "group");
    callNetwork(() => raw.joinMulticast(address));
  }

  /**
   * Stops receiving what is sent to a multicast group, an IP address.
   *
   * Permission: `network = [{ action = "inbound", host = "<group>" }]`.
   *
   * @throws NetworkError `permission-denied`, `invalid-argument` if it is no multicast address or not of the family of
   *   the socket, `address-not-available` if the socket is not in the group, or `io`.
   */
  leaveMulticast(group: string): void {
    const raw = this.#handle.get();
    const address = lowerIpAddress(group, "group");
    callNetwork(() => raw.leaveMulticast(address));
  }

  /** Closes the socket. Closing it again does nothing. */
  close(): void {
    this.#handle.drop();
  }

  /** The same as {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Makes a socket with an address of this machine. Port 0 lets the host choose a free port, which
 * {@link UdpSocket.localAddress} then gives.
 *
 * Permission: `network = [{ action = "inbound", host = "<address>", port = <port> }]`.
 *
 * @throws NetworkError `permission-denied`, `address-in-use`, `address-not-available`, `too-many-sockets` or `io`.
 */
export function bind(address: SocketAddress): UdpSocket {
  const at = lowerSocketAddress(address, "address");
  return UdpSocket.from(callNetwork(() => host.bind(at)));
}
