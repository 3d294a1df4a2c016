// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./airssys-ext-filesystem-types.d.ts" />
declare module 'airssys:ext-filesystem/files@1.0.0' {
  /**
   * Opens a file. The position is at the start. The caller owns the handle; a component may have 256 files and cursors
   * open at once by the host's default.
   *
   * Permission: as the flags ask, `filesystem = [{ action = "read", path = "<path>" }]` for `read` and
   * `filesystem = [{ action = "write", path = "<path>" }]` for each other flag but `no-follow`.
   *
   * Errors:
   * - `not-found`: there is no such file, and neither `create` nor `create-new` is set; or its directory is missing.
   * - `already-exists`: `create-new` is set and there is something at the path.
   * - `is-a-directory`: the path is a directory.
   * - `invalid-argument`: none of `read`, `write` and `append` is set, or `truncate` without `write`.
   * - `too-many-links`: `no-follow` is set and the path is a symbolic link, or there are too many links on the way.
   * - `too-many-open-files`: the limit on open files is reached.
   * - `quota-exceeded`: a file was to be created and the host's limit is reached or the device is full.
   * - `permission-denied`, `not-a-directory`, `invalid-path`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function open(path: Path, flags: OpenFlags): File;
  /**
   * Reads a whole file. An empty file gives an empty list.
   *
   * Permission: `filesystem = [{ action = "read", path = "<path>" }]`.
   *
   * Errors:
   * - `not-found`: there is no such file.
   * - `is-a-directory`: the path is a directory.
   * - `quota-exceeded`: the file is larger than the host's limit, default 64 MiB.
   * - `permission-denied`, `not-a-directory`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function readFile(path: Path): Uint8Array;
  /**
   * Creates a file with this content, or replaces the content of one, atomically: a reader sees the old content or the
   * new, never a part, and a crash leaves the one or the other. A symbolic link is followed.
   *
   * Permission: `filesystem = [{ action = "write", path = "<path>" }]`.
   *
   * Errors:
   * - `not-found`: the directory of the file is missing.
   * - `is-a-directory`: the path is a directory.
   * - `quota-exceeded`: the host's limit is reached or the device is full. The old content is still there.
   * - `permission-denied`, `not-a-directory`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function writeFile(path: Path, data: Uint8Array): void;
  /**
   * Writes to the end of a file, and creates it if there is none. What two writers append at the same time does not
   * interleave within one call.
   *
   * Permission: `filesystem = [{ action = "write", path = "<path>" }]`.
   *
   * Errors:
   * - `not-found`: the directory of the file is missing.
   * - `is-a-directory`: the path is a directory.
   * - `quota-exceeded`: the host's limit is reached or the device is full.
   * - `permission-denied`, `not-a-directory`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function appendFile(path: Path, data: Uint8Array): void;
  /**
   * Deletes a file. Of a symbolic link it deletes the link and not what it points to.
   *
   * Permission: `filesystem = [{ action = "delete", path = "<path>" }]`.
   *
   * Errors:
   * - `not-found`: there is no such file.
   * - `is-a-directory`: the path is a directory.
   * - `permission-denied`, `not-a-directory`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function deleteFile(path: Path): void;
  /**
   * Copies the content of one file to another and returns how many bytes were copied. Symbolic links are followed.
   *
   * Permission: `filesystem = [{ action = "read", path = "<source>" }]` and
   * `filesystem = [{ action = "write", path = "<destination>" }]`.
   *
   * Errors:
   * - `not-found`: there is no such source, or the directory of the destination is missing.
   * - `already-exists`: `on-existing` is `fail` and there is something at the destination.
   * - `is-a-directory`: the source or the destination is a directory.
   * - `invalid-argument`: source and destination are the same file.
   * - `quota-exceeded`: the host's limit is reached or the device is full.
   * - `permission-denied`, `not-a-directory`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function copyFile(source: Path, destination: Path, onExisting: OnExisting): bigint;
  /**
   * Moves a file, a directory or a symbolic link to another path of the same mount, atomically. A link is moved
   * itself, not what it points to.
   *
   * With `replace`, a file or link takes the place of a file or link, and a directory that of an empty directory.
   *
   * Permission: `filesystem = [{ action = "delete", path = "<source>" }]` and
   * `filesystem = [{ action = "write", path = "<destination>" }]`; for a directory the same for everything in it, at its
   * old and its new path.
   *
   * Errors:
   * - `not-found`: there is no such source, or the directory of the destination is missing.
   * - `already-exists`: `on-existing` is `fail` and there is something at the destination.
   * - `directory-not-empty`: a directory was to replace one that is not empty.
   * - `is-a-directory`: a file was to replace a directory.
   * - `not-a-directory`: a directory was to replace a file, or a part of a path that is not the last is no directory.
   * - `cross-device`: source and destination are on different mounts.
   * - `invalid-argument`: the source is the root of a mount, or the destination lies within the source, or one of them
   *   ends in `/.`; or a symbolic link in the directory would lead out of its mount from there, or to where the component
   *   may not read.
   * - `permission-denied`, `invalid-path`, `too-many-links`, `name-too-long`, `io`: as described in
   *   `filesystem-error`.
   */
  export function rename(source: Path, destination: Path, onExisting: OnExisting): void;
  export type Path = import('airssys:ext-filesystem/types@1.0.0').Path;
  export type FilesystemError = import('airssys:ext-filesystem/types@1.0.0').FilesystemError;
  export type FileMetadata = import('airssys:ext-filesystem/types@1.0.0').FileMetadata;
  export type OpenFlags = import('airssys:ext-filesystem/types@1.0.0').OpenFlags;
  export type SeekFrom = import('airssys:ext-filesystem/types@1.0.0').SeekFrom;
  export type LockKind = import('airssys:ext-filesystem/types@1.0.0').LockKind;
  export type OnExisting = import('airssys:ext-filesystem/types@1.0.0').OnExisting;
  export type SyncKind = import('airssys:ext-filesystem/types@1.0.0').SyncKind;

  export class File implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * Reads from the present position and moves it by what was read.
    *
    * It gives at most `max-bytes` and at most the host's limit, default 16 MiB, and may give less than there is. An
    * empty list means the end of the file, or that `max-bytes` is 0.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `invalid-argument`: the file is not open for reading.
    * - `io`: the host's operating system failed.
    */
    read(maxBytes: number): Uint8Array;
    /**
    * Reads from `offset`, in bytes from the start of the file. The position stays where it is.
    *
    * It gives at most `max-bytes` and at most the host's limit, default 16 MiB, and may give less than there is. An
    * empty list means that `offset` is at or past the end, or that `max-bytes` is 0.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `invalid-argument`: the file is not open for reading.
    * - `io`: the host's operating system failed.
    */
    readAt(offset: bigint, maxBytes: number): Uint8Array;
    /**
    * Writes at the present position, or at the end of a file that is open for appending, and moves the position
    * behind what was written. It returns how many bytes were written, which may be less than given: one call writes
    * at most the host's limit, default 16 MiB.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `invalid-argument`: the file is not open for writing.
    * - `quota-exceeded`: the host's limit is reached or the device is full.
    * - `io`: the host's operating system failed.
    */
    write(data: Uint8Array): number;
    /**
    * Writes at `offset`, in bytes from the start of the file. The position stays where it is. A gap between the end
    * of the file and `offset` is filled with zeros. It returns how many bytes were written, which may be less than
    * given: one call writes at most the host's limit, default 16 MiB.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `invalid-argument`: the file is not open for writing, or is open for appending.
    * - `quota-exceeded`: the host's limit is reached or the device is full.
    * - `io`: the host's operating system failed.
    */
    writeAt(offset: bigint, data: Uint8Array): number;
    /**
    * Moves the position and returns it, in bytes from the start of the file. A position past the end is allowed; a
    * write there fills the gap with zeros.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `invalid-argument`: the position would be before the start, or is larger than the filesystem can express.
    * - `io`: the host's operating system failed.
    */
    seek(position: SeekFrom): bigint;
    /**
    * Waits until what was written is on the device.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `io`: the host's operating system failed.
    */
    sync(kind: SyncKind): void;
    /**
    * Makes the file this many bytes long: cuts it, or fills it up with zeros. The position stays where it is.
    *
    * Permission: none; held by the handle, which must be open for writing.
    *
    * Errors:
    * - `invalid-argument`: the file is not open for writing.
    * - `quota-exceeded`: the host's limit is reached or the device is full.
    * - `io`: the host's operating system failed.
    */
    setSize(size: bigint): void;
    /**
    * Gives the metadata of the file, as `paths.get-metadata` does.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `io`: the host's operating system failed.
    */
    metadata(): FileMetadata;
    /**
    * Locks the whole file. Shared locks go together; an exclusive lock goes with no other. A handle holds at most one
    * lock: locking again changes its kind.
    *
    * It waits at most `timeout-ms` milliseconds; 0 tries once, and `none` waits as long as the call may take. The
    * lock is held until `unlock`, until the handle is dropped, or until the component ends, be it by a trap.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `locked`: another handle held a lock that does not go together with this one, and the time passed.
    * - `unsupported`: the filesystem has no locks.
    * - `io`: the host's operating system failed.
    */
    lock(kind: LockKind, timeoutMs: number | undefined): void;
    /**
    * Releases the lock of this handle.
    *
    * Permission: none; held by the handle.
    *
    * Errors:
    * - `invalid-argument`: this handle holds no lock.
    * - `io`: the host's operating system failed.
    */
    unlock(): void;
    [Symbol.dispose](): void;
  }
}
