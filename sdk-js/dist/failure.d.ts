// DO NOT EDIT: compiled from src/failure.ts by typescript 7.0.2 (npm run build).
/**
 * Gives what a function of a host's own interface declares as its error; of any other thrown value, undefined.
 *
 * Such an interface is imported by its name, as in `import { query } from "acme:database/client@0.1.0"`, and listed in
 * `[imports]` of Component.toml. Where its WIT says `result<…, failure>`, the function throws an error that carries the
 * `failure`. Not on every engine is that an `instanceof Error`; this function knows it everywhere.
 */
export declare function failureOf<T>(thrown: unknown): T | undefined;
