// What scripts/build.mjs makes of the package core-js-pure: globals of the web that QuickJS is without.

export const URL: unknown;
export const URLSearchParams: unknown;
export const structuredClone: unknown;
export function atob(text: string): string;
export function btoa(text: string): string;
