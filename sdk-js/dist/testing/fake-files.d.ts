// DO NOT EDIT: compiled from src/testing/fake-files.ts by typescript 7.0.2 (npm run build).
/**
 * The files that the component sees: a tree in memory, empty at first but for `/`. The functions here are those of the
 * test. They need no permission, and throw the `FilesystemError` that a component would get.
 */
export declare class FakeFiles {
    #private;
    private constructor();
    /** Writes a file, in place of one that is there, and makes the directories on the way. Text is written as UTF-8. */
    put(path: string, data: Uint8Array | string): void;
    /** Makes a directory and those on the way. One that exists already is fine. Folders that an operator mounts exist. */
    makeDirectory(path: string): void;
    /** Makes a symbolic link, and the directories on the way. */
    link(target: string, path: string): void;
    /** Gives the content of a file. */
    get(path: string): Uint8Array;
    /** Gives the content of a file as text. */
    text(path: string): string;
    /** Says whether there is anything at a path. Symbolic links are followed. */
    has(path: string): boolean;
    /** How many files and cursors the component has open. */
    get open(): number;
}
