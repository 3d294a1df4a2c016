// What scripts/build.mjs makes of the package smol-toml.

/** Reads a TOML document. */
export function parse(text: string): Record<string, unknown>;
