// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./airssys-core-capabilities.d.ts" />
/// <reference path="./airssys-core-types.d.ts" />
declare module 'airssys:ext-filesystem/types@1.0.0' {
  export type Timestamp = import('airssys:core/types@1.0.0').Timestamp;
  export type PermissionDenial = import('airssys:core/capabilities@1.0.0').PermissionDenial;
  /**
   * An absolute guest path: UTF-8, segments separated by `/`, without NUL. At most 4,096 bytes, and each segment at
   * most 255. It lies under one of the mounts that the host gives to the component; it is not a path of the host.
   *
   * Every permission is checked on the path with `..` and symbolic links resolved, and holds for what is really
   * opened: `/data/../etc/passwd` is not covered by `/data/**`, and neither is a link in `/data` that points
   * elsewhere. At most 40 symbolic links are followed.
   *
   * A path that ends in `/` or `/.` means a directory. Anything else that is there is `not-a-directory`, and a file is
   * not created there, which is `is-a-directory`.
   */
  export type Path = string;
  /**
   * Why a filesystem operation failed. The paths are those that the component gave.
   *
   * Every operation that takes a path to something in the filesystem can give `permission-denied`, `not-found`,
   * `invalid-path`, `not-a-directory`, `too-many-links`, `name-too-long` and `io` with the meaning that they have
   * here.
   */
  export type FilesystemError = FilesystemErrorNotFound | FilesystemErrorPermissionDenied | FilesystemErrorAlreadyExists | FilesystemErrorInvalidPath | FilesystemErrorNotADirectory | FilesystemErrorIsADirectory | FilesystemErrorDirectoryNotEmpty | FilesystemErrorTooManyLinks | FilesystemErrorNameTooLong | FilesystemErrorCrossDevice | FilesystemErrorLocked | FilesystemErrorInvalidArgument | FilesystemErrorUnsupported | FilesystemErrorQuotaExceeded | FilesystemErrorTooManyOpenFiles | FilesystemErrorIo;
  /**
   * There is nothing at this path, or a directory on the way to it is missing.
   */
  export interface FilesystemErrorNotFound {
    tag: 'not-found',
    val: Path,
  }
  /**
   * The component lacks the permission. The payload names the line of Component.toml that would have allowed it.
   * Nothing has happened, and whether the path exists does not show.
   */
  export interface FilesystemErrorPermissionDenied {
    tag: 'permission-denied',
    val: PermissionDenial,
  }
  /**
   * There is already something at this path.
   */
  export interface FilesystemErrorAlreadyExists {
    tag: 'already-exists',
    val: Path,
  }
  /**
   * The path is not absolute, is empty, contains NUL, or is longer than 4,096 bytes. The payload says which.
   */
  export interface FilesystemErrorInvalidPath {
    tag: 'invalid-path',
    val: string,
  }
  /**
   * This path, or a part of it that is not the last, is not a directory but must be one.
   */
  export interface FilesystemErrorNotADirectory {
    tag: 'not-a-directory',
    val: Path,
  }
  /**
   * This path is a directory but must not be one.
   */
  export interface FilesystemErrorIsADirectory {
    tag: 'is-a-directory',
    val: Path,
  }
  /**
   * This directory must be empty but is not.
   */
  export interface FilesystemErrorDirectoryNotEmpty {
    tag: 'directory-not-empty',
    val: Path,
  }
  /**
   * There are more than 40 symbolic links on the way, or a loop of them, or a link where none may be followed.
   */
  export interface FilesystemErrorTooManyLinks {
    tag: 'too-many-links',
    val: Path,
  }
  /**
   * A segment of this path is longer than 255 bytes, or it leads through more directories than the host's limit,
   * default 128.
   */
  export interface FilesystemErrorNameTooLong {
    tag: 'name-too-long',
    val: Path,
  }
  /**
   * Source and destination are on different mounts.
   */
  export interface FilesystemErrorCrossDevice {
    tag: 'cross-device',
    val: Path,
  }
  /**
   * Another handle holds a lock on the file, and the time to wait for it has passed.
   */
  export interface FilesystemErrorLocked {
    tag: 'locked',
    val: Path,
  }
  /**
   * An argument, or a combination of them, makes no sense. The payload says which.
   */
  export interface FilesystemErrorInvalidArgument {
    tag: 'invalid-argument',
    val: string,
  }
  /**
   * The host or its filesystem cannot do this. The payload says what.
   */
  export interface FilesystemErrorUnsupported {
    tag: 'unsupported',
    val: string,
  }
  /**
   * A limit of the host or the room on the device is exhausted. The payload says which.
   */
  export interface FilesystemErrorQuotaExceeded {
    tag: 'quota-exceeded',
    val: string,
  }
  /**
   * The component has as many files and cursors open as the host's limit allows, default 256.
   */
  export interface FilesystemErrorTooManyOpenFiles {
    tag: 'too-many-open-files',
  }
  /**
   * The host's operating system failed in another way, for example because the host itself may not do this. The
   * payload says how.
   */
  export interface FilesystemErrorIo {
    tag: 'io',
    val: string,
  }
  /**
   * What something in the filesystem is.
   * # Variants
   *
   * ## `"regular"`
   *
   * A file with content.
   * ## `"directory"`
   *
   * A directory.
   * ## `"symbolic-link"`
   *
   * A symbolic link.
   * ## `"other"`
   *
   * Something else, such as a socket, a pipe or a device.
   */
  export type FileType = 'regular' | 'directory' | 'symbolic-link' | 'other';
  /**
   * POSIX permission bits. A host without them shows only whether the file is read-only, and sets only that.
   */
  export interface FilePermissions {
    /**
     * The owner may read.
     */
    ownerRead?: boolean,
    /**
     * The owner may write.
     */
    ownerWrite?: boolean,
    /**
     * The owner may execute, or for a directory pass through.
     */
    ownerExecute?: boolean,
    /**
     * The group may read.
     */
    groupRead?: boolean,
    /**
     * The group may write.
     */
    groupWrite?: boolean,
    /**
     * The group may execute, or for a directory pass through.
     */
    groupExecute?: boolean,
    /**
     * Others may read.
     */
    otherRead?: boolean,
    /**
     * Others may write.
     */
    otherWrite?: boolean,
    /**
     * Others may execute, or for a directory pass through.
     */
    otherExecute?: boolean,
  }
  /**
   * What the filesystem knows about a file, directory or link apart from its content.
   */
  export interface FileMetadata {
    /**
     * What it is.
     */
    fileType: FileType,
    /**
     * Its size in bytes. Of use for regular files; for others it is what the host's filesystem says.
     */
    size: bigint,
    /**
     * Its permission bits.
     */
    permissions: FilePermissions,
    /**
     * How many hard links it has.
     */
    links: bigint,
    /**
     * When it was last read, if the filesystem keeps it.
     */
    accessed?: Timestamp,
    /**
     * When its content last changed, if the filesystem keeps it.
     */
    modified?: Timestamp,
    /**
     * When it was created, if the filesystem keeps it.
     */
    created?: Timestamp,
  }
  /**
   * One entry of a directory.
   */
  export interface DirectoryEntry {
    /**
     * Its name: one segment, without the path of the directory. Never `.` or `..`.
     */
    name: string,
    /**
     * What it is. A symbolic link is not followed.
     */
    fileType: FileType,
  }
  /**
   * How `files.open` opens a file. At least one of `read`, `write` and `append` must be set.
   */
  export interface OpenFlags {
    /**
     * The handle can read. Needs the permission `read`.
     */
    read?: boolean,
    /**
     * The handle can write. Needs the permission `write`.
     */
    write?: boolean,
    /**
     * The handle can write, and each write goes to the end of the file. Needs the permission `write`.
     */
    append?: boolean,
    /**
     * Creates the file if it does not exist. Needs the permission `write`.
     */
    create?: boolean,
    /**
     * Creates the file, and fails if there is already anything at the path, even a dangling link. Needs the permission
     * `write`.
     */
    createNew?: boolean,
    /**
     * Cuts an existing file to length 0. Only together with `write`.
     */
    truncate?: boolean,
    /**
     * Fails with `too-many-links` if the last segment of the path is a symbolic link.
     */
    noFollow?: boolean,
  }
  /**
   * Where `files.file.seek` moves to. Unsigned in every case: not every language can pass a negative 64-bit number
   * unharmed.
   */
  export type SeekFrom = SeekFromStart | SeekFromForward | SeekFromBackward | SeekFromBeforeEnd;
  /**
   * This many bytes after the start of the file.
   */
  export interface SeekFromStart {
    tag: 'start',
    val: bigint,
  }
  /**
   * This many bytes after the present position.
   */
  export interface SeekFromForward {
    tag: 'forward',
    val: bigint,
  }
  /**
   * This many bytes before the present position.
   */
  export interface SeekFromBackward {
    tag: 'backward',
    val: bigint,
  }
  /**
   * This many bytes before the end of the file. 0 is the end.
   */
  export interface SeekFromBeforeEnd {
    tag: 'before-end',
    val: bigint,
  }
  /**
   * What `paths.set-times` does with one of the times.
   */
  export type FileTime = FileTimeUnchanged | FileTimeNow | FileTimeAt;
  /**
   * Leaves it as it is.
   */
  export interface FileTimeUnchanged {
    tag: 'unchanged',
  }
  /**
   * Sets it to the host's present time.
   */
  export interface FileTimeNow {
    tag: 'now',
  }
  /**
   * Sets it to this time. The filesystem may keep it less precisely.
   */
  export interface FileTimeAt {
    tag: 'at',
    val: Timestamp,
  }
  /**
   * The times that `paths.set-times` sets.
   */
  export interface FileTimes {
    /**
     * The time of the last read.
     */
    accessed: FileTime,
    /**
     * The time of the last change of the content.
     */
    modified: FileTime,
  }
  /**
   * What happens when there is already something at the destination.
   * # Variants
   *
   * ## `"fail"`
   *
   * The operation fails with `already-exists` and changes nothing.
   * ## `"replace"`
   *
   * What is at the destination is replaced.
   */
  export type OnExisting = 'fail' | 'replace';
  /**
   * How a lock is held. Locks are advisory: they keep out other locks, not reads and writes.
   * # Variants
   *
   * ## `"shared"`
   *
   * Several handles may hold it at once, as long as none holds it exclusively.
   * ## `"exclusive"`
   *
   * One handle holds it, and no other holds any.
   */
  export type LockKind = 'shared' | 'exclusive';
  /**
   * What `files.file.sync` brings to the device.
   * # Variants
   *
   * ## `"data"`
   *
   * The content, and of the metadata what is needed to read it again.
   * ## `"all"`
   *
   * The content and all metadata.
   */
  export type SyncKind = 'data' | 'all';
  /**
   * What `directories.find` looks for.
   */
  export interface FindOptions {
    /**
     * A glob over the path relative to the root of the search: `*` matches within one segment, `**` across segments
     * and `?` one character. `**` alone matches everything.
     */
    pattern: string,
    /**
     * How many levels of directories to visit: 1 visits only the root's own entries. `none` means all levels.
     */
    maxDepth?: number,
    /**
     * Whether to go into directories that symbolic links point to. Each directory is visited once on any way, so that
     * a loop of links ends.
     */
    followLinks: boolean,
    /**
     * Stop after this many results. `none` means the host's limit, default 100,000.
     */
    limit?: number,
  }
  /**
   * What is in a directory and everything below it.
   */
  export interface DiskUsage {
    /**
     * How many entries are not directories. A symbolic link counts as one.
     */
    files: bigint,
    /**
     * How many entries are directories, without the root itself.
     */
    directories: bigint,
    /**
     * The sizes of all regular files together, in bytes.
     */
    bytes: bigint,
  }
}
