"""The one place from which this service calls an address that somebody else chose: HTTPS, checked, short, and deaf.

Every address that the name stands for must be public, the connection goes to one that was checked (and not to what
the name stands for a moment later), no redirect is followed, and of the answer only the status is read.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from interview_ai.rules.webhooks import HTTPS, is_public

LIMIT_S = 10.0  # for everything after the name is resolved: connecting, greeting, sending, and the answer's first line
MOST_BYTES = 4096  # of the answer that are read to find its status
AGENT = "Onterview-Webhooks/1"


Why = Literal["not_https", "unknown_name", "inner_network", "certificate", "too_slow", "connection", "cut", "not_http"]


class Refused(Exception):
    """The call could not be made or was not answered in time; `why` is one word for it."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


Resolver = Callable[[str, int], list[str]]
"""From a host's name and a port to its IP addresses."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses that the machine's own resolver knows. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class Line:
    """How calls go out: who resolves names, which addresses may be reached, whose certificates count."""

    resolver: Resolver = resolve
    may_reach: Callable[[str], bool] = is_public
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    limit_s: float = LIMIT_S


def post(url: str, headers: Mapping[str, str], body: bytes, line: Line) -> int:
    """Sends a body and returns the status of the answer. Raises Refused."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or HTTPS
    if parts.scheme != "https":
        raise Refused("not_https")
    addresses = _checked(host, port, line)
    until = time.monotonic() + line.limit_s
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = [f"POST {target} HTTP/1.1", f"Host: {parts.netloc}", f"User-Agent: {AGENT}", "Connection: close"]
    told = {**headers, "Content-Length": str(len(body))}
    request = "\r\n".join([*head, *(f"{name}: {value}" for name, value in told.items()), "", ""]).encode("ascii") + body
    try:
        with _connected(addresses, port, until) as plain:
            plain.settimeout(_left(until))
            with line.context.wrap_socket(plain, server_hostname=host) as secured:
                secured.settimeout(_left(until))
                secured.sendall(request)
                return _status(secured, until)
    except ssl.SSLCertVerificationError as error:
        raise Refused("certificate") from error
    except TimeoutError as error:
        raise Refused("too_slow") from error
    except OSError as error:
        raise Refused("connection") from error


def _checked(host: str, port: int, line: Line) -> list[str]:
    """The host's addresses, all of which may be reached. Raises Refused."""
    try:
        found = line.resolver(host, port)
    except (OSError, UnicodeError) as error:
        raise Refused("unknown_name") from error
    if not found:
        raise Refused("unknown_name")
    if not all(line.may_reach(address) for address in found):
        raise Refused("inner_network")
    return found


def _connected(addresses: list[str], port: int, until: float) -> socket.socket:
    """A connection to the first of the addresses that takes one. Raises OSError."""
    for number, address in enumerate(addresses, start=1):
        try:
            return socket.create_connection((address, port), timeout=_left(until))
        except OSError:
            if number == len(addresses):
                raise
    raise OSError("no address")


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _status(secured: ssl.SSLSocket, until: float) -> int:
    """The three digits of the answer's first line; answers on the way (1xx) are passed over. Raises Refused."""
    read = b""
    while len(read) < MOST_BYTES:
        secured.settimeout(_left(until))
        part = secured.recv(MOST_BYTES - len(read))
        if not part:
            break
        read += part
        while read.startswith(b"HTTP/1.1 1") and b"\r\n\r\n" in read:
            read = read.partition(b"\r\n\r\n")[2]
        line, ended, _ = read.partition(b"\r\n")
        if ended and not line.startswith(b"HTTP/1.1 1"):
            return _read_status(line)
    raise Refused("cut")


def _read_status(line: bytes) -> int:
    version, _, rest = line.partition(b" ")
    digits = rest[:3]
    if not version.startswith(b"HTTP/1.") or not digits.isdigit() or len(digits) != 3:
        raise Refused("not_http")
    return int(digits)
