"""Gets a page over HTTPS: a connection, TLS on it, and as much of HTTP as that takes."""

from dataclasses import replace
from urllib.parse import urlsplit

from airssys_wasm import Component, component, operation, tcp
from airssys_wasm.errors import InvalidInput, ProcessingFailed

TIMEOUT_MS = 10_000
"""How long to wait for the connection, and then for each further piece of the answer."""

MAX_RESPONSE_BYTES = 8 << 20
"""How much to take at most: a server could send without end."""

PIECE_BYTES = 64 << 10
"""How much to receive at once, at most."""


@component
class Fetch(Component):
    """Name, version and description are those of the Component.toml beside this file."""

    @operation
    def fetch(self, url: str) -> bytes:
        """The input is a URL, `https://host[:port]/path`; the output is the body as the server sends it."""
        host, port, authority, path = parse(url.strip())

        # A `with` statement closes the connection, however it ends.
        with tcp.connect(host, port, timeout_ms=TIMEOUT_MS) as stream:
            stream.set_options(replace(stream.options(), read_timeout_ms=TIMEOUT_MS))
            # The certificate must be for this name. Whom to trust is for the host to decide.
            stream.start_tls(host, alpn=["http/1.1"])
            request = f"GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n"
            stream.write_all(request.encode())
            return body(receive(stream))


def parse(url: str) -> tuple[str, int, str, str]:
    """Gives host, port, host with port as it is in the URL, and path."""
    malformed = InvalidInput("expected https://host[:port]/path")
    # A line break would be one in the request. What is not ASCII has to come encoded, as browsers do it.
    if not (url.isascii() and url.isprintable()) or " " in url:
        raise malformed
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        raise malformed from None
    if parts.scheme != "https" or not parts.hostname:
        raise malformed
    return parts.hostname, port, parts.netloc, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def receive(stream: tcp.TcpStream) -> bytes:
    """Gives the response: as much as its header says, else all until the server ends its side of the connection.

    Many servers just cut the connection when they have sent everything.
    """
    response = bytearray()
    while True:
        length = whole_length(response)
        if length is not None and len(response) >= length:
            return bytes(response[:length])
        if max(length or 0, len(response)) > MAX_RESPONSE_BYTES:
            raise ProcessingFailed("the response is too large")
        piece = stream.read(PIECE_BYTES)
        if not piece and length is not None:
            raise ProcessingFailed("the connection ended in the middle of the response")
        if not piece:
            return bytes(response)
        response += piece


def whole_length(response: bytes | bytearray) -> int | None:
    """Gives how long the whole response is, as soon as its header has come and if it says so."""
    header, end, _ = response.partition(b"\r\n\r\n")
    for line in header.split(b"\r\n") if end else []:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            # A length that is no number is too large as well.
            body_length = int(value) if value.strip().isdigit() else MAX_RESPONSE_BYTES + 1
            return len(header) + len(end) + body_length
    return None


def body(response: bytes) -> bytes:
    """Gives what comes after the header of a response that says 200."""
    header, end, content = response.partition(b"\r\n\r\n")
    if not end:
        raise ProcessingFailed("no header came")
    status = header.partition(b"\r\n")[0].decode(errors="replace")
    if status.split(" ")[1:2] != ["200"]:
        raise ProcessingFailed(status)
    return content
