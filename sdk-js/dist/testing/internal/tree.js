// DO NOT EDIT: compiled from src/testing/internal/tree.ts by typescript 7.0.2 (npm run build).
// The tree of files that a component sees, and the way from a path to a place in it.
import { absolute, compareNames, endingOf, failed, fold, isDraft, join, leftAgain, segments } from "./text.js";
/** The limits of a host, by its defaults. */
const MAX_LINKS = 40;
const MAX_DEPTH = 128;
const MAX_OPEN = 256;
class Entry {
    permissions;
    accessed;
    modified;
    created;
    constructor(now, mode) {
        this.permissions = permissionsOf(mode);
        this.accessed = this.modified = this.created = now;
    }
}
export class FileEntry extends Entry {
    fileType = "regular";
    content = new Uint8Array();
    /** Who holds a lock on it. */
    locks = new Map();
    constructor(now) {
        super(now, 0o644);
    }
}
export class DirectoryEntry extends Entry {
    fileType = "directory";
    entries = new Map();
    constructor(now) {
        super(now, 0o755);
    }
    /** Its entries in the order of a listing. */
    sorted() {
        return [...this.entries].sort(([a], [b]) => compareNames(a, b));
    }
}
export class LinkEntry extends Entry {
    fileType = "symbolic-link";
    /** Absolute and in normal form. */
    target;
    constructor(now, target) {
        super(now, 0o777);
        this.target = target;
    }
}
function permissionsOf(mode) {
    const bit = (shift) => ((mode >> shift) & 1) === 1;
    return {
        ownerRead: bit(8), ownerWrite: bit(7), ownerExecute: bit(6),
        groupRead: bit(5), groupWrite: bit(4), groupExecute: bit(3),
        otherRead: bit(2), otherWrite: bit(1), otherExecute: bit(0),
    };
}
/** The end of a way that was permitted: a name in a directory, or the root, which has neither. */
export class Place {
    /** The path with all links resolved. */
    path;
    /** The path as the component gave it, for errors. */
    given;
    parent;
    name;
    found;
    /** Why the way ended before the place, if it did. */
    obstacle;
    /** What the end of the path says of what it means. */
    ending;
    /** Whether the obstacle is that the path ends in `/` and what is there is no directory. */
    #isBehindFile;
    constructor(way) {
        this.path = way.path;
        this.given = way.given;
        this.parent = way.parent;
        this.name = way.name;
        this.found = way.found;
        this.obstacle = way.obstacle;
        this.ending = way.ending;
        this.#isBehindFile = way.isBehindFile ?? false;
    }
    /** Throws what stands in the way to the place, if anything does. */
    reached() {
        if (this.obstacle)
            throw failed(this.obstacle, this.given);
        return this;
    }
    /** What is there. */
    existing() {
        const found = this.reached().found;
        if (!found)
            throw failed("not-found", this.given);
        return found;
    }
    /** The directory that is there. */
    directory() {
        const found = this.existing();
        if (!(found instanceof DirectoryEntry))
            throw failed("not-a-directory", this.given);
        return found;
    }
    /** The file that is there, or nothing where one can be created. Behind a `/` there can be none. */
    newFile() {
        const isEntry = this.obstacle === undefined && this.parent !== undefined;
        if (this.#isBehindFile || (isEntry && this.ending === "slash"))
            throw failed("is-a-directory", this.given);
        return this.file();
    }
    /** Throws what is in the way of making something here: that there is something, or that a directory is meant. */
    free(makes) {
        if (this.#isBehindFile || this.found)
            throw failed("already-exists", this.given);
        this.reached();
        if (this.ending !== "plain" && makes !== DirectoryEntry)
            throw failed("not-found", this.given);
        return this;
    }
    /** What can be removed or moved: not the root, and by no name but its own. */
    removable() {
        const found = this.existing();
        const quoted = JSON.stringify(this.given);
        if (this.ending === "dot")
            throw failed("invalid-argument", `${quoted} ends in \`.\``);
        if (!this.parent)
            throw failed("invalid-argument", `${quoted} is the root of a mount, or above one`);
        return found;
    }
    /** The file that is there, or nothing if there is none. */
    file() {
        const { found } = this.reached();
        if (found instanceof DirectoryEntry)
            throw failed("is-a-directory", this.given);
        if (found instanceof LinkEntry)
            throw failed("too-many-links", this.given);
        return found;
    }
    /** The file that is there. */
    existingFile() {
        const file = this.file();
        if (!file)
            throw failed("not-found", this.given);
        return file;
    }
}
export class Tree {
    root;
    policy;
    clock;
    /** The files and cursors that are open. */
    open = new Set();
    /** How many of them there may be. */
    mostOpen = MAX_OPEN;
    constructor(policy, clock) {
        this.policy = policy;
        this.clock = clock;
        this.root = new DirectoryEntry(clock.now);
    }
    /** Goes to the end of a path and asks whether all of these actions are permitted there. */
    place(operation, path, links, ...actions) {
        const way = this.#walk(path, links);
        for (const action of actions)
            this.policy.authorizePath(operation, action, way.path);
        return new Place(way);
    }
    /** The same for what needs the permission to read or the one to list. */
    visible(operation, path, links) {
        const way = this.#walk(path, links);
        if (!this.policy.allowsPath("list", way.path))
            this.policy.authorizePath(operation, "read", way.path);
        return new Place(way);
    }
    /** Goes to the end of a path on behalf of the test, which may do everything. */
    unguarded(path, links = "follow") {
        return new Place(this.#walk(path, links));
    }
    /** Puts an entry at a place. */
    put(place, entry) {
        place.parent?.entries.set(place.name, entry);
        if (place.parent)
            place.parent.modified = this.clock.now;
    }
    /** Removes what is at a place. */
    remove(place) {
        place.parent?.entries.delete(place.name);
        if (place.parent)
            place.parent.modified = this.clock.now;
    }
    /** Takes one of the files and cursors that may be open at once. */
    opened(handle) {
        if (this.open.size >= this.mostOpen)
            throw failed("too-many-open-files");
        this.open.add(handle);
        return handle;
    }
    /** Everything below a directory, each directory before what is in it. */
    *below(path, directory) {
        for (const [name, entry] of directory.sorted()) {
            const at = join(path, name);
            yield [at, entry];
            if (entry instanceof DirectoryEntry)
                yield* this.below(at, entry);
        }
    }
    /** Goes to the end of a path. One that ends in `/` or `/.` leads to nothing but a directory. */
    #walk(given, links) {
        const pending = segments(given);
        if (pending.some(isDraft))
            throw failed("invalid-path", "a name in it is one of the host's own");
        const ending = endingOf(given);
        let levels = [];
        let followed = 0;
        for (let segment = pending.shift(); segment !== undefined; segment = pending.shift()) {
            if (segment === "..") {
                levels.pop();
                continue;
            }
            const names = levels.map(([name]) => name);
            const left = leftAgain(pending);
            if (left > 0 && !this.#mayKnow(absolute([...names, segment]))) {
                // Whether it exists is nobody's business who may do nothing with it.
                pending.splice(0, left);
                continue;
            }
            const path = absolute(fold([...names, segment, ...pending]));
            const parent = levels.at(-1)?.[1] ?? this.root;
            const found = parent.entries.get(segment);
            const isLast = pending.length === 0;
            const end = { path, given, name: segment, ending };
            if (found instanceof DirectoryEntry) {
                if (levels.length >= MAX_DEPTH)
                    return { ...end, obstacle: "name-too-long" };
                levels.push([segment, found]);
            }
            else if (found instanceof LinkEntry && isLast && ending === "slash" && links === "keep") {
                return { ...end, obstacle: "not-a-directory", isBehindFile: true };
            }
            else if (found instanceof LinkEntry && !(isLast && ending === "plain" && links !== "follow")) {
                followed += 1;
                if (followed > MAX_LINKS)
                    return { ...end, obstacle: "too-many-links" };
                levels = [];
                pending.unshift(...segments(found.target));
            }
            else if (found && !(isLast && ending === "plain")) {
                return { ...end, obstacle: "not-a-directory", isBehindFile: isLast && ending === "slash" };
            }
            else if (!found && !(isLast && ending !== "dot")) {
                return { ...end, obstacle: "not-found" };
            }
            else {
                return { ...end, parent, ...(found ? { found } : {}) };
            }
        }
        const last = levels.at(-1);
        if (!last)
            return { path: "/", given, name: "", found: this.root, ending };
        const parent = levels.at(-2)?.[1] ?? this.root;
        return { path: absolute(levels.map(([name]) => name)), given, parent, name: last[0], found: last[1], ending };
    }
    /** Whether there is anything that the component may do with a path. */
    #mayKnow(path) {
        return ["read", "list", "write", "delete"].some((action) => this.policy.allowsPath(action, path));
    }
}
/** What the contract says of an entry. */
export function metadataOf(entry) {
    const { fileType, permissions, accessed, modified, created } = entry;
    const size = entry instanceof FileEntry ? entry.content.length
        : entry instanceof LinkEntry ? new TextEncoder().encode(entry.target).length
            : 0;
    return { fileType, size: BigInt(size), permissions: { ...permissions }, links: 1n, accessed, modified, created };
}
