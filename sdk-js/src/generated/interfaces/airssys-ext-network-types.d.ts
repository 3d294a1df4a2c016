// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./airssys-core-capabilities.d.ts" />
/// <reference path="./airssys-core-types.d.ts" />
declare module 'airssys:ext-network/types@1.0.0' {
  export type Timestamp = import('airssys:core/types@1.0.0').Timestamp;
  export type PermissionDenial = import('airssys:core/capabilities@1.0.0').PermissionDenial;
  /**
   * Why a network operation failed.
   */
  export type NetworkError = NetworkErrorPermissionDenied | NetworkErrorConnectionRefused | NetworkErrorConnectionReset | NetworkErrorConnectionAborted | NetworkErrorNotConnected | NetworkErrorTimeout | NetworkErrorHostUnreachable | NetworkErrorNetworkUnreachable | NetworkErrorAddressInUse | NetworkErrorAddressNotAvailable | NetworkErrorNameNotFound | NetworkErrorTemporaryResolverFailure | NetworkErrorInvalidArgument | NetworkErrorUnsupported | NetworkErrorTlsHandshake | NetworkErrorCertificateInvalid | NetworkErrorDatagramTooLarge | NetworkErrorEndOfStream | NetworkErrorPoolExhausted | NetworkErrorTooManySockets | NetworkErrorIo;
  /**
   * The component lacks the permission. The payload names the line of Component.toml that would have allowed it. No
   * packet was sent and no address bound.
   */
  export interface NetworkErrorPermissionDenied {
    tag: 'permission-denied',
    val: PermissionDenial,
  }
  /**
   * Nothing listens at the address.
   */
  export interface NetworkErrorConnectionRefused {
    tag: 'connection-refused',
  }
  /**
   * The peer has reset the connection.
   */
  export interface NetworkErrorConnectionReset {
    tag: 'connection-reset',
  }
  /**
   * The connection was ended on this side of the network, for example by the host.
   */
  export interface NetworkErrorConnectionAborted {
    tag: 'connection-aborted',
  }
  /**
   * The socket has no peer, or the direction was shut down.
   */
  export interface NetworkErrorNotConnected {
    tag: 'not-connected',
  }
  /**
   * The time for the operation has passed.
   */
  export interface NetworkErrorTimeout {
    tag: 'timeout',
  }
  /**
   * There is no way to the host of the address.
   */
  export interface NetworkErrorHostUnreachable {
    tag: 'host-unreachable',
  }
  /**
   * There is no way to the network of the address.
   */
  export interface NetworkErrorNetworkUnreachable {
    tag: 'network-unreachable',
  }
  /**
   * Another socket has this address and port.
   */
  export interface NetworkErrorAddressInUse {
    tag: 'address-in-use',
  }
  /**
   * The address is not one of this machine.
   */
  export interface NetworkErrorAddressNotAvailable {
    tag: 'address-not-available',
  }
  /**
   * There is no such name, or it has no address of the family asked for. The payload is the name or the address that
   * was looked up.
   */
  export interface NetworkErrorNameNotFound {
    tag: 'name-not-found',
    val: string,
  }
  /**
   * The resolver gives no answer now. Trying again may help. The payload says why.
   */
  export interface NetworkErrorTemporaryResolverFailure {
    tag: 'temporary-resolver-failure',
    val: string,
  }
  /**
   * An argument makes no sense. The payload says which.
   */
  export interface NetworkErrorInvalidArgument {
    tag: 'invalid-argument',
    val: string,
  }
  /**
   * The host cannot do this. The payload says what.
   */
  export interface NetworkErrorUnsupported {
    tag: 'unsupported',
    val: string,
  }
  /**
   * The peer does not speak TLS, or the two sides have no version, suite or protocol in common. The payload says
   * what went wrong.
   */
  export interface NetworkErrorTlsHandshake {
    tag: 'tls-handshake',
    val: string,
  }
  /**
   * The host's trust store does not accept the peer's certificate: its issuer is unknown, it is for another name, or
   * it is not valid at this time. The payload says which.
   */
  export interface NetworkErrorCertificateInvalid {
    tag: 'certificate-invalid',
    val: string,
  }
  /**
   * The datagram is longer than 65,507 bytes.
   */
  export interface NetworkErrorDatagramTooLarge {
    tag: 'datagram-too-large',
  }
  /**
   * The peer closed the connection before all bytes were received. The payload is how many were.
   */
  export interface NetworkErrorEndOfStream {
    tag: 'end-of-stream',
    val: bigint,
  }
  /**
   * All connections of the pool were in use, and the time to wait for one has passed.
   */
  export interface NetworkErrorPoolExhausted {
    tag: 'pool-exhausted',
  }
  /**
   * The component has as many sockets open as the host's limit allows.
   */
  export interface NetworkErrorTooManySockets {
    tag: 'too-many-sockets',
  }
  /**
   * The host's operating system failed in another way. The payload says how.
   */
  export interface NetworkErrorIo {
    tag: 'io',
    val: string,
  }
  /**
   * An IPv4 address as its four bytes: `127.0.0.1` is 127, 0, 0, 1.
   */
  export type Ipv4Address = [number, number, number, number];
  /**
   * An IPv6 address as its eight 16-bit groups: `::1` is seven times 0 and 1.
   */
  export type Ipv6Address = [number, number, number, number, number, number, number, number];
  /**
   * An IP address.
   */
  export type IpAddress = IpAddressIpv4 | IpAddressIpv6;
  /**
   * An IPv4 address.
   */
  export interface IpAddressIpv4 {
    tag: 'ipv4',
    val: Ipv4Address,
  }
  /**
   * An IPv6 address.
   */
  export interface IpAddressIpv6 {
    tag: 'ipv6',
    val: Ipv6Address,
  }
  /**
   * Which addresses `connections.resolve-host` gives.
   * # Variants
   *
   * ## `"ipv4"`
   *
   * IPv4 addresses only.
   * ## `"ipv6"`
   *
   * IPv6 addresses only.
   * ## `"any"`
   *
   * Both.
   */
  export type IpFamily = 'ipv4' | 'ipv6' | 'any';
  /**
   * An IP address with a port.
   */
  export interface SocketAddress {
    /**
     * The address.
     */
    ip: IpAddress,
    /**
     * The port. To listen or bind, 0 lets the host choose a free one.
     */
    port: number,
  }
  /**
   * Where to connect to.
   */
  export interface Endpoint {
    /**
     * A host name, or an IPv4 or IPv6 literal without brackets.
     */
    host: string,
    /**
     * The port, 1 to 65,535.
     */
    port: number,
  }
  /**
   * How `tcp.listen` sets up a listener.
   */
  export interface ListenOptions {
    /**
     * How many connections may wait to be accepted. The host's operating system may lower it.
     */
    backlog: number,
    /**
     * Whether to take an address that an earlier listener has left a short time ago.
     */
    reuseAddress: boolean,
    /**
     * Whether a listener on an IPv6 address refuses IPv4 connections. Without effect on an IPv4 address.
     */
    ipv6Only: boolean,
  }
  /**
   * Which direction of a connection ends.
   * # Variants
   *
   * ## `"read"`
   *
   * Receiving.
   * ## `"write"`
   *
   * Sending. The peer sees the end of the stream.
   * ## `"both"`
   *
   * Both.
   */
  export type ShutdownDirection = 'read' | 'write' | 'both';
  /**
   * The options of a TCP connection.
   */
  export interface TcpOptions {
    /**
     * Whether to send small pieces at once (`TCP_NODELAY`).
     */
    noDelay: boolean,
    /**
     * After how many milliseconds without traffic to probe whether the peer is still there; `none` means never.
     */
    keepAliveMs?: number,
    /**
     * How many milliseconds a read waits before it gives `timeout`; `none` means as long as the call may take.
     */
    readTimeoutMs?: number,
    /**
     * How many milliseconds a write waits before it gives `timeout`; `none` means as long as the call may take.
     */
    writeTimeoutMs?: number,
    /**
     * The size of the receive buffer in bytes; `none` means what the host's operating system chooses.
     */
    receiveBufferBytes?: number,
    /**
     * The size of the send buffer in bytes; `none` means what the host's operating system chooses.
     */
    sendBufferBytes?: number,
  }
  /**
   * The options of a UDP socket.
   */
  export interface UdpOptions {
    /**
     * Whether the socket may send to broadcast addresses.
     */
    broadcast: boolean,
    /**
     * How many routers a datagram may pass; `none` means what the host's operating system chooses.
     */
    timeToLive?: number,
    /**
     * How many milliseconds `receive` waits before it gives `timeout`; `none` means as long as the call may take.
     */
    receiveTimeoutMs?: number,
    /**
     * Whether the socket's own multicast datagrams come back to this machine.
     */
    multicastLoop: boolean,
  }
  /**
   * A datagram that was received.
   */
  export interface Datagram {
    /**
     * Its content, cut to the length that was asked for. May be empty: an empty datagram is data and not an end.
     */
    data: Uint8Array,
    /**
     * Who has sent it.
     */
    source: SocketAddress,
    /**
     * Whether it was longer than `data`. What was cut off is lost.
     */
    truncated: boolean,
  }
  /**
   * What has gone over a connection.
   */
  export interface ConnectionStats {
    /**
     * When the connection was made.
     */
    established: Timestamp,
    /**
     * How many bytes the component has sent. With TLS, before they were encrypted.
     */
    bytesSent: bigint,
    /**
     * How many bytes the component has received. With TLS, after they were decrypted.
     */
    bytesReceived: bigint,
  }
  /**
   * A version of TLS. Older ones are not offered.
   * # Variants
   *
   * ## `"tls12"`
   *
   * TLS 1.2.
   * ## `"tls13"`
   *
   * TLS 1.3.
   */
  export type TlsVersion = 'tls12' | 'tls13';
  /**
   * How to start TLS. Which certificates are trusted is for the host to decide and cannot be asked for here.
   */
  export interface TlsOptions {
    /**
     * The name that the peer's certificate must be for. It is also sent to the peer (SNI).
     */
    serverName: string,
    /**
     * The application protocols to offer (ALPN), the preferred one first, for example `h2`. Empty offers none.
     */
    alpn: Array<string>,
  }
  /**
   * What the two sides of a TLS connection have agreed on.
   */
  export interface TlsInfo {
    /**
     * The version.
     */
    version: TlsVersion,
    /**
     * The cipher suite by its IANA name, for example `TLS_AES_128_GCM_SHA256`.
     */
    cipherSuite: string,
    /**
     * The application protocol that the peer chose, if any.
     */
    alpn?: string,
    /**
     * The peer's certificate, in DER.
     */
    peerCertificate: Uint8Array,
  }
  /**
   * The limits of a connection pool.
   */
  export interface PoolOptions {
    /**
     * Most connections open at once, over all endpoints, in use and idle. At least 1.
     */
    maxConnections: number,
    /**
     * After how many milliseconds without use a connection is closed.
     */
    maxIdleMs: number,
    /**
     * How many milliseconds `acquire` may take, be it to wait for a free connection or to make a new one.
     */
    connectTimeoutMs: number,
  }
  /**
   * The state of a connection pool.
   */
  export interface PoolStats {
    /**
     * How many connections are open, in use and idle.
     */
    open: number,
    /**
     * How many of them are idle.
     */
    idle: number,
    /**
     * How many calls of `acquire` wait for a connection.
     */
    waiting: number,
  }
}
