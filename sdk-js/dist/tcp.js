// DO NOT EDIT: compiled from src/tcp.ts by typescript 7.0.2 (npm run build).
/**
 * TCP connections, with and without TLS.
 *
 * @packageDocumentation
 */
import "./globals.js";
import * as host from "airssys:ext-network/tcp@1.0.0";
import { callNetwork, liftTimestamp, some } from "./convert.js";
import { liftBytes, liftOption, liftU32, liftU64, lowerBytes, lowerData, lowerEnum, lowerOptionalU32, lowerText, lowerU32, } from "./engine.js";
import { Handle } from "./handle.js";
import { liftSocketAddress, lowerEndpoint, lowerSocketAddress } from "./network.js";
export { NetworkError } from "./errors.js";
export { formatSocketAddress } from "./network.js";
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
    #handle;
    constructor(raw) {
        this.#handle = new Handle("connection", raw);
    }
    /** @internal */
    static from(raw) {
        return new TcpStream(raw);
    }
    /** @internal */
    take() {
        return this.#handle.take();
    }
    /**
     * Receives what is there, at most `maxBytes` and at most the host's limit, 16 MiB by default; waits until there is
     * something. No bytes mean that the peer has closed its side, that reading was shut down, or that `maxBytes` is 0.
     *
     * @throws NetworkError `timeout`, `connection-reset`, `connection-aborted`, `not-connected` or `io`.
     */
    read(maxBytes = DEFAULT_READ_BYTES) {
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
    readExact(length) {
        const raw = this.#handle.get();
        const bytes = lowerU32(length, "length");
        return callNetwork(() => liftBytes(raw.readExact(bytes)));
    }
    /** Receives until the peer closes its side, piece by piece, as {@link read} does. The connection stays open. */
    *[Symbol.iterator]() {
        for (let piece = this.read(); piece.length > 0; piece = this.read())
            yield piece;
    }
    /**
     * Sends bytes and returns how many were taken, which may be less than given; waits until at least one is. Taken does
     * not mean received by the peer.
     *
     * @throws NetworkError `not-connected` if writing was shut down, `timeout`, `connection-reset`, `connection-aborted`
     *   or `io`.
     */
    write(data) {
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
    writeAll(data) {
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
    shutdown(direction) {
        const raw = this.#handle.get();
        const which = lowerEnum(direction, ["read", "write", "both"], "direction");
        callNetwork(() => raw.shutdown(which));
    }
    /**
     * Gives the address and port on this side.
     *
     * @throws NetworkError `not-connected` or `io`.
     */
    localAddress() {
        const raw = this.#handle.get();
        return callNetwork(() => liftSocketAddress(raw.localAddress()));
    }
    /**
     * Gives the address and port on the peer's side.
     *
     * @throws NetworkError `not-connected` or `io`.
     */
    remoteAddress() {
        const raw = this.#handle.get();
        return callNetwork(() => liftSocketAddress(raw.remoteAddress()));
    }
    /**
     * Gives the options. What {@link setOptions} has set reads back.
     *
     * @throws NetworkError `io`.
     */
    options() {
        const raw = this.#handle.get();
        return callNetwork(() => liftOptions(raw.options()));
    }
    /**
     * Sets the options, all at once: to change one, `setOptions({ ...stream.options(), noDelay: true })`. Timeouts hold
     * from the next read or write on.
     *
     * @throws NetworkError `invalid-argument` for a value that the host cannot set, or `io`.
     */
    setOptions(options) {
        const raw = this.#handle.get();
        const lowered = lowerOptions(options);
        callNetwork(() => raw.setOptions(lowered));
    }
    /** Gives the exact number of bytes that have gone over the connection each way. */
    stats() {
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
    startTls(options) {
        const raw = this.#handle.get();
        const { serverName, alpn = [] } = options;
        const lowered = {
            serverName: lowerText(serverName, "serverName"),
            alpn: Array.from(alpn, (protocol) => lowerText(protocol, "alpn")),
        };
        return callNetwork(() => liftTlsInfo(raw.startTls(lowered)));
    }
    /** Gives what {@link startTls} has agreed on, and nothing before it has succeeded. */
    tlsInfo() {
        const info = liftOption(this.#handle.get().tlsInfo());
        return info && liftTlsInfo(info);
    }
    /** Closes the connection. Closing it again does nothing. */
    close() {
        this.#handle.drop();
    }
    /** The same as {@link close}, for `using`. */
    [Symbol.dispose]() {
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
    #handle;
    constructor(raw) {
        this.#handle = new Handle("listener", raw);
    }
    /** @internal */
    static from(raw) {
        return new TcpListener(raw);
    }
    /**
     * Waits for a connection and accepts it, at most `timeoutMs` milliseconds, and without it as long as the call may
     * take. {@link TcpStream.remoteAddress} says who it is.
     *
     * @throws NetworkError `timeout`, `too-many-sockets` or `io`.
     */
    accept(timeoutMs) {
        const raw = this.#handle.get();
        const timeout = lowerOptionalU32(timeoutMs, "timeoutMs");
        return TcpStream.from(callNetwork(() => raw.accept(timeout)));
    }
    /**
     * Accepts one connection after the other, each as {@link accept} does without a timeout; leave the loop to end it.
     * Close each connection: `for (using stream of listener) …`.
     */
    *[Symbol.iterator]() {
        for (;;)
            yield this.accept();
    }
    /**
     * Gives the address and port that it listens on: after port 0, the port that the host chose.
     *
     * @throws NetworkError `io`.
     */
    localAddress() {
        const raw = this.#handle.get();
        return callNetwork(() => liftSocketAddress(raw.localAddress()));
    }
    /** Stops listening. Closing it again does nothing. */
    close() {
        this.#handle.drop();
    }
    /** The same as {@link close}, for `using`. */
    [Symbol.dispose]() {
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
export function connect(endpoint, timeoutMs) {
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
export function listen(address, options = {}) {
    const at = lowerSocketAddress(address, "address");
    const { backlog = DEFAULT_BACKLOG, reuseAddress = true, ipv6Only = false } = options;
    const how = {
        backlog: lowerU32(backlog, "backlog"),
        reuseAddress: Boolean(reuseAddress),
        ipv6Only: Boolean(ipv6Only),
    };
    return TcpListener.from(callNetwork(() => host.listen(at, how)));
}
const OPTIONAL = ["keepAliveMs", "readTimeoutMs", "writeTimeoutMs", "receiveBufferBytes", "sendBufferBytes"];
function liftOptions(raw) {
    const options = { noDelay: raw.noDelay };
    for (const name of OPTIONAL) {
        const value = liftOption(raw[name]);
        if (value !== undefined)
            options[name] = liftU32(value);
    }
    return options;
}
function lowerOptions(options) {
    const raw = { noDelay: Boolean(options.noDelay) };
    for (const name of OPTIONAL)
        Object.assign(raw, some(name, lowerOptionalU32(options[name], name)));
    return raw;
}
function liftTlsInfo(raw) {
    const { version, cipherSuite, alpn, peerCertificate } = raw;
    return { version, cipherSuite, ...some("alpn", alpn), peerCertificate: liftBytes(peerCertificate) };
}
