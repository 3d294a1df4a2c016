"""What the patterns of `[permissions]` cover, as in a real host: `conformance/policy-vectors.json` holds both to it."""

from __future__ import annotations

import ipaddress
import re
from typing import TypeAlias

IpAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

MAX_PATTERN_BYTES = 4096
_MAX_NAME_BYTES = 253

_LABEL = re.compile(r"[A-Za-z0-9_-]{1,63}")
_NUMERIC = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
_TARGET = re.compile(r"(?P<namespace>[a-z0-9*?-]+)/(?P<name>[a-z0-9*?-]+)(?:@(?P<version>[A-Za-z0-9.+*?-]+))?")
_RANGE = re.compile(r"(?P<first>[0-9]+)-(?P<last>[0-9]+)", re.ASCII)

_NON_PUBLIC_V4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8", "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
        "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/3",
    )
)  # fmt: skip
_NON_PUBLIC_V6 = tuple(
    ipaddress.IPv6Network(block)
    for block in (
        "::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "100::/64", "2001::/32", "fc00::/7", "fe80::/10", "fec0::/10",
        "ff00::/8",
    )
)  # fmt: skip
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")


def covers_path(pattern: str, path: str) -> bool:
    """Says whether a pattern covers a path that is resolved. Any other path is covered by none."""
    return _is_resolved(path) and _expression(pattern).fullmatch("" if path == "/" else path) is not None


def check_path(pattern: str) -> None:
    """Raises `ValueError` for a text that is no pattern of paths."""
    refuse = f"not a path pattern: {pattern!r}: "
    if len(pattern.encode()) > MAX_PATTERN_BYTES:
        raise ValueError(f"path pattern of more than {MAX_PATTERN_BYTES} bytes")
    if not pattern.startswith("/"):
        raise ValueError(refuse + "it starts with `/`, because guest paths are absolute")
    if sign := re.search(r"[\0\[{]", pattern):
        raise ValueError(refuse + f"{sign[0]!r} cannot be in it; only `*`, `**` and `?` are special")
    segments = pattern[1:].split("/") if pattern != "/" else []
    if "" in segments:
        raise ValueError(refuse + "it has single slashes and none at the end")
    if not {".", ".."}.isdisjoint(segments):
        raise ValueError(refuse + "it is the path that `.` and `..` lead to")
    if any("**" in segment and segment != "**" for segment in segments):
        raise ValueError(refuse + "`**` is a whole segment")


def _is_resolved(path: str) -> bool:
    if not path.startswith("/") or "\0" in path:
        return False
    return path == "/" or {"", ".", ".."}.isdisjoint(path[1:].split("/"))


def _expression(pattern: str) -> re.Pattern[str]:
    expression = ""
    for segment in pattern[1:].split("/") if pattern != "/" else []:
        expression += "(?:/[^/]+)*" if segment == "**" else "/" + _wildcards(segment, "[^/]")
    return re.compile(expression, re.DOTALL)


def _wildcards(pattern: str, character: str) -> str:
    return re.escape(pattern).replace(r"\*", f"{character}*").replace(r"\?", character)


def covering_path(path: str) -> str | None:
    """Gives the narrowest pattern that covers a path, if there is one."""
    pattern = re.sub(r"[*\[{]", "?", path)
    try:
        check_path(pattern)
    except ValueError:
        return None
    return pattern if covers_path(pattern, path) else None


def covers_target(pattern: str, target: str) -> bool:
    """Says whether a pattern covers the component of an id of the form `namespace/name@version`."""
    parts = _TARGET.fullmatch(pattern)
    names, _, version = target.partition("@")
    namespace, _, name = names.partition("/")
    return parts is not None and all(
        re.fullmatch(_wildcards(part, "."), value, re.DOTALL)
        for part, value in ((parts["namespace"], namespace), (parts["name"], name), (parts["version"] or "*", version))
    )


def check_target(pattern: str) -> None:
    """Raises `ValueError` for a text that is no pattern of components."""
    if not _TARGET.fullmatch(pattern) or len(pattern) > MAX_PATTERN_BYTES:
        raise ValueError(f"not a target of the form namespace/name or namespace/name@version: {pattern!r}")


def covers_port(pattern: int | str | None, port: int | None) -> bool:
    """Says whether a port is the one of a permission, or within its range; without one all are."""
    if pattern is None:
        return True
    if port is None:
        return False
    if isinstance(pattern, int):
        return port == pattern
    first, _, last = pattern.partition("-")
    return int(first) <= port <= int(last)


def check_port(pattern: object) -> None:
    """Raises `ValueError` for what is neither a port nor a range of ports."""
    if isinstance(pattern, str) and (ends := _RANGE.fullmatch(pattern)):
        first, last = int(ends["first"]), int(ends["last"])
    elif isinstance(pattern, int) and not isinstance(pattern, bool):
        first = last = pattern
    else:
        raise ValueError(f'not a port or a range of ports such as "8000-8100": {pattern!r}')
    if not 0 <= first <= last <= 65535:
        raise ValueError(f"ports go from 0 to 65535, the lower one first: {pattern!r}")


class Host:
    """What a component asks for: a name or not, at an address or not yet."""

    def __init__(self, name: str | None, address: IpAddress | None) -> None:
        self.name = name
        self.address = address

    @staticmethod
    def parse(host: str, address: str | None = None) -> Host | None:
        """Reads a host, and the address it leads to if that is known; gives `None` for what is neither."""
        leads_to = None if address is None else _address(address)
        literal = _address(host)
        if literal is not None:
            return Host(None, literal) if leads_to in (None, literal) else None
        name = _name(host)
        return None if name is None else Host(name, leads_to)


def covers_host(pattern: str, host: Host) -> bool:
    """Says whether a pattern covers a host."""
    is_open = host.address is None or not is_non_public(host.address)
    if pattern == "*":
        return is_open
    if "/" in pattern or _address(pattern) is not None:
        block = _block(pattern)
        # `in` is false for an address of the other family.
        return block is not None and host.address is not None and host.address in block
    name = host.name or ""
    if pattern.startswith("*."):
        return is_open and name.endswith(f".{_name(pattern[2:])}")
    return is_open and name != "" and name == _name(pattern)


def check_host(pattern: str) -> None:
    """Raises `ValueError` for a text that is no pattern of hosts."""
    if pattern == "*":
        return
    known: object = _name(pattern.removeprefix("*."))
    if "/" in pattern or _address(pattern) is not None:
        known = _block(pattern)
    if known is None:
        raise ValueError(
            f'not a name, an IP address, a CIDR block such as "10.0.0.0/8", "*.example.com" or "*": {pattern!r}'
        )


def covering_host(host: Host) -> str | None:
    """Gives the narrowest pattern that covers a host."""
    if host.name is not None and (host.address is None or not is_non_public(host.address)):
        return host.name
    return None if host.address is None else str(host.address)


def is_non_public(address: IpAddress) -> bool:
    """Says whether an address is one that a permission for a name never covers: loopback, private and the like."""
    if isinstance(address, ipaddress.IPv4Address):
        return any(address in block for block in _NON_PUBLIC_V4)
    if address in _TRANSLATED:
        return is_non_public(ipaddress.IPv4Address(address.packed[-4:]))
    if address in _SIX_TO_FOUR:
        return is_non_public(ipaddress.IPv4Address(address.packed[2:6]))
    return any(address in block for block in _NON_PUBLIC_V6)


def _address(text: str) -> IpAddress | None:
    """Gives an address, IPv4 in its own form whatever the form it was written in."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return None if "%" in text else address.ipv4_mapped or address
    return address


def _block(text: str) -> _Network | None:
    base, slash, bits = text.partition("/")
    address = _address(base)
    if address is None or (slash and not re.fullmatch(r"[0-9]{1,3}", bits, re.ASCII)):
        return None
    written_bits = ipaddress.ip_address(base).max_prefixlen
    prefix = int(bits) if slash else written_bits
    if prefix > written_bits:
        return None
    # A block within ::ffff:0:0/96 is one of IPv4 addresses.
    prefix = max(prefix - (written_bits - address.max_prefixlen), 0)
    try:
        return ipaddress.ip_network((address, prefix))
    except ValueError:
        return None


def _name(text: str) -> str | None:
    """Gives a name in the one form in which it is compared, or `None` if it cannot be one."""
    name = text.removesuffix(".").lower() if text.isascii() else ""
    labels = name.split(".")
    if len(name) > _MAX_NAME_BYTES or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    # A resolver could take it for an address in one of the old notations.
    return None if _NUMERIC.fullmatch(labels[-1]) else name
