import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { ArgumentError, ClosedError, NetworkError, type NetworkErrorCode } from "@airssys/wasm";
import * as connections from "@airssys/wasm/connections";
import { liftIpAddress, lowerIpAddress } from "@airssys/wasm/exports";
import * as tcp from "@airssys/wasm/tcp";
import * as udp from "@airssys/wasm/udp";

import { answer, calls, hostError, listener, pool, reset, socket, stream } from "./scripted-host.js";

const U64_MAX = 2n ** 64n - 1n;
const U32_MAX = 2 ** 32 - 1;

const IPV4 = { ip: { tag: "ipv4", val: [127, 0, 0, 1] }, port: 65_535 };
const IPV6 = { ip: { tag: "ipv6", val: [0, 0, 0, 0, 0, 0, 0, 1] }, port: 0 };

beforeEach(reset);

function connected(): tcp.TcpStream {
  answer("connect", stream);
  return tcp.connect({ host: "example.com", port: 80 });
}

function bound(): udp.UdpSocket {
  answer("bind", socket);
  return udp.bind({ ip: "127.0.0.1", port: 0 });
}

/** The call that came last. */
function last(): unknown[] | undefined {
  return calls.at(-1);
}

describe("IP addresses", () => {
  it("are read and written in the one form that RFC 5952 gives each", () => {
    const forms: Array<[text: string, groups: number[], canonical?: string]> = [
      ["::", [0, 0, 0, 0, 0, 0, 0, 0]],
      ["::1", [0, 0, 0, 0, 0, 0, 0, 1]],
      ["1::", [1, 0, 0, 0, 0, 0, 0, 0]],
      ["2001:DB8::0:1", [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], "2001:db8::1"],
      ["1:0:0:2:0:0:0:3", [1, 0, 0, 2, 0, 0, 0, 3], "1:0:0:2::3"],
      ["1:0:0:2:2:0:0:3", [1, 0, 0, 2, 2, 0, 0, 3], "1::2:2:0:0:3"],
      ["1:2:3:4:5:6:0:8", [1, 2, 3, 4, 5, 6, 0, 8]],
      ["1:2:3:4:5:6:7::", [1, 2, 3, 4, 5, 6, 7, 0], "1:2:3:4:5:6:7:0"],
      ["::ffff:192.0.2.1", [0, 0, 0, 0, 0, 0xffff, 0xc000, 0x201]],
      ["64:ff9b::192.0.2.1", [0x64, 0xff9b, 0, 0, 0, 0, 0xc000, 0x201], "64:ff9b::c000:201"],
      ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Array(8).fill(0xffff)],
    ];
    for (const [text, groups, canonical = text] of forms) {
      const raw = lowerIpAddress(text, "address");
      assert.deepEqual(raw, { tag: "ipv6", val: groups });
      assert.equal(liftIpAddress(raw), canonical);
    }
    for (const text of ["0.0.0.0", "127.0.0.1", "255.255.255.255"]) {
      assert.equal(liftIpAddress(lowerIpAddress(text, "address")), text);
    }
  });

  it("are refused when they are none", () => {
    const none = [
      "", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.-4", "1.2.3.4\0", ":", ":::", "1::2::3", "::12345",
      "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "::1.2.3", "1.2.3.4::", "[::1]", "::1%eth0", "::g",
      "localhost",
    ];
    for (const text of none) assert.throws(() => lowerIpAddress(text, "address"), { code: "out-of-range" }, text);
  });

  it("are written with a port, in brackets where it takes them", () => {
    assert.equal(tcp.formatSocketAddress({ ip: "127.0.0.1", port: 80 }), "127.0.0.1:80");
    assert.equal(udp.formatSocketAddress({ ip: "::1", port: 0 }), "[::1]:0");
  });
});

describe("tcp", () => {
  it("connects with a timeout and without one", () => {
    connected();
    assert.deepEqual(last(), ["connect", { host: "example.com", port: 80 }, undefined]);
    tcp.connect({ host: "::1", port: 65_535 }, U32_MAX);
    assert.deepEqual(last(), ["connect", { host: "::1", port: 65_535 }, U32_MAX]);
  });

  it("listens with defaults and with options, and accepts in a loop", () => {
    answer("listen", listener);
    answer("listener.accept", stream);
    answer("listener.localAddress", () => IPV6);
    tcp.listen({ ip: "::", port: 1 }, { backlog: U32_MAX, reuseAddress: false, ipv6Only: true });
    assert.deepEqual(last()?.[2], { backlog: U32_MAX, reuseAddress: false, ipv6Only: true });
    using listening = tcp.listen({ ip: "127.0.0.1", port: 65_535 });
    assert.deepEqual(last(), ["listen", IPV4, { backlog: tcp.DEFAULT_BACKLOG, reuseAddress: true, ipv6Only: false }]);
    assert.deepEqual(listening.localAddress(), { ip: "::1", port: 0 });
    listening.accept(0);
    assert.deepEqual(last(), ["listener.accept", 0]);
    let accepted = 0;
    for (using connection of listening) {
      assert.ok(connection instanceof tcp.TcpStream);
      accepted += 1;
      if (accepted === 3) break;
    }
    assert.equal(calls.filter(([name]) => name === "stream.drop").length, 3);
    assert.deepEqual(calls.filter(([name]) => name === "listener.accept").at(-1), ["listener.accept", undefined]);
  });

  it("reads and writes, text as UTF-8", () => {
    const open = connected();
    answer("stream.read", () => Uint8Array.of(1));
    assert.deepEqual(open.read(), Uint8Array.of(1));
    assert.deepEqual(last(), ["stream.read", tcp.DEFAULT_READ_BYTES]);
    answer("stream.readExact", () => Uint8Array.of(2));
    assert.deepEqual(open.readExact(U32_MAX), Uint8Array.of(2));
    assert.deepEqual(last(), ["stream.readExact", U32_MAX]);
    answer("stream.write", () => U32_MAX);
    assert.equal(open.write(Uint8Array.of(3)), U32_MAX);
    answer("stream.writeAll", () => undefined);
    open.writeAll("é");
    assert.deepEqual(last(), ["stream.writeAll", Uint8Array.of(0xc3, 0xa9)]);
    answer("stream.shutdown", () => undefined);
    open.shutdown("both");
    assert.deepEqual(last(), ["stream.shutdown", "both"]);
  });

  it("iterates until the peer closes", () => {
    const pieces = [Uint8Array.of(1), Uint8Array.of(2, 3), Uint8Array.of()];
    answer("stream.read", () => pieces.shift());
    assert.deepEqual([...connected()], [Uint8Array.of(1), Uint8Array.of(2, 3)]);
    assert.equal(last()?.[0], "stream.read");
  });

  it("sets all options at once, and gives those that are there", () => {
    const open = connected();
    answer("stream.setOptions", () => undefined);
    open.setOptions({});
    assert.deepEqual(last(), ["stream.setOptions", { noDelay: false }]);
    const all = {
      noDelay: true, keepAliveMs: U32_MAX, readTimeoutMs: 0, writeTimeoutMs: 1, receiveBufferBytes: 2, sendBufferBytes: 3,
    };
    open.setOptions(all);
    assert.deepEqual(last(), ["stream.setOptions", all]);
    answer("stream.options", () => all);
    assert.deepEqual(open.options(), all);
    answer("stream.options", () => ({ noDelay: false, keepAliveMs: null, readTimeoutMs: undefined, sendBufferBytes: 0 }));
    assert.deepEqual(open.options(), { noDelay: false, sendBufferBytes: 0 });
  });

  it("gives addresses and counts", () => {
    const open = connected();
    answer("stream.localAddress", () => IPV4);
    assert.deepEqual(open.localAddress(), { ip: "127.0.0.1", port: 65_535 });
    answer("stream.remoteAddress", () => IPV6);
    assert.deepEqual(open.remoteAddress(), { ip: "::1", port: 0 });
    const stats = { established: { seconds: 1n, nanoseconds: 2 }, bytesSent: U64_MAX, bytesReceived: 0n };
    answer("stream.stats", () => stats);
    assert.deepEqual(open.stats(), stats);
  });

  it("starts TLS with and without ALPN", () => {
    const open = connected();
    const info = { version: "tls13", cipherSuite: "TLS_AES_128_GCM_SHA256", alpn: "h2", peerCertificate: Uint8Array.of(1) };
    answer("stream.startTls", () => info);
    assert.deepEqual(open.startTls({ serverName: "example.com", alpn: ["h2", "http/1.1"] }), info);
    assert.deepEqual(last(), ["stream.startTls", { serverName: "example.com", alpn: ["h2", "http/1.1"] }]);
    open.startTls({ serverName: "example.com" });
    assert.deepEqual(last(), ["stream.startTls", { serverName: "example.com", alpn: [] }]);
    answer("stream.tlsInfo", () => null);
    assert.equal(open.tlsInfo(), undefined);
    answer("stream.tlsInfo", () => ({ ...info, alpn: null }));
    assert.deepEqual(open.tlsInfo(), { version: "tls13", cipherSuite: info.cipherSuite, peerCertificate: Uint8Array.of(1) });
  });

  it("is dropped once, and refuses every use afterwards", () => {
    const open = connected();
    open.close();
    open[Symbol.dispose]();
    assert.equal(calls.filter(([name]) => name === "stream.drop").length, 1);
    const uses: Array<() => unknown> = [
      () => open.read(), () => open.readExact(1), () => open.write(Uint8Array.of()), () => open.writeAll(""),
      () => open.shutdown("read"), () => open.localAddress(), () => open.remoteAddress(), () => open.options(),
      () => open.setOptions({}), () => open.stats(), () => open.startTls({ serverName: "a" }), () => open.tlsInfo(),
    ];
    for (const use of uses) assert.throws(use, ClosedError);
    assert.equal(last()?.[0], "stream.drop");
  });

  it("checks every argument before it asks the host", () => {
    const open = connected();
    const before = calls.length;
    const refused: Array<() => unknown> = [
      () => tcp.connect({ host: "a", port: 65_536 }), () => tcp.connect({ host: "a", port: -1 }),
      () => tcp.connect({ host: "\ud800", port: 1 }), () => tcp.connect({ host: "a", port: 1 }, 0.5),
      () => tcp.listen({ ip: "localhost", port: 1 }), () => tcp.listen({ ip: "::1", port: 1 }, { backlog: -1 }),
      () => open.read(-1), () => open.write("a" as never), () => open.shutdown("all" as never),
      () => open.setOptions({ readTimeoutMs: 2 ** 32 }), () => open.startTls({ serverName: 5 as never }),
      () => open.startTls({ serverName: "a", alpn: [5 as never] }),
    ];
    for (const use of refused) assert.throws(use, ArgumentError);
    assert.equal(calls.length, before);
  });
});

describe("udp", () => {
  it("sends and receives", () => {
    const open = bound();
    answer("socket.connect", () => undefined);
    open.connect({ ip: "127.0.0.1", port: 65_535 });
    assert.deepEqual(last(), ["socket.connect", IPV4]);
    answer("socket.send", () => 0);
    assert.equal(open.send(""), 0);
    assert.deepEqual(last(), ["socket.send", new Uint8Array()]);
    answer("socket.sendTo", () => 1);
    assert.equal(open.sendTo(Uint8Array.of(9), { ip: "::1", port: 0 }), 1);
    assert.deepEqual(last(), ["socket.sendTo", Uint8Array.of(9), IPV6]);
    answer("socket.receive", () => ({ data: new Uint8Array(), source: IPV4, truncated: true }));
    const datagram = { data: new Uint8Array(), source: { ip: "127.0.0.1", port: 65_535 }, truncated: true };
    assert.deepEqual(open.receive(), datagram);
    assert.deepEqual(last(), ["socket.receive", udp.MAX_DATAGRAM_BYTES]);
    answer("socket.localAddress", () => IPV6);
    assert.deepEqual(open.localAddress(), { ip: "::1", port: 0 });
  });

  it("sets all options at once, and gives those that are there", () => {
    const open = bound();
    answer("socket.setOptions", () => undefined);
    open.setOptions({});
    assert.deepEqual(last(), ["socket.setOptions", { broadcast: false, multicastLoop: true }]);
    const all = { broadcast: true, timeToLive: 255, receiveTimeoutMs: U32_MAX, multicastLoop: false };
    open.setOptions(all);
    assert.deepEqual(last(), ["socket.setOptions", all]);
    answer("socket.options", () => all);
    assert.deepEqual(open.options(), all);
    answer("socket.options", () => ({ broadcast: false, timeToLive: null, receiveTimeoutMs: 0, multicastLoop: true }));
    assert.deepEqual(open.options(), { broadcast: false, receiveTimeoutMs: 0, multicastLoop: true });
    assert.throws(() => open.setOptions({ timeToLive: 256 }), ArgumentError);
  });

  it("joins and leaves groups, and is dropped once", () => {
    const open = bound();
    for (const name of ["joinMulticast", "leaveMulticast"] as const) {
      answer(`socket.${name}`, () => undefined);
      open[name]("224.0.0.251");
      assert.deepEqual(last(), [`socket.${name}`, { tag: "ipv4", val: [224, 0, 0, 251] }]);
    }
    open.close();
    open[Symbol.dispose]();
    assert.equal(calls.filter(([name]) => name === "socket.drop").length, 1);
    assert.throws(() => open.receive(), ClosedError);
  });
});

describe("connections", () => {
  const options = { maxConnections: 1, maxIdleMs: 0, connectTimeoutMs: U32_MAX };

  it("gives a connection back once, and closes it after an exception", () => {
    answer("ConnectionPool", pool);
    answer("pool.acquire", stream);
    answer("pool.release", () => undefined);
    const open = new connections.ConnectionPool(options);
    assert.deepEqual(last(), ["ConnectionPool", options]);
    const endpoint = { host: "example.com", port: 80 };
    {
      using connection = open.acquire(endpoint);
      assert.deepEqual(last(), ["pool.acquire", endpoint]);
      open.release(connection);
      assert.throws(() => open.release(connection), ClosedError);
      assert.throws(() => connection.read(), ClosedError);
    }
    assert.deepEqual(calls.map(([name]) => name), ["ConnectionPool", "pool.acquire", "pool.release"]);
    assert.throws(() => {
      using _connection = open.acquire(endpoint);
      throw new Error("half an answer");
    });
    assert.equal(last()?.[0], "stream.drop");
    answer("pool.stats", () => ({ open: U32_MAX, idle: 0, waiting: 1 }));
    assert.deepEqual(open.stats(), { open: U32_MAX, idle: 0, waiting: 1 });
    open.close();
    open.close();
    assert.equal(last()?.[0], "pool.drop");
    assert.throws(() => open.acquire(endpoint), ClosedError);
  });

  it("resolves both ways", () => {
    answer("resolveHost", () => [IPV4.ip, IPV6.ip]);
    assert.deepEqual(connections.resolveHost("localhost"), ["127.0.0.1", "::1"]);
    assert.deepEqual(last(), ["resolveHost", "localhost", "any"]);
    connections.resolveHost("localhost", "ipv6");
    assert.deepEqual(last(), ["resolveHost", "localhost", "ipv6"]);
    answer("reverseLookup", () => "localhost");
    assert.equal(connections.reverseLookup("::1"), "localhost");
    assert.deepEqual(last(), ["reverseLookup", IPV6.ip]);
    assert.throws(() => connections.reverseLookup("localhost"), ArgumentError);
  });
});

describe("network errors", () => {
  function thrown(error: Error): NetworkError {
    answer("connect", () => {
      throw error;
    });
    try {
      tcp.connect({ host: "a", port: 1 });
    } catch (error) {
      assert.ok(error instanceof NetworkError);
      return error;
    }
    return assert.fail("nothing was thrown");
  }

  it("carry their case and what it is about", () => {
    const plain: NetworkErrorCode[] = [
      "connection-refused", "connection-reset", "connection-aborted", "not-connected", "timeout", "host-unreachable",
      "network-unreachable", "address-in-use", "address-not-available", "datagram-too-large", "pool-exhausted",
      "too-many-sockets",
    ];
    for (const code of plain) assert.deepEqual([thrown(hostError(code)).code, thrown(hostError(code)).detail], [code, undefined]);
    const detailed: NetworkErrorCode[] = [
      "temporary-resolver-failure", "invalid-argument", "unsupported", "tls-handshake", "certificate-invalid", "io",
    ];
    for (const code of detailed) {
      const error = thrown(hostError(code, "why"));
      assert.deepEqual([error.code, error.detail], [code, "why"]);
    }
    const name = thrown(hostError("name-not-found", "ä.example"));
    assert.deepEqual([name.code, name.host, name.message], ["name-not-found", "ä.example", "ä.example: name not found"]);
    const ended = thrown(hostError("end-of-stream", U64_MAX));
    assert.deepEqual([ended.code, ended.received], ["end-of-stream", U64_MAX]);
  });

  it("name the missing line of Component.toml", () => {
    const missing = 'network = [{ action = "outbound", host = "a", port = 1 }]';
    const denial = { operation: "ext-network/tcp.connect", resource: "a:1", missing };
    const error = thrown(hostError("permission-denied", denial));
    assert.deepEqual([error.code, error.denial], ["permission-denied", denial]);
    assert.ok(error.message.endsWith(`: needs ${missing} in [permissions] of Component.toml, and the operator's grant`));
  });
});
