// Gets a page over HTTPS: a connection, TLS on it, and as much of HTTP as that takes.

import { component, ExecutionError } from "@airssys/wasm";
import { connect, type TcpStream } from "@airssys/wasm/tcp";

/** How long to wait for the connection, and then for each further piece of the answer. */
const TIMEOUT_MS = 10_000;

/** A server could send without end. */
const MAX_RESPONSE_BYTES = 8 * 1_048_576;

// The global URL is not there on QuickJS. A line break in the path would be one in the request, so there is none.
const URL_PARTS = /^https:\/\/(?<authority>(?<host>[^\s/:]+|\[[0-9A-Fa-f:.]+\])(?::(?<port>\d+))?)(?<path>\/[!-~]*)?$/;

function readToEnd(stream: TcpStream): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const piece of stream) {
    pieces.push(piece);
    length += piece.length;
    if (length > MAX_RESPONSE_BYTES) throw new ExecutionError("processing-failed", "the response is too large");
  }
  const all = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    all.set(piece, offset);
    offset += piece.length;
  }
  return all;
}

/** What comes after the header of a response that says 200. */
function body(response: Uint8Array): Uint8Array {
  const [CR, LF] = [13, 10];
  const isEnd = (_: number, at: number) => [CR, LF, CR, LF].every((byte, index) => response[at + index] === byte);
  const end = response.findIndex(isEnd);
  if (end < 0) throw new ExecutionError("processing-failed", "no header came");
  const [status = ""] = new TextDecoder().decode(response.subarray(0, end)).split("\r\n");
  if (status.split(" ")[1] !== "200") throw new ExecutionError("processing-failed", status);
  return response.subarray(end + 4);
}

export const componentLifecycle = component({
  execute: {
    // The input is a URL, `https://host[:port]/path`; the output is the body as the server sends it.
    fetch(input) {
      const parts = URL_PARTS.exec(new TextDecoder().decode(input).trimEnd())?.groups;
      const port = Number(parts?.port ?? 443);
      if (!parts?.host || port < 1 || port > 65_535) {
        throw new ExecutionError("invalid-input", "expected https://host[:port]/path");
      }
      const host = parts.host.replace(/^\[|\]$/g, "");

      // `using` closes the connection, whatever happens.
      using stream = connect({ host, port }, TIMEOUT_MS);
      stream.setOptions({ readTimeoutMs: TIMEOUT_MS, writeTimeoutMs: TIMEOUT_MS });
      // The certificate must be for this name. Whom to trust is for the host to decide.
      stream.startTls({ serverName: host, alpn: ["http/1.1"] });
      stream.writeAll(`GET ${parts.path ?? "/"} HTTP/1.1\r\nHost: ${parts.authority}\r\nConnection: close\r\n\r\n`);
      return body(readToEnd(stream));
    },
  },
});
