/**
 * Metadata, symbolic links and the form of paths.
 *
 * Every function but {@link normalize} and {@link relativeTo} can also throw a `FilesystemError` with the code
 * `permission-denied`, `not-a-directory`, `invalid-path`, `too-many-links`, `name-too-long` or `io`.
 *
 * @packageDocumentation
 */

import "./globals.js";

import * as host from "airssys:ext-filesystem/paths@1.0.0";

import { callFilesystem, lowerTimestamp } from "./convert.js";
import { lowerText } from "./engine.js";
import { ArgumentError } from "./errors.js";
import { liftFileMetadata, permissions, type FileMetadata, type FilePermissions } from "./filesystem.js";
import type { Timestamp } from "./types.js";

export { FilesystemError } from "./errors.js";
export type { FilesystemErrorCode } from "./errors.js";
export type { FileMetadata, FilePermissions, FileType } from "./filesystem.js";

/** What {@link setTimes} does with one of the times: leaves it, sets it to the host's present time, or to this time. */
export type FileTime = "unchanged" | "now" | (Omit<Timestamp, "seconds"> & { readonly seconds: number | bigint });

/** The times that {@link setTimes} sets. An absent one is left as it is. */
export interface FileTimes {
  /** The time of the last read. */
  accessed?: FileTime | undefined;
  /** The time of the last change of the content. */
  modified?: FileTime | undefined;
}

/**
 * Gives the metadata of what a path leads to. Symbolic links are followed.
 *
 * Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with the action `list`.
 *
 * @throws FilesystemError `not-found`, also for a dangling link.
 */
export function getMetadata(path: string): FileMetadata {
  const at = lowerText(path, "path");
  return callFilesystem(() => liftFileMetadata(host.getMetadata(at)));
}

/**
 * Gives the metadata of what is at a path: if that is a symbolic link, of the link itself.
 *
 * Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with the action `list`.
 *
 * @throws FilesystemError `not-found`.
 */
export function getLinkMetadata(path: string): FileMetadata {
  const at = lowerText(path, "path");
  return callFilesystem(() => liftFileMetadata(host.getLinkMetadata(at)));
}

/**
 * Says whether there is something at a path. A dangling link gives `false`; a missing permission is an error and never
 * `false`.
 *
 * Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with the action `list`.
 */
export function exists(path: string): boolean {
  const at = lowerText(path, "path");
  return callFilesystem(() => host.exists(at));
}

/**
 * Sets the permission bits of a file or directory. Absent ones are cleared. Symbolic links are followed.
 *
 * Permission: `filesystem = [{ action = "write", path = "<path>" }]`.
 *
 * @throws FilesystemError `not-found`, or `unsupported` if the host has no such bits.
 */
export function setPermissions(path: string, bits: Partial<FilePermissions>): void {
  const at = lowerText(path, "path");
  const to = permissions(bits);
  callFilesystem(() => host.setPermissions(at, to));
}

/**
 * Sets the times of a file or directory. Symbolic links are followed.
 *
 * Permission: `filesystem = [{ action = "write", path = "<path>" }]`.
 *
 * @throws FilesystemError `not-found`, or `invalid-argument` for a time that the filesystem cannot express or one with
 *   1,000,000,000 nanoseconds or more.
 */
export function setTimes(path: string, times: FileTimes): void {
  const at = lowerText(path, "path");
  const to = { accessed: lowerFileTime(times.accessed, "accessed"), modified: lowerFileTime(times.modified, "modified") };
  callFilesystem(() => host.setTimes(at, to));
}

function lowerFileTime(time: FileTime = "unchanged", name: string): host.FileTimes["accessed"] {
  if (typeof time === "object") return { tag: "at", val: lowerTimestamp(time, name) };
  if (time === "unchanged" || time === "now") return { tag: time };
  throw new ArgumentError("out-of-range", `${name} must be unchanged, now or a timestamp`);
}

/**
 * Creates a symbolic link at `link` that points to `target`, which need not exist.
 *
 * Permission: `filesystem = [{ action = "write", path = "<link>" }]` and
 * `filesystem = [{ action = "read", path = "<target>" }]`. A target outside of the mounts is denied.
 *
 * @throws FilesystemError `already-exists`, `not-found` if the directory of `link` is missing, `unsupported` or
 *   `quota-exceeded`.
 */
export function createSymlink(target: string, link: string): void {
  const to = lowerText(target, "target");
  const at = lowerText(link, "link");
  callFilesystem(() => host.createSymlink(to, at));
}

/**
 * Gives the path that a symbolic link points to, without resolving it any further.
 *
 * Permission: `filesystem = [{ action = "read", path = "<link>" }]`.
 *
 * @throws FilesystemError `not-found`, or `invalid-argument` if it is not a symbolic link.
 */
export function readSymlink(link: string): string {
  const at = lowerText(link, "link");
  return callFilesystem(() => host.readSymlink(at));
}

/**
 * Gives the path with all symbolic links, `.` and `..` resolved. There must be something at it.
 *
 * Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with the action `list`.
 *
 * @throws FilesystemError `not-found`, or `too-many-links` for a loop.
 */
export function canonicalize(path: string): string {
  const at = lowerText(path, "path");
  return callFilesystem(() => host.canonicalize(at));
}

/**
 * Gives the path without `.`, `..`, repeated `/` and a `/` at the end. It works on the text only: no link is resolved.
 *
 * Permission: none.
 *
 * @throws FilesystemError `invalid-path` if the path is not absolute, is empty, too long or contains NUL, or
 *   `name-too-long`.
 */
export function normalize(path: string): string {
  const text = lowerText(path, "path");
  return callFilesystem(() => host.normalize(text));
}

/**
 * Gives the part of a path that comes after a base, without a `/` before it; empty if the two are the same. It works on
 * the text only.
 *
 * Permission: none.
 *
 * @throws FilesystemError `invalid-argument` if the path is not under the base, `invalid-path` or `name-too-long`.
 */
export function relativeTo(path: string, base: string): string {
  const text = lowerText(path, "path");
  const from = lowerText(base, "base");
  return callFilesystem(() => host.relativeTo(text, from));
}
