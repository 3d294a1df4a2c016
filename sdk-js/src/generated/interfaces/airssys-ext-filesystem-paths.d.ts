// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./airssys-ext-filesystem-types.d.ts" />
declare module 'airssys:ext-filesystem/paths@1.0.0' {
  /**
   * Gives the metadata of what a path leads to. Symbolic links are followed.
   *
   * Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with the action `list`.
   *
   * Errors:
   * - `not-found`: there is nothing at the path, or it is a dangling link.
   * - `permission-denied`, `not-a-directory`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function getMetadata(path: Path): FileMetadata;
  /**
   * Gives the metadata of what is at a path. If that is a symbolic link, it is not followed: the metadata is that of
   * the link. Links earlier on the path are followed.
   *
   * Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with the action `list`.
   *
   * Errors:
   * - `not-found`: there is nothing at the path.
   * - `permission-denied`, `not-a-directory`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function getLinkMetadata(path: Path): FileMetadata;
  /**
   * Says whether there is something at a path. Symbolic links are followed: a dangling link gives `false`. A missing
   * permission is an error and never `false`.
   *
   * Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with the action `list`.
   *
   * Errors:
   * - `permission-denied`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function exists(path: Path): boolean;
  /**
   * Sets the permission bits of a file or directory, as `get-metadata` then gives them. Symbolic links are followed.
   *
   * Permission: `filesystem = [{ action = "write", path = "<path>" }]`.
   *
   * Errors:
   * - `not-found`: there is nothing at the path.
   * - `unsupported`: the host has no such permission bits.
   * - `permission-denied`, `not-a-directory`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function setPermissions(path: Path, permissions: FilePermissions): void;
  /**
   * Sets the times of a file or directory. Symbolic links are followed.
   *
   * Permission: `filesystem = [{ action = "write", path = "<path>" }]`.
   *
   * Errors:
   * - `not-found`: there is nothing at the path.
   * - `invalid-argument`: a time has 1,000,000,000 nanoseconds or more, or the filesystem cannot express it.
   * - `permission-denied`, `not-a-directory`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function setTimes(path: Path, times: FileTimes): void;
  /**
   * Creates a symbolic link at `link` that points to `target`. The target need not exist.
   *
   * Permission: `filesystem = [{ action = "write", path = "<link>" }]` and
   * `filesystem = [{ action = "read", path = "<target>" }]`. A target outside of the mounts is denied whatever the
   * permissions.
   *
   * Errors:
   * - `already-exists`: there is already something at `link`.
   * - `not-found`: the directory of `link` is missing.
   * - `cross-device`: the target is on another mount than the link.
   * - `unsupported`: the filesystem has no symbolic links.
   * - `quota-exceeded`: the host's limit is reached or the device is full.
   * - `permission-denied`, `not-a-directory`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function createSymlink(target: Path, link: Path): void;
  /**
   * Gives the path that a symbolic link points to, absolute whatever stands in the link. It is not resolved any further
   * and need not exist.
   *
   * Permission: `filesystem = [{ action = "read", path = "<link>" }]`.
   *
   * Errors:
   * - `not-found`: there is nothing at `link`.
   * - `invalid-argument`: there is something else than a symbolic link.
   * - `permission-denied`, `not-a-directory`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function readSymlink(link: Path): Path;
  /**
   * Gives the path with all symbolic links, `.` and `..` resolved. There must be something at it.
   *
   * Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with the action `list`.
   *
   * Errors:
   * - `not-found`: there is nothing at the path.
   * - `too-many-links`: there is a loop of links, or more than 40 of them.
   * - `permission-denied`, `not-a-directory`, `invalid-path`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function canonicalize(path: Path): Path;
  /**
   * Gives the path without `.`, `..`, repeated `/` and a `/` at the end. `..` above the root stays at the root.
   *
   * It works on the text only: nothing need exist, and no link is resolved, so that the result may lead elsewhere than
   * the path does.
   *
   * Permission: none.
   *
   * Errors:
   * - `invalid-path`: the path is not absolute, is empty, contains NUL, or is longer than 4,096 bytes.
   * - `name-too-long`: a segment is longer than 255 bytes.
   */
  export function normalize(path: Path): Path;
  /**
   * Gives the part of a path that comes after a base, without a `/` before it. It is empty if the two are the same.
   *
   * It works on the text only, after both are brought to the form that `normalize` gives.
   *
   * Permission: none.
   *
   * Errors:
   * - `invalid-argument`: the path is not under the base.
   * - `invalid-path`: one of the two is not absolute, is empty, contains NUL, or is longer than 4,096 bytes.
   * - `name-too-long`: a segment is longer than 255 bytes.
   */
  export function relativeTo(path: Path, base: Path): Path;
  export type Path = import('airssys:ext-filesystem/types@1.0.0').Path;
  export type FilesystemError = import('airssys:ext-filesystem/types@1.0.0').FilesystemError;
  export type FileMetadata = import('airssys:ext-filesystem/types@1.0.0').FileMetadata;
  export type FilePermissions = import('airssys:ext-filesystem/types@1.0.0').FilePermissions;
  export type FileTimes = import('airssys:ext-filesystem/types@1.0.0').FileTimes;
}
