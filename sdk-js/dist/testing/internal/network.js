// DO NOT EDIT: compiled from src/testing/internal/network.ts by typescript 7.0.2 (npm run build).
// `tcp` and `connections` for a component as the client of servers that a test has scripted.
import { ArgumentError } from "../../errors.js";
import { lowerIpAddress } from "../../ip-address.js";
import { failed } from "./text.js";
/** What one read takes at most, by the default of a host. */
const MAX_TRANSFER_BYTES = 16 * 1_048_576;
/** Where names lead: an address that belongs to nobody, for documentation. */
const SERVER = { tag: "ipv4", val: [192, 0, 2, 1] };
const LOCAL = { ip: { tag: "ipv4", val: [192, 0, 2, 2] }, port: 49_152 };
function address(text) {
    try {
        return lowerIpAddress(text, "host");
    }
    catch (error) {
        if (error instanceof ArgumentError)
            return undefined;
        throw error;
    }
}
export class Network {
    #policy;
    #clock;
    #servers = [];
    constructor(policy, clock) {
        this.#policy = policy;
        this.#clock = clock;
    }
    addServer(endpoint, server) {
        this.#servers.unshift({ endpoint: { ...endpoint }, server });
    }
    /** Makes a connection for the function `operation`. */
    connect(operation, { host, port }) {
        if (host === "" || host.includes("\0"))
            throw failed("invalid-argument", "the host is empty or contains NUL");
        if (port === 0)
            throw failed("invalid-argument", "the port is 0");
        this.#policy.authorizeEndpoint(operation, "outbound", host, port);
        const known = this.#servers.filter(({ endpoint }) => endpoint.host === host);
        const found = known.find(({ endpoint }) => endpoint.port === port);
        if (found)
            return new FakeStream(found.server, { host, port }, this.#clock.now);
        throw known.length > 0 || address(host) ? failed("connection-refused") : failed("name-not-found", host);
    }
    #resolve(name, family) {
        if (name === "" || name.includes("\0"))
            throw failed("invalid-argument", "the host is empty or contains NUL");
        this.#policy.authorizeEndpoint("connections.resolve-host", "resolve", name);
        const isKnown = this.#servers.some(({ endpoint }) => endpoint.host === name);
        const found = address(name) ?? (isKnown ? SERVER : undefined);
        if (!found || (family !== "any" && family !== found.tag))
            throw failed("name-not-found", name);
        return [found];
    }
    /** The functions of `tcp` as the bindings have them. */
    tcp() {
        return { connect: (endpoint) => this.connect("tcp.connect", endpoint) };
    }
    /** The functions of `connections` as the bindings have them. */
    connections() {
        return {
            ConnectionPool: (options) => new FakePool(this, options),
            resolveHost: (name, family) => this.#resolve(name, family),
            reverseLookup: (of) => {
                const text = of.val.join(of.tag === "ipv4" ? "." : ":");
                this.#policy.authorizeEndpoint("connections.reverse-lookup", "resolve", text);
                throw failed("name-not-found", text);
            },
        };
    }
}
class FakeStream {
    endpoint;
    #server;
    #established;
    #options = { noDelay: false };
    #incoming = new Uint8Array();
    #sent = 0n;
    #received = 0n;
    #ended = { read: false, write: false };
    #tls;
    constructor(server, endpoint, established) {
        this.#server = server;
        this.endpoint = endpoint;
        this.#established = established;
    }
    /** Whether it can be used again by somebody else. */
    get isIdle() {
        return this.#incoming.length === 0 && !this.#ended.read && !this.#ended.write;
    }
    read(maxBytes) {
        if (this.#ended.read)
            return new Uint8Array();
        const data = this.#incoming.slice(0, Math.min(maxBytes, MAX_TRANSFER_BYTES));
        this.#incoming = this.#incoming.slice(data.length);
        this.#received += BigInt(data.length);
        return data;
    }
    readExact(length) {
        if (length > MAX_TRANSFER_BYTES)
            throw failed("invalid-argument", `more than ${MAX_TRANSFER_BYTES} bytes`);
        const data = this.read(length);
        if (data.length < length)
            throw failed("end-of-stream", BigInt(data.length));
        return data;
    }
    write(data) {
        if (this.#ended.write)
            throw failed("not-connected");
        const reply = this.#server(data.slice()) ?? "";
        const bytes = typeof reply === "string" ? new TextEncoder().encode(reply) : reply;
        const incoming = new Uint8Array(this.#incoming.length + bytes.length);
        incoming.set(this.#incoming);
        incoming.set(bytes, this.#incoming.length);
        this.#incoming = incoming;
        this.#sent += BigInt(data.length);
        return data.length;
    }
    writeAll(data) {
        this.write(data);
    }
    shutdown(direction) {
        if (direction !== "write")
            this.#ended.read = true;
        if (direction !== "read")
            this.#ended.write = true;
    }
    localAddress() {
        return LOCAL;
    }
    remoteAddress() {
        return { ip: address(this.endpoint.host) ?? SERVER, port: this.endpoint.port };
    }
    options() {
        return this.#options;
    }
    setOptions(options) {
        this.#options = options;
    }
    stats() {
        return { established: this.#established, bytesSent: this.#sent, bytesReceived: this.#received };
    }
    startTls({ serverName, alpn }) {
        if (this.#tls)
            throw failed("invalid-argument", "TLS was started before");
        if (serverName !== this.endpoint.host)
            throw failed("certificate-invalid", `it is for ${this.endpoint.host}`);
        const [chosen] = alpn;
        const agreed = { version: "tls13", cipherSuite: "TLS_AES_128_GCM_SHA256", peerCertificate: new Uint8Array() };
        this.#tls = chosen === undefined ? agreed : { ...agreed, alpn: chosen };
        return this.#tls;
    }
    tlsInfo() {
        return this.#tls;
    }
    /** A pool is told when one of its connections is closed. */
    onClose = () => { };
    [Symbol.dispose]() {
        this.onClose();
    }
}
class FakePool {
    #network;
    #most;
    #idle = [];
    #used = new Set();
    constructor(network, options) {
        if (options.maxConnections === 0)
            throw new Error("max-connections must be at least 1");
        this.#network = network;
        this.#most = options.maxConnections;
    }
    acquire(endpoint) {
        const at = this.#idle.findIndex(({ endpoint: { host, port } }) => host === endpoint.host && port === endpoint.port);
        // Permissions are asked for each time, so a connection is made even if it is not needed.
        const made = this.#network.connect("connections.connection-pool.acquire", endpoint);
        const [reused] = at < 0 ? [] : this.#idle.splice(at, 1);
        if (!reused && this.#used.size + this.#idle.length >= this.#most && !this.#idle.shift())
            throw failed("pool-exhausted");
        const connection = reused ?? made;
        this.#used.add(connection);
        connection.onClose = () => void this.#used.delete(connection);
        return connection;
    }
    release(connection) {
        const isOwn = this.#used.delete(connection);
        if (isOwn && connection.isIdle)
            this.#idle.push(connection);
    }
    stats() {
        return { open: this.#used.size + this.#idle.length, idle: this.#idle.length, waiting: 0 };
    }
    [Symbol.dispose]() {
        this.#idle.length = 0;
    }
}
