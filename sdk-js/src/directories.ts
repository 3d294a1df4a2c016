/**
 * Listing, creating, removing and searching directories.
 *
 * Every function can also throw a `FilesystemError` with the code `permission-denied`, `not-found`, `invalid-path`,
 * `not-a-directory`, `too-many-links`, `name-too-long` or `io`.
 *
 * @packageDocumentation
 */

import "./globals.js";

import * as host from "airssys:ext-filesystem/directories@1.0.0";

import { callFilesystem, some } from "./convert.js";
import { liftU64, lowerText, lowerU32 } from "./engine.js";
import type { FileType } from "./filesystem.js";
import { Handle } from "./handle.js";

export { FilesystemError } from "./errors.js";
export type { FilesystemErrorCode } from "./errors.js";
export type { FileType } from "./filesystem.js";

/** One entry of a directory. */
export interface DirectoryEntry {
  /** Its name: one segment, without the path of the directory. */
  name: string;
  /** What it is. A symbolic link is not followed. */
  fileType: FileType;
}

/** What {@link find} looks for. */
export interface FindOptions {
  /** A glob over the path relative to the root: `*` within one segment, `**` across segments, `?` one character. */
  pattern: string;
  /** How many levels of directories to visit: 1 visits only the root's own entries. Without it, all. */
  maxDepth?: number | undefined;
  /** Whether to go into directories that symbolic links point to. Default `false`. */
  followLinks?: boolean | undefined;
  /** Stop after this many results. Without it, the host's limit holds. */
  limit?: number | undefined;
}

/** What is in a directory and everything below it. */
export interface DiskUsage {
  /** How many entries are not directories. */
  files: bigint;
  /** How many entries are directories, without the root itself. */
  directories: bigint;
  /** The sizes of all regular files together, in bytes. */
  bytes: bigint;
}

/** How many entries {@link DirectoryCursor} asks for at a time unless told otherwise. */
export const DEFAULT_PAGE_ENTRIES = 1_000;

/**
 * A cursor over one directory, from {@link openDirectory}, so that a directory of any size can be listed in bounded
 * memory. Iterate over it, or take pages with {@link next}. Close it when done, with {@link close} or
 * `using cursor = openDirectory(…)`; every other method throws a `ClosedError` afterwards.
 */
export class DirectoryCursor {
  readonly #handle: Handle<host.DirectoryCursor>;

  private constructor(raw: host.DirectoryCursor) {
    this.#handle = new Handle("cursor", raw);
  }

  /** @internal */
  static from(raw: host.DirectoryCursor): DirectoryCursor {
    return new DirectoryCursor(raw);
  }

  /**
   * Gives the next entries, at most `maxEntries`, in no particular order. None mean the end, or that `maxEntries` is 0.
   *
   * @throws FilesystemError `io`.
   */
  next(maxEntries: number = DEFAULT_PAGE_ENTRIES): DirectoryEntry[] {
    const raw = this.#handle.get();
    const most = lowerU32(maxEntries, "maxEntries");
    return callFilesystem(() => raw.next(most));
  }

  /** Gives the entries that are left, one by one. The cursor stays open. */
  *[Symbol.iterator](): Generator<DirectoryEntry, void, undefined> {
    for (let page = this.next(); page.length > 0; page = this.next()) yield* page;
  }

  /** Closes the cursor. Closing it again does nothing. */
  close(): void {
    this.#handle.drop();
  }

  /** The same as {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Opens a directory for listing it in pages.
 *
 * Permission: `filesystem = [{ action = "list", path = "<path>" }]`.
 *
 * @throws FilesystemError `too-many-open-files`.
 */
export function openDirectory(path: string): DirectoryCursor {
  const at = lowerText(path, "path");
  return DirectoryCursor.from(callFilesystem(() => host.openDirectory(at)));
}

/**
 * Gives all entries of a directory, sorted by the bytes of their names, without `.` and `..`.
 *
 * Permission: `filesystem = [{ action = "list", path = "<path>" }]`.
 *
 * @throws FilesystemError `quota-exceeded` if there are more than the host's limit; {@link openDirectory} has none.
 */
export function listDirectory(path: string): DirectoryEntry[] {
  const at = lowerText(path, "path");
  return callFilesystem(() => host.listDirectory(at));
}

/**
 * Creates one directory, whose parent must exist.
 *
 * Permission: `filesystem = [{ action = "write", path = "<path>" }]`.
 *
 * @throws FilesystemError `already-exists`, `not-found` if the parent is missing, or `quota-exceeded`.
 */
export function createDirectory(path: string): void {
  const at = lowerText(path, "path");
  callFilesystem(() => host.createDirectory(at));
}

/**
 * Creates a directory and all missing directories on the way to it. One that exists already is fine.
 *
 * Permission: `filesystem = [{ action = "write", path = "<path>" }]` for each directory that is created.
 *
 * @throws FilesystemError `not-a-directory` if something else is in the way, or `quota-exceeded`.
 */
export function createDirectoryAll(path: string): void {
  const at = lowerText(path, "path");
  callFilesystem(() => host.createDirectoryAll(at));
}

/**
 * Removes one empty directory.
 *
 * Permission: `filesystem = [{ action = "delete", path = "<path>" }]`.
 *
 * @throws FilesystemError `directory-not-empty`, or `invalid-argument` for the root of a mount.
 */
export function removeDirectory(path: string): void {
  const at = lowerText(path, "path");
  callFilesystem(() => host.removeDirectory(at));
}

/**
 * Removes a directory and everything in it. Symbolic links in it are removed and not followed.
 *
 * Permission: `filesystem = [{ action = "delete", path = "<path>" }]` for the directory and everything in it. If it is
 * missing for one entry, nothing is removed.
 *
 * @throws FilesystemError `quota-exceeded` if there are more entries than the host's limit, or `invalid-argument` for
 *   the root of a mount.
 */
export function removeDirectoryAll(path: string): void {
  const at = lowerText(path, "path");
  callFilesystem(() => host.removeDirectoryAll(at));
}

/**
 * Gives the absolute paths of everything below a directory that the options match. When `limit` is reached, the search
 * ends with what it has.
 *
 * Permission: `filesystem = [{ action = "list", path = "<path>" }]` for the root and each directory below it. One below
 * it that lacks the permission is skipped, which is no error.
 *
 * @throws FilesystemError `invalid-argument` for a malformed pattern, or `quota-exceeded`.
 */
export function find(root: string, options: FindOptions): string[] {
  const from = lowerText(root, "root");
  const { pattern, maxDepth, followLinks = false, limit } = options;
  const what: host.FindOptions = {
    pattern: lowerText(pattern, "pattern"),
    followLinks: Boolean(followLinks),
    ...some("maxDepth", maxDepth === undefined ? undefined : lowerU32(maxDepth, "maxDepth")),
    ...some("limit", limit === undefined ? undefined : lowerU32(limit, "limit")),
  };
  return callFilesystem(() => host.find(from, what));
}

/**
 * Counts the files and directories below a directory and adds up their sizes. Symbolic links are not followed.
 *
 * Permission: `filesystem = [{ action = "list", path = "<path>" }]` for the root and each directory below it.
 *
 * @throws FilesystemError `quota-exceeded` if there are more entries than the host's limit.
 */
export function measure(root: string): DiskUsage {
  const from = lowerText(root, "root");
  return callFilesystem(() => {
    const raw = host.measure(from);
    return {
      files: liftU64(raw.files, "files"),
      directories: liftU64(raw.directories, "directories"),
      bytes: liftU64(raw.bytes, "bytes"),
    };
  });
}
