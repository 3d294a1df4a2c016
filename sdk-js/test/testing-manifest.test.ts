// What a fake host takes from Component.toml: who the component is, what it may do, what it is started with.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";

import { component, FilesystemError, type Component, type ComponentConfig } from "@airssys/wasm";
import { readFile, writeFile, open } from "@airssys/wasm/files";
import { connect } from "@airssys/wasm/tcp";
import { FakeHost } from "@airssys/wasm/testing";

const folder = mkdtempSync(join(tmpdir(), "airssys-manifest-"));
after(() => rmSync(folder, { recursive: true }));

/** Writes a Component.toml, and gives its path. */
function manifest(more: string, identity = 'name = "acme/hello"\nversion = "1.2.3"'): string {
  const file = join(folder, "Component.toml");
  writeFileSync(file, `[component]\n${identity}\n${more}`);
  return file;
}

const hostOf = (file: string, definition: Partial<Component> = {}) =>
  new FakeHost(component({ execute: {}, ...definition }), { manifest: file });

function denied(run: () => unknown): FilesystemError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof FilesystemError && error.code === "permission-denied", `${error}`);
    return error;
  }
  return assert.fail("nothing was refused");
}

describe("a fake host with a Component.toml", () => {
  it("permits what is declared there, and refuses all else as a host does", () => {
    const host = hostOf(manifest('[permissions]\nfilesystem = [{ action = "read", path = "/data/**" }]'));
    host.files.put("/data/a", "1");
    host.files.put("/etc/b", "2");
    assert.equal(new TextDecoder().decode(host.run(() => readFile("/data/a"))), "1");
    const error = denied(() => host.run(() => readFile("/etc/b")));
    assert.deepEqual(error.denial, {
      operation: "ext-filesystem/files.read-file",
      resource: "/etc/b",
      missing: 'filesystem = [{ action = "read", path = "/etc/b" }]',
    });
    assert.equal(
      error.message,
      "permission denied: ext-filesystem/files.read-file on /etc/b: needs " +
        'filesystem = [{ action = "read", path = "/etc/b" }] in [permissions] of Component.toml, and the operator\'s grant',
    );
    denied(() => host.run(() => writeFile("/data/a", "2")));
    assert.equal(host.files.text("/data/a"), "1");
  });

  it("permits what the test permits, and refuses what it denies", () => {
    const host = hostOf(manifest(""));
    host.files.put("/data/a", "1");
    denied(() => host.run(() => readFile("/data/a")));
    host.permit('filesystem = [{ action = "read", path = "/data/*" }]');
    host.run(() => readFile("/data/a"));
    host.deny({ filesystem: [{ action: "read", path: "/data/a" }] });
    denied(() => host.run(() => readFile("/data/a")));
    host.permitAll();
    denied(() => host.run(() => readFile("/data/a")));
    host.run(() => writeFile("/data/a", "2"));
    for (const lines of ["filesystem = [", 'filesystem = [{ action = "read", path = "data" }]', { files: [] } as never]) {
      assert.throws(() => host.permit(lines), { code: "invalid-argument" });
    }
  });

  it("knows that a name does not cover an address of the machine itself", () => {
    const host = hostOf(manifest('[permissions]\nnetwork = [{ action = "outbound", host = "localhost", port = 80 }]'));
    host.addServer({ host: "localhost", port: 80 }, () => "");
    assert.throws(() => host.run(() => connect({ host: "localhost", port: 80 })), {
      code: "permission-denied",
      message: /host = "127\.0\.0\.1", port = 80/,
    });
  });

  it("has the component's identity from there", () => {
    const file = manifest('description = "Says hello."\noperations = ["greet"]');
    const host = hostOf(file, { execute: { greet: () => "hi" } });
    assert.deepEqual(host.metadata(), {
      id: { namespace: "acme", name: "hello", version: "1.2.3" },
      description: "Says hello.",
      authors: [],
      operations: ["greet"],
    });
  });

  it("refuses a component that says otherwise", () => {
    const file = manifest('operations = ["greet"]');
    const greet = () => "hi";
    for (const [definition, message] of [
      [{ execute: { greet }, metadata: { version: "1.0.0" } }, /metadata\.version is "1\.0\.0", but Component\.toml says "1\.2\.3"/],
      [{ execute: { greet, leave: greet } }, /Component\.toml: component\.operations lacks "leave", which is in execute/],
      [{ execute: {} }, /Component\.toml: component\.operations has "greet", which is not in execute/],
    ] as const) {
      assert.throws(() => hostOf(file, definition), message);
    }
    hostOf(file, { execute: { greet }, metadata: { name: "acme/hello", version: "1.2.3", operations: ["greet"] } });
    hostOf(file, { execute: () => "any" });
  });

  it("starts the component with the configuration and limits from there", () => {
    let seen: ComponentConfig | undefined;
    const file = manifest('[config]\nenvironment = { A = "1" }\ndata = "x"\n[limits]\nmax-memory-bytes = 5\nmax-open-files = 2\n');
    const host = hostOf(file, { init: (config) => void (seen = config) });
    host.init();
    assert.deepEqual([seen?.environment, seen?.data, seen?.limits.maxMemoryBytes], [[["A", "1"]], Uint8Array.of(120), 5n]);
    host.permitAll();
    host.files.put("/a", "");
    host.run(() => {
      open("/a", { read: true });
      open("/a", { read: true });
      assert.throws(() => open("/a", { read: true }), { code: "too-many-open-files" });
    });
  });

  it("says what is wrong with it", () => {
    assert.throws(() => hostOf(manifest('[permissions]\nfilesystem = [{ action = "open", path = "/" }]')), {
      code: "invalid-argument",
      message: /Component\.toml: "open" is no action of permissions\.filesystem/,
    });
    assert.throws(() => hostOf(manifest("=")), { code: "invalid-argument", message: /Component\.toml: / });
    assert.throws(() => hostOf(join(folder, "absent.toml")), { code: "invalid-argument", message: /absent\.toml does not exist/ });
    hostOf(pathToFileURL(manifest("")) as never);
  });
});

describe("a fake host that is told of no Component.toml", () => {
  /** Runs a test in a folder, and gives what it prints. */
  function run(cwd: string): string {
    const code = `
      const { component } = await import("@airssys/wasm");
      const { readFile } = await import("@airssys/wasm/files");
      const { FakeHost } = await import("@airssys/wasm/testing");
      const host = new FakeHost(component({ execute: {} }));
      host.files.put("/data/a", "found");
      try {
        console.log(new TextDecoder().decode(host.run(() => readFile("/data/a"))));
      } catch (error) {
        console.log(error.message);
      }
    `;
    const register = import.meta.resolve("@airssys/wasm/testing/register");
    const file = join(import.meta.dirname, "in-a-folder.mjs");
    writeFileSync(file, code);
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", register, file], { cwd, encoding: "utf8" });
    rmSync(file);
    assert.equal(stderr, "");
    return stdout.trim();
  }

  it("takes the nearest one above the folder in which it runs", () => {
    const below = join(folder, "a/b");
    mkdirSync(below, { recursive: true });
    manifest('[permissions]\nfilesystem = [{ action = "read", path = "/data/**" }]');
    assert.equal(run(below), "found");
  });

  it("permits nothing without one, and says so", () => {
    const empty = mkdtempSync(join(tmpdir(), "airssys-empty-"));
    const text = run(empty);
    rmSync(empty, { recursive: true });
    assert.match(text, /permission denied: ext-filesystem\/files\.read-file on \/data\/a: needs .* # there is no Component\.toml in .*, nor above it/);
  });
});
