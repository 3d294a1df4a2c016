// The values of the exported interfaces, as the engines give and take them, and what turns those of the SDK into them.

import type { ComponentMetadata, Timestamp } from "@airssys/wasm";
import {
  liftIpAddress,
  liftU32,
  liftU64,
  lowerExitStatus,
  lowerIpAddress,
  lowerU32,
  lowerU64,
  type RawIpAddress,
} from "@airssys/wasm/exports";
import type { FileMetadata } from "@airssys/wasm/files";
import type { FileTime } from "@airssys/wasm/paths";
import type { Command, ProcessInfo, ProcessLimits, ProcessOutput, ProcessUsage, Stdio } from "@airssys/wasm/processes";
import type { ConnectionStats, SocketAddress, TcpOptions } from "@airssys/wasm/tcp";
import type { UdpOptions } from "@airssys/wasm/udp";

/** An option that arrives: StarlingMonkey says `undefined` for none, QuickJS `null`. */
export type Option<T> = T | null | undefined;

/** A point in time, with numbers in the form of the engine. */
export interface WireTimestamp {
  seconds: bigint;
  nanoseconds: number;
}

export type WireFileTime = { tag: "unchanged" } | { tag: "now" } | { tag: "at"; val: WireTimestamp };

export type WireSeekFrom = { tag: "start" | "forward" | "backward" | "before-end"; val: bigint };

export interface WireSocketAddress {
  ip: RawIpAddress;
  port: number;
}

export interface WireListenOptions {
  backlog: number;
  reuseAddress: boolean;
  ipv6Only: boolean;
}

export interface WireTcpOptions {
  noDelay: boolean;
  keepAliveMs: Option<number>;
  readTimeoutMs: Option<number>;
  writeTimeoutMs: Option<number>;
  receiveBufferBytes: Option<number>;
  sendBufferBytes: Option<number>;
}

export interface WireUdpOptions {
  broadcast: boolean;
  timeToLive: Option<number>;
  receiveTimeoutMs: Option<number>;
  multicastLoop: boolean;
}

export type WireStdio =
  | { tag: "null" | "piped" | "inherit" | "to-stdout" }
  | { tag: "read-file" | "write-file" | "append-file"; val: string };

export interface WireLimits {
  maxMemoryBytes: Option<bigint>;
  maxCpuTimeMs: Option<bigint>;
  maxWallTimeMs: Option<bigint>;
  maxOpenFiles: Option<number>;
  maxOutputBytes: Option<bigint>;
}

export interface WireCommand {
  program: string;
  arguments: string[];
  environment: { inherit: string[]; set: Array<[name: string, value: string]> };
  workingDirectory: Option<string>;
  stdio: { stdin: WireStdio; stdout: WireStdio; stderr: WireStdio };
  limits: WireLimits;
}

/** An option whose value needs no change. */
export function optional<T>(value: Option<T>): T | undefined {
  return value ?? undefined;
}

function optionalU64(value: Option<bigint>, name: string): bigint | undefined {
  return value === null || value === undefined ? undefined : liftU64(value, name);
}

function lowerOptionalU32(value: number | undefined, name: string): number | undefined {
  return value === undefined ? undefined : lowerU32(value, name);
}

function lowerOptionalU64(value: bigint | undefined, name: string): bigint | undefined {
  return value === undefined ? undefined : lowerU64(value, name);
}

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

export function liftSocketAddress({ ip, port }: WireSocketAddress): SocketAddress {
  return { ip: liftIpAddress(ip), port };
}

export function lowerSocketAddress({ ip, port }: SocketAddress): WireSocketAddress {
  return { ip: lowerIpAddress(ip, "ip"), port };
}

export function tcpOptions(options: TcpOptions): object {
  return {
    noDelay: options.noDelay,
    keepAliveMs: lowerOptionalU32(options.keepAliveMs, "keepAliveMs"),
    readTimeoutMs: lowerOptionalU32(options.readTimeoutMs, "readTimeoutMs"),
    writeTimeoutMs: lowerOptionalU32(options.writeTimeoutMs, "writeTimeoutMs"),
    receiveBufferBytes: lowerOptionalU32(options.receiveBufferBytes, "receiveBufferBytes"),
    sendBufferBytes: lowerOptionalU32(options.sendBufferBytes, "sendBufferBytes"),
  };
}

export function udpOptions(options: UdpOptions): object {
  return { ...options, receiveTimeoutMs: lowerOptionalU32(options.receiveTimeoutMs, "receiveTimeoutMs") };
}

export function connectionStats({ established, bytesSent, bytesReceived }: ConnectionStats): object {
  return {
    established: timestamp(established),
    bytesSent: lowerU64(bytesSent, "bytesSent"),
    bytesReceived: lowerU64(bytesReceived, "bytesReceived"),
  };
}

function liftStdio(stdio: WireStdio): Stdio {
  switch (stdio.tag) {
    case "read-file":
      return { readFile: stdio.val };
    case "write-file":
      return { writeFile: stdio.val };
    case "append-file":
      return { appendFile: stdio.val };
    default:
      return stdio.tag;
  }
}

export function liftLimits(limits: WireLimits): ProcessLimits {
  return {
    maxMemoryBytes: optionalU64(limits.maxMemoryBytes, "maxMemoryBytes"),
    maxCpuTimeMs: optionalU64(limits.maxCpuTimeMs, "maxCpuTimeMs"),
    maxWallTimeMs: optionalU64(limits.maxWallTimeMs, "maxWallTimeMs"),
    maxOpenFiles: optionalU32(limits.maxOpenFiles),
    maxOutputBytes: optionalU64(limits.maxOutputBytes, "maxOutputBytes"),
  };
}

export function lowerLimits(limits: ProcessLimits): object {
  return {
    maxMemoryBytes: lowerOptionalU64(limits.maxMemoryBytes, "maxMemoryBytes"),
    maxCpuTimeMs: lowerOptionalU64(limits.maxCpuTimeMs, "maxCpuTimeMs"),
    maxWallTimeMs: lowerOptionalU64(limits.maxWallTimeMs, "maxWallTimeMs"),
    maxOpenFiles: lowerOptionalU32(limits.maxOpenFiles, "maxOpenFiles"),
    maxOutputBytes: lowerOptionalU64(limits.maxOutputBytes, "maxOutputBytes"),
  };
}

export function liftCommand(command: WireCommand): Command {
  const { stdin, stdout, stderr } = command.stdio;
  return {
    program: command.program,
    arguments: command.arguments,
    environment: command.environment,
    workingDirectory: optional(command.workingDirectory),
    stdio: { stdin: liftStdio(stdin), stdout: liftStdio(stdout), stderr: liftStdio(stderr) },
    limits: liftLimits(command.limits),
  };
}

export function processOutput({ status, stdout, stderr }: ProcessOutput): object {
  return { status: lowerExitStatus(status), stdout, stderr };
}

export function processUsage({ userTimeMs, systemTimeMs, maxResidentBytes }: ProcessUsage): object {
  return {
    userTimeMs: lowerU64(userTimeMs, "userTimeMs"),
    systemTimeMs: lowerU64(systemTimeMs, "systemTimeMs"),
    maxResidentBytes: lowerU64(maxResidentBytes, "maxResidentBytes"),
  };
}

export function processInfo(info: ProcessInfo): object {
  return {
    ...info,
    id: lowerU32(info.id, "id"),
    started: timestamp(info.started),
    exit: info.exit && lowerExitStatus(info.exit),
  };
}
