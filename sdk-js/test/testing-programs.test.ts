// The testing kit: servers and programs that a test scripts.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { component, ExecutionError, NetworkError, ProcessError, type NetworkErrorCode, type ProcessErrorCode } from "@airssys/wasm";
import { ConnectionPool, resolveHost, reverseLookup } from "@airssys/wasm/connections";
import { getProcessInfo, listProcesses, run, runPipeline, spawn, waitAny, type Command } from "@airssys/wasm/processes";
import { connect, type TcpStream } from "@airssys/wasm/tcp";
import { FakeHost } from "@airssys/wasm/testing";

const endpoint = { host: "example.com", port: 443 };
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function fresh(execute: Record<string, () => string | void> = {}): FakeHost {
  const host = new FakeHost(component({ metadata: { name: "acme/client", version: "1.0.0" }, execute }));
  host.permitAll();
  return host;
}

/** Runs something with a host. */
function within(host: FakeHost, inner: () => void): void {
  host.run(inner);
}

const networkError = (code: NetworkErrorCode) => (error: unknown) => error instanceof NetworkError && error.code === code;
const processError = (code: ProcessErrorCode) => (error: unknown) => error instanceof ProcessError && error.code === code;

describe("servers of a fake host", () => {
  it("answer each write, and then end", () => {
    const host = fresh();
    host.addServer(endpoint, (data) => `<${text(data)}>`);
    within(host, () => {
      using stream = connect(endpoint);
      stream.writeAll("a");
      assert.equal(stream.write(Uint8Array.of(98)), 1);
      assert.equal(text(stream.readExact(2)), "<a");
      assert.equal([...stream].map(text).join(""), "><b>");
      assert.throws(() => stream.readExact(1), networkError("end-of-stream"));
      const { bytesSent, bytesReceived } = stream.stats();
      assert.deepEqual([bytesSent, bytesReceived], [2n, 6n]);
      assert.deepEqual(stream.remoteAddress(), { ip: "192.0.2.1", port: 443 });
      stream.setOptions({ noDelay: true, readTimeoutMs: 5 });
      assert.deepEqual(stream.options(), { noDelay: true, readTimeoutMs: 5 });
      stream.shutdown("write");
      assert.throws(() => stream.writeAll("c"), networkError("not-connected"));
    });
  });

  it("take TLS for their own name", () => {
    const host = fresh();
    host.addServer(endpoint, () => undefined);
    within(host, () => {
      using stream = connect(endpoint);
      assert.equal(stream.tlsInfo(), undefined);
      assert.throws(() => stream.startTls({ serverName: "evil.com" }), networkError("certificate-invalid"));
      assert.equal(stream.startTls({ serverName: "example.com", alpn: ["http/1.1"] }).alpn, "http/1.1");
      assert.equal(stream.tlsInfo()?.version, "tls13");
      assert.throws(() => stream.startTls({ serverName: "example.com" }), networkError("invalid-argument"));
    });
  });

  it("are found by name, and nothing else is", () => {
    const host = fresh();
    host.addServer(endpoint, () => undefined);
    within(host, () => {
      assert.deepEqual(resolveHost("example.com"), ["192.0.2.1"]);
      assert.deepEqual(resolveHost("::1", "ipv6"), ["::1"]);
      assert.throws(() => resolveHost("::1", "ipv4"), networkError("name-not-found"));
      assert.throws(() => reverseLookup("127.0.0.1"), networkError("name-not-found"));
      assert.throws(() => connect({ host: "example.org", port: 443 }), networkError("name-not-found"));
      assert.throws(() => connect({ host: "example.com", port: 80 }), networkError("connection-refused"));
      assert.throws(() => connect({ host: "127.0.0.1", port: 80 }), networkError("connection-refused"));
      assert.throws(() => connect({ host: "example.com", port: 0 }), networkError("invalid-argument"));
    });
  });

  it("are refused with the line that is missing, which reaches the caller", () => {
    const host = fresh({ go: () => void connect(endpoint) });
    host.addServer(endpoint, () => undefined);
    host.execute("go");
    host.denyEndpoint("example.com", 443);
    assert.throws(
      () => host.execute("go"),
      (error) =>
        error instanceof ExecutionError &&
        error.code === "permission-denied" &&
        error.message.includes('network = [{ action = "outbound", host = "example.com", port = 443 }]'),
    );
    within(host, () => assert.deepEqual(resolveHost("example.com"), ["192.0.2.1"]));
    host.denyEndpoint("example.com");
    within(host, () => assert.throws(() => resolveHost("example.com"), networkError("permission-denied")));
  });

  it("are pooled", () => {
    const host = fresh();
    host.addServer(endpoint, (data) => data);
    within(host, () => {
      using pool = new ConnectionPool({ maxConnections: 1, maxIdleMs: 1_000, connectTimeoutMs: 1_000 });
      const use = (inner: (connection: TcpStream) => void) => {
        using connection = pool.acquire(endpoint);
        inner(connection);
        pool.release(connection);
      };
      use(() => assert.throws(() => pool.acquire(endpoint), networkError("pool-exhausted")));
      assert.deepEqual(pool.stats(), { open: 1, idle: 1, waiting: 0 });
      use((connection) => connection.writeAll("unread"));
      assert.deepEqual(pool.stats(), { open: 0, idle: 0, waiting: 0 });
      pool.acquire(endpoint).close();
      assert.deepEqual(pool.stats(), { open: 0, idle: 0, waiting: 0 });
    });
  });
});

describe("programs of a fake host", () => {
  const cat: Command = { program: "/bin/cat" };

  function withCat(): FakeHost {
    const host = fresh();
    host.addProgram("/bin/cat", ({ stdin }) => stdin);
    host.addProgram("/bin/env", ({ arguments: given, environment, workingDirectory }) => ({
      status: { kind: "code", code: 3 },
      stdout: JSON.stringify([given, [...environment], workingDirectory]),
      stderr: "failed",
    }));
    return host;
  }

  it("run with what the command names", () => {
    within(withCat(), () => {
      assert.equal(text(run(cat, "é").stdout), "é");
      const command = { program: "env", arguments: ["a b"], environment: { set: { A: "1" } }, workingDirectory: "/data" };
      const { status, stdout, stderr } = run(command);
      assert.deepEqual(status, { kind: "code", code: 3 });
      assert.deepEqual([JSON.parse(text(stdout)), text(stderr)], [[["a b"], [["A", "1"]], "/data"], "failed"]);
      assert.equal(run({ ...command, stdio: { stdout: "null" } }).stdout.length, 0);
      const limited = { ...cat, limits: { maxOutputBytes: 9n } };
      assert.equal(run(limited, new Uint8Array(9)).stdout.length, 9);
      assert.throws(() => run(limited, new Uint8Array(10)), processError("output-too-large"));
      assert.throws(() => run({ program: "/bin/dog" }), processError("program-not-found"));
    });
  });

  it("run as a pipeline", () => {
    within(withCat(), () => {
      const { statuses, stdout, stderr } = runPipeline([{ program: "/bin/env" }, cat], "x");
      assert.deepEqual(statuses, [{ kind: "code", code: 3 }, { kind: "code", code: 0 }]);
      assert.deepEqual([text(stdout), text(stderr)], ["[[],[],null]", "failed"]);
      assert.throws(() => runPipeline([]), processError("invalid-argument"));
    });
  });

  it("are children with streams", () => {
    within(withCat(), () => {
      using child = spawn({ ...cat, stdio: { stdin: "piped", stderr: "null" } });
      assert.equal(child.isRunning(), true);
      assert.equal(child.tryWait(), undefined);
      child.stdin.writeAll("abc");
      child.stdin.close();
      assert.throws(() => child.stdin.writeAll("d"), processError("stdin-closed"));
      assert.equal(text(child.stdout.read(2)), "ab");
      assert.equal(text(child.stdout.readToEnd()), "c");
      assert.throws(() => child.stderr.read(), processError("not-piped"));
      assert.deepEqual(waitAny([child.id()]), { index: 0, status: { kind: "code", code: 0 } });
      assert.equal(getProcessInfo(child.id()).state, "exited");
      assert.equal(listProcesses().length, 1);
      child.close();
      assert.deepEqual(listProcesses(), []);
      assert.throws(() => getProcessInfo(1), processError("process-not-found"));
    });
  });

  it("communicate, and end by signals", () => {
    within(withCat(), () => {
      using child = spawn({ ...cat, stdio: { stdin: "piped" } });
      assert.equal(text(child.communicate("abc").stdout), "abc");
      assert.throws(() => child.kill(), processError("already-exited"));
      using other = spawn(cat);
      assert.deepEqual(other.terminate(0), { kind: "signaled", signal: "terminate" });
      assert.deepEqual(other.wait(), { kind: "signaled", signal: "terminate" });
    });
  });

  it("are refused with the line that is missing", () => {
    const host = withCat();
    host.denyProgram("/bin/cat");
    within(host, () => {
      const missing = 'process = [{ action = "spawn", program = "/bin/cat" }]';
      assert.throws(() => spawn(cat), (error) => error instanceof ProcessError && error.denial?.missing === missing);
    });
  });
});
