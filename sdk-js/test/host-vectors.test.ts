// What becomes of a path and of a command is what becomes of it at a host: both are held to one table.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, it } from "node:test";

import { component, FilesystemError, ProcessError } from "@airssys/wasm";
import * as directories from "@airssys/wasm/directories";
import * as files from "@airssys/wasm/files";
import * as paths from "@airssys/wasm/paths";
import * as processes from "@airssys/wasm/processes";
import { FakeHost } from "@airssys/wasm/testing";

interface Row {
  call: string;
  path: string;
  source?: string;
  destination?: string;
  target?: string;
  link?: string;
  base?: string;
  "on-existing"?: files.OnExisting;
  flags?: string[];
  pattern?: string;
  answer: string;
}

interface HandleRow {
  flags: string[];
  call: string;
  from?: string;
  offset?: number;
  size?: number;
  answer: string;
}

interface CommandRow {
  argument?: string;
  program?: string;
  value?: string;
  times?: number;
  arguments?: number;
  variables?: number;
  commands?: number;
  stdout?: string;
  stderr?: string;
  answer: string;
}

const table = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../conformance/host-vectors.json"), "utf8")) as {
  files: string[];
  directories: string[];
  links: Array<{ path: string; target: string }>;
  endings: string[];
  paths: Array<Omit<Row, "answer"> & { answers: string[] }>;
  forms: Array<Row & { repeated?: string; times?: number }>;
  permitted: Array<Row & { action: string; at: string }>;
  handles: HandleRow[];
  variables: Array<{ name: string; answer: string }>;
  commands: CommandRow[];
};

const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

const flagsOf = (names: readonly string[]): files.OpenFlags =>
  Object.fromEntries(names.map((name) => [camelCase(name), true]));

/** A host with the files of the table. The content of each is its path. */
function hostOf(): FakeHost {
  const host = new FakeHost(component({ metadata: { name: "acme/vectors", version: "1.0.0" }, execute: {} }));
  for (const path of table.files) host.files.put(path, path);
  for (const path of table.directories) host.files.makeDirectory(path);
  return host;
}

/** One that permits everything and has the links, too. */
function openHostOf(): FakeHost {
  const host = hostOf();
  host.permitAll();
  for (const { path, target } of table.links) host.files.link(target, path);
  return host;
}

/** Does with a path what the row says, and gives what it says of what it found. */
function call(row: Omit<Row, "answer">, path: string): unknown {
  const { source = path, destination = path, target = path, link = path } = row;
  switch (row.call) {
    case "open":
      return void files.open(path, flagsOf(row.flags!)).close();
    case "read-file":
      return void files.readFile(path);
    case "write-file":
      return files.writeFile(path, "lost");
    case "append-file":
      return files.appendFile(path, "lost");
    case "delete-file":
      return files.deleteFile(path);
    case "copy-file":
      return void files.copyFile(source, destination, row["on-existing"]);
    case "rename":
      return files.rename(source, destination, row["on-existing"]);
    case "open-directory":
      return void directories.openDirectory(path).close();
    case "list-directory":
      return void directories.listDirectory(path);
    case "create-directory":
      return directories.createDirectory(path);
    case "create-directory-all":
      return directories.createDirectoryAll(path);
    case "remove-directory":
      return directories.removeDirectory(path);
    case "remove-directory-all":
      return directories.removeDirectoryAll(path);
    case "find": {
      const found = directories.find(path, { pattern: row.pattern ?? "**" });
      return row.pattern === undefined ? undefined : found.join(" ");
    }
    case "measure":
      return void directories.measure(path);
    case "get-metadata":
      return paths.getMetadata(path).fileType;
    case "get-link-metadata":
      return paths.getLinkMetadata(path).fileType;
    case "exists":
      return paths.exists(path);
    case "set-permissions":
      return paths.setPermissions(path, { ownerRead: true });
    case "set-times":
      return paths.setTimes(path, { accessed: "now", modified: "now" });
    case "create-symlink":
      return paths.createSymlink(target, link);
    case "read-symlink":
      return paths.readSymlink(path);
    case "canonicalize":
      return paths.canonicalize(path);
    case "normalize":
      return paths.normalize(path);
    case "relative-to":
      return paths.relativeTo(path, row.base!);
    default:
      return assert.fail(`${row.call} is no operation`);
  }
}

/** How it went, as the table has it: a path that is wrong in an error is the one that was given. */
function answerOf(host: FakeHost, run: () => unknown, path = ""): string {
  try {
    const found = host.run(run);
    return found === undefined || found === "" ? "ok" : `ok: ${String(found)}`;
  } catch (error) {
    assert.ok(error instanceof FilesystemError || error instanceof ProcessError, String(error));
    const about = error instanceof FilesystemError ? error.path : error.program;
    const text = error.denial?.resource ?? about ?? error.detail ?? "";
    return text === path ? error.code : `${error.code}: ${text}`;
  }
}

/** Checks that a row wants this. An error without a text may say what it likes. */
function assertAnswer(answer: string, row: { answer: string }): void {
  const isAnswer = answer === row.answer || (!answer.startsWith("ok") && answer.startsWith(`${row.answer}: `));
  assert.ok(isAnswer, `${JSON.stringify(row)}: ${answer}`);
}

/** Does with an open file what the row says, and gives how many bytes or which position it was. */
function use(file: files.File, { call, from, offset = 0, size = 0 }: HandleRow): unknown {
  const all = 2 ** 32 - 1;
  switch (call) {
    case "read":
      return file.read(all).length;
    case "read-at":
      return file.readAt(offset, all).length;
    case "write":
      return file.write(new Uint8Array(size));
    case "write-at":
      return file.writeAt(offset, new Uint8Array(size));
    case "set-size":
      return file.setSize(offset);
    case "seek":
      return file.seek(from === "backward" || from === "before-end" ? -offset : offset, whences[from!]!);
    case "lock":
      return file.lock("exclusive");
    case "unlock":
      return file.unlock();
    case "sync":
      return file.sync();
    default:
      return assert.fail(`${call} is no operation`);
  }
}

const whences: Record<string, files.Whence> = {
  "start": "start", "forward": "current", "backward": "current", "before-end": "end",
};

function everything(host: FakeHost): unknown {
  return host.run(() => [
    directories.find("/", { pattern: "**" }),
    table.files.map((path) => (host.files.has(path) ? host.files.text(path) : undefined)),
  ]);
}

describe("a fake host", () => {
  it("takes the end of a path as a host does", () => {
    assert.ok(table.paths.length > 100);
    for (const [index, ending] of table.endings.entries()) {
      for (const row of table.paths) {
        const path = row.path + ending.replace("{name}", row.path.slice(row.path.lastIndexOf("/") + 1));
        const host = openHostOf();
        const before = everything(host);
        const answer = answerOf(host, () => call(row, path), path);
        assert.equal(answer, row.answers[index], `${JSON.stringify(row)} of ${path}`);
        if (!answer.startsWith("ok")) assert.deepEqual(everything(host), before, `${JSON.stringify(row)} of ${path}`);
      }
    }
  });

  it("takes the form of a path as a host does", () => {
    assert.ok(table.forms.length > 100);
    for (const row of table.forms) {
      const path = row.path + (row.repeated ?? "").repeat(row.times ?? 0);
      const answer = answerOf(openHostOf(), () => call(row, path), path);
      assertAnswer(answer, row);
    }
  });

  it("does with an open file what a host does", () => {
    assert.ok(table.handles.length > 20);
    for (const row of table.handles) {
      const host = openHostOf();
      const file = host.run(() => files.open("/data/file", flagsOf(row.flags)));
      assertAnswer(answerOf(host, () => use(file, row)), row);
      host.run(() => file.close());
    }
  });

  it("does not tell what a permission does not cover", () => {
    assert.ok(table.permitted.length > 10);
    for (const row of table.permitted) {
      const host = hostOf();
      host.permit({ filesystem: [{ action: row.action, path: row.at }] });
      assert.equal(answerOf(host, () => call(row, row.path), row.path), row.answer, JSON.stringify(row));
    }
  });

  /** How a command goes: started, run, and so many times in a pipeline. */
  function answersOf(command: processes.Command, count = 1): string[] {
    const host = hostOf();
    host.permitAll();
    host.addProgram("/usr/bin/true", () => "");
    const commands = Array.from({ length: count }, () => command);
    const answers = [answerOf(host, () => void processes.runPipeline(commands))];
    if (count === 1) {
      answers.push(answerOf(host, () => void processes.run(command)));
      answers.push(answerOf(host, () => void processes.spawn(command).close()));
    }
    return answers;
  }

  it("gives no program a variable with which it would load other code", () => {
    assert.ok(table.variables.length > 20);
    for (const { name, answer } of table.variables) {
      const program = "/usr/bin/true";
      const set: Array<[string, string]> = [["A", "b"], [name, "./own.so"]];
      for (const environment of [{ set }, { inherit: ["OWN", name] }]) {
        assert.deepEqual(answersOf({ program, environment }), [answer, answer, answer], name);
      }
    }
  });

  it("starts no command that is larger than a host takes", () => {
    assert.ok(table.commands.length > 20);
    const many = (count = 0) => Array.from({ length: count }, (_, index) => `V${index}`);
    const stream = (name: string | undefined) =>
      (name === undefined ? "piped"
      : name === "read-file" ? { readFile: "/data/file" }
      : name) as processes.Stdio;
    for (const row of table.commands) {
      const text = (once = "") => once.repeat(row.times ?? 1);
      const command: processes.Command = {
        program: text(row.program) || "/usr/bin/true",
        arguments: row.argument === undefined ? many(row.arguments).map(() => "") : [text(row.argument)],
        environment: { set: row.value === undefined ? many(row.variables).map((name) => [name, ""]) : [["V", text(row.value)]] },
        stdio: { stdout: stream(row.stdout), stderr: stream(row.stderr) },
      };
      // A pipeline has no use for standard output.
      const answers = answersOf(command, row.commands).slice(row.stdout === undefined ? 0 : 1);
      for (const answer of answers) assert.equal(answer.replace(/: $/, ""), row.answer, JSON.stringify(row));
    }
  });
});
