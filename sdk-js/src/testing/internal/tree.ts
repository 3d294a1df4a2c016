// The tree of files that a component sees, and the way from a path to a place in it.

import type { FileMetadata, FilePermissions } from "../../filesystem.js";
import type { Timestamp } from "../../types.js";
import type { Clock } from "./clock.js";
import type { FileHandle } from "./handle.js";
import type { Action, Policy } from "./policy.js";
import { absolute, compareNames, type Ending, endingOf, failed, fold, isDraft, join, leftAgain, segments } from "./text.js";

/** The limits of a host, by its defaults. */
const MAX_LINKS = 40;
const MAX_DEPTH = 128;
const MAX_OPEN = 256;

abstract class Entry {
  permissions: FilePermissions;
  accessed: Timestamp;
  modified: Timestamp;
  readonly created: Timestamp;

  constructor(now: Timestamp, mode: number) {
    this.permissions = permissionsOf(mode);
    this.accessed = this.modified = this.created = now;
  }
}

export class FileEntry extends Entry {
  readonly fileType = "regular";
  content: Uint8Array = new Uint8Array();
  /** Who holds a lock on it. */
  readonly locks = new Map<FileHandle, "shared" | "exclusive">();

  constructor(now: Timestamp) {
    super(now, 0o644);
  }
}

export class DirectoryEntry extends Entry {
  readonly fileType = "directory";
  readonly entries = new Map<string, AnyEntry>();

  constructor(now: Timestamp) {
    super(now, 0o755);
  }

  /** Its entries in the order of a listing. */
  sorted(): Array<[name: string, entry: AnyEntry]> {
    return [...this.entries].sort(([a], [b]) => compareNames(a, b));
  }
}

export class LinkEntry extends Entry {
  readonly fileType = "symbolic-link";
  /** Absolute and in normal form. */
  readonly target: string;

  constructor(now: Timestamp, target: string) {
    super(now, 0o777);
    this.target = target;
  }
}

export type AnyEntry = FileEntry | DirectoryEntry | LinkEntry;

function permissionsOf(mode: number): FilePermissions {
  const bit = (shift: number) => ((mode >> shift) & 1) === 1;
  return {
    ownerRead: bit(8), ownerWrite: bit(7), ownerExecute: bit(6),
    groupRead: bit(5), groupWrite: bit(4), groupExecute: bit(3),
    otherRead: bit(2), otherWrite: bit(1), otherExecute: bit(0),
  };
}

/** The end of a way that was permitted: a name in a directory, or the root, which has neither. */
export class Place {
  /** The path with all links resolved. */
  readonly path: string;
  /** The path as the component gave it, for errors. */
  readonly given: string;
  readonly parent: DirectoryEntry | undefined;
  readonly name: string;
  readonly found: AnyEntry | undefined;
  /** Why the way ended before the place, if it did. */
  readonly obstacle: string | undefined;
  /** What the end of the path says of what it means. */
  readonly ending: Ending;
  /** Whether the obstacle is that the path ends in `/` and what is there is no directory. */
  readonly #isBehindFile: boolean;

  constructor(way: Way) {
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
  reached(): this {
    if (this.obstacle) throw failed(this.obstacle, this.given);
    return this;
  }

  /** What is there. */
  existing(): AnyEntry {
    const found = this.reached().found;
    if (!found) throw failed("not-found", this.given);
    return found;
  }

  /** The directory that is there. */
  directory(): DirectoryEntry {
    const found = this.existing();
    if (!(found instanceof DirectoryEntry)) throw failed("not-a-directory", this.given);
    return found;
  }

  /** The file that is there, or nothing where one can be created. Behind a `/` there can be none. */
  newFile(): FileEntry | undefined {
    const isEntry = this.obstacle === undefined && this.parent !== undefined;
    if (this.#isBehindFile || (isEntry && this.ending === "slash")) throw failed("is-a-directory", this.given);
    return this.file();
  }

  /** Throws what is in the way of making something here: that there is something, or that a directory is meant. */
  free(makes: typeof DirectoryEntry | typeof LinkEntry): this {
    if (this.#isBehindFile || this.found) throw failed("already-exists", this.given);
    this.reached();
    if (this.ending !== "plain" && makes !== DirectoryEntry) throw failed("not-found", this.given);
    return this;
  }

  /** What can be removed or moved: not the root, and by no name but its own. */
  removable(): AnyEntry {
    const found = this.existing();
    const quoted = JSON.stringify(this.given);
    if (this.ending === "dot") throw failed("invalid-argument", `${quoted} ends in \`.\``);
    if (!this.parent) throw failed("invalid-argument", `${quoted} is the root of a mount, or above one`);
    return found;
  }

  /** The file that is there, or nothing if there is none. */
  file(): FileEntry | undefined {
    const { found } = this.reached();
    if (found instanceof DirectoryEntry) throw failed("is-a-directory", this.given);
    if (found instanceof LinkEntry) throw failed("too-many-links", this.given);
    return found;
  }

  /** The file that is there. */
  existingFile(): FileEntry {
    const file = this.file();
    if (!file) throw failed("not-found", this.given);
    return file;
  }
}

interface Way {
  path: string;
  given: string;
  parent?: DirectoryEntry;
  name: string;
  found?: AnyEntry;
  obstacle?: "not-found" | "not-a-directory" | "too-many-links" | "name-too-long";
  ending: Ending;
  isBehindFile?: boolean;
}

/**
 * What to do with a link at the very end of a path. `keep` means the link itself, which is no directory, and
 * `keep-unless-slash` does so unless the path ends in `/` and asks for the directory that the link leads to.
 */
export type FinalLink = "follow" | "keep" | "keep-unless-slash";

export class Tree {
  readonly root: DirectoryEntry;
  readonly policy: Policy;
  readonly clock: Clock;
  /** The files and cursors that are open. */
  readonly open = new Set<object>();
  /** How many of them there may be. */
  mostOpen = MAX_OPEN;

  constructor(policy: Policy, clock: Clock) {
    this.policy = policy;
    this.clock = clock;
    this.root = new DirectoryEntry(clock.now);
  }

  /** Goes to the end of a path and asks whether all of these actions are permitted there. */
  place(operation: string, path: string, links: FinalLink, ...actions: Action[]): Place {
    const way = this.#walk(path, links);
    for (const action of actions) this.policy.authorizePath(operation, action, way.path);
    return new Place(way);
  }

  /** The same for what needs the permission to read or the one to list. */
  visible(operation: string, path: string, links: FinalLink): Place {
    const way = this.#walk(path, links);
    if (!this.policy.allowsPath("list", way.path)) this.policy.authorizePath(operation, "read", way.path);
    return new Place(way);
  }

  /** Goes to the end of a path on behalf of the test, which may do everything. */
  unguarded(path: string, links: FinalLink = "follow"): Place {
    return new Place(this.#walk(path, links));
  }

  /** Puts an entry at a place. */
  put(place: Place, entry: AnyEntry): void {
    place.parent?.entries.set(place.name, entry);
    if (place.parent) place.parent.modified = this.clock.now;
  }

  /** Removes what is at a place. */
  remove(place: Place): void {
    place.parent?.entries.delete(place.name);
    if (place.parent) place.parent.modified = this.clock.now;
  }

  /** Takes one of the files and cursors that may be open at once. */
  opened<T extends object>(handle: T): T {
    if (this.open.size >= this.mostOpen) throw failed("too-many-open-files");
    this.open.add(handle);
    return handle;
  }

  /** Everything below a directory, each directory before what is in it. */
  *below(path: string, directory: DirectoryEntry): Generator<[path: string, entry: AnyEntry]> {
    for (const [name, entry] of directory.sorted()) {
      const at = join(path, name);
      yield [at, entry];
      if (entry instanceof DirectoryEntry) yield* this.below(at, entry);
    }
  }

  /** Goes to the end of a path. One that ends in `/` or `/.` leads to nothing but a directory. */
  #walk(given: string, links: FinalLink): Way {
    const pending = segments(given);
    if (pending.some(isDraft)) throw failed("invalid-path", "a name in it is one of the host's own");
    const ending = endingOf(given);
    let levels: Array<[name: string, directory: DirectoryEntry]> = [];
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
        if (levels.length >= MAX_DEPTH) return { ...end, obstacle: "name-too-long" };
        levels.push([segment, found]);
      } else if (found instanceof LinkEntry && isLast && ending === "slash" && links === "keep") {
        return { ...end, obstacle: "not-a-directory", isBehindFile: true };
      } else if (found instanceof LinkEntry && !(isLast && ending === "plain" && links !== "follow")) {
        followed += 1;
        if (followed > MAX_LINKS) return { ...end, obstacle: "too-many-links" };
        levels = [];
        pending.unshift(...segments(found.target));
      } else if (found && !(isLast && ending === "plain")) {
        return { ...end, obstacle: "not-a-directory", isBehindFile: isLast && ending === "slash" };
      } else if (!found && !(isLast && ending !== "dot")) {
        return { ...end, obstacle: "not-found" };
      } else {
        return { ...end, parent, ...(found ? { found } : {}) };
      }
    }
    const last = levels.at(-1);
    if (!last) return { path: "/", given, name: "", found: this.root, ending };
    const parent = levels.at(-2)?.[1] ?? this.root;
    return { path: absolute(levels.map(([name]) => name)), given, parent, name: last[0], found: last[1], ending };
  }

  /** Whether there is anything that the component may do with a path. */
  #mayKnow(path: string): boolean {
    return (["read", "list", "write", "delete"] as const).some((action) => this.policy.allowsPath(action, path));
  }
}

/** What the contract says of an entry. */
export function metadataOf(entry: AnyEntry): FileMetadata {
  const { fileType, permissions, accessed, modified, created } = entry;
  const size =
    entry instanceof FileEntry ? entry.content.length
    : entry instanceof LinkEntry ? new TextEncoder().encode(entry.target).length
    : 0;
  return { fileType, size: BigInt(size), permissions: { ...permissions }, links: 1n, accessed, modified, created };
}
