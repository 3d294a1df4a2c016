// `host-services`: each call goes through the SDK to the host, and back.

import type { ComponentId, LogLevel } from "@airssys/wasm";
import { exportInterface, liftU32 } from "@airssys/wasm/exports";
import * as sdk from "@airssys/wasm/host-services";

import { componentMetadata, timestamp } from "./wire.js";

export const hostServices = exportInterface("host-services", {
  log: (level: LogLevel, message: string, fields: Array<[string, string]>) => sdk.log(level, message, fields),
  sendMessage: (target: ComponentId, message: Uint8Array) => sdk.sendMessage(target, message),
  sendRequest: (target: ComponentId, request: Uint8Array, timeoutMs: number) =>
    sdk.sendRequest(target, request, liftU32(timeoutMs)),
  cancelRequest: (request: string) => sdk.cancelRequest(request),
  currentTime: () => timestamp(sdk.currentTime()),
  sleep: (durationMs: number) => sdk.sleep(liftU32(durationMs)),
  listComponents: () => sdk.listComponents(),
  getComponentMetadata: (id: ComponentId) => componentMetadata(sdk.getComponentMetadata(id)),
});
