// What the component may do in a test, and the denial that it gets otherwise: the words are those of a real host.

import { failure } from "../../convert.js";
import type { ComponentId } from "../../types.js";
import { parse } from "../../vendor/toml.js";
import { FakeHostError } from "../errors.js";
import { missingLine, Permissions, resourceOf, type Access, type PathAction } from "./permissions.js";
import { PatternError, targetPattern } from "./patterns.js";
import { isWithin } from "./text.js";

/** What may be done with a path, as in Component.toml. */
export type Action = PathAction;

export const ACTIONS: readonly Action[] = ["read", "write", "delete", "list"];

/** The one name that leads to an address of the machine itself, which a permission for a name does not cover. */
const LOCALHOST = "localhost";

export class Policy {
  readonly #permitted: Permissions[] = [];
  readonly #denied: Array<(access: Access) => boolean> = [];
  #isOpen = false;
  /** Why there is no Component.toml that permits anything, for the denial. */
  #absent: string | undefined;

  /** Lets the component do what its Component.toml declares. */
  declare(permissions: Permissions): void {
    this.#permitted.push(permissions);
  }

  /** Notes why nothing is declared. */
  declareNothing(because: string): void {
    this.#absent = because;
  }

  permitAll(): void {
    this.#isOpen = true;
    this.#absent = undefined;
  }

  /** Permits what lines of [permissions] permit. */
  permit(lines: string | object): void {
    this.#permitted.push(permissionsOf(lines));
  }

  /** Refuses what lines of [permissions] cover. */
  deny(lines: string | object): void {
    const refused = permissionsOf(lines);
    this.#denied.push((access) => refused.cover(access));
  }

  denyPath(path: string, actions: readonly Action[]): void {
    this.#denied.push(
      (access) => access.permission === "filesystem" && actions.includes(access.action) && isWithin(access.path, path),
    );
  }

  denyTarget(pattern: string): void {
    const covers = checked(() => targetPattern(pattern));
    this.#denied.push((access) => access.permission === "messaging" && covers(access.target));
  }

  denyEndpoint(host: string, port: number | undefined): void {
    this.#denied.push(
      (access) => access.permission === "network" && access.host === host && (port ?? access.port) === access.port,
    );
  }

  denyProgram(path: string): void {
    this.#denied.push((access) => access.permission === "process" && access.program === path);
  }

  allows(access: Access): boolean {
    if (this.#denied.some((denied) => denied(access))) return false;
    return this.#isOpen || this.#permitted.some((permissions) => permissions.cover(access));
  }

  allowsPath(action: Action, path: string): boolean {
    return this.allows({ permission: "filesystem", action, path });
  }

  allowsTarget(target: ComponentId): boolean {
    return this.allows({ permission: "messaging", target });
  }

  /** Throws the denial if the action is refused. `operation` is the function, such as `files.open`. */
  authorizePath(operation: string, action: Action, path: string): void {
    this.#authorize(`ext-filesystem/${operation}`, { permission: "filesystem", action, path });
  }

  /** Throws the denial if the host, or this port of it, is refused. */
  authorizeEndpoint(operation: string, action: "outbound" | "resolve", host: string, port?: number): void {
    const access: Access = { permission: "network", action, host };
    if (port !== undefined) access.port = port;
    if (action === "outbound" && host.toLowerCase() === LOCALHOST) access.address = "127.0.0.1";
    this.#authorize(`ext-network/${operation}`, access);
  }

  /** Throws the denial if the program is refused. */
  authorizeProgram(operation: string, action: "spawn" | "signal", program: string): void {
    this.#authorize(`ext-process/${operation}`, { permission: "process", action, program });
  }

  /** Throws the denial if the target is refused. */
  authorizeTarget(operation: string, target: ComponentId): void {
    this.#authorize(`core/${operation}`, { permission: "messaging", target });
  }

  #authorize(operation: string, access: Access): void {
    if (this.allows(access)) return;
    const line = missingLine(access) ?? "";
    const missing = this.#absent === undefined ? line : `${line} # ${this.#absent}`;
    throw failure({ tag: "permission-denied", val: { operation, resource: resourceOf(access), missing } }, undefined);
  }
}

/** Reads lines such as `filesystem = [{ action = "read", path = "/data/**" }]`, or the same as an object. */
function permissionsOf(lines: string | object): Permissions {
  return checked(() => Permissions.read(typeof lines === "string" ? parseToml(lines) : lines));
}

/** Reads TOML that a test has written. */
function parseToml(text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    throw new FakeHostError("invalid-argument", `not a line of [permissions]: ${(error as Error).message}`);
  }
}

function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof PatternError) throw new FakeHostError("invalid-argument", error.message);
    throw error;
  }
}
