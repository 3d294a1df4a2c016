// Bundles a program and puts it into a component. Run with two arguments: the step, `bundle` or `componentize`, and JSON,
// { tools, entry, project, sdk, engine, world, imports, wit, component, folder, out }, where all paths are absolute, `tools`
// has the node_modules with the pinned packages, `imports` are the packages of a host's own, `folder` is empty at first and
// for this build alone, and `component` is the section [component] of Component.toml. The first step writes bundle.js,
// sources and bundle.json to `folder`, the second makes `out` of them.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire, isBuiltin, SourceMap } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [step, request] = [process.argv[2], JSON.parse(process.argv[3])];

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

/** Any of the series will do for the host. */
const RANDOM_VERSION = "0.2.0";

// Of the interfaces of WASI all are taken away from the engine, and its adapter with them. The one for randomness is the
// SDK's: it goes by a name of the same length until that is done.
const HIDDEN = "xasi:random";
const SHOWN = "wasi:random";

/** Where the SDK finds real randomness on QuickJS, whose own is the same in each instance. */
const RANDOMNESS = `import { getRandomBytes as AIRSSYS_RANDOM_BYTES } from "${HIDDEN}/random@${RANDOM_VERSION}";`;

const esbuild = createRequire(join(request.tools, "package.json"))("esbuild");

/** The program and all it imports, in one file without TypeScript. */
async function bundle() {
  const outfile = join(request.folder, "bundle.js");
  const options = {
    entryPoints: [request.entry],
    outfile,
    bundle: true,
    format: "esm",
    // Of the two platforms that packages are made for, the one without files and sockets of its own.
    platform: "browser",
    mainFields: ["browser", "module", "main"],
    target: "es2022",
    // With functions instead, promises are those of the SDK, which runs their jobs: QuickJS never does at run time.
    supported: { "async-await": false, "async-generator": false, "for-await": false },
    external: ["airssys:*", "wasi:*", ...request.imports.map((name) => `${name}/*`)],
    define: {
      AIRSSYS_EXACT_U32: "true",
      AIRSSYS_ENGINE: JSON.stringify(request.engine),
      AIRSSYS_COMPONENT: JSON.stringify(request.component),
      "import.meta.url": JSON.stringify("file:///bundle.js"),
      "process.env.NODE_ENV": JSON.stringify("production"),
      global: "globalThis",
    },
    banner: { js: request.engine === "quickjs" ? RANDOMNESS : "" },
    footer: { js: "globalThis.AIRSSYS_BUILT?.();" },
    plugins: [sdk],
    // Without comments, which say where each file is, so that it does not matter where.
    minifyWhitespace: true,
    legalComments: "none",
    logLevel: "silent",
    sourcemap: "external",
    sourcesContent: false,
  };
  const { metafile } = await run({ ...options, write: false, metafile: true });
  const { warnings, metafile: whole } = await run({
    ...options,
    metafile: true,
    plugins: [...options.plugins, without(Object.keys(metafile.inputs))],
  });
  if (warnings.length > 0) console.error(show("warning", warnings));
  writeFileSync(join(request.folder, "sources"), sourcesOf(outfile));
  const outputs = Object.entries(whole.outputs).filter(([file]) => file.endsWith(".js"));
  const imports = outputs.flatMap(([, output]) => output.imports).filter(({ external }) => external);
  const inputs = Object.keys(metafile.inputs).map((input) => resolve(input));
  writeFileSync(join(request.folder, "bundle.json"), JSON.stringify({ imports: imports.map(({ path }) => path), inputs }));
}

async function run(options) {
  return esbuild.build(options).catch((error) => {
    if (error.errors) throw new Refused(show("error", error.errors.map(explained)));
    throw error;
  });
}

/**
 * What the SDK carries for few programs, by the file in which it is: the words without which a program has no use for it,
 * and what stands there instead. On QuickJS it is a large part of the component.
 */
const SELDOM = {
  "web.js": {
    words: /\b(?:URL|URLSearchParams|structuredClone|atob|btoa)\b/,
    otherwise: "export const URL = undefined, URLSearchParams = undefined, structuredClone = undefined, atob = undefined, btoa = undefined;",
  },
  "inspect.js": {
    words: /\bconsole\b/,
    otherwise: `
      export const inspect = String, setStacks = () => {};
      export const format = (...values) => values.map(String).join(" ");
      export const formatWithOptions = (_, ...values) => format(...values);
    `,
  },
};

/** Leaves out of the SDK what none of the files asks for. */
function without(inputs) {
  // What packages leave out for browsers is among the inputs, but no file.
  const files = request.sdk ? inputs.map((input) => resolve(input)).filter((file) => existsSync(file)) : [];
  const sources = files.filter((file) => relative(request.sdk, file).startsWith("..")).map((file) => readFileSync(file, "utf8"));
  return {
    name: "without",
    setup(build) {
      for (const [file, { words, otherwise }] of Object.entries(SELDOM)) {
        // StarlingMonkey has all that the web has.
        const isAsked = sources.some((source) => words.test(source)) && !(file === "web.js" && request.engine !== "quickjs");
        if (!request.sdk || isAsked) continue;
        const path = join(request.sdk, "dist", "vendor", file);
        build.onLoad({ filter: /[\\/]vendor[\\/]/ }, (asked) => (asked.path === path ? { contents: otherwise } : undefined));
      }
    },
  };
}

/** What is wrong with the program itself, in words for its author. */
class Refused extends Error {}

function show(kind, messages) {
  return esbuild.formatMessagesSync(messages, { kind, color: false }).join("").trim();
}

/** An error of the bundler, with the reason where that is what a component does not have. */
function explained(error) {
  if (error.text.startsWith("Top-level await")) {
    const text = "await outside of functions: that code runs while the component is built, where nothing is asynchronous";
    return { ...error, text };
  }
  const [, module] = /^Could not resolve "(.+)"$/.exec(error.text) ?? [];
  if (!module) return error;
  if (/^[a-z0-9-]+:[a-z0-9-]+\//.test(module) && !isBuiltin(module)) {
    const text = `${module} is no interface that this component imports`;
    const help = "interfaces of the host's own are listed in [imports] of Component.toml, each with the folder of its WIT";
    return { ...error, text, notes: [{ text: help }] };
  }
  if (!isBuiltin(module)) return error;
  const name = module.startsWith("node:") ? module : `node:${module}`;
  const owner = packageOf(error.location?.file ?? "");
  const text = `${name} is needed by ${owner ? `the package ${owner}` : "this module"}, and a component has no Node.js around it`;
  const help = "@airssys/wasm has modules for files, sockets and processes; of packages, those for browsers will do";
  return { ...error, text, notes: [{ text: help }] };
}

/** The package that a file belongs to. */
function packageOf(file) {
  const [, name] = /.*(?:^|[\\/])node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file) ?? [];
  return name?.replaceAll("\\", "/");
}

/**
 * The SDK where Component.toml says it is, whatever else the project's package manager knows: through the `exports` of
 * its package.json, as for any package.
 */
const sdk = {
  name: "sdk",
  setup(build) {
    if (!request.sdk) return;
    const { exports } = JSON.parse(readFileSync(join(request.sdk, "package.json"), "utf8"));
    build.onResolve({ filter: /^@airssys\/wasm(\/|$)/ }, ({ path, kind }) => {
      const file = exports[`.${path.slice("@airssys/wasm".length)}`]?.default;
      if (!file) return { errors: [{ text: `${path} is no module of the SDK` }] };
      return build.resolve(file, { resolveDir: request.sdk, kind });
    });
  },
};

/** What the host needs to tell the lines of the bundle's files: their names, and the mappings. */
function sourcesOf(outfile) {
  const { sources, mappings } = JSON.parse(readFileSync(`${outfile}.map`, "utf8"));
  return ["bundle.js", ...sources.map(nameOf), "", mappings].join("\n");
}

/** What a source is called: the same wherever project and packages are. */
function nameOf(source) {
  const file = resolve(request.folder, source);
  const within = (folder) => folder && !relative(folder, file).startsWith("..");
  if (within(request.sdk)) return `@airssys/wasm/${relative(request.sdk, file)}`;
  const name = file.lastIndexOf("/node_modules/");
  if (name >= 0) return file.slice(name + "/node_modules/".length);
  if (within(request.folder)) return relative(request.folder, file);
  return within(request.project) ? relative(request.project, file) : file;
}

async function quickjs(file) {
  const { componentize } = await tool("componentize-qjs");
  const { component } = await componentize({
    witPath: request.wit,
    world: withRandomness(),
    jsSource: readFileSync(file, "utf8"),
    jsPath: file,
    moduleRoot: request.folder,
    sync: true,
    // Nothing else is imported from WASI. The globals that would need it are the SDK's, over the host's services.
    stubWasi: true,
  });
  replaceAll(component, HIDDEN, SHOWN);
  return component;
}

/** Adds a world to the contract that has randomness as well. */
function withRandomness() {
  const folder = join(request.wit, "deps", "hidden-random");
  mkdirSync(folder, { recursive: true });
  const bytes = "get-random-bytes: func(len: u64) -> list<u8>;";
  writeFileSync(join(folder, "random.wit"), `package ${HIDDEN}@${RANDOM_VERSION};\ninterface random { ${bytes} }\n`);
  const imports = `include ${request.world}; import ${HIDDEN}/random@${RANDOM_VERSION};`;
  writeFileSync(join(request.wit, "with-randomness.wit"), `${packageLine()}\nworld with-randomness { ${imports} }\n`);
  return "with-randomness";
}

/** The line that names the package of the contract's worlds. */
function packageLine() {
  for (const name of readdirSync(request.wit)) {
    const [line] = (name.endsWith(".wit") && /^package [^;]+;/m.exec(readFileSync(join(request.wit, name), "utf8"))) || [];
    if (line) return line;
  }
  throw new Error("the contract has no package of worlds");
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

async function starlingmonkey() {
  await mendBindings();
  const { componentize } = await tool("@bytecodealliance/componentize-js");
  // The engine keeps the names of its files in memory, and one of them is drawn by lot: here they are the same each time.
  process.chdir(request.folder);
  process.env.TMPDIR = ".";
  Math.random = () => 0.5;
  const { component } = await componentize({
    sourcePath: "bundle.js",
    witPath: request.wit,
    worldName: request.world,
    // Randomness and clocks stay: without them Math.random and Date would silently answer the same in every instance.
    disableFeatures: ["stdio", "http", "fetch-event"],
  });
  // The engine keeps where its files were: of a folder that is gone, and of the one who builds, nobody has to know.
  replaceAll(component, request.folder, "/build".padEnd(Buffer.byteLength(request.folder), "/"));
  return component;
}

/** Puts text of the same length in the place of another one. */
function replaceAll(component, text, by) {
  const bytes = Buffer.from(component.buffer, component.byteOffset, component.byteLength);
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) bytes.write(by, at);
}

/** Places in the bundle as places in the sources. */
function atSources(text) {
  const map = new SourceMap(JSON.parse(readFileSync(join(request.folder, "bundle.js.map"), "utf8")));
  return text.replaceAll(/[^\s()@'"]*bundle\.js:(\d+):(\d+)/g, (place, line, column) => {
    const { originalSource, originalLine, originalColumn } = map.findEntry(line - 1, column - 1);
    if (!originalSource) return place;
    return `${nameOf(originalSource)}:${originalLine + 1}:${originalColumn + 1}`;
  });
}

/** Lines that only the developers of the tools can use. */
const NOISE = [
  /^\s*(Stack:|Caused by:|Error: the `.*` function trapped|\d+: |0x[0-9a-f]+ - |note: using the `WASMTIME)/,
  /^(Failed to initialize component|Exception while evaluating top-level script|Additionally, some promises|Promise rejected but never)/,
];

/** Why an engine does not take what others do. */
const REASONS = [
  [
    /invalid (property name|identity escape) in regular expression/,
    "StarlingMonkey is built without the tables of Unicode that \\p{…} needs; QuickJS has them: engine = \"quickjs\" in [build]",
  ],
];

/** What stopped the engine while it ran the program for the first time. */
function stopped(message) {
  const words = message.replace(/^: (?:Failed to [^:]+: )+/, "");
  const lines = atSources(words).split("\n").filter((line) => line.trim() && !NOISE.some((noise) => noise.test(line)));
  const reasons = REASONS.filter(([words]) => words.test(message)).map(([, reason]) => reason);
  const head = "the program stopped while it was built, which is when code outside of functions runs";
  return [head, ...lines, ...reasons].join("\n");
}

async function componentize() {
  const engine = request.engine === "quickjs" ? quickjs : starlingmonkey;
  const component = await engine(join(request.folder, "bundle.js")).catch((error) => {
    throw new Refused(stopped(error?.message ?? String(error)));
  });
  writeFileSync(request.out, component);
}

let status = 0;
try {
  await (step === "bundle" ? bundle() : componentize());
} catch (error) {
  console.error(error instanceof Refused ? error.message : (error?.stack ?? String(error)));
  status = 1;
}
// The engines leave handles open that would keep this process alive.
process.exit(status);
