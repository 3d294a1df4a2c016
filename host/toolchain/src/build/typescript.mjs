// Checks the types of a program with the pinned compiler. Run with one argument, JSON:
// { tools, entry, project, sdk, folder, declarations, inputs }, where all paths are absolute, `folder` is for this build
// alone, `declarations` is the file with those of a host's own interfaces, if there are any, and `inputs` are the files that
// the bundler has read. What is wrong in other files is nobody's business here.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const request = JSON.parse(process.argv[2]);
const compiler = join(request.tools, "node_modules", "typescript", "bin", "tsc");

/** The folders above a file, the nearest first. */
function* above(path) {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    yield folder;
    if (folder === dirname(folder)) return;
  }
}

function find(name) {
  for (const folder of above(request.entry)) {
    if (existsSync(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

/** What holds where the project has no tsconfig.json. */
const DEFAULTS = {
  target: "es2022",
  lib: ["es2024", "esnext.disposable"],
  module: "esnext",
  moduleResolution: "bundler",
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  strict: true,
};

/** Where the types of each module of the SDK are, if the project has not installed it. */
function sdkTypes() {
  const { exports } = JSON.parse(readFileSync(join(request.sdk, "package.json"), "utf8"));
  const types = Object.entries(exports).filter(([, target]) => target.types);
  return Object.fromEntries(
    types.map(([name, target]) => [`@airssys/wasm${name.slice(1)}`, [join(request.sdk, target.types)]]),
  );
}

function run(...given) {
  const ran = spawnSync(process.execPath, [compiler, ...given], { cwd: request.project, maxBuffer: 1 << 28 });
  if (ran.error) throw ran.error;
  return { status: ran.status, text: `${ran.stdout}${ran.stderr}` };
}

/** The project's own settings, and those without which a check of one program does not work. */
function settings() {
  const own = find("tsconfig.json");
  const options = {
    noEmit: true,
    composite: false,
    incremental: false,
    declaration: false,
    emitDeclarationOnly: false,
    skipLibCheck: true,
    rootDir: "/",
    tsBuildInfoFile: null,
    outDir: null,
  };
  let given = { ...DEFAULTS };
  if (own) {
    const shown = run("--showConfig", "--project", own);
    given = shown.status === 0 ? (JSON.parse(shown.text).compilerOptions ?? {}) : {};
  } else {
    Object.assign(options, DEFAULTS);
  }
  const base = own ? dirname(own) : request.project;
  if (!given.typeRoots) options.typeRoots = [...above(join(base, "x"))].map((folder) => join(folder, "node_modules/@types"));
  if (request.sdk && !find("node_modules/@airssys/wasm")) {
    const paths = Object.entries(given.paths ?? {}).map(([name, targets]) => [
      name,
      targets.map((target) => resolve(base, given.baseUrl ?? ".", target)),
    ]);
    options.paths = { ...sdkTypes(), ...Object.fromEntries(paths) };
  }
  // One that is named and not installed keeps the compiler from looking at anything else.
  const named = given.types ?? (own ? [] : ["@airssys/wasm/globals"]);
  const files = new Map(named.map((name) => [name, options.paths?.[name]?.[0] ?? entryOf(name, base)]));
  options.types = named.filter((name) => !files.get(name) && typesOf(name, base));
  const declared = [...files.values(), request.declarations].filter(Boolean);
  // The declarations that a project includes hold for all its files.
  return { ...(own ? { extends: own } : { include: [] }), compilerOptions: options, files: [request.entry, ...declared], references: [] };
}

/**
 * The file of an entry such as `@airssys/wasm/globals`, which is a part of an installed package: the compiler would look
 * for it beside the settings of this check, and not beside those of the project.
 */
function entryOf(name, base) {
  const [, owner, rest] = /^((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(name) ?? [];
  if (!owner || name.startsWith(".")) return undefined;
  for (const at of above(join(base, "x"))) {
    const folder = join(at, "node_modules", owner);
    if (!existsSync(join(folder, "package.json"))) continue;
    const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = exports ? exports[`./${rest}`]?.types : `${rest}.d.ts`;
    return file && existsSync(join(folder, file)) ? join(folder, file) : undefined;
  }
  return undefined;
}

/** Whether the types that the settings name are there: a package of its own, or one with types. */
function typesOf(name, base) {
  if (name.startsWith(".") || name === "*") return true;
  const [scope, rest] = name.split("/");
  const folder = scope.startsWith("@") ? `${scope}/${rest}` : scope;
  const types = `@types/${scope.startsWith("@") ? `${scope.slice(1)}__${rest}` : scope}`;
  return [...above(join(base, "x"))].some((at) =>
    [folder, types].some((name) => existsSync(join(at, "node_modules", name))),
  );
}

/** A message with a place, and one without. */
const PLACED = /^(.+?)\((\d+),(\d+)\): error TS\d+: /;
const GENERAL = /^error TS\d+: /;

/** The messages about the program, each with the lines that explain it. */
function messages(text) {
  const inputs = new Set(request.inputs.map(real));
  let wanted = false;
  return text.split("\n").filter((line) => {
    const placed = PLACED.exec(line);
    if (placed) wanted = inputs.has(real(resolve(request.project, placed[1])));
    else if (GENERAL.test(line)) wanted = true;
    return wanted && line.trim() !== "";
  });
}

function real(path) {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

const file = join(request.folder, "tsconfig.json");
writeFileSync(file, JSON.stringify(settings()));
const checked = run("--project", file, "--pretty", "false");
const found = messages(checked.text);
const unread = checked.status !== 0 && !/error TS\d+: /.test(checked.text);
if (found.length > 0 || unread) {
  console.error(unread ? checked.text : found.join("\n"));
  process.exitCode = 1;
}
