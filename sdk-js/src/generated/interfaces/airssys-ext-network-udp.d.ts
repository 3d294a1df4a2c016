// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./airssys-ext-network-types.d.ts" />
declare module 'airssys:ext-network/udp@1.0.0' {
  /**
   * Makes a socket with an address of this machine. Port 0 lets the host choose a free port, which
   * `udp-socket.local-address` then gives. The caller owns the handle.
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
  export function bind(address: SocketAddress): UdpSocket;
  export type NetworkError = import('airssys:ext-network/types@1.0.0').NetworkError;
  export type IpAddress = import('airssys:ext-network/types@1.0.0').IpAddress;
  export type SocketAddress = import('airssys:ext-network/types@1.0.0').SocketAddress;
  export type UdpOptions = import('airssys:ext-network/types@1.0.0').UdpOptions;
  export type Datagram = import('airssys:ext-network/types@1.0.0').Datagram;

  export class UdpSocket implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * Sets the peer that `send` sends to. From then on, datagrams of others are not received. Connecting again changes
    * the peer. Nothing is sent.
    *
    * Permission: `network = [{ action = "outbound", host = "<address>", port = <port> }]`.
    *
    * Errors:
    * - `permission-denied`: the permission is missing.
    * - `invalid-argument`: the port is 0, or the address is not of the family of the socket.
    * - `network-unreachable`, `host-unreachable`, `io`: as described in `network-error`.
    */
    connect(remote: SocketAddress): void;
    /**
    * Sends one datagram to the peer that `connect` has set and returns its length. It may be empty, and at most
    * 65,507 bytes long. It may get lost.
    *
    * Permission: `network = [{ action = "outbound", host = "<address>", port = <port> }]` for the peer.
    *
    * Errors:
    * - `not-connected`: no peer is set.
    * - `datagram-too-large`: the datagram is longer.
    * - `permission-denied`: the permission is missing.
    * - `connection-refused`: the peer has answered an earlier datagram by saying that nobody listens.
    * - `network-unreachable`, `host-unreachable`, `io`: as described in `network-error`.
    */
    send(data: Uint8Array): number;
    /**
    * Sends one datagram to this address and returns its length. It may be empty, and at most 65,507 bytes long. It
    * may get lost.
    *
    * Permission: `network = [{ action = "outbound", host = "<address>", port = <port> }]`, checked for each datagram.
    *
    * Errors:
    * - `permission-denied`: the permission is missing.
    * - `datagram-too-large`: the datagram is longer.
    * - `invalid-argument`: the port is 0, or the address is not of the family of the socket.
    * - `network-unreachable`, `host-unreachable`, `io`: as described in `network-error`.
    */
    sendTo(data: Uint8Array, remote: SocketAddress): number;
    /**
    * Waits for one datagram and gives it with its sender. If it is longer than `max-bytes`, the rest is lost and
    * `truncated` is set. An empty datagram is data and not an end.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `timeout`: nothing came within the receive timeout of the options.
    * - `connection-refused`: the peer has answered an earlier datagram by saying that nobody listens.
    * - `io`: the host's operating system failed.
    */
    receive(maxBytes: number): Datagram;
    /**
    * Gives the address and port of the socket. If port 0 was asked for, this is the port that the host chose.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `io`: the host's operating system failed.
    */
    localAddress(): SocketAddress;
    /**
    * Gives the options of the socket. What `set-options` has set reads back.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `io`: the host's operating system failed.
    */
    options(): UdpOptions;
    /**
    * Sets the options of the socket, all at once. The timeout holds from the next `receive` on.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `invalid-argument`: a value is one that the host cannot set.
    * - `io`: the host's operating system failed.
    */
    setOptions(options: UdpOptions): void;
    /**
    * Begins to receive what is sent to a multicast group.
    *
    * Permission: `network = [{ action = "inbound", host = "<group>" }]`.
    *
    * Errors:
    * - `permission-denied`: the permission is missing.
    * - `invalid-argument`: the address is not a multicast address, or not of the family of the socket.
    * - `address-in-use`: the socket is in the group already.
    * - `io`: the host's operating system failed.
    */
    joinMulticast(group: IpAddress): void;
    /**
    * Stops to receive what is sent to a multicast group.
    *
    * Permission: `network = [{ action = "inbound", host = "<group>" }]`.
    *
    * Errors:
    * - `permission-denied`: the permission is missing.
    * - `invalid-argument`: the address is not a multicast address, or not of the family of the socket.
    * - `address-not-available`: the socket is not in the group.
    * - `io`: the host's operating system failed.
    */
    leaveMulticast(group: IpAddress): void;
    [Symbol.dispose](): void;
  }
}
