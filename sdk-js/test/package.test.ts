// What is shipped: it is built from these sources, and shows nothing of the bindings.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { it } from "node:test";

const root = resolve(import.meta.dirname, "..");

function contents(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(directory.length + 1), readFileSync(path, "utf8")]));
}

function assertFresh(script: string, committed: string): void {
  const fresh = mkdtempSync(join(tmpdir(), "airssys-fresh-"));
  try {
    execFileSync(process.execPath, [join(root, "scripts", script), fresh]);
    assert.deepEqual(contents(join(root, committed)), contents(fresh));
  } finally {
    rmSync(fresh, { recursive: true });
  }
}

it("dist is what the sources compile to", () => assertFresh("build.mjs", "dist"));

it("src/generated is what the contract generates", () => assertFresh("generate.mjs", "src/generated"));

it("no declaration speaks of the bindings", () => {
  for (const [name, text] of Object.entries(contents(join(root, "dist")))) {
    if (name.endsWith(".d.ts")) assert.doesNotMatch(text, /airssys:[a-z-]+\/|generated\//, name);
  }
});

it("every export of the package is there", () => {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Record<string, Record<string, string>>;
  };
  for (const path of Object.values(exports).flatMap(Object.values)) readFileSync(join(root, path));
});

it("the lock file names no registry", () => {
  assert.doesNotMatch(readFileSync(join(root, "package-lock.json"), "utf8"), /"resolved"/);
});

it("a project of the template knows the globals that packages ask for, and none of Node.js", () => {
  const folder = mkdtempSync(join(tmpdir(), "airssys-globals-"));
  try {
    const settings = JSON.parse(readFileSync(join(root, "../templates/ts-minimal/content/tsconfig.json"), "utf8"));
    // What the template passes over in packages must not hide what is wrong here.
    settings.compilerOptions.skipLibCheck = false;
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    mkdirSync(join(folder, "node_modules/@airssys"), { recursive: true });
    symlinkSync(root, join(folder, "node_modules/@airssys/wasm"), "junction");
    mkdirSync(join(folder, "src"));
    const source = `
      const url: URL = new URL("/a", "https://example.com");
      export const pairs: string[][] = [...url.searchParams, ...new URLSearchParams({ a: "1" }).entries()];
      export const copy: Map<string, number> = structuredClone(new Map([["a", 1]]));
      export const texts: string[] = [atob(btoa("a")), import.meta.url, crypto.randomUUID()];
      const timer: number = setTimeout((text: string) => console.log(text), 5, "a");
      clearTimeout(timer);
      queueMicrotask(() => console.table([{ a: 1 }], ["a"]));
      console.dir({}, { depth: 0 });
      console.assert(false, "%s", "a");
      // @ts-expect-error: there is no Node.js
      export const { env } = process;
      // @ts-expect-error: there is no fetch
      export const response = fetch("https://example.com");
    `;
    writeFileSync(join(folder, "src/index.ts"), source);
    const typescript = join(root, "node_modules/typescript/bin/tsc");
    execFileSync(process.execPath, [typescript, "--noEmit", "-p", folder], { stdio: "inherit" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("examples compile under strict", () => {
  const typescript = join(root, "node_modules/typescript/bin/tsc");
  const examples = readdirSync(join(root, "examples")).map((name) => join(root, "examples", name));
  const typed = examples.filter((example) => existsSync(join(example, "tsconfig.json")));
  assert.notEqual(typed.length, 0);
  for (const example of typed) execFileSync(process.execPath, [typescript, "-p", example], { stdio: "inherit" });
});
