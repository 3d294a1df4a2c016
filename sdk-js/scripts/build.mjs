// Compiles src to JavaScript and declarations, and makes one file of each package in src/vendor:
//
//     node scripts/build.mjs [OUTPUT_DIRECTORY]      default: dist

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

import { build } from "esbuild";

const root = resolve(import.meta.dirname, "..");
const output = resolve(process.argv[2] ?? join(root, "dist"));
const typescript = join(root, "node_modules/typescript");
const { version } = JSON.parse(readFileSync(join(typescript, "package.json"), "utf8"));

rmSync(output, { recursive: true, force: true });
execFileSync(process.execPath, [join(typescript, "bin/tsc"), "-p", root, "--outDir", output], { stdio: "inherit" });

await vendor("inspect.js", "node-inspect-extracted", {
  stdin: {
    contents: `
      import util from "node-inspect-extracted";
      export const { inspect, format, formatWithOptions } = util;
      export { setStacks } from "./scripts/stacks.mjs";
    `,
    resolveDir: root,
  },
  inject: [join(root, "scripts/stacks.mjs")],
  plugins: [
    changed(
      /node-inspect-extracted.dist.inspect\.js$/,
      /function (\w+)\((\w+)\)\{return \2\.stack\?\w+\(\2\.stack\):\w+\(\2\)\}/,
      "function $1($2){return STACK_OF($2)}",
    ),
  ],
});
await vendor("web.js", "core-js-pure", {
  stdin: {
    contents: `
      export { default as URL } from "core-js-pure/actual/url";
      export { default as URLSearchParams } from "core-js-pure/actual/url-search-params";
      export { default as structuredClone } from "core-js-pure/actual/structured-clone";
      export { default as atob } from "core-js-pure/actual/atob";
      export { default as btoa } from "core-js-pure/actual/btoa";
    `,
    resolveDir: root,
  },
});
await vendor("toml.js", "smol-toml", {
  stdin: { contents: `export { parse } from "smol-toml";`, resolveDir: root },
});

/** Makes one file of a package, with its license at the beginning. */
async function vendor(file, from, options) {
  const folder = join(root, "node_modules", from);
  const { version: found, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { outputFiles } = await build({
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    minify: true,
    legalComments: "none",
    charset: "ascii",
    ...options,
  });
  const terms = readFileSync(join(folder, readdirSync(folder).find((name) => /^licen[cs]e/i.test(name))), "utf8");
  const head = [`DO NOT EDIT: ${from} ${found} (${license}), made into one file by npm run build.`, "", ...terms.trim().split("\n")];
  mkdirSync(join(output, "vendor"), { recursive: true });
  const comment = head.map((line) => `// ${line.trim()}`.trimEnd()).join("\n");
  writeFileSync(join(output, "vendor", file), `${comment}\n${outputFiles[0].text}`);
}

/** Changes one place of a file, which has to be there. */
function changed(filter, place, to) {
  return {
    name: "changed",
    setup({ onLoad }) {
      onLoad({ filter }, ({ path }) => {
        const code = readFileSync(path, "utf8");
        const contents = code.replace(place, to);
        if (contents === code) throw new Error(`${place} is not in ${path}`);
        return { contents, loader: "js" };
      });
    },
  };
}

// These speak of the bindings, whose types are not shipped; no public declaration refers to them.
const inner = ["convert.d.ts", "guard.d.ts", "handle.d.ts", "text-encoding.d.ts"];

for (const entry of readdirSync(output, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || entry.parentPath === join(output, "vendor")) continue;
  const file = join(entry.parentPath, entry.name);
  const name = relative(output, file).replaceAll("\\", "/");
  if (inner.includes(name) || (/^testing\/internal\/(?!patterns|permissions)/.test(name) && name.endsWith(".d.ts"))) {
    rmSync(file);
    continue;
  }
  const source = name.replace(/(\.d\.ts|\.js)$/, ".ts");
  const header = `// DO NOT EDIT: compiled from src/${source} by typescript ${version} (npm run build).\n`;
  writeFileSync(file, header + readFileSync(file, "utf8"));
}
