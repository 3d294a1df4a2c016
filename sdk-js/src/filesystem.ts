// What files, directories and paths share.

import type { FileMetadata as RawMetadata, FilePermissions as RawPermissions } from "airssys:ext-filesystem/types@1.0.0";

import { liftTimestamp, some } from "./convert.js";
import { liftOption, liftU64 } from "./engine.js";
import type { Timestamp } from "./types.js";

/** What something in the filesystem is. `other` is a socket, a pipe, a device or the like. */
export type FileType = "regular" | "directory" | "symbolic-link" | "other";

/** POSIX permission bits. A host without them shows only whether a file is read-only, and sets only that. */
export interface FilePermissions {
  /** The owner may read. */
  ownerRead: boolean;
  /** The owner may write. */
  ownerWrite: boolean;
  /** The owner may execute, or for a directory pass through. */
  ownerExecute: boolean;
  /** The group may read. */
  groupRead: boolean;
  /** The group may write. */
  groupWrite: boolean;
  /** The group may execute, or for a directory pass through. */
  groupExecute: boolean;
  /** Others may read. */
  otherRead: boolean;
  /** Others may write. */
  otherWrite: boolean;
  /** Others may execute, or for a directory pass through. */
  otherExecute: boolean;
}

/** What the filesystem knows about a file, directory or link apart from its content. */
export interface FileMetadata {
  /** What it is. */
  fileType: FileType;
  /** Its size in bytes. Of use for regular files; for others it is what the host's filesystem says. */
  size: bigint;
  /** Its permission bits. */
  permissions: FilePermissions;
  /** How many hard links it has. */
  links: bigint;
  /** When it was last read, if the filesystem keeps it. */
  accessed?: Timestamp;
  /** When its content last changed, if the filesystem keeps it. */
  modified?: Timestamp;
  /** When it was created, if the filesystem keeps it. */
  created?: Timestamp;
}

/** @internal */
export function liftFileMetadata(raw: RawMetadata): FileMetadata {
  const time = (name: "accessed" | "modified" | "created") => {
    const at = liftOption(raw[name]);
    return some(name, at && liftTimestamp(at));
  };
  return {
    fileType: raw.fileType,
    size: liftU64(raw.size, "size"),
    permissions: permissions(raw.permissions),
    links: liftU64(raw.links, "links"),
    ...time("accessed"),
    ...time("modified"),
    ...time("created"),
  };
}

/** @internal */
export function permissions(given: Partial<FilePermissions> | RawPermissions): FilePermissions {
  return {
    ownerRead: Boolean(given.ownerRead),
    ownerWrite: Boolean(given.ownerWrite),
    ownerExecute: Boolean(given.ownerExecute),
    groupRead: Boolean(given.groupRead),
    groupWrite: Boolean(given.groupWrite),
    groupExecute: Boolean(given.groupExecute),
    otherRead: Boolean(given.otherRead),
    otherWrite: Boolean(given.otherWrite),
    otherExecute: Boolean(given.otherExecute),
  };
}
