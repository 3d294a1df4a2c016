// The values of the exported interfaces, as the engines give and take them, and what turns those of the SDK into them.

import type { ComponentMetadata, Timestamp } from "@airssys/wasm";
import { liftU32, liftU64, lowerU32, lowerU64 } from "@airssys/wasm/exports";
import type { FileMetadata } from "@airssys/wasm/files";
import type { FileTime } from "@airssys/wasm/paths";

/** An option that arrives: StarlingMonkey says `undefined` for none, QuickJS `null`. */
export type Option<T> = T | null | undefined;

/** A point in time, with numbers in the form of the engine. */
export interface WireTimestamp {
  seconds: bigint;
  nanoseconds: number;
}

export type WireFileTime = { tag: "unchanged" } | { tag: "now" } | { tag: "at"; val: WireTimestamp };

export type WireSeekFrom = { tag: "start" | "forward" | "backward" | "before-end"; val: bigint };

export function optionalU32(value: Option<number>): number | undefined {
  return value === null || value === undefined ? undefined : liftU32(value);
}

export function timestamp(time: Timestamp): WireTimestamp {
  return { seconds: lowerU64(time.seconds, "seconds"), nanoseconds: lowerU32(time.nanoseconds, "nanoseconds") };
}

export function fileTime(time: WireFileTime): FileTime {
  if (time.tag !== "at") return time.tag;
  return { seconds: liftU64(time.val.seconds, "seconds"), nanoseconds: liftU32(time.val.nanoseconds) };
}

export function fileMetadata(metadata: FileMetadata): object {
  const { accessed, modified, created } = metadata;
  return {
    ...metadata,
    size: lowerU64(metadata.size, "size"),
    links: lowerU64(metadata.links, "links"),
    accessed: accessed && timestamp(accessed),
    modified: modified && timestamp(modified),
    created: created && timestamp(created),
  };
}

export function componentMetadata(metadata: ComponentMetadata): object {
  return { ...metadata };
}
