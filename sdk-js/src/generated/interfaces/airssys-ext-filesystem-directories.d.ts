// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./airssys-ext-filesystem-types.d.ts" />
declare module 'airssys:ext-filesystem/directories@1.0.0' {
  /**
   * Opens a directory for listing it in pages. The caller owns the cursor; a component may have 256 files and cursors
   * open at once by the host's default.
   *
   * Permission: `filesystem = [{ action = "list", path = "<path>" }]`.
   *
   * Errors:
   * - `not-found`: there is no such directory.
   * - `not-a-directory`: the path is not a directory.
   * - `too-many-open-files`: the limit on open files is reached.
   * - `permission-denied`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function openDirectory(path: Path): DirectoryCursor;
  /**
   * Gives all entries of a directory, sorted by the bytes of their names, without `.` and `..`.
   *
   * Permission: `filesystem = [{ action = "list", path = "<path>" }]`.
   *
   * Errors:
   * - `not-found`: there is no such directory.
   * - `not-a-directory`: the path is not a directory.
   * - `quota-exceeded`: there are more entries than the host's limit, default 100,000. `open-directory` has no such
   *   limit.
   * - `permission-denied`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function listDirectory(path: Path): Array<DirectoryEntry>;
  /**
   * Creates one directory, whose parent must exist.
   *
   * Permission: `filesystem = [{ action = "write", path = "<path>" }]`.
   *
   * Errors:
   * - `already-exists`: there is already something at the path, even a dangling link.
   * - `not-found`: the parent is missing.
   * - `quota-exceeded`: the host's limit is reached or the device is full.
   * - `permission-denied`, `not-a-directory`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function createDirectory(path: Path): void;
  /**
   * Creates a directory and all missing directories on the way to it. One that exists already is fine.
   *
   * Permission: `filesystem = [{ action = "write", path = "<path>" }]` for the path itself and for each directory that is
   * created. Those on the way that exist need none.
   *
   * Errors:
   * - `not-a-directory`: something on the way, or at the path itself, is not a directory.
   * - `quota-exceeded`: the host's limit is reached or the device is full. Directories created until then stay.
   * - `permission-denied`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function createDirectoryAll(path: Path): void;
  /**
   * Removes one empty directory.
   *
   * Permission: `filesystem = [{ action = "delete", path = "<path>" }]`.
   *
   * Errors:
   * - `not-found`: there is no such directory.
   * - `not-a-directory`: the path is not a directory. A symbolic link to a directory is none.
   * - `directory-not-empty`: there is something in it.
   * - `invalid-argument`: the path is the root of a mount, or ends in `/.`.
   * - `permission-denied`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function removeDirectory(path: Path): void;
  /**
   * Removes a directory and everything in it. Symbolic links in it are removed and not followed.
   *
   * Permission: `filesystem = [{ action = "delete", path = "<path>" }]` for the directory and everything in it. If it
   * is missing for one entry, nothing is removed.
   *
   * Errors:
   * - `not-found`: there is no such directory.
   * - `not-a-directory`: the path is not a directory. A symbolic link to a directory is none.
   * - `invalid-argument`: the path is the root of a mount, or ends in `/.`.
   * - `quota-exceeded`: there are more entries than the host's limit, default 10,000,000. Nothing is removed.
   * - `permission-denied`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function removeDirectoryAll(path: Path): void;
  /**
   * Gives the absolute paths of everything below a directory that the options match. The root itself is not among
   * them. When `options.limit` is reached, the search ends with what it has.
   *
   * Permission: `filesystem = [{ action = "list", path = "<path>" }]` for the root and each directory below it. A
   * directory below it that lacks the permission is skipped, which is no error.
   *
   * Errors:
   * - `not-found`: there is no such root.
   * - `not-a-directory`: the root is not a directory.
   * - `invalid-argument`: the pattern is not a valid glob.
   * - `quota-exceeded`: there are more results than the host's limit, default 100,000, or more entries to visit than
   *   its limit, default 10,000,000.
   * - `permission-denied`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function find(root: Path, options: FindOptions): Array<Path>;
  /**
   * Counts the files and directories below a directory and adds up their sizes. Symbolic links are not followed.
   *
   * Permission: `filesystem = [{ action = "list", path = "<path>" }]` for the root and each directory below it.
   *
   * Errors:
   * - `not-found`: there is no such root.
   * - `not-a-directory`: the root is not a directory.
   * - `quota-exceeded`: there are more entries than the host's limit, default 10,000,000.
   * - `permission-denied`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function measure(root: Path): DiskUsage;
  export type Path = import('airssys:ext-filesystem/types@1.0.0').Path;
  export type FilesystemError = import('airssys:ext-filesystem/types@1.0.0').FilesystemError;
  export type DirectoryEntry = import('airssys:ext-filesystem/types@1.0.0').DirectoryEntry;
  export type FindOptions = import('airssys:ext-filesystem/types@1.0.0').FindOptions;
  export type DiskUsage = import('airssys:ext-filesystem/types@1.0.0').DiskUsage;

  export class DirectoryCursor implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * Gives the next entries, at most `max-entries` and at most the host's limit, default 10,000, in no particular
    * order and without `.` and `..`. An empty list means the end, or that `max-entries` is 0.
    *
    * An entry that is created or removed meanwhile may or may not be among them.
    *
    * Permission: none; held by the cursor.
    *
    * Errors:
    * - `io`: the host's operating system failed.
    */
    next(maxEntries: number): Array<DirectoryEntry>;
    [Symbol.dispose](): void;
  }
}
