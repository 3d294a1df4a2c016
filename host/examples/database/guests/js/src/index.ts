// Answers queries from a database of the host.

import { query, type Failure, type Value } from "acme:database/client@0.1.0";
import { component, ExecutionError, failureOf } from "@airssys/wasm";

export const componentLifecycle = component({
  execute: {
    // The input is { database, sql, parameters }; the output is the rows, or { error: { code } }.
    query(input) {
      const { database, sql, parameters } = questionOf(input);
      try {
        return JSON.stringify(query(database, sql, parameters).map((row) => row.map(shown)));
      } catch (error) {
        const failure = failureOf<Failure>(error);
        if (!failure) throw error;
        return JSON.stringify({ error: told(failure) });
      }
    },
  },
});

function questionOf(input: Uint8Array) {
  let question;
  try {
    question = JSON.parse(new TextDecoder().decode(input));
  } catch (error) {
    throw new ExecutionError("invalid-input", String(error));
  }
  const { database, sql, parameters = [] } = question ?? {};
  if (typeof database !== "string" || typeof sql !== "string" || !Array.isArray(parameters)) {
    throw new ExecutionError("invalid-input", "expected { database, sql, parameters }");
  }
  return { database, sql, parameters: parameters.map(parameter) };
}

function parameter(value: unknown): Value {
  if (value === null) return { tag: "null" };
  if (typeof value === "number") return { tag: "number", val: value };
  if (typeof value === "string") return { tag: "text", val: value };
  throw new ExecutionError("invalid-input", "a parameter is null, a number or text");
}

function shown(value: Value) {
  switch (value.tag) {
    case "null":
      return null;
    case "blob":
      return { blob: Array.from(value.val) };
    default:
      return value.val;
  }
}

function told(failure: Failure) {
  switch (failure.tag) {
    case "permission-denied":
      return { code: failure.tag, ...failure.val };
    case "invalid-sql":
      return { code: failure.tag, message: failure.val };
    default:
      return { code: failure.tag };
  }
}
