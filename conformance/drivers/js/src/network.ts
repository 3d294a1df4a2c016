// `tcp`, `udp` and `connections`: each call goes through the SDK to the host, and back.

import { exportInterface, liftIpAddress, liftU32, lowerIpAddress, lowerU32, type RawIpAddress } from "@airssys/wasm/exports";
import * as sdkConnections from "@airssys/wasm/connections";
import * as sdkTcp from "@airssys/wasm/tcp";
import * as sdkUdp from "@airssys/wasm/udp";

import {
  connectionStats,
  liftSocketAddress,
  lowerSocketAddress,
  optional,
  optionalU32,
  tcpOptions,
  udpOptions,
  type Option,
  type WireListenOptions,
  type WireSocketAddress,
  type WireTcpOptions,
  type WireUdpOptions,
} from "./wire.js";

class TcpStream {
  readonly stream: sdkTcp.TcpStream;

  constructor(stream: sdkTcp.TcpStream) {
    this.stream = stream;
  }

  read(maxBytes: number): Uint8Array {
    return this.stream.read(liftU32(maxBytes));
  }

  readExact(length: number): Uint8Array {
    return this.stream.readExact(liftU32(length));
  }

  write(data: Uint8Array): number {
    return lowerU32(this.stream.write(data), "written");
  }

  writeAll(data: Uint8Array): void {
    this.stream.writeAll(data);
  }

  shutdown(direction: sdkTcp.ShutdownDirection): void {
    this.stream.shutdown(direction);
  }

  localAddress(): WireSocketAddress {
    return lowerSocketAddress(this.stream.localAddress());
  }

  remoteAddress(): WireSocketAddress {
    return lowerSocketAddress(this.stream.remoteAddress());
  }

  options(): object {
    return tcpOptions(this.stream.options());
  }

  setOptions(options: WireTcpOptions): void {
    this.stream.setOptions({
      noDelay: options.noDelay,
      keepAliveMs: optionalU32(options.keepAliveMs),
      readTimeoutMs: optionalU32(options.readTimeoutMs),
      writeTimeoutMs: optionalU32(options.writeTimeoutMs),
      receiveBufferBytes: optionalU32(options.receiveBufferBytes),
      sendBufferBytes: optionalU32(options.sendBufferBytes),
    });
  }

  stats(): object {
    return connectionStats(this.stream.stats());
  }

  startTls(options: sdkTcp.TlsOptions): object {
    return this.stream.startTls(options);
  }

  tlsInfo(): object | undefined {
    return this.stream.tlsInfo();
  }

  [Symbol.dispose](): void {
    this.stream.close();
  }
}

class TcpListener {
  readonly #listener: sdkTcp.TcpListener;

  constructor(listener: sdkTcp.TcpListener) {
    this.#listener = listener;
  }

  accept(timeoutMs: Option<number>): TcpStream {
    return new TcpStream(this.#listener.accept(optionalU32(timeoutMs)));
  }

  localAddress(): WireSocketAddress {
    return lowerSocketAddress(this.#listener.localAddress());
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }
}

export const tcp = exportInterface("tcp", {
  TcpStream,
  TcpListener,
  connect: (endpoint: sdkTcp.Endpoint, timeoutMs: Option<number>) =>
    new TcpStream(sdkTcp.connect(endpoint, optionalU32(timeoutMs))),
  listen: (address: WireSocketAddress, { backlog, reuseAddress, ipv6Only }: WireListenOptions) => {
    const options = { backlog: liftU32(backlog), reuseAddress, ipv6Only };
    return new TcpListener(sdkTcp.listen(liftSocketAddress(address), options));
  },
});

class UdpSocket {
  readonly #socket: sdkUdp.UdpSocket;

  constructor(socket: sdkUdp.UdpSocket) {
    this.#socket = socket;
  }

  connect(remote: WireSocketAddress): void {
    this.#socket.connect(liftSocketAddress(remote));
  }

  send(data: Uint8Array): number {
    return lowerU32(this.#socket.send(data), "sent");
  }

  sendTo(data: Uint8Array, remote: WireSocketAddress): number {
    return lowerU32(this.#socket.sendTo(data, liftSocketAddress(remote)), "sent");
  }

  receive(maxBytes: number): object {
    const { data, source, truncated } = this.#socket.receive(liftU32(maxBytes));
    return { data, source: lowerSocketAddress(source), truncated };
  }

  localAddress(): WireSocketAddress {
    return lowerSocketAddress(this.#socket.localAddress());
  }

  options(): object {
    return udpOptions(this.#socket.options());
  }

  setOptions({ broadcast, timeToLive, receiveTimeoutMs, multicastLoop }: WireUdpOptions): void {
    this.#socket.setOptions({
      broadcast,
      timeToLive: optional(timeToLive),
      receiveTimeoutMs: optionalU32(receiveTimeoutMs),
      multicastLoop,
    });
  }

  joinMulticast(group: RawIpAddress): void {
    this.#socket.joinMulticast(liftIpAddress(group));
  }

  leaveMulticast(group: RawIpAddress): void {
    this.#socket.leaveMulticast(liftIpAddress(group));
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

export const udp = exportInterface("udp", {
  UdpSocket,
  bind: (address: WireSocketAddress) => new UdpSocket(sdkUdp.bind(liftSocketAddress(address))),
});

class ConnectionPool {
  readonly #pool: sdkConnections.ConnectionPool;

  constructor({ maxConnections, maxIdleMs, connectTimeoutMs }: sdkConnections.PoolOptions) {
    this.#pool = new sdkConnections.ConnectionPool({
      maxConnections: liftU32(maxConnections),
      maxIdleMs: liftU32(maxIdleMs),
      connectTimeoutMs: liftU32(connectTimeoutMs),
    });
  }

  acquire(endpoint: sdkTcp.Endpoint): TcpStream {
    return new TcpStream(this.#pool.acquire(endpoint));
  }

  release(connection: TcpStream): void {
    this.#pool.release(connection.stream);
  }

  stats(): object {
    const { open, idle, waiting } = this.#pool.stats();
    return { open: lowerU32(open, "open"), idle: lowerU32(idle, "idle"), waiting: lowerU32(waiting, "waiting") };
  }

  [Symbol.dispose](): void {
    this.#pool.close();
  }
}

export const connections = exportInterface("connections", {
  ConnectionPool,
  resolveHost: (host: string, family: sdkConnections.IpFamily) =>
    sdkConnections.resolveHost(host, family).map((address) => lowerIpAddress(address, "address")),
  reverseLookup: (address: RawIpAddress) => sdkConnections.reverseLookup(liftIpAddress(address)),
});
