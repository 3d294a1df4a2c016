// DO NOT EDIT: compiled from src/filesystem.ts by typescript 7.0.2 (npm run build).
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
