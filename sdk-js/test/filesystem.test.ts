import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { ArgumentError, ClosedError, FilesystemError } from "@airssys/wasm";
import * as directories from "@airssys/wasm/directories";
import * as files from "@airssys/wasm/files";
import * as paths from "@airssys/wasm/paths";

import { answer, calls, cursor, file, hostError, reset } from "./scripted-host.js";

const U64_MAX = 2n ** 64n - 1n;
const U32_MAX = 2 ** 32 - 1;

const NO_PERMISSIONS = {
  ownerRead: false, ownerWrite: false, ownerExecute: false,
  groupRead: false, groupWrite: false, groupExecute: false,
  otherRead: false, otherWrite: false, otherExecute: false,
};

beforeEach(reset);

function opened(): files.File {
  answer("open", file);
  return files.open("/data/a", { read: true, write: true });
}

/** The call that came last. */
function last(): unknown[] | undefined {
  return calls.at(-1);
}

describe("files", () => {
  it("passes all flags and none", () => {
    const none = { read: false, write: false, append: false, create: false, createNew: false, truncate: false, noFollow: false };
    answer("open", file);
    files.open("/ä b", {});
    assert.deepEqual(last(), ["open", "/ä b", none]);
    const all = { read: true, write: true, append: true, create: true, createNew: true, truncate: true, noFollow: true };
    files.open("/a", all);
    assert.deepEqual(last(), ["open", "/a", all]);
  });

  it("reads and writes whole files, text as UTF-8", () => {
    answer("readFile", () => Uint8Array.of(1, 2));
    assert.deepEqual(files.readFile("/a"), Uint8Array.of(1, 2));
    answer("writeFile", () => undefined);
    files.writeFile("/a", "é");
    assert.deepEqual(last(), ["writeFile", "/a", Uint8Array.of(0xc3, 0xa9)]);
    answer("appendFile", () => undefined);
    files.appendFile("/a", Uint8Array.of());
    assert.deepEqual(last(), ["appendFile", "/a", Uint8Array.of()]);
  });

  it("copies, renames and deletes, not over what is there unless told so", () => {
    answer("copyFile", () => U64_MAX);
    assert.equal(files.copyFile("/a", "/b"), U64_MAX);
    assert.deepEqual(last(), ["copyFile", "/a", "/b", "fail"]);
    answer("rename", () => undefined);
    files.rename("/a", "/b", "replace");
    assert.deepEqual(last(), ["rename", "/a", "/b", "replace"]);
    answer("deleteFile", () => undefined);
    files.deleteFile("/a");
    assert.deepEqual(last(), ["deleteFile", "/a"]);
  });

  it("passes the extremes of the numbers through a file", () => {
    const open = opened();
    answer("file.readAt", () => Uint8Array.of(9));
    assert.deepEqual(open.readAt(U64_MAX, U32_MAX), Uint8Array.of(9));
    assert.deepEqual(last(), ["file.readAt", U64_MAX, U32_MAX]);
    answer("file.read", () => Uint8Array.of());
    open.read();
    assert.deepEqual(last(), ["file.read", files.DEFAULT_READ_BYTES]);
    answer("file.write", () => U32_MAX);
    assert.equal(open.write(Uint8Array.of(1)), U32_MAX);
    answer("file.writeAt", () => 1);
    open.writeAt(0n, Uint8Array.of(1));
    assert.deepEqual(last(), ["file.writeAt", 0n, Uint8Array.of(1)]);
    answer("file.setSize", () => undefined);
    open.setSize(U64_MAX);
    assert.deepEqual(last(), ["file.setSize", U64_MAX]);
  });

  it("seeks by offset and whence", () => {
    const open = opened();
    answer("file.seek", () => 3n);
    const cases: Array<[bigint, files.Whence | undefined, object]> = [
      [5n, undefined, { tag: "start", val: 5n }],
      [5n, "current", { tag: "forward", val: 5n }],
      [0n, "current", { tag: "forward", val: 0n }],
      [-5n, "current", { tag: "backward", val: 5n }],
      [-U64_MAX, "current", { tag: "backward", val: U64_MAX }],
      [0n, "end", { tag: "before-end", val: 0n }],
      [-5n, "end", { tag: "before-end", val: 5n }],
    ];
    for (const [offset, whence, raw] of cases) {
      assert.equal(open.seek(offset, whence), 3n);
      assert.deepEqual(last(), ["file.seek", raw]);
    }
    const before = calls.length;
    assert.throws(() => open.seek(-1n), ArgumentError);
    assert.throws(() => open.seek(1n, "end"), ArgumentError);
    assert.throws(() => open.seek(0.5), ArgumentError);
    open.seek(-5, "end");
    assert.deepEqual(last(), ["file.seek", { tag: "before-end", val: 5n }]);
    assert.throws(() => open.seek(0n, "middle" as never), ArgumentError);
    assert.equal(calls.length, before + 1);
  });

  it("locks with a timeout, without one, and not at all with 0", () => {
    const open = opened();
    answer("file.lock", () => undefined);
    answer("file.unlock", () => undefined);
    answer("file.sync", () => undefined);
    open.lock("shared");
    assert.deepEqual(last(), ["file.lock", "shared", undefined]);
    open.lock("exclusive", 0);
    assert.deepEqual(last(), ["file.lock", "exclusive", 0]);
    open.unlock();
    assert.deepEqual(last(), ["file.unlock"]);
    open.sync("data");
    assert.deepEqual(last(), ["file.sync", "data"]);
  });

  it("is dropped once, and refuses every use afterwards", () => {
    const open = opened();
    {
      using again = open;
      again.close();
    }
    open[Symbol.dispose]();
    assert.deepEqual(calls.filter(([name]) => name === "file.drop").length, 1);
    const uses: Array<() => unknown> = [
      () => open.read(), () => open.readAt(0n), () => open.write(Uint8Array.of()), () => open.writeAt(0n, Uint8Array.of()),
      () => open.seek(0n), () => open.sync(), () => open.setSize(0n), () => open.metadata(), () => open.lock("shared"),
      () => open.unlock(),
    ];
    for (const use of uses) assert.throws(use, ClosedError);
    assert.equal(last()?.[0], "file.drop");
  });

  it("checks every argument before it asks the host", () => {
    const open = opened();
    const before = calls.length;
    const refused: Array<[ArgumentError["code"], () => unknown]> = [
      ["wrong-type", () => files.readFile(5 as never)],
      ["malformed-text", () => files.readFile("/\ud83d")],
      ["wrong-type", () => files.writeFile("/a", [1, 2] as never)],
      ["malformed-text", () => files.writeFile("/a", "\udc00")],
      ["out-of-range", () => files.rename("/a", "/b", "overwrite" as never)],
      ["wrong-type", () => open.readAt("5" as never)],
      ["out-of-range", () => open.readAt(1.5)],
      ["out-of-range", () => open.readAt(-1)],
      ["out-of-range", () => open.readAt(2 ** 53)],
      ["out-of-range", () => open.readAt(-1n)],
      ["out-of-range", () => open.readAt(2n ** 64n)],
      ["out-of-range", () => open.read(-1)],
      ["out-of-range", () => open.read(1.5)],
      ["out-of-range", () => open.read(NaN)],
      ["out-of-range", () => open.read(2 ** 32)],
      ["wrong-type", () => open.read(1n as never)],
      ["wrong-type", () => open.write("text" as never)],
      ["out-of-range", () => open.lock("mine" as never)],
    ];
    for (const [code, use] of refused) assert.throws(use, (error) => error instanceof ArgumentError && error.code === code);
    assert.equal(calls.length, before);
  });
});

describe("filesystem errors", () => {
  function thrown(error: Error): FilesystemError {
    answer("readFile", () => {
      throw error;
    });
    try {
      files.readFile("/a");
    } catch (error) {
      assert.ok(error instanceof FilesystemError);
      return error;
    }
    return assert.fail("nothing was thrown");
  }

  it("carry their case and what it is about", () => {
    const withPath = [
      "not-found", "already-exists", "not-a-directory", "is-a-directory", "directory-not-empty", "too-many-links",
      "name-too-long", "cross-device", "locked",
    ];
    for (const code of withPath) {
      const error = thrown(hostError(code, "/ä"));
      assert.deepEqual([error.code, error.path, error.detail, error.denial], [code, "/ä", undefined, undefined]);
    }
    for (const code of ["invalid-path", "invalid-argument", "unsupported", "quota-exceeded", "io"]) {
      const error = thrown(hostError(code, "why"));
      assert.deepEqual([error.code, error.path, error.detail, error.denial], [code, undefined, "why", undefined]);
    }
    const error = thrown(hostError("too-many-open-files"));
    assert.deepEqual([error.code, error.message], ["too-many-open-files", "too many open files"]);
  });

  it("name the missing line of Component.toml", () => {
    const denial = {
      operation: "ext-filesystem/files.read-file",
      resource: "/a",
      missing: 'filesystem = [{ action = "read", path = "/a" }]',
    };
    const error = thrown(hostError("permission-denied", denial));
    assert.deepEqual([error.code, error.denial], ["permission-denied", denial]);
    assert.ok(error.message.endsWith(`: needs ${denial.missing} in [permissions] of Component.toml, and the operator's grant`));
  });

  it("leave what is no error of the contract as it is", () => {
    const unexpected = new Error("from elsewhere");
    answer("readFile", () => {
      throw unexpected;
    });
    assert.throws(() => files.readFile("/a"), (error) => error === unexpected);
  });
});

describe("directories", () => {
  it("iterates over pages until an empty one, and is dropped once", () => {
    const pages = [[{ name: "a", fileType: "regular" }, { name: "ä", fileType: "other" }], [{ name: "c", fileType: "directory" }], []];
    answer("openDirectory", cursor);
    answer("cursor.next", () => pages.shift());
    {
      using entries = directories.openDirectory("/d");
      assert.deepEqual(Array.from(entries, ({ name }) => name), ["a", "ä", "c"]);
    }
    assert.deepEqual(calls.map(([name]) => name), ["openDirectory", "cursor.next", "cursor.next", "cursor.next", "cursor.drop"]);
  });

  it("takes pages of a size", () => {
    answer("openDirectory", cursor);
    answer("cursor.next", () => []);
    const entries = directories.openDirectory("/d");
    assert.deepEqual(entries.next(U32_MAX), []);
    assert.deepEqual(last(), ["cursor.next", U32_MAX]);
    entries.close();
    assert.throws(() => entries.next(), ClosedError);
  });

  it("finds with options and with the defaults", () => {
    answer("find", () => ["/d/a"]);
    assert.deepEqual(directories.find("/d", { pattern: "**" }), ["/d/a"]);
    assert.deepEqual(last(), ["find", "/d", { pattern: "**", followLinks: false }]);
    directories.find("/d", { pattern: "*", maxDepth: 0, followLinks: true, limit: U32_MAX });
    assert.deepEqual(last(), ["find", "/d", { pattern: "*", maxDepth: 0, followLinks: true, limit: U32_MAX }]);
  });

  it("forwards the rest", () => {
    const entries = [{ name: "a", fileType: "symbolic-link" }];
    answer("listDirectory", () => entries);
    assert.deepEqual(directories.listDirectory("/d"), entries);
    answer("measure", () => ({ files: 1n, directories: 2n, bytes: U64_MAX }));
    assert.deepEqual(directories.measure("/d"), { files: 1n, directories: 2n, bytes: U64_MAX });
    for (const name of ["createDirectory", "createDirectoryAll", "removeDirectory", "removeDirectoryAll"] as const) {
      answer(name, () => undefined);
      directories[name]("/d/e");
      assert.deepEqual(last(), [name, "/d/e"]);
    }
  });
});

describe("paths", () => {
  const time = { seconds: 1_700_000_000n, nanoseconds: 999_999_999 };

  it("gives metadata with the times that are there", () => {
    const raw = { fileType: "other", size: U64_MAX, permissions: { ...NO_PERMISSIONS, groupWrite: true }, links: 0n };
    for (const name of ["getMetadata", "getLinkMetadata"] as const) {
      answer(name, () => ({ ...raw, accessed: time, modified: undefined, created: null }));
      assert.deepEqual(paths[name]("/a"), { ...raw, accessed: time });
    }
  });

  it("sets permissions, absent ones cleared", () => {
    answer("setPermissions", () => undefined);
    paths.setPermissions("/a", { ownerRead: true, otherExecute: true });
    assert.deepEqual(last(), ["setPermissions", "/a", { ...NO_PERMISSIONS, ownerRead: true, otherExecute: true }]);
  });

  it("sets times, absent ones unchanged", () => {
    answer("setTimes", () => undefined);
    paths.setTimes("/a", { modified: time });
    assert.deepEqual(last(), ["setTimes", "/a", { accessed: { tag: "unchanged" }, modified: { tag: "at", val: time } }]);
    paths.setTimes("/a", { accessed: "now", modified: "unchanged" });
    assert.deepEqual(last(), ["setTimes", "/a", { accessed: { tag: "now" }, modified: { tag: "unchanged" } }]);
    assert.throws(() => paths.setTimes("/a", { accessed: "later" as never }), ArgumentError);
    assert.throws(() => paths.setTimes("/a", { accessed: { seconds: -1n, nanoseconds: 0 } }), ArgumentError);
  });

  it("forwards the rest", () => {
    answer("exists", () => false);
    assert.equal(paths.exists("/a"), false);
    answer("createSymlink", () => undefined);
    paths.createSymlink("/target", "/link");
    assert.deepEqual(last(), ["createSymlink", "/target", "/link"]);
    for (const name of ["readSymlink", "canonicalize", "normalize"] as const) {
      answer(name, () => "/x");
      assert.equal(paths[name]("/a"), "/x");
      assert.deepEqual(last(), [name, "/a"]);
    }
    answer("relativeTo", () => "");
    assert.equal(paths.relativeTo("/a", "/b"), "");
    assert.deepEqual(last(), ["relativeTo", "/a", "/b"]);
  });
});
