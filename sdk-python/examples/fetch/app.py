"""Gets a page over HTTPS: a connection, TLS on it, and as much of HTTP as that takes."""

from dataclasses import replace
from urllib.parse import urlsplit

from airssys_wasm import Component, component, operation, tcp
from airssys_wasm.errors import InvalidInput, ProcessingFailed

TIMEOUT_MS = 10_000
"""How long to wait for the connection, and then for each further piece of the answer."""

MAX_RESPONSE_BYTES = 8 << 20
"""How much to take at most: a server could send without end."""


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
    """Gives all that the server sends until it closes the connection."""
    response = bytearray()
    while piece := stream.read(MAX_RESPONSE_BYTES):
        response += piece
        if len(response) > MAX_RESPONSE_BYTES:
            raise ProcessingFailed("the response is too large")
    return bytes(response)


def body(response: bytes) -> bytes:
    """Gives what comes after the header of a response that says 200."""
    header, end, content = response.partition(b"\r\n\r\n")
    if not end:
        raise ProcessingFailed("no header came")
    status = header.partition(b"\r\n")[0].decode(errors="replace")
    if status.split(" ")[1:2] != ["200"]:
        raise ProcessingFailed(status)
    return content
