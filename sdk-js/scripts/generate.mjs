// Generates the types of the bindings of the world `full` from ../wit:
//
//     node scripts/generate.mjs [OUTPUT_DIRECTORY]      default: src/generated

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const output = resolve(process.argv[2] ?? join(root, "src/generated"));
const jco = join(root, "node_modules/@bytecodealliance/jco");
const { version } = JSON.parse(readFileSync(join(jco, "package.json"), "utf8"));

const work = mkdtempSync(join(tmpdir(), "airssys-generate-"));
execFileSync(
  process.execPath,
  [join(jco, "dist/jco.js"), "guest-types", join(root, "../wit"), "--world-name", "full", "--out-dir", work, "--quiet"],
  { stdio: ["ignore", "ignore", "inherit"] },
);
for (const entry of readdirSync(work, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = join(entry.parentPath, entry.name);
  const text = readFileSync(file, "utf8").replace(/[ \t]+$/gm, "");
  writeFileSync(file, `// DO NOT EDIT: generated from the WIT by jco ${version} (npm run generate).\n${text}`);
}
rmSync(output, { recursive: true, force: true });
cpSync(work, output, { recursive: true });
rmSync(work, { recursive: true });
