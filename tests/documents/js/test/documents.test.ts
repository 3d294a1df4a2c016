import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeHost } from "@airssys/wasm/testing";

import { componentLifecycle } from "../src/index.js";
import { network } from "../src/network.js";
import { processes } from "../src/processes.js";

/** A host that permits everything. */
function permissive(): FakeHost {
  const host = new FakeHost(componentLifecycle);
  host.permitAll();
  return host;
}

test("the component runs against a fake host", () => {
  // block: sdk-js/README.md#unit-tests
});

test("a connection is used", () => {
  const host = permissive();
  let request = "";
  host.addServer({ host: "example.com", port: 443 }, (data) => {
    request += new TextDecoder().decode(data);
    return "HTTP/1.1 200 OK\r\n\r\n";
  });
  host.run(network);
  assert.match(request, /^GET \/ HTTP\/1.1\r\n/);
});

test("programs are run", () => {
  const host = permissive();
  const run: string[] = [];
  for (const program of ["/usr/bin/sort", "/usr/bin/tail"]) {
    host.addProgram(program, ({ arguments: given, stdin }) => {
      run.push([program, ...given].join(" "));
      return stdin;
    });
  }
  host.run(processes);
  assert.deepEqual(run, ["/usr/bin/sort -n", "/usr/bin/tail -f /var/log/syslog"]);
});
