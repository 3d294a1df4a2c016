// Gets a page over HTTPS: a connection, TLS on it, and as much of HTTP as that takes.

import { component, ExecutionError } from "@airssys/wasm";
import { connect, type TcpStream } from "@airssys/wasm/tcp";

/** How long to wait for the connection, and then for each further piece of the answer. */
const TIMEOUT_MS = 10_000;

/** A server could send without end. */
const MAX_RESPONSE_BYTES = 8 * 1_048_576;

/** A longer header is none: it is looked for anew with each piece. */
const MAX_HEADER_BYTES = 65_536;

/** How much is received at once, at most. */
const PIECE_BYTES = 65_536;

// The global URL is not there on QuickJS. A line break in the path would be one in the request, so there is none.
const URL_PARTS = /^https:\/\/(?<authority>(?<host>[^\s/:]+|\[[0-9A-Fa-f:.]+\])(?::(?<port>\d+))?)(?<path>\/[!-~]*)?$/;

/** Where the header of a response ends, with its empty line; a number below 0 if it has not come yet. */
function headerEnd(response: Uint8Array): number {
  const [CR, LF] = [13, 10];
  const isEnd = (_: number, at: number) => [CR, LF, CR, LF].every((byte, index) => response[at + index] === byte);
  const at = response.subarray(0, MAX_HEADER_BYTES).findIndex(isEnd);
  return at < 0 ? at : at + 4;
}

/** How long the whole response is, as soon as its header has come and if it says so. */
function lengthOf(response: Uint8Array): number | undefined {
  const end = headerEnd(response);
  if (end < 0) return undefined;
  const header = new TextDecoder().decode(response.subarray(0, end));
  const value = /^content-length:(.*)$/im.exec(header)?.[1];
  // A length that is no number is too large as well.
  return value === undefined ? undefined : end + (/^\s*\d+\s*$/.test(value) ? Number(value) : Infinity);
}

/**
 * The response: as much as its header says, else all until the server ends its side of the connection. Many servers just
 * cut the connection when they have sent everything.
 */
function receive(stream: TcpStream): Uint8Array {
  let response = new Uint8Array();
  let length: number | undefined;
  for (;;) {
    length ??= lengthOf(response);
    if (length !== undefined && response.length >= length) return response.subarray(0, length);
    if (Math.max(length ?? 0, response.length) > MAX_RESPONSE_BYTES) {
      throw new ExecutionError("processing-failed", "the response is too large");
    }
    const piece = stream.read(PIECE_BYTES);
    if (piece.length === 0 && length !== undefined) {
      throw new ExecutionError("processing-failed", "the connection ended in the middle of the response");
    }
    if (piece.length === 0) return response;
    const more = new Uint8Array(response.length + piece.length);
    more.set(response);
    more.set(piece, response.length);
    response = more;
  }
}

/** What comes after the header of a response that says 200. */
function body(response: Uint8Array): Uint8Array {
  const end = headerEnd(response);
  if (end < 0) throw new ExecutionError("processing-failed", "no header came");
  const [status = ""] = new TextDecoder().decode(response.subarray(0, end)).split("\r\n");
  if (status.split(" ")[1] !== "200") throw new ExecutionError("processing-failed", status);
  return response.subarray(end);
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
      return body(receive(stream));
    },
  },
});
