// `files`, `directories` and `paths`: each call goes through the SDK to the host, and back.

import { exportInterface, liftU32, liftU64, lowerU32, lowerU64 } from "@airssys/wasm/exports";
import * as sdkDirectories from "@airssys/wasm/directories";
import * as sdkFiles from "@airssys/wasm/files";
import * as sdkPaths from "@airssys/wasm/paths";

import { fileMetadata, fileTime, optionalU32, type Option, type WireFileTime, type WireSeekFrom } from "./wire.js";

class File {
  readonly #file: sdkFiles.File;

  constructor(file: sdkFiles.File) {
    this.#file = file;
  }

  read(maxBytes: number): Uint8Array {
    return this.#file.read(liftU32(maxBytes));
  }

  readAt(offset: bigint, maxBytes: number): Uint8Array {
    return this.#file.readAt(liftU64(offset, "offset"), liftU32(maxBytes));
  }

  write(data: Uint8Array): number {
    return lowerU32(this.#file.write(data), "written");
  }

  writeAt(offset: bigint, data: Uint8Array): number {
    return lowerU32(this.#file.writeAt(liftU64(offset, "offset"), data), "written");
  }

  seek(position: WireSeekFrom): bigint {
    const bytes = liftU64(position.val, "position");
    return lowerU64(this.#seek(position.tag, bytes), "position");
  }

  #seek(tag: WireSeekFrom["tag"], bytes: bigint): bigint {
    switch (tag) {
      case "start":
        return this.#file.seek(bytes);
      case "forward":
        return this.#file.seek(bytes, "current");
      case "backward":
        return this.#file.seek(-bytes, "current");
      case "before-end":
        return this.#file.seek(-bytes, "end");
    }
  }

  sync(kind: sdkFiles.SyncKind): void {
    this.#file.sync(kind);
  }

  setSize(size: bigint): void {
    this.#file.setSize(liftU64(size, "size"));
  }

  metadata(): object {
    return fileMetadata(this.#file.metadata());
  }

  lock(kind: sdkFiles.LockKind, timeoutMs: Option<number>): void {
    this.#file.lock(kind, optionalU32(timeoutMs));
  }

  unlock(): void {
    this.#file.unlock();
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

export const files = exportInterface("files", {
  File,
  open: (path: string, flags: sdkFiles.OpenFlags) => new File(sdkFiles.open(path, flags)),
  readFile: (path: string) => sdkFiles.readFile(path),
  writeFile: (path: string, data: Uint8Array) => sdkFiles.writeFile(path, data),
  appendFile: (path: string, data: Uint8Array) => sdkFiles.appendFile(path, data),
  deleteFile: (path: string) => sdkFiles.deleteFile(path),
  copyFile: (source: string, destination: string, onExisting: sdkFiles.OnExisting) =>
    lowerU64(sdkFiles.copyFile(source, destination, onExisting), "bytes"),
  rename: (source: string, destination: string, onExisting: sdkFiles.OnExisting) =>
    sdkFiles.rename(source, destination, onExisting),
});

class DirectoryCursor {
  readonly #cursor: sdkDirectories.DirectoryCursor;

  constructor(cursor: sdkDirectories.DirectoryCursor) {
    this.#cursor = cursor;
  }

  next(maxEntries: number): sdkDirectories.DirectoryEntry[] {
    return this.#cursor.next(liftU32(maxEntries));
  }

  [Symbol.dispose](): void {
    this.#cursor.close();
  }
}

interface WireFindOptions {
  pattern: string;
  maxDepth: Option<number>;
  followLinks: boolean;
  limit: Option<number>;
}

export const directories = exportInterface("directories", {
  DirectoryCursor,
  openDirectory: (path: string) => new DirectoryCursor(sdkDirectories.openDirectory(path)),
  listDirectory: (path: string) => sdkDirectories.listDirectory(path),
  createDirectory: (path: string) => sdkDirectories.createDirectory(path),
  createDirectoryAll: (path: string) => sdkDirectories.createDirectoryAll(path),
  removeDirectory: (path: string) => sdkDirectories.removeDirectory(path),
  removeDirectoryAll: (path: string) => sdkDirectories.removeDirectoryAll(path),
  find: (root: string, { pattern, maxDepth, followLinks, limit }: WireFindOptions) =>
    sdkDirectories.find(root, {
      pattern,
      maxDepth: optionalU32(maxDepth),
      followLinks,
      limit: optionalU32(limit),
    }),
  measure(root: string) {
    const { files, directories, bytes } = sdkDirectories.measure(root);
    return {
      files: lowerU64(files, "files"),
      directories: lowerU64(directories, "directories"),
      bytes: lowerU64(bytes, "bytes"),
    };
  },
});

export const paths = exportInterface("paths", {
  getMetadata: (path: string) => fileMetadata(sdkPaths.getMetadata(path)),
  getLinkMetadata: (path: string) => fileMetadata(sdkPaths.getLinkMetadata(path)),
  exists: (path: string) => sdkPaths.exists(path),
  setPermissions: (path: string, permissions: sdkPaths.FilePermissions) => sdkPaths.setPermissions(path, permissions),
  setTimes: (path: string, times: { accessed: WireFileTime; modified: WireFileTime }) =>
    sdkPaths.setTimes(path, { accessed: fileTime(times.accessed), modified: fileTime(times.modified) }),
  createSymlink: (target: string, link: string) => sdkPaths.createSymlink(target, link),
  readSymlink: (link: string) => sdkPaths.readSymlink(link),
  canonicalize: (path: string) => sdkPaths.canonicalize(path),
  normalize: (path: string) => sdkPaths.normalize(path),
  relativeTo: (path: string, base: string) => sdkPaths.relativeTo(path, base),
});
