// DO NOT EDIT: compiled from src/build-log.ts by typescript 7.0.2 (npm run build).
/** Adds a line. */
export declare function writeBuildLog(line: string): void;
/** Puts all that was written into the memory, for the build to find. */
export declare function keepBuildLog(): void;
/** Lets go of it, in the first call of an instance. */
export declare function dropBuildLog(): void;
/** What is kept, for tests. */
export declare function keptBuildLog(): Uint8Array | undefined;
