// Component.toml, as far as a test needs it: who the component is, what it may do, what it is started with.

import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { cwd } from "node:process";
import { fileURLToPath } from "node:url";

import type { Manifest } from "../../component-lifecycle.js";
import { parse } from "../../vendor/toml.js";
import { FakeHostError } from "../errors.js";
import { PatternError } from "./patterns.js";
import { Permissions } from "./permissions.js";

/** What a Component.toml says. */
export interface Declared {
  readonly component: Manifest;
  readonly permissions: Permissions;
  readonly environment: ReadonlyArray<readonly [name: string, value: string]>;
  readonly data: string | undefined;
  readonly limits: Readonly<Record<string, number>>;
}

const NAME = "Component.toml";

/**
 * Finds and reads the Component.toml of the folder in which the test runs, or of the nearest one above it; or the one
 * that is named.
 *
 * @returns what it says, or a sentence that there is none.
 */
export function findManifest(named: string | { readonly href: string } | undefined): Declared | string {
  if (named !== undefined) {
    const file = resolve(typeof named === "string" ? named : fileURLToPath(named.href));
    const text = textOf(file);
    if (text === undefined) throw new FakeHostError("invalid-argument", `${file} does not exist`);
    return read(file, text);
  }
  const start = cwd();
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, NAME);
    const text = textOf(file);
    if (text !== undefined) return read(file, text);
    if (dirname(folder) === folder) return `there is no ${NAME} in ${start}, nor above it`;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as { code?: string }).code ?? "")) return undefined;
    throw error;
  }
}

type Table = Record<string, unknown>;

function read(file: string, text: string): Declared {
  const wrong = (error: unknown) => new FakeHostError("invalid-argument", `${file}: ${(error as Error).message}`);
  let document: Record<string, Table>;
  try {
    document = parse(text) as Record<string, Table>;
  } catch (error) {
    throw wrong(error);
  }
  const { component = {}, permissions = {}, config = {}, limits = {} } = document;
  const { environment = {}, data } = config as { environment?: Record<string, string>; data?: string };
  try {
    return {
      component: component as Manifest,
      permissions: Permissions.read(permissions),
      environment: Object.entries(environment),
      data,
      limits: limits as Record<string, number>,
    };
  } catch (error) {
    throw error instanceof PatternError ? wrong(error) : error;
  }
}
