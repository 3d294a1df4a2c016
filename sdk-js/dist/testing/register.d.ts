// DO NOT EDIT: compiled from src/testing/register.ts by typescript 7.0.2 (npm run build).
/**
 * Preloaded by a test run: `node --import @airssys/wasm/testing/register --test`. With it, Node.js finds the functions of
 * the host that a component imports; they are those of the fake host that calls the component.
 *
 * @packageDocumentation
 */
export {};
