// The testing kit: the files of its host.

import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { component, ExecutionError, FilesystemError, type FilesystemErrorCode } from "@airssys/wasm";
import * as directories from "@airssys/wasm/directories";
import * as files from "@airssys/wasm/files";
import * as paths from "@airssys/wasm/paths";
import { FakeHost, TrapError } from "@airssys/wasm/testing";

let host: FakeHost;

beforeEach(() => {
  host = new FakeHost(
    component({
      metadata: { name: "acme/files", version: "1.0.0" },
      execute: { read: (input) => files.readFile(new TextDecoder().decode(input)) },
    }),
  );
  host.permitAll();
});

/** Checks that something fails with this code, and gives the error. */
function fails(code: FilesystemErrorCode, run: () => unknown): FilesystemError {
  try {
    host.run(run);
  } catch (error) {
    assert.ok(error instanceof FilesystemError, `${error}`);
    assert.equal(error.code, code, error.message);
    return error;
  }
  return assert.fail(`nothing was thrown instead of ${code}`);
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (of: string) => new TextEncoder().encode(of);

describe("the files of a fake host", () => {
  it("are put and looked at by the test, whatever is denied", () => {
    host.denyPath("/");
    host.files.put("/data/a", "é");
    host.files.makeDirectory("/data/empty");
    host.files.link("/data/a", "/link");
    assert.equal(host.files.text("/link"), "é");
    assert.deepEqual(host.files.get("/data/a"), bytes("é"));
    assert.deepEqual(["/data", "/data/empty", "/data/b"].map((path) => host.files.has(path)), [true, true, false]);
    assert.throws(() => host.files.get("/data/b"), { code: "not-found" });
    assert.throws(() => host.files.put("/data/a/b", ""), { code: "not-a-directory" });
    assert.throws(() => host.files.put("/data", ""), { code: "is-a-directory" });
  });

  it("are read, written and appended to as a whole", () => {
    host.files.makeDirectory("/data");
    host.run(() => {
      files.writeFile("/data/a", "one");
      files.appendFile("/data/a", " two");
      files.appendFile("/data/b", "three");
      assert.equal(text(files.readFile("/data/../data//a")), "one two");
    });
    assert.equal(host.files.text("/data/b"), "three");
    assert.equal(fails("not-found", () => files.readFile("/data/c")).path, "/data/c");
    fails("not-found", () => files.writeFile("/missing/a", ""));
    fails("is-a-directory", () => files.appendFile("/data", ""));
    fails("not-a-directory", () => files.readFile("/data/a/b"));
    fails("invalid-path", () => files.readFile("data/a"));
    fails("name-too-long", () => files.readFile(`/${"é".repeat(128)}`));
  });

  it("are opened as the flags say", () => {
    host.files.put("/a", "old");
    fails("invalid-argument", () => files.open("/a", { create: true }));
    fails("invalid-argument", () => files.open("/a", { read: true, truncate: true }));
    fails("already-exists", () => files.open("/a", { write: true, createNew: true }));
    fails("not-found", () => files.open("/b", { write: true }));
    fails("is-a-directory", () => files.open("/", { read: true }));
    host.files.link("/a", "/link");
    fails("too-many-links", () => files.open("/link", { read: true, noFollow: true }));
    host.run(() => files.open("/a", { write: true, truncate: true }).close());
    host.run(() => files.open("/b", { append: true, create: true }).close());
    assert.deepEqual(["/a", "/b"].map((path) => host.files.text(path)), ["", ""]);
  });

  it("are read, written and sought through a handle", () => {
    host.files.put("/a", "0123456789");
    host.run(() => {
      const file = files.open("/a", { read: true, write: true });
      assert.equal(text(file.read(3)), "012");
      assert.equal(file.write(bytes("abc")), 3);
      assert.equal(text(file.readAt(8n, 5)), "89");
      assert.equal(file.seek(-1n, "end"), 9n);
      assert.equal(file.seek(-4n, "current"), 5n);
      assert.equal(text(file.read()), "c6789");
      assert.equal(file.read().length, 0);
      file.writeAt(12n, bytes("z"));
      file.setSize(14n);
      assert.equal(file.metadata().size, 14n);
      assert.throws(() => file.seek(-99n, "current"), { code: "invalid-argument" });
      file.close();
      const appending = files.open("/a", { append: true });
      assert.equal(appending.write(bytes("!")), 1);
      assert.throws(() => appending.writeAt(0n, bytes("x")), { code: "invalid-argument" });
      assert.throws(() => appending.read(), { code: "invalid-argument" });
      assert.throws(() => appending.setSize(2n ** 40n), { code: "quota-exceeded" });
    });
    assert.equal(host.files.text("/a"), "012abc6789\0\0z\0!");
  });

  it("are counted while they are open, and limited", () => {
    host.files.put("/a", "");
    const open = host.run(() => Array.from({ length: 256 }, () => files.open("/a", { read: true })));
    fails("too-many-open-files", () => directories.openDirectory("/"));
    open[0]?.close();
    assert.equal(host.files.open, 255);
    host.run(() => directories.openDirectory("/"));
  });

  it("stay what they are for a handle when they are deleted or renamed", () => {
    host.files.put("/a", "kept");
    host.run(() => {
      const file = files.open("/a", { read: true });
      files.deleteFile("/a");
      assert.equal(text(file.read()), "kept");
    });
    fails("not-found", () => files.deleteFile("/a"));
    fails("is-a-directory", () => files.deleteFile("/"));
  });

  it("are locked, without waiting for what cannot happen", () => {
    host.files.put("/a", "");
    const [one, two] = host.run(() => [files.open("/a", { read: true }), files.open("/a", { read: true })]);
    one.lock("shared");
    two.lock("shared");
    const before = host.time.seconds;
    fails("locked", () => two.lock("exclusive", 3_000));
    assert.equal(host.time.seconds, before + 3n);
    one.close();
    two.lock("exclusive", 0);
    two.unlock();
    fails("invalid-argument", () => two.unlock());
    two.lock("exclusive");
    const locking = component({
      metadata: { name: "acme/lock", version: "1.0.0" },
      execute: { lock: () => host.run(() => files.open("/a", { read: true })).lock("shared") },
    });
    assert.throws(() => new FakeHost(locking).execute("lock"), (error: TrapError) => {
      assert.equal((error.cause as { code: string }).code, "would-block");
      return true;
    });
  });

  it("are copied and renamed, over others only if told so", () => {
    host.files.put("/a", "aa");
    host.files.put("/b", "b");
    host.files.put("/d/e/f", "f");
    fails("already-exists", () => files.copyFile("/a", "/b"));
    fails("invalid-argument", () => files.copyFile("/a", "/./a", "replace"));
    assert.equal(host.run(() => files.copyFile("/a", "/b", "replace")), 2n);
    assert.equal(host.files.text("/b"), "aa");
    fails("already-exists", () => files.rename("/a", "/b"));
    host.run(() => files.rename("/a", "/b", "replace"));
    assert.equal(host.files.has("/a"), false);
    fails("is-a-directory", () => files.rename("/b", "/d", "replace"));
    fails("not-a-directory", () => files.rename("/d", "/b", "replace"));
    fails("invalid-argument", () => files.rename("/d", "/d/e/x"));
    fails("invalid-argument", () => files.rename("/", "/x"));
    host.files.put("/x/y", "");
    fails("directory-not-empty", () => files.rename("/d", "/x", "replace"));
    host.run(() => files.rename("/d", "/moved"));
    assert.equal(host.files.text("/moved/e/f"), "f");
  });
});

describe("the directories of a fake host", () => {
  it("are made, listed in order, and removed", () => {
    host.run(() => {
      directories.createDirectoryAll("/a/b/c");
      directories.createDirectoryAll("/a/b");
      for (const name of ["\u{1f600}", "\uffee", "z"]) files.writeFile(`/a/${name}`, "");
      assert.deepEqual(directories.listDirectory("/a"), [
        { name: "b", fileType: "directory" },
        { name: "z", fileType: "regular" },
        { name: "\uffee", fileType: "regular" },
        { name: "\u{1f600}", fileType: "regular" },
      ]);
      const cursor = directories.openDirectory("/a");
      assert.deepEqual([cursor.next(1).length, [...cursor].length], [1, 3]);
      cursor.close();
    });
    fails("already-exists", () => directories.createDirectory("/a"));
    fails("not-found", () => directories.createDirectory("/x/y"));
    fails("not-a-directory", () => directories.createDirectoryAll("/a/z/y"));
    fails("not-a-directory", () => directories.listDirectory("/a/z"));
    fails("directory-not-empty", () => directories.removeDirectory("/a"));
    fails("invalid-argument", () => directories.removeDirectoryAll("/"));
    fails("not-a-directory", () => directories.removeDirectory("/a/z"));
    host.run(() => directories.removeDirectory("/a/b/c"));
    host.run(() => directories.removeDirectoryAll("/a"));
    assert.equal(host.files.has("/a"), false);
    assert.equal(host.files.open, 0);
  });

  it("are searched and measured", () => {
    for (const path of ["/r/a.txt", "/r/s/b.txt", "/r/s/t/c.md"]) host.files.put(path, "12");
    host.files.link("/r/s", "/r/link");
    const find = (pattern: string, options = {}) => host.run(() => directories.find("/r", { pattern, ...options }));
    assert.deepEqual(find("*.txt"), ["/r/a.txt"]);
    assert.deepEqual(find("**/*.txt"), ["/r/a.txt", "/r/s/b.txt"]);
    assert.deepEqual(find("**/*.txt", { followLinks: true }), ["/r/a.txt", "/r/link/b.txt"]);
    assert.deepEqual(find("**", { maxDepth: 1 }), ["/r/a.txt", "/r/link", "/r/s"]);
    assert.deepEqual(find("**", { limit: 2 }), ["/r/a.txt", "/r/link"]);
    assert.deepEqual(find("s/**/?.md"), ["/r/s/t/c.md"]);
    for (const pattern of ["", "/a", "a//b", "a**", "[a]"]) {
      fails("invalid-argument", () => directories.find("/r", { pattern }));
    }
    assert.deepEqual(host.run(() => directories.measure("/r")), { files: 4n, directories: 2n, bytes: 6n });
    host.denyPath("/r/s", "list");
    assert.deepEqual(find("**/*.txt"), ["/r/a.txt"]);
    fails("permission-denied", () => directories.measure("/r"));
  });
});

describe("the paths of a fake host", () => {
  it("have metadata that can be changed", () => {
    host.files.put("/a", "123");
    const now = host.time;
    const at = { seconds: 7n, nanoseconds: 8 };
    host.run(() => {
      paths.setPermissions("/a", { ownerRead: true });
      paths.setTimes("/a", { accessed: at });
      const { fileType, size, permissions, accessed, modified } = paths.getMetadata("/a");
      assert.deepEqual([fileType, size, accessed, modified], ["regular", 3n, at, now]);
      assert.deepEqual([permissions.ownerRead, permissions.ownerWrite], [true, false]);
      assert.deepEqual([paths.exists("/a"), paths.exists("/b"), paths.exists("/a/b")], [true, false, false]);
    });
    fails("invalid-argument", () => paths.setTimes("/a", { accessed: { seconds: 0n, nanoseconds: 1_000_000_000 } }));
    fails("not-found", () => paths.getMetadata("/b"));
  });

  it("lead through links, but not around in a loop", () => {
    host.files.put("/d/a", "a");
    host.run(() => {
      paths.createSymlink("/d/../d", "/link");
      paths.createSymlink("/missing", "/dangling");
      assert.equal(text(files.readFile("/link/a")), "a");
      assert.equal(paths.canonicalize("/link/a"), "/d/a");
      assert.equal(paths.readSymlink("/link"), "/d");
      assert.equal(paths.getLinkMetadata("/link").fileType, "symbolic-link");
      assert.equal(paths.exists("/dangling"), false);
      files.writeFile("/dangling", "new");
    });
    assert.equal(host.files.text("/missing"), "new");
    host.files.link("/two", "/one");
    host.files.link("/one", "/two");
    fails("too-many-links", () => files.readFile("/one"));
    fails("too-many-links", () => paths.exists("/one"));
    fails("already-exists", () => paths.createSymlink("/x", "/link"));
    fails("invalid-argument", () => paths.readSymlink("/d"));
  });

  it("are brought into normal form", () => {
    host.run(() => {
      assert.equal(paths.normalize("//a/./b/../../../c/"), "/c");
      assert.equal(paths.relativeTo("/a/b/../c", "/a"), "c");
    });
    fails("invalid-argument", () => paths.relativeTo("/ab", "/a"));
    fails("invalid-path", () => paths.normalize(""));
  });
});

describe("a denied path of a fake host", () => {
  it("is refused with the line that is missing, and nothing happens", () => {
    host.denyPath("/data");
    host.files.put("/data/a", "kept");
    const cases: Array<[operation: string, action: string, run: () => unknown]> = [
      ["files.open", "read", () => files.open("/data/a", { read: true, write: true })],
      ["files.read-file", "read", () => files.readFile("/data/a")],
      ["files.write-file", "write", () => files.writeFile("/data/a", "")],
      ["files.append-file", "write", () => files.appendFile("/data/a", "")],
      ["files.delete-file", "delete", () => files.deleteFile("/data/a")],
      ["files.open", "write", () => files.open("/data/a", { append: true })],
      ["files.copy-file", "read", () => files.copyFile("/data/a", "/b")],
      ["files.copy-file", "write", () => files.copyFile("/b", "/data/a")],
      ["files.rename", "delete", () => files.rename("/data/a", "/b")],
      ["files.rename", "write", () => files.rename("/b", "/data/a")],
      ["directories.open-directory", "list", () => directories.openDirectory("/data/a")],
      ["directories.list-directory", "list", () => directories.listDirectory("/data/a")],
      ["directories.create-directory", "write", () => directories.createDirectory("/data/a")],
      ["directories.create-directory-all", "write", () => directories.createDirectoryAll("/data/a")],
      ["directories.remove-directory", "delete", () => directories.removeDirectory("/data/a")],
      ["directories.remove-directory-all", "delete", () => directories.removeDirectoryAll("/data/a")],
      ["directories.find", "list", () => directories.find("/data/a", { pattern: "*" })],
      ["directories.measure", "list", () => directories.measure("/data/a")],
      ["paths.get-metadata", "read", () => paths.getMetadata("/data/a")],
      ["paths.get-link-metadata", "read", () => paths.getLinkMetadata("/data/a")],
      ["paths.exists", "read", () => paths.exists("/data/a")],
      ["paths.set-permissions", "write", () => paths.setPermissions("/data/a", {})],
      ["paths.set-times", "write", () => paths.setTimes("/data/a", {})],
      ["paths.create-symlink", "write", () => paths.createSymlink("/b", "/data/a")],
      ["paths.create-symlink", "read", () => paths.createSymlink("/data/a", "/b")],
      ["paths.read-symlink", "read", () => paths.readSymlink("/data/a")],
      ["paths.canonicalize", "read", () => paths.canonicalize("/data/a")],
    ];
    for (const [operation, action, run] of cases) {
      assert.deepEqual(fails("permission-denied", run).denial, {
        operation: `ext-filesystem/${operation}`,
        resource: "/data/a",
        missing: `filesystem = [{ action = "${action}", path = "/data/a" }]`,
      });
    }
    assert.equal(host.files.text("/data/a"), "kept");
  });

  it("is refused by the way that links lead, and not beside it", () => {
    host.denyPath("/data/secret");
    host.files.put("/data/secret", "x");
    host.files.put("/data/secrets", "open");
    host.files.link("/data/secret", "/link");
    assert.equal(fails("permission-denied", () => files.readFile("/link")).denial?.resource, "/data/secret");
    assert.equal(host.executeText("read", "/data/secrets"), "open");
  });

  it("may be refused for some actions only", () => {
    host.denyPath("/a", "write", "read");
    host.files.put("/a", "");
    host.run(() => paths.getMetadata("/a"));
    host.denyPath("/a", "list");
    fails("permission-denied", () => paths.getMetadata("/a"));
    host.run(() => files.deleteFile("/a"));
  });

  it("covers everything below a directory that is moved or removed", () => {
    host.files.put("/d/kept", "");
    host.denyPath("/d/kept", "delete");
    fails("permission-denied", () => directories.removeDirectoryAll("/d"));
    fails("permission-denied", () => files.rename("/d", "/e"));
    assert.equal(host.files.has("/d/kept"), true);
  });

  it("is written as TOML and as a pattern", () => {
    host.denyPath("/");
    const missing = (path: string) => fails("permission-denied", () => files.readFile(path)).denial?.missing;
    assert.equal(missing('/a"\\\u200b*[{?'), 'filesystem = [{ action = "read", path = "/a\\"\\\\\\u200B????" }]');
  });

  it("reaches the caller as the component's refusal", () => {
    host.denyPath("/data", "read");
    assert.throws(() => host.execute("read", "/data/a"), (error: ExecutionError) => {
      assert.equal(error.code, "permission-denied");
      assert.match(error.message, /: needs filesystem = \[\{ action = "read", path = "\/data\/a" \}\] in \[permissions\]/);
      return error.cause instanceof FilesystemError;
    });
  });
});
