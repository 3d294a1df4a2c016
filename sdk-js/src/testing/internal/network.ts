// `tcp` and `connections` for a component as the client of servers that a test has scripted.

import type * as hostConnections from "airssys:ext-network/connections@1.0.0";
import type * as host from "airssys:ext-network/tcp@1.0.0";

import { ArgumentError } from "../../errors.js";
import { lowerIpAddress, type RawIpAddress } from "../../ip-address.js";
import type { Endpoint } from "../../network.js";
import type { Server } from "../fake-host.js";
import type { Clock } from "./clock.js";
import type { Policy } from "./policy.js";
import { failed } from "./text.js";

/** What one read takes at most, by the default of a host. */
const MAX_TRANSFER_BYTES = 16 * 1_048_576;

/** Where names lead: an address that belongs to nobody, for documentation. */
const SERVER: RawIpAddress = { tag: "ipv4", val: [192, 0, 2, 1] };

const LOCAL = { ip: { tag: "ipv4", val: [192, 0, 2, 2] } as RawIpAddress, port: 49_152 };

function address(text: string): RawIpAddress | undefined {
  try {
    return lowerIpAddress(text, "host");
  } catch (error) {
    if (error instanceof ArgumentError) return undefined;
    throw error;
  }
}

export class Network {
  readonly #policy: Policy;
  readonly #clock: Clock;
  readonly #servers: Array<{ endpoint: Endpoint; server: Server }> = [];

  constructor(policy: Policy, clock: Clock) {
    this.#policy = policy;
    this.#clock = clock;
  }

  addServer(endpoint: Endpoint, server: Server): void {
    this.#servers.unshift({ endpoint: { ...endpoint }, server });
  }

  /** Makes a connection for the function `operation`. */
  connect(operation: string, { host, port }: Endpoint): FakeStream {
    if (host === "" || host.includes("\0")) throw failed("invalid-argument", "the host is empty or contains NUL");
    if (port === 0) throw failed("invalid-argument", "the port is 0");
    this.#policy.authorizeEndpoint(operation, "outbound", host, port);
    const known = this.#servers.filter(({ endpoint }) => endpoint.host === host);
    const found = known.find(({ endpoint }) => endpoint.port === port);
    if (found) return new FakeStream(found.server, { host, port }, this.#clock.now);
    throw known.length > 0 || address(host) ? failed("connection-refused") : failed("name-not-found", host);
  }

  #resolve(name: string, family: hostConnections.IpFamily): RawIpAddress[] {
    if (name === "" || name.includes("\0")) throw failed("invalid-argument", "the host is empty or contains NUL");
    this.#policy.authorizeEndpoint("connections.resolve-host", "resolve", name);
    const isKnown = this.#servers.some(({ endpoint }) => endpoint.host === name);
    const found = address(name) ?? (isKnown ? SERVER : undefined);
    if (!found || (family !== "any" && family !== found.tag)) throw failed("name-not-found", name);
    return [found];
  }

  /** The functions of `tcp` as the bindings have them. */
  tcp() {
    return { connect: (endpoint: Endpoint) => this.connect("tcp.connect", endpoint) };
  }

  /** The functions of `connections` as the bindings have them. */
  connections() {
    return {
      ConnectionPool: (options: hostConnections.PoolOptions) => new FakePool(this, options),
      resolveHost: (name: string, family: hostConnections.IpFamily) => this.#resolve(name, family),
      reverseLookup: (of: RawIpAddress) => {
        const text = of.val.join(of.tag === "ipv4" ? "." : ":");
        this.#policy.authorizeEndpoint("connections.reverse-lookup", "resolve", text);
        throw failed("name-not-found", text);
      },
    };
  }
}

class FakeStream implements host.TcpStream {
  readonly endpoint: Endpoint;
  readonly #server: Server;
  readonly #established: host.ConnectionStats["established"];
  #options: host.TcpOptions = { noDelay: false };
  #incoming = new Uint8Array();
  #sent = 0n;
  #received = 0n;
  #ended: { read: boolean; write: boolean } = { read: false, write: false };
  #tls: host.TlsInfo | undefined;

  constructor(server: Server, endpoint: Endpoint, established: host.ConnectionStats["established"]) {
    this.#server = server;
    this.endpoint = endpoint;
    this.#established = established;
  }

  /** Whether it can be used again by somebody else. */
  get isIdle(): boolean {
    return this.#incoming.length === 0 && !this.#ended.read && !this.#ended.write;
  }

  read(maxBytes: number): Uint8Array {
    if (this.#ended.read) return new Uint8Array();
    const data = this.#incoming.slice(0, Math.min(maxBytes, MAX_TRANSFER_BYTES));
    this.#incoming = this.#incoming.slice(data.length);
    this.#received += BigInt(data.length);
    return data;
  }

  readExact(length: number): Uint8Array {
    if (length > MAX_TRANSFER_BYTES) throw failed("invalid-argument", `more than ${MAX_TRANSFER_BYTES} bytes`);
    const data = this.read(length);
    if (data.length < length) throw failed("end-of-stream", BigInt(data.length));
    return data;
  }

  write(data: Uint8Array): number {
    if (this.#ended.write) throw failed("not-connected");
    const reply = this.#server(data.slice()) ?? "";
    const bytes = typeof reply === "string" ? new TextEncoder().encode(reply) : reply;
    const incoming = new Uint8Array(this.#incoming.length + bytes.length);
    incoming.set(this.#incoming);
    incoming.set(bytes, this.#incoming.length);
    this.#incoming = incoming;
    this.#sent += BigInt(data.length);
    return data.length;
  }

  writeAll(data: Uint8Array): void {
    this.write(data);
  }

  shutdown(direction: host.ShutdownDirection): void {
    if (direction !== "write") this.#ended.read = true;
    if (direction !== "read") this.#ended.write = true;
  }

  localAddress(): host.SocketAddress {
    return LOCAL;
  }

  remoteAddress(): host.SocketAddress {
    return { ip: address(this.endpoint.host) ?? SERVER, port: this.endpoint.port };
  }

  options(): host.TcpOptions {
    return this.#options;
  }

  setOptions(options: host.TcpOptions): void {
    this.#options = options;
  }

  stats(): host.ConnectionStats {
    return { established: this.#established, bytesSent: this.#sent, bytesReceived: this.#received };
  }

  startTls({ serverName, alpn }: host.TlsOptions): host.TlsInfo {
    if (this.#tls) throw failed("invalid-argument", "TLS was started before");
    if (serverName !== this.endpoint.host) throw failed("certificate-invalid", `it is for ${this.endpoint.host}`);
    const [chosen] = alpn;
    const agreed = { version: "tls13" as const, cipherSuite: "TLS_AES_128_GCM_SHA256", peerCertificate: new Uint8Array() };
    this.#tls = chosen === undefined ? agreed : { ...agreed, alpn: chosen };
    return this.#tls;
  }

  tlsInfo(): host.TlsInfo | undefined {
    return this.#tls;
  }

  /** A pool is told when one of its connections is closed. */
  onClose: () => void = () => {};

  [Symbol.dispose](): void {
    this.onClose();
  }
}

class FakePool {
  readonly #network: Network;
  readonly #most: number;
  readonly #idle: FakeStream[] = [];
  readonly #used = new Set<FakeStream>();

  constructor(network: Network, options: hostConnections.PoolOptions) {
    if (options.maxConnections === 0) throw new Error("max-connections must be at least 1");
    this.#network = network;
    this.#most = options.maxConnections;
  }

  acquire(endpoint: Endpoint): FakeStream {
    const at = this.#idle.findIndex(({ endpoint: { host, port } }) => host === endpoint.host && port === endpoint.port);
    // Permissions are asked for each time, so a connection is made even if it is not needed.
    const made = this.#network.connect("connections.connection-pool.acquire", endpoint);
    const [reused] = at < 0 ? [] : this.#idle.splice(at, 1);
    if (!reused && this.#used.size + this.#idle.length >= this.#most && !this.#idle.shift()) throw failed("pool-exhausted");
    const connection = reused ?? made;
    this.#used.add(connection);
    connection.onClose = () => void this.#used.delete(connection);
    return connection;
  }

  release(connection: FakeStream): void {
    const isOwn = this.#used.delete(connection);
    if (isOwn && connection.isIdle) this.#idle.push(connection);
  }

  stats(): hostConnections.PoolStats {
    return { open: this.#used.size + this.#idle.length, idle: this.#idle.length, waiting: 0 };
  }

  [Symbol.dispose](): void {
    this.#idle.length = 0;
  }
}
