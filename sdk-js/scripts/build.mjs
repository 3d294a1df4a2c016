// Compiles src to JavaScript and declarations:
//
//     node scripts/build.mjs [OUTPUT_DIRECTORY]      default: dist

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const output = resolve(process.argv[2] ?? join(root, "dist"));
const typescript = join(root, "node_modules/typescript");
const { version } = JSON.parse(readFileSync(join(typescript, "package.json"), "utf8"));

rmSync(output, { recursive: true, force: true });
execFileSync(process.execPath, [join(typescript, "bin/tsc"), "-p", root, "--outDir", output], { stdio: "inherit" });

// These speak of the bindings, whose types are not shipped; no public declaration refers to them.
const inner = ["convert.d.ts", "guard.d.ts", "handle.d.ts", "text-encoding.d.ts"];

for (const entry of readdirSync(output, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = join(entry.parentPath, entry.name);
  const name = relative(output, file).replaceAll("\\", "/");
  if (inner.includes(name) || (name.startsWith("testing/internal/") && name.endsWith(".d.ts"))) {
    rmSync(file);
    continue;
  }
  const source = name.replace(/(\.d\.ts|\.js)$/, ".ts");
  const header = `// DO NOT EDIT: compiled from src/${source} by typescript ${version} (npm run build).\n`;
  writeFileSync(file, header + readFileSync(file, "utf8"));
}
