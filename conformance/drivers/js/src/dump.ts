// The dumps that the conformance runner reads: lines of `key=value`, texts and bytes in hexadecimal.

import type { ComponentConfig, ComponentId, ExecutionContext, RequestOutcome } from "@airssys/wasm";

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hex(value: string | Uint8Array): string {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  let text = "";
  for (const byte of bytes) text += DIGITS[byte];
  return text;
}

function componentId(id: ComponentId): string {
  return `${hex(id.namespace)}/${hex(id.name)}@${hex(id.version)}`;
}

function lines(pairs: Iterable<readonly [key: string, value: string | undefined]>): string {
  return Array.from(pairs, ([key, value]) => (value === undefined ? "" : `${key}=${value}\n`)).join("");
}

export function dumpConfig({ id, environment, data, limits }: ComponentConfig): string {
  return lines([
    ["id.namespace", hex(id.namespace)],
    ["id.name", hex(id.name)],
    ["id.version", hex(id.version)],
    ...environment.map(([name, value]) => [`environment.${hex(name)}`, hex(value)] as const),
    ["data", data && hex(data)],
    ["limits.max-memory-bytes", limits.maxMemoryBytes?.toString()],
    ["limits.max-cpu-time-ms", limits.maxCpuTimeMs?.toString()],
    ["limits.max-execution-time-ms", limits.maxExecutionTimeMs?.toString()],
  ]);
}

export function dumpContext({ requestId, caller, deadline, traceParent }: ExecutionContext): string {
  const from =
    caller.kind === "component" ? `component:${componentId(caller.component)}`
    : caller.kind === "external" ? `external:${hex(caller.name)}`
    : "host";
  return lines([
    ["request-id", hex(requestId)],
    ["caller", from],
    ["deadline", deadline && `${deadline.seconds}.${deadline.nanoseconds}`],
    ["trace-parent", traceParent && hex(traceParent)],
  ]);
}

export function dumpMessage(sender: ComponentId, message: Uint8Array): string {
  return `message=${componentId(sender)}:${hex(message)}\n`;
}

export function dumpCallback(request: string, outcome: RequestOutcome): string {
  return `callback=${hex(request)}:${outcome.ok ? `ok:${hex(outcome.reply)}` : `err:${hex(outcome.reason)}`}\n`;
}
