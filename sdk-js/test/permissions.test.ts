// What permissions cover in a test is what they cover at a host: both are held to one table.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, it } from "node:test";

import { hostPattern, pathPattern, PatternError, portPattern, targetPattern } from "../dist/testing/internal/patterns.js";
import { missingLine, Permissions, type Access } from "../dist/testing/internal/permissions.js";
import { parseComponentId } from "@airssys/wasm";

interface Covered {
  kind: "path" | "program" | "host" | "port" | "target";
  pattern: never;
  resource: never;
  address?: string;
  allowed: boolean;
}

const file = resolve(import.meta.dirname, "../../conformance/policy-vectors.json");
const vectors = JSON.parse(readFileSync(file, "utf8")) as {
  covered: Covered[];
  refused: Array<{ kind: Covered["kind"]; pattern: never }>;
  missing: Array<{ access: Record<string, unknown>; missing: string | null }>;
};

const target = (text: string) => parseComponentId(text) ?? assert.fail(text);

function covers({ kind, pattern, resource, address }: Omit<Covered, "allowed">): boolean {
  switch (kind) {
    case "path":
    case "program":
      return pathPattern(pattern)(resource);
    case "host":
      return hostPattern(pattern)({ host: resource, address });
    case "port":
      return portPattern(pattern ?? undefined)(resource ?? undefined);
    case "target":
      return targetPattern(pattern)(target(resource));
  }
}

describe("a permission of a test", () => {
  it("covers what it covers at a host", () => {
    assert.ok(vectors.covered.length > 100);
    for (const vector of vectors.covered) assert.equal(covers(vector), vector.allowed, JSON.stringify(vector));
  });

  it("is refused if it could not stand in Component.toml", () => {
    assert.ok(vectors.refused.length > 20);
    const resource = { path: "/", program: "/", host: "a", port: 1, target: "a/b@1.0.0" };
    for (const { kind, pattern } of vectors.refused) {
      const made = () => covers({ kind, pattern, resource: resource[kind] as never });
      assert.throws(made, PatternError, JSON.stringify({ kind, pattern }));
    }
  });

  it("is named by the same line as at a host", () => {
    assert.ok(vectors.missing.length > 20);
    for (const { access, missing } of vectors.missing) {
      const asked = access["permission"] === "messaging" ? { ...access, target: target(access["target"] as string) } : access;
      assert.equal(missingLine(asked as Access) ?? null, missing, JSON.stringify(access));
    }
  });

  it("has the shape of Component.toml", () => {
    for (const table of [
      { files: [] },
      { filesystem: {} },
      { filesystem: ["/data"] },
      { filesystem: [{ path: "/data" }] },
      { filesystem: [{ action: "open", path: "/data" }] },
      { filesystem: [{ action: "read", path: "/data", port: 1 }] },
      { network: [{ action: "outbound", host: 5 }] },
    ]) {
      assert.throws(() => Permissions.read(table), PatternError, JSON.stringify(table));
    }
    Permissions.read({ storage: [{ namespace: "cache", "max-bytes": 5 }] });
    // What a host's own interfaces are asked with.
    Permissions.read({ "acme:database": [{ action: "query", table: "*" }] });
  });
});
