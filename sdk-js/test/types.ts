// What TypeScript must refuse. The compiler is the test: an expected error that is none fails `tsc`.

import { component, FilesystemError, type FilesystemErrorCode } from "@airssys/wasm";
import { File, open } from "@airssys/wasm/files";
import { find } from "@airssys/wasm/directories";
import { setTimes } from "@airssys/wasm/paths";
import { spawn } from "@airssys/wasm/processes";
import { connect } from "@airssys/wasm/tcp";
import { sendRequest } from "@airssys/wasm/host-services";

/** What may not be `async`, because nobody awaits it. */
export const asynchronous = [
  // @ts-expect-error
  component({ execute: {}, async init() {} }),
  // @ts-expect-error
  component({ execute: {}, init: async () => {} }),
  // @ts-expect-error
  component({ execute: {}, async handleMessage() {} }),
  // @ts-expect-error
  component({ execute: {}, async handleCallback() {} }),
  // @ts-expect-error
  component({ execute: {}, async shutdown() {} }),
  // @ts-expect-error
  component({ execute: {}, async health() { return "healthy"; } }),
  // @ts-expect-error
  component({ execute: { async greet() { return "hi"; } } }),
  // @ts-expect-error
  component({ execute: async () => "hi" }),
];

/** What may be written. */
export const synchronous = [
  component({ execute: {}, init() {}, handleMessage() {}, handleCallback() {}, shutdown() {} }),
  component({ execute: {}, init: (config) => void config, shutdown: () => undefined }),
  component({ execute: { greet: () => "hi", size: () => new Uint8Array(), nothing() {} }, health: () => "healthy" }),
  component({ metadata: { description: "Says hello." }, execute: () => "hi" }),
  component({
    execute: {},
    init(config) {
      if (config.environment.length === 0) return;
      console.log(config);
    },
  }),
];

export function numbers(): void {
  const file = open("/a", { read: true });
  file.readAt(0);
  file.readAt(0n);
  file.writeAt(0, new Uint8Array());
  file.setSize(5);
  const position: bigint = file.seek(-1, "end");
  spawn({ program: "/bin/cat", limits: { maxMemoryBytes: 1_000_000, maxCpuTimeMs: 5n } }).setLimits({ maxOutputBytes: 5 });
  setTimes("/a", { modified: { seconds: Number(position), nanoseconds: 0 } });
}

export function never(): void {
  // @ts-expect-error: the name has a namespace
  component({ metadata: { name: "hello", version: "0.1.0" }, execute: {} });
  // @ts-expect-error: an operation gives bytes, text or nothing
  component({ metadata: { name: "a/b", version: "0.1.0" }, execute: { count: () => 5 } });
  // @ts-expect-error: no such health
  component({ metadata: { name: "a/b", version: "0.1.0" }, execute: {}, health: () => "fine" });
  // @ts-expect-error: offsets are numbers
  open("/a", { read: true }).readAt("5");
  // @ts-expect-error: no such flag
  open("/a", { reading: true });
  // @ts-expect-error: files come from open
  new File();
  // @ts-expect-error: a pattern is needed
  find("/", {});
  // @ts-expect-error: an id has a version
  sendRequest({ namespace: "a", name: "b" }, "", 1);

  // @ts-expect-error: an endpoint has a port
  connect({ host: "example.com" });
  // @ts-expect-error: no such form of a stream
  spawn({ program: "/bin/cat", stdio: { stdin: "pipe" } });
  // @ts-expect-error: no such signal
  spawn({ program: "/bin/cat" }).sendSignal("SIGTERM");

  const code: FilesystemErrorCode = new FilesystemError("io").code;
  // @ts-expect-error: no such code
  if (code === "missing") return;
}
