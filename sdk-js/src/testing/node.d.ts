// The little of Node.js that the testing kit uses. The rest of the SDK is compiled without its types, so that nothing
// which a component does not have can slip in.

declare module "node:module" {
  export function register(specifier: string, parent: string): void;
}

interface ImportMeta {
  url: string;
}
