// Part of dist/vendor/inspect.js: where the formatter asks for the stack of an error. Only that of V8 begins with name and
// message, as it expects.

let by = (error) => error.stack;

/** What the formatter calls, once scripts/build.mjs has changed it to do so. */
export function STACK_OF(error) {
  return by(error);
}

/** Sets who gives the stack of an error as V8 writes it. */
export function setStacks(give) {
  by = give;
}
