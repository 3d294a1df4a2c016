// What a test has refused, and the denial that the component then gets: the words are those of a real host.

import { failure } from "../../convert.js";
import { formatComponentId, type ComponentId } from "../../types.js";
import { FakeHostError } from "../errors.js";
import { isWithin } from "./text.js";

/** What may be done with a path, as in Component.toml. */
export type Action = "read" | "write" | "delete" | "list";

export const ACTIONS: readonly Action[] = ["read", "write", "delete", "list"];

const TARGET = /^([a-z0-9*?-]+)\/([a-z0-9*?-]+)(?:@([A-Za-z0-9.+*?-]+))?$/;

export class Policy {
  readonly #paths: Array<{ path: string; actions: readonly Action[] }> = [];
  readonly #targets: RegExp[] = [];
  readonly #endpoints: Array<{ host: string; port: number | undefined }> = [];
  readonly #programs = new Set<string>();

  denyPath(path: string, actions: readonly Action[]): void {
    this.#paths.push({ path, actions });
  }

  denyTarget(pattern: string): void {
    const [, namespace, name, version = "*"] = TARGET.exec(pattern) ?? [];
    if (!namespace || !name) {
      throw new FakeHostError("invalid-argument", `${JSON.stringify(pattern)} is not namespace/name[@version]`);
    }
    this.#targets.push(wildcard(`${namespace}/${name}@${version}`));
  }

  denyEndpoint(host: string, port: number | undefined): void {
    this.#endpoints.push({ host, port });
  }

  denyProgram(path: string): void {
    this.#programs.add(path);
  }

  allowsPath(action: Action, path: string): boolean {
    return !this.#paths.some((denied) => denied.actions.includes(action) && isWithin(path, denied.path));
  }

  allowsTarget(target: ComponentId): boolean {
    return !this.#targets.some((denied) => denied.test(formatComponentId(target)));
  }

  /** Throws the denial if the action is refused. `operation` is the function, such as `files.open`. */
  authorizePath(operation: string, action: Action, path: string): void {
    if (this.allowsPath(action, path)) return;
    const pattern = path.replace(/[*[{]/g, "?");
    const missing = `filesystem = [{ action = "${action}", path = ${quoted(pattern)} }]`;
    throw denial(`ext-filesystem/${operation}`, path, missing);
  }

  /** Throws the denial if the host, or this port of it, is refused. */
  authorizeEndpoint(operation: string, action: "outbound" | "resolve", host: string, port?: number): void {
    const isDenied = this.#endpoints.some((denied) => denied.host === host && (denied.port ?? port) === port);
    if (!isDenied) return;
    const [suffix, entry] = port === undefined ? ["", ""] : [`:${port}`, `, port = ${port}`];
    const missing = `network = [{ action = "${action}", host = ${quoted(host)}${entry} }]`;
    throw denial(`ext-network/${operation}`, `${host.includes(":") ? `[${host}]` : host}${suffix}`, missing);
  }

  /** Throws the denial if the program is refused. */
  authorizeProgram(operation: string, action: "spawn" | "signal", path: string): void {
    if (!this.#programs.has(path)) return;
    throw denial(`ext-process/${operation}`, path, `process = [{ action = "${action}", program = ${quoted(path)} }]`);
  }

  /** Throws the denial if the target is refused. */
  authorizeTarget(operation: string, target: ComponentId): void {
    if (this.allowsTarget(target)) return;
    const missing = `messaging = [{ target = "${target.namespace}/${target.name}" }]`;
    throw denial(`core/${operation}`, formatComponentId(target), missing);
  }
}

function denial(operation: string, resource: string, missing: string): Error {
  return failure({ tag: "permission-denied", val: { operation, resource, missing } }, undefined);
}

/** A pattern of Component.toml for one segment: `*` is any text without a separator, `?` one character. */
export function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/@]*").replaceAll("?", "[^/@]");
  return new RegExp(`^${source}$`, "su");
}

/** As a TOML string, with what a terminal would not show written out. */
function quoted(text: string): string {
  const named: Record<string, string> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const written = text.replace(/["\\\p{Cc}\p{Cf}\u2028\u2029]/gu, (c) => {
    const point = c.codePointAt(0) ?? 0;
    const hex = point.toString(16).toUpperCase();
    return named[c] ?? (point > 0xffff ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`);
  });
  return `"${written}"`;
}
