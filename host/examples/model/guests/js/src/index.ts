// Asks a model of the host.

import { Model, type Failure } from "acme:model/inference@0.1.0";
import { component, ExecutionError, failureOf } from "@airssys/wasm";

export const componentLifecycle = component({
  execute: {
    // The input is { model, features }; the output is the numbers that the model gives, or { error: { code } }.
    infer(input) {
      const { model: name, features } = questionOf(input);
      try {
        // It goes back to the host at the end of the block.
        using model = Model.open(name);
        return JSON.stringify(Array.from(model.infer(features)));
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
  const { model, features } = question ?? {};
  const isNumber = (value: unknown) => typeof value === "number";
  if (typeof model !== "string" || !Array.isArray(features) || !features.every(isNumber)) {
    throw new ExecutionError("invalid-input", "expected { model, features }");
  }
  return { model, features: new Float64Array(features) };
}

function told(failure: Failure) {
  switch (failure.tag) {
    case "permission-denied":
      return { code: failure.tag, ...failure.val };
    case "busy":
      return { code: failure.tag };
    default:
      return { code: failure.tag, message: failure.val };
  }
}
