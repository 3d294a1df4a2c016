// Bundles a program and puts it into a component. Run with one argument, JSON:
// { tools, entry, project, sdk, engine, world, wit, folder, out }, where all paths are absolute, `tools` has the node_modules
// with the pinned packages, and `folder` is empty and for this build alone.

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const request = JSON.parse(process.argv[2]);

/** Imports a pinned package, wherever this file is. */
async function tool(name) {
  return import(pathToFileURL(join(request.tools, "node_modules", name, entryOf(name))).href);
}

/** The file that `import` would take from a pinned package. */
function entryOf(name) {
  const { exports, module, main } = JSON.parse(readFileSync(join(request.tools, "node_modules", name, "package.json")));
  let entry = exports?.["."] ?? exports;
  while (entry && typeof entry === "object") entry = entry.import ?? entry.node ?? entry.default;
  return entry ?? module ?? main ?? "index.js";
}

/** The program and all it imports, in one file without TypeScript. */
async function bundle() {
  const { build } = createRequire(join(request.tools, "package.json"))("esbuild");
  const nodePaths = [];
  if (request.sdk) {
    // A link and not an alias: only a package's name goes through the `exports` of its package.json.
    const scope = join(request.folder, "node_modules", "@airssys");
    mkdirSync(scope, { recursive: true });
    symlinkSync(request.sdk, join(scope, "wasm"), "junction");
    nodePaths.push(dirname(scope));
  }
  const outfile = join(request.folder, "bundle.js");
  await build({
    entryPoints: [request.entry],
    outfile,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["import"],
    target: "es2022",
    external: ["airssys:*", "wasi:*"],
    define: { AIRSSYS_EXACT_U32: "true" },
    legalComments: "none",
    logLevel: "warning",
    nodePaths,
    sourcemap: "external",
    sourcesContent: false,
  });
  writeFileSync(join(request.folder, "sources"), sourcesOf(outfile));
  return outfile;
}

/** What the host needs to tell the lines of the bundle's files: their names, and the mappings. */
function sourcesOf(outfile) {
  const { sources, mappings } = JSON.parse(readFileSync(`${outfile}.map`, "utf8"));
  const files = sources.map((source) => {
    const file = resolve(dirname(outfile), source);
    const within = (folder) => folder && !relative(folder, file).startsWith("..");
    if (within(request.sdk)) return `@airssys/wasm/${relative(request.sdk, file)}`;
    // Of packages their names, wherever they are installed.
    const name = file.lastIndexOf("/node_modules/");
    if (name >= 0) return file.slice(name + "/node_modules/".length);
    return within(request.project) ? relative(request.project, file) : file;
  });
  return ["bundle.js", ...files, "", mappings].join("\n");
}

async function quickjs(file) {
  const { componentize } = await tool("componentize-qjs");
  const { component } = await componentize({
    witPath: request.wit,
    world: request.world,
    jsSource: readFileSync(file, "utf8"),
    jsPath: file,
    moduleRoot: request.folder,
    sync: true,
    // Nothing is imported from WASI. The globals that would need it are the SDK's, over the host's services.
    stubWasi: true,
  });
  return component;
}

/** The bindings that this engine generates are wrong in two places, in which they are mended. */
async function mendBindings() {
  const folder = join(request.tools, "node_modules", "@bytecodealliance", "componentize-js", "lib");
  const { splicer } = await import(pathToFileURL(join(folder, "spidermonkey-embedding-splicer.js")).href);
  const spliceBindings = splicer.spliceBindings;
  splicer.spliceBindings = (...given) => {
    const spliced = spliceBindings(...given);
    return { ...spliced, jsBindings: keepOthersResources(keepUnsignedExact(spliced.jsBindings)) };
  };
}

/**
 * They turn a u32 into a double that the engine reads as an s32, so that everything from 2^31 on arrives as another
 * number. As an s32 of the same bits it arrives unharmed.
 */
function keepUnsignedExact(bindings) {
  const exact = bindings.replace(/(function toUint32\(\w+\)\s*\{\s*return \w+ )>>> 0/, "$1| 0");
  if (exact === bindings && bindings.includes("toUint32")) {
    throw new Error("toUint32 is not where it is expected in the bindings of componentize-js");
  }
  return exact;
}

/**
 * An exported function that is given a resource of the component itself takes it out of the table by its handle, though
 * the table is by representation, so that another one is lost: https://github.com/bytecodealliance/jco/issues/1862.
 */
function keepOthersResources(bindings) {
  const taken = /(repTable\.get\((\$\w+\$rep\$\w+\((handle\d+)\))\)\.rep;\s*)repTable\.delete\(\3\);/g;
  const kept = bindings.replaceAll(taken, "$1repTable.delete($2);");
  if (/repTable\.delete\(handle\d+\)/.test(kept)) {
    throw new Error("resources are not taken as expected in the bindings of componentize-js");
  }
  return kept;
}

async function starlingmonkey(file) {
  await mendBindings();
  const { componentize } = await tool("@bytecodealliance/componentize-js");
  const { component } = await componentize({
    sourcePath: file,
    witPath: request.wit,
    worldName: request.world,
    // Randomness and clocks stay: without them Math.random and Date would silently answer the same in every instance.
    disableFeatures: ["stdio", "http", "fetch-event"],
  });
  return component;
}

let status = 0;
try {
  const file = await bundle();
  const component = request.engine === "quickjs" ? await quickjs(file) : await starlingmonkey(file);
  writeFileSync(request.out, component);
} catch (error) {
  // The bundler has already printed what it found.
  if (!error?.errors) console.error(error?.message ?? String(error));
  status = 1;
}
// The engines leave handles open that would keep this process alive.
process.exit(status);
