// What TypeScript must refuse. The compiler is the test: an expected error that is none fails `tsc`.

import { component, FilesystemError, type FilesystemErrorCode } from "@airssys/wasm";
import { File, open } from "@airssys/wasm/files";
import { find } from "@airssys/wasm/directories";
import { spawn } from "@airssys/wasm/processes";
import { connect } from "@airssys/wasm/tcp";
import { sendRequest } from "@airssys/wasm/host-services";

export function never(): void {
  // @ts-expect-error: the name has a namespace
  component({ metadata: { name: "hello", version: "0.1.0" }, execute: {} });
  // @ts-expect-error: an operation gives bytes, text or nothing
  component({ metadata: { name: "a/b", version: "0.1.0" }, execute: { count: () => 5 } });
  // @ts-expect-error: no such health
  component({ metadata: { name: "a/b", version: "0.1.0" }, execute: {}, health: () => "fine" });
  // @ts-expect-error: 64-bit numbers are bigints
  open("/a", { read: true }).readAt(5);
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
