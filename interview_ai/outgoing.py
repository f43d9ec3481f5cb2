"""The one place from which this service calls an address that somebody else chose: HTTPS, checked and short.

Every address that the name stands for must be public, the connection goes to one that was checked (and not to what
the name stands for a moment later), no redirect is followed, and of the reply only its beginning is read.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from interview_ai import replies
from interview_ai.replies import Reply
from interview_ai.rules.webhooks import HTTPS, is_public

LIMIT_S = 10.0  # for everything: resolving the name, connecting, greeting, sending, and the reply's first line
TEXT_S = 2.0  # of these, how long the rest of a reply is waited for once its status is known
MOST_BYTES = 8192  # of the reply that are read
AGENT = "Onterview-Webhooks/1"


Why = Literal[
    "not_https",
    "unknown_name",
    "slow_name",
    "inner_network",
    "certificate",
    "too_slow",
    "connection",
    "cut",
    "not_http",
]


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


def post(url: str, headers: Mapping[str, str], body: bytes, line: Line) -> Reply:
    """Sends a body and returns what was replied. Raises Refused."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or HTTPS
    if parts.scheme != "https":
        raise Refused("not_https")
    until = time.monotonic() + line.limit_s
    addresses = _checked(host, port, line, until)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = [f"POST {target} HTTP/1.1", f"Host: {parts.netloc}", f"User-Agent: {AGENT}", "Connection: close"]
    told = {**headers, "Accept-Encoding": "identity", "Content-Length": str(len(body))}
    request = "\r\n".join([*head, *(f"{name}: {value}" for name, value in told.items()), "", ""]).encode("ascii") + body
    try:
        with _connected(addresses, port, until) as plain:
            plain.settimeout(_left(until))
            with line.context.wrap_socket(plain, server_hostname=host) as secured:
                secured.settimeout(_left(until))
                secured.sendall(request)
                return _reply(secured, until)
    except ssl.SSLCertVerificationError as error:
        raise Refused("certificate") from error
    except TimeoutError as error:
        raise Refused("too_slow") from error
    except OSError as error:
        raise Refused("connection") from error


def _checked(host: str, port: int, line: Line, until: float) -> list[str]:
    """The host's addresses, all of which may be reached. Raises Refused."""
    try:
        found = _resolved(host, port, line, until)
    except TimeoutError as error:
        raise Refused("slow_name") from error
    except (OSError, UnicodeError) as error:
        raise Refused("unknown_name") from error
    if not found:
        raise Refused("unknown_name")
    if not all(line.may_reach(address) for address in found):
        raise Refused("inner_network")
    return found


def _resolved(host: str, port: int, line: Line, until: float) -> list[str]:
    """The host's addresses, or TimeoutError once the time is over.

    Nothing can call a resolver off, so it is asked in a thread that is left behind when it hangs; the machine's own
    gives up by itself (glibc: after 10 s a server).
    """
    answer: Future[list[str]] = Future()

    def ask() -> None:
        try:
            answer.set_result(line.resolver(host, port))
        except (OSError, UnicodeError) as error:
            answer.set_exception(error)

    threading.Thread(target=ask, name=f"resolving {host}", daemon=True).start()
    return answer.result(_left(until))


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


def _reply(secured: ssl.SSLSocket, until: float) -> Reply:
    """The status, for which the time is given, and what of the text comes soon after it. Raises Refused."""
    read = _first_line(secured, until)
    status = replies.status_of(read.partition(b"\r\n")[0])
    if status is None:
        raise Refused("not_http")
    whole = _rest(secured, read, status, min(until, time.monotonic() + TEXT_S))
    return Reply(status, replies.text_of(whole))


def _first_line(secured: ssl.SSLSocket, until: float) -> bytes:
    """What was read once the final answer's first line is there; answers on the way (1xx) are passed over."""
    read = b""
    while len(read) < MOST_BYTES:
        secured.settimeout(_left(until))
        part = secured.recv(MOST_BYTES - len(read))
        if not part:
            break
        read += part
        while read.startswith(b"HTTP/1.1 1") and replies.ENDS in read:
            read = read.partition(replies.ENDS)[2]
        if b"\r\n" in read and not read.startswith(b"HTTP/1.1 1"):
            return read
    raise Refused("cut")


def _rest(secured: ssl.SSLSocket, read: bytes, status: int, until: float) -> bytes:
    """The reply as far as it comes in time; however it ends, what its status says holds."""
    try:
        while len(read) < MOST_BYTES and not replies.is_whole(read, status):
            secured.settimeout(_left(until))
            part = secured.recv(MOST_BYTES - len(read))
            if not part:
                break
            read += part
    except OSError:
        return read
    return read
