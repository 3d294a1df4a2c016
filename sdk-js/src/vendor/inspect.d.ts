// What scripts/build.mjs makes of the package node-inspect-extracted: the formatter of Node.js.

/** How deep and how much of a value is shown; as for `util.inspect` of Node.js. */
export interface InspectOptions {
  customInspect?: boolean | undefined;
  maxArrayLength?: number | null | undefined;
  breakLength?: number | undefined;
  depth?: number | null | undefined;
  [other: string]: unknown;
}

export function inspect(value: unknown, options?: InspectOptions): string;
export function format(...values: unknown[]): string;
export function formatWithOptions(options: InspectOptions, ...values: unknown[]): string;

/** Sets who gives the stack of an error as V8 writes it. */
export function setStacks(give: (error: Error) => string): void;
