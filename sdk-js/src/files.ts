/**
 * Opening, reading and writing files, and copying, renaming and deleting them.
 *
 * Paths are absolute guest paths, under the directories that the host mounts for the component. Every function that
 * takes one can also throw a `FilesystemError` with the code `permission-denied`, `not-found`, `invalid-path`,
 * `not-a-directory`, `too-many-links`, `name-too-long` or `io`.
 *
 * @packageDocumentation
 */

import "./globals.js";

import * as host from "airssys:ext-filesystem/files@1.0.0";

import { callFilesystem } from "./convert.js";
import {
  exactInteger,
  liftBytes,
  liftU32,
  liftU64,
  lowerBytes,
  lowerData,
  lowerEnum,
  lowerSize,
  lowerText,
  lowerU32,
  lowerU64,
} from "./engine.js";
import { ArgumentError } from "./errors.js";
import { liftFileMetadata, type FileMetadata } from "./filesystem.js";
import { Handle } from "./handle.js";

export { FilesystemError } from "./errors.js";
export type { FilesystemErrorCode } from "./errors.js";
export type { FileMetadata, FilePermissions, FileType } from "./filesystem.js";

/** How {@link open} opens a file. At least one of `read`, `write` and `append` must be `true`. */
export interface OpenFlags {
  /** The file can be read. Needs the permission `read`. */
  read?: boolean | undefined;
  /** The file can be written. Needs the permission `write`. */
  write?: boolean | undefined;
  /** The file can be written, and each write goes to its end. Needs the permission `write`. */
  append?: boolean | undefined;
  /** Creates the file if it does not exist. Needs the permission `write`. */
  create?: boolean | undefined;
  /** Creates the file, and fails if there is already anything at the path. Needs the permission `write`. */
  createNew?: boolean | undefined;
  /** Cuts an existing file to length 0. Only together with `write`. */
  truncate?: boolean | undefined;
  /** Fails with `too-many-links` if the last segment of the path is a symbolic link. */
  noFollow?: boolean | undefined;
}

/** What happens when there is already something at the destination: an `already-exists` error, or it is replaced. */
export type OnExisting = "fail" | "replace";

/** How a lock is held: together with other shared ones, or with none. Locks keep out locks, not reads and writes. */
export type LockKind = "shared" | "exclusive";

/** What {@link File.sync} brings to the device: the content, or the content and all metadata. */
export type SyncKind = "data" | "all";

/** From where {@link File.seek} counts. */
export type Whence = "start" | "current" | "end";

/** How many bytes `read` and `readAt` ask for unless told otherwise. */
export const DEFAULT_READ_BYTES = 65_536;

/**
 * An open file, from {@link open}. The permissions were checked then; no method needs one.
 *
 * Close it when done, with {@link close} or `using file = open(…)`: a component may have only so many files open.
 * Every other method throws a `ClosedError` afterwards.
 */
export class File {
  readonly #handle: Handle<host.File>;

  private constructor(raw: host.File) {
    this.#handle = new Handle("file", raw);
  }

  /** @internal */
  static from(raw: host.File): File {
    return new File(raw);
  }

  /**
   * Reads from the present position, and moves it by what was read. It gives at most `maxBytes` and may give less than
   * there is. No bytes mean the end of the file, or that `maxBytes` is 0.
   *
   * @throws FilesystemError `invalid-argument` if the file is not open for reading, or `io`.
   */
  read(maxBytes: number = DEFAULT_READ_BYTES): Uint8Array {
    const raw = this.#handle.get();
    const most = lowerU32(maxBytes, "maxBytes");
    return callFilesystem(() => liftBytes(raw.read(most)));
  }

  /**
   * Reads from `offset`, in bytes from the start of the file. The position stays where it is. It gives at most
   * `maxBytes` and may give less than there is; no bytes at or past the end.
   *
   * @throws FilesystemError `invalid-argument` if the file is not open for reading, or `io`.
   */
  readAt(offset: number | bigint, maxBytes: number = DEFAULT_READ_BYTES): Uint8Array {
    const raw = this.#handle.get();
    const from = lowerSize(offset, "offset");
    const most = lowerU32(maxBytes, "maxBytes");
    return callFilesystem(() => liftBytes(raw.readAt(from, most)));
  }

  /**
   * Writes at the present position, or at the end of a file that is open for appending, and moves the position behind
   * what was written. Returns how many bytes were written, which may be less than given.
   *
   * @throws FilesystemError `invalid-argument` if the file is not open for writing, `quota-exceeded` or `io`.
   */
  write(data: Uint8Array): number {
    const raw = this.#handle.get();
    const bytes = lowerBytes(data, "data");
    return callFilesystem(() => liftU32(raw.write(bytes)));
  }

  /**
   * Writes at `offset`, in bytes from the start of the file. The position stays where it is; a gap behind the end is
   * filled with zeros. Returns how many bytes were written, which may be less than given.
   *
   * @throws FilesystemError `invalid-argument` if the file is not open for writing or is open for appending,
   *   `quota-exceeded` or `io`.
   */
  writeAt(offset: number | bigint, data: Uint8Array): number {
    const raw = this.#handle.get();
    const to = lowerSize(offset, "offset");
    const bytes = lowerBytes(data, "data");
    return callFilesystem(() => liftU32(raw.writeAt(to, bytes)));
  }

  /**
   * Moves the position and returns it, in bytes from the start of the file. `offset` may be negative from `current`;
   * from `end` it must be 0 or negative. A position past the end is allowed.
   *
   * @throws FilesystemError `invalid-argument` for a position before the start, or `io`.
   * @throws ArgumentError for a negative offset from the start, or a positive one from the end.
   */
  seek(offset: number | bigint, whence: Whence = "start"): bigint {
    const raw = this.#handle.get();
    const position = lowerPosition(offset, lowerEnum(whence, ["start", "current", "end"], "whence"));
    return callFilesystem(() => liftU64(raw.seek(position), "position"));
  }

  /**
   * Waits until what was written is on the device.
   *
   * @throws FilesystemError `io`.
   */
  sync(kind: SyncKind = "all"): void {
    const raw = this.#handle.get();
    const what = lowerEnum(kind, ["data", "all"], "kind");
    callFilesystem(() => raw.sync(what));
  }

  /**
   * Makes the file this many bytes long: cuts it, or fills it up with zeros. The position stays where it is.
   *
   * @throws FilesystemError `invalid-argument` if the file is not open for writing, `quota-exceeded` or `io`.
   */
  setSize(size: number | bigint): void {
    const raw = this.#handle.get();
    const bytes = lowerSize(size, "size");
    callFilesystem(() => raw.setSize(bytes));
  }

  /**
   * Gives the metadata of the file.
   *
   * @throws FilesystemError `io`.
   */
  metadata(): FileMetadata {
    const raw = this.#handle.get();
    return callFilesystem(() => liftFileMetadata(raw.metadata()));
  }

  /**
   * Locks the whole file. A handle holds at most one lock: locking again changes its kind. It waits at most
   * `timeoutMs` milliseconds; 0 tries once, and without it the wait is as long as the call may take. The lock is held
   * until {@link unlock} or {@link close}.
   *
   * @throws FilesystemError `locked` if another handle held it all that time, `unsupported` or `io`.
   */
  lock(kind: LockKind, timeoutMs?: number): void {
    const raw = this.#handle.get();
    const how = lowerEnum(kind, ["shared", "exclusive"], "kind");
    const timeout = timeoutMs === undefined ? undefined : lowerU32(timeoutMs, "timeoutMs");
    callFilesystem(() => raw.lock(how, timeout));
  }

  /**
   * Releases the lock of this handle.
   *
   * @throws FilesystemError `invalid-argument` if it holds none, or `io`.
   */
  unlock(): void {
    const raw = this.#handle.get();
    callFilesystem(() => raw.unlock());
  }

  /** Closes the file and releases its lock. Closing it again does nothing. */
  close(): void {
    this.#handle.drop();
  }

  /** The same as {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

function lowerPosition(given: number | bigint, whence: Whence): host.SeekFrom {
  const offset = exactInteger(given, "offset");
  switch (whence) {
    case "start":
      return { tag: "start", val: lowerU64(offset, "offset") };
    case "current":
      return offset < 0n
        ? { tag: "backward", val: lowerU64(-offset, "offset") }
        : { tag: "forward", val: lowerU64(offset, "offset") };
    case "end":
      if (offset > 0n) throw new ArgumentError("out-of-range", "offset from the end must not be positive");
      return { tag: "before-end", val: lowerU64(-offset, "offset") };
  }
}

/**
 * Opens a file, with the position at its start.
 *
 * Permission: `filesystem = [{ action = "read", path = "<path>" }]` for `read`, and the same with the action `write`
 * for each other flag but `noFollow`.
 *
 * @throws FilesystemError `not-found` without `create` or `createNew`, `already-exists` with `createNew`,
 *   `is-a-directory`, `invalid-argument` (no access flag; `truncate` without `write`), `too-many-links` (`noFollow` on
 *   a symbolic link), `too-many-open-files` or `quota-exceeded`.
 */
export function open(path: string, flags: OpenFlags): File {
  const at = lowerText(path, "path");
  const { read, write, append, create, createNew, truncate, noFollow } = flags;
  const how = {
    read: Boolean(read),
    write: Boolean(write),
    append: Boolean(append),
    create: Boolean(create),
    createNew: Boolean(createNew),
    truncate: Boolean(truncate),
    noFollow: Boolean(noFollow),
  };
  return File.from(callFilesystem(() => host.open(at, how)));
}

/**
 * Reads a whole file.
 *
 * Permission: `filesystem = [{ action = "read", path = "<path>" }]`.
 *
 * @throws FilesystemError `not-found`, `is-a-directory`, or `quota-exceeded` if it is larger than the host's limit.
 */
export function readFile(path: string): Uint8Array {
  const at = lowerText(path, "path");
  return callFilesystem(() => liftBytes(host.readFile(at)));
}

/**
 * Creates a file with this content, or replaces the content of one, atomically: a reader sees the old content or the
 * new, never a part. Text is written as UTF-8.
 *
 * Permission: `filesystem = [{ action = "write", path = "<path>" }]`.
 *
 * @throws FilesystemError `not-found` if the directory is missing, `is-a-directory` or `quota-exceeded`.
 */
export function writeFile(path: string, data: Uint8Array | string): void {
  const at = lowerText(path, "path");
  const bytes = lowerData(data, "data");
  callFilesystem(() => host.writeFile(at, bytes));
}

/**
 * Writes to the end of a file, and creates it if there is none. What two writers append at the same time does not
 * interleave within one call. Text is written as UTF-8.
 *
 * Permission: `filesystem = [{ action = "write", path = "<path>" }]`.
 *
 * @throws FilesystemError `not-found` if the directory is missing, `is-a-directory` or `quota-exceeded`.
 */
export function appendFile(path: string, data: Uint8Array | string): void {
  const at = lowerText(path, "path");
  const bytes = lowerData(data, "data");
  callFilesystem(() => host.appendFile(at, bytes));
}

/**
 * Deletes a file, or a symbolic link itself.
 *
 * Permission: `filesystem = [{ action = "delete", path = "<path>" }]`.
 *
 * @throws FilesystemError `not-found` or `is-a-directory`.
 */
export function deleteFile(path: string): void {
  const at = lowerText(path, "path");
  callFilesystem(() => host.deleteFile(at));
}

/**
 * Copies the content of a file and returns how many bytes that is.
 *
 * Permission: `filesystem = [{ action = "read", path = "<source>" }]` and
 * `filesystem = [{ action = "write", path = "<destination>" }]`.
 *
 * @throws FilesystemError `not-found`, `already-exists` unless `onExisting` is `replace`, `is-a-directory`,
 *   `invalid-argument` if both are the same file, or `quota-exceeded`.
 */
export function copyFile(source: string, destination: string, onExisting: OnExisting = "fail"): bigint {
  const from = lowerText(source, "source");
  const to = lowerText(destination, "destination");
  const existing = lowerEnum(onExisting, ["fail", "replace"], "onExisting");
  return callFilesystem(() => liftU64(host.copyFile(from, to, existing), "bytes"));
}

/**
 * Moves a file, a directory or a symbolic link to another path of the same mount, atomically. A link is moved itself.
 *
 * Permission: `filesystem = [{ action = "delete", path = "<source>" }]` and
 * `filesystem = [{ action = "write", path = "<destination>" }]`.
 *
 * @throws FilesystemError `not-found`, `already-exists` unless `onExisting` is `replace`, `directory-not-empty`,
 *   `is-a-directory`, `not-a-directory`, `cross-device`, or `invalid-argument` for the root of a mount and for a
 *   destination within the source.
 */
export function rename(source: string, destination: string, onExisting: OnExisting = "fail"): void {
  const from = lowerText(source, "source");
  const to = lowerText(destination, "destination");
  const existing = lowerEnum(onExisting, ["fail", "replace"], "onExisting");
  callFilesystem(() => host.rename(from, to, existing));
}
