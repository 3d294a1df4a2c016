// `airssys:ext-filesystem/directories`.

import type * as host from "airssys:ext-filesystem/directories@1.0.0";

import { failed, join } from "./text.js";
import { DirectoryEntry, FileEntry, LinkEntry, type Place, type Tree } from "./tree.js";

/** What one page has at most, by the default of a host. */
const MAX_PAGE_ENTRIES = 10_000;

function listed(directory: DirectoryEntry): host.DirectoryEntry[] {
  return directory.sorted().map(([name, { fileType }]) => ({ name, fileType }));
}

class Cursor implements host.DirectoryCursor {
  readonly #tree: Tree;
  readonly #left: host.DirectoryEntry[];

  constructor(tree: Tree, directory: DirectoryEntry) {
    this.#tree = tree;
    this.#left = listed(directory);
  }

  next(maxEntries: number): host.DirectoryEntry[] {
    return this.#left.splice(0, Math.min(maxEntries, MAX_PAGE_ENTRIES));
  }

  [Symbol.dispose](): void {
    this.#tree.open.delete(this);
  }
}

export function directories(tree: Tree): Omit<typeof host, "DirectoryCursor"> {
  function removable(place: Place): DirectoryEntry {
    const found = place.removable();
    if (!(found instanceof DirectoryEntry)) throw failed("not-a-directory", place.given);
    return found;
  }

  return {
    openDirectory(path) {
      const place = tree.place("directories.open-directory", path, "follow", "list");
      return tree.opened(new Cursor(tree, place.directory()));
    },

    listDirectory: (path) => listed(tree.place("directories.list-directory", path, "follow", "list").directory()),

    createDirectory(path) {
      const place = tree.place("directories.create-directory", path, "keep", "write").free(DirectoryEntry);
      tree.put(place, new DirectoryEntry(tree.clock.now));
    },

    createDirectoryAll(path) {
      const place = tree.place("directories.create-directory-all", path, "follow", "write");
      if (place.obstacle !== "not-found") place.reached();
      const missing: string[] = [];
      // The resolved path has no links and no `..` in the part that is missing.
      for (let at = place.path; ; at = at.slice(0, at.lastIndexOf("/"))) {
        const { found } = at === "" ? { found: tree.root } : tree.unguarded(at);
        if (found instanceof DirectoryEntry) break;
        if (found) throw failed("not-a-directory", path);
        tree.policy.authorizePath("directories.create-directory-all", "write", at);
        missing.unshift(at);
      }
      for (const at of missing) tree.put(tree.unguarded(at).reached(), new DirectoryEntry(tree.clock.now));
    },

    removeDirectory(path) {
      const place = tree.place("directories.remove-directory", path, "keep", "delete");
      if (removable(place).entries.size > 0) throw failed("directory-not-empty", path);
      tree.remove(place);
    },

    removeDirectoryAll(path) {
      const place = tree.place("directories.remove-directory-all", path, "keep", "delete");
      for (const [at] of tree.below(place.path, removable(place))) {
        tree.policy.authorizePath("directories.remove-directory-all", "delete", at);
      }
      tree.remove(place);
    },

    find(root, options) {
      const pattern = parsePattern(options.pattern);
      const place = tree.place("directories.find", root, "follow", "list");
      const search = new Search(tree, pattern, options);
      search.visit(place.directory(), place.path, place.path, []);
      return search.results;
    },

    measure(root) {
      const place = tree.place("directories.measure", root, "follow", "list");
      const usage = { files: 0n, directories: 0n, bytes: 0n };
      for (const [path, entry] of tree.below(place.path, place.directory())) {
        if (entry instanceof DirectoryEntry) {
          tree.policy.authorizePath("directories.measure", "list", path);
          usage.directories += 1n;
        } else {
          usage.files += 1n;
        }
        if (entry instanceof FileEntry) usage.bytes += BigInt(entry.content.length);
      }
      return usage;
    },
  };
}

type Pattern = ReadonlyArray<RegExp | "**">;

function parsePattern(text: string): Pattern {
  if (text === "" || text.startsWith("/")) {
    throw failed("invalid-argument", "the pattern must be a path relative to the root of the search");
  }
  return text.split("/").map((segment) => {
    if (segment === "**") return segment;
    if (["", ".", ".."].includes(segment) || segment.includes("**") || /[[{\0]/.test(segment)) {
      throw failed("invalid-argument", `${JSON.stringify(segment)} in path pattern ${JSON.stringify(text)}`);
    }
    return wildcard(segment);
  });
}

/** A pattern for one name: `*` is any text, `?` one character. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*").replaceAll("?", "[^/]");
  return new RegExp(`^${source}$`, "su");
}

function matches([first, ...rest]: Pattern, names: readonly string[]): boolean {
  if (first === undefined) return names.length === 0;
  if (first === "**") return names.some((_, taken) => matches(rest, names.slice(taken))) || matches(rest, []);
  const [name, ...left] = names;
  return name !== undefined && first.test(name) && matches(rest, left);
}

class Search {
  readonly results: string[] = [];
  readonly #visited = new Set<DirectoryEntry>();
  readonly #tree: Tree;
  readonly #pattern: Pattern;
  readonly #options: host.FindOptions;

  constructor(tree: Tree, pattern: Pattern, options: host.FindOptions) {
    this.#tree = tree;
    this.#pattern = pattern;
    this.#options = options;
  }

  /** Visits a directory: `real` is its resolved path, which permissions are about, `shown` the one it was reached by. */
  visit(directory: DirectoryEntry, real: string, shown: string, names: readonly string[]): void {
    const { maxDepth = Infinity, limit = Infinity } = this.#options;
    this.#visited.add(directory);
    if (names.length >= maxDepth) return;
    for (const [name, entry] of directory.sorted()) {
      if (this.results.length >= limit) return;
      const below = [...names, name];
      const at = join(shown, name);
      if (matches(this.#pattern, below)) this.results.push(at);
      const [next, path] = this.#enter(entry, join(real, name));
      if (next) this.visit(next, path, at, below);
    }
  }

  /** The directory that an entry is or leads to, if it may be listed and was not visited by way of a link. */
  #enter(entry: object, path: string): [DirectoryEntry | undefined, string] {
    const { followLinks } = this.#options;
    const place = entry instanceof LinkEntry && followLinks ? this.#tree.unguarded(path) : { found: entry, path };
    const { found } = place;
    if (!(found instanceof DirectoryEntry) || !this.#tree.policy.allowsPath("list", place.path)) return [undefined, path];
    return followLinks && this.#visited.has(found) ? [undefined, path] : [found, place.path];
  }
}
