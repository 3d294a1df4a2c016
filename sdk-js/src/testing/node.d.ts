// The little of Node.js that the testing kit uses. The rest of the SDK is compiled without its types, so that nothing
// which a component does not have can slip in.

declare module "node:fs" {
  export function readFileSync(path: string, encoding: "utf8"): string;
}

declare module "node:path" {
  export function dirname(path: string): string;
  export function join(...parts: string[]): string;
  export function resolve(path: string): string;
}

declare module "node:process" {
  export function cwd(): string;
}

declare module "node:url" {
  export function fileURLToPath(url: string): string;
}

declare module "node:module" {
  export function register(specifier: string, parent: string): void;
}
