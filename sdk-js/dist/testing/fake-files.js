// DO NOT EDIT: compiled from src/testing/fake-files.ts by typescript 7.0.2 (npm run build).
// The files of a fake host as the test sees them: no permission is asked for.
import { callFilesystem } from "../convert.js";
import { absolute, fold, join, normalize, segments } from "./internal/text.js";
import { DirectoryEntry, FileEntry, LinkEntry } from "./internal/tree.js";
/**
 * The files that the component sees: a tree in memory, empty at first but for `/`. The functions here are those of the
 * test. They need no permission, and throw the `FilesystemError` that a component would get.
 */
export class FakeFiles {
    #tree;
    constructor(tree) {
        this.#tree = tree;
    }
    /** @internal */
    static of(tree) {
        return new FakeFiles(tree);
    }
    /** Writes a file, in place of one that is there, and makes the directories on the way. Text is written as UTF-8. */
    put(path, data) {
        callFilesystem(() => {
            const file = new FileEntry(this.#tree.clock.now);
            file.content = typeof data === "string" ? new TextEncoder().encode(data) : data.slice();
            const place = this.#made(path);
            place.file();
            this.#tree.put(place, file);
        });
    }
    /** Makes a directory and those on the way. One that exists already is fine. Folders that an operator mounts exist. */
    makeDirectory(path) {
        callFilesystem(() => void this.#made(join(normalize(path), "entry")));
    }
    /** Makes a symbolic link, and the directories on the way. */
    link(target, path) {
        callFilesystem(() => this.#tree.put(this.#made(path), new LinkEntry(this.#tree.clock.now, normalize(target))));
    }
    /** Gives the content of a file. */
    get(path) {
        return callFilesystem(() => this.#tree.unguarded(path).existingFile().content.slice());
    }
    /** Gives the content of a file as text. */
    text(path) {
        return new TextDecoder().decode(this.get(path));
    }
    /** Says whether there is anything at a path. Symbolic links are followed. */
    has(path) {
        return callFilesystem(() => this.#tree.unguarded(path).found !== undefined);
    }
    /** How many files and cursors the component has open. */
    get open() {
        return this.#tree.open.size;
    }
    /** The place at a path, in a directory that is made if it is missing. */
    #made(path) {
        const names = fold(segments(path));
        for (let count = 1; count < names.length; count++) {
            const place = this.#tree.unguarded(absolute(names.slice(0, count))).reached();
            if (!place.found)
                this.#tree.put(place, new DirectoryEntry(this.#tree.clock.now));
            else
                place.directory();
        }
        return this.#tree.unguarded(path).reached();
    }
}
