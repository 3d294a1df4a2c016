// The module resolution of the fake host.

import type { ResolveHook } from "node:module";

export const resolve: ResolveHook = (specifier, context, next) => {
  const found = /^airssys:[a-z-]+\/([a-z-]+)@[0-9.]+$/.exec(specifier);
  if (!found) return next(specifier, context);
  return { url: new URL(`./${found[1]}.js`, import.meta.url).href, shortCircuit: true };
};
