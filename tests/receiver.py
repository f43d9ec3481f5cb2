"""A system of somebody else's that webhooks tell: a real HTTPS server in a thread, well-behaved or not."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from interview_ai.outgoing import Line
from tests.journeys.test_other_ways import certificate

HOST = "hooks.example.com"


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content


Behaviour = Callable[["Receiver", ssl.SSLSocket], None]


def answers(status: int, *head: str) -> Behaviour:
    """Takes the request and answers with this status."""

    def act(_: Receiver, peer: ssl.SSLSocket) -> None:
        peer.sendall("\r\n".join([f"HTTP/1.1 {status} Fine", *head, "Content-Length: 0", "", ""]).encode())

    return act


def says(status: int, body: bytes, *head: str) -> Behaviour:
    """Answers with a text, and hangs up."""

    def act(_: Receiver, peer: ssl.SSLSocket) -> None:
        peer.sendall("\r\n".join([f"HTTP/1.1 {status} Fine", *head, "", ""]).encode() + body)

    return act


def starts_to_say(receiver: Receiver, peer: ssl.SSLSocket) -> None:
    """Answers well, begins a text and comes to no end."""
    peer.sendall(b"HTTP/1.1 200 Fine\r\nContent-Length: 1000\r\n\r\nwell, ")
    receiver.over.wait(10)


def early_then(status: int) -> Behaviour:
    """Says 103 first, as servers may."""

    def act(_: Receiver, peer: ssl.SSLSocket) -> None:
        peer.sendall(f"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 {status} Fine\r\n\r\n".encode())

    return act


def silent(receiver: Receiver, _: ssl.SSLSocket) -> None:
    """Never answers."""
    receiver.over.wait(10)


def dripping(receiver: Receiver, peer: ssl.SSLSocket) -> None:
    """Sends a sign at a time and comes to no end."""
    while not receiver.over.wait(0.05):
        peer.sendall(b"H")


def cutting(_: Receiver, peer: ssl.SSLSocket) -> None:
    """Hangs up in the middle of its first line."""
    peer.sendall(b"HTTP/1")


def huge(receiver: Receiver, peer: ssl.SSLSocket) -> None:
    """Answers well, with ten megabytes."""
    peer.sendall(b"HTTP/1.1 200 Fine\r\nContent-Length: 10000000\r\n\r\n")
    for _ in range(100):
        peer.sendall(bytes(100_000))
        receiver.flooded += 100_000


def endless_head(_: Receiver, peer: ssl.SSLSocket) -> None:
    """A first line without an end."""
    peer.sendall(b"x" * 1_000_000)


@dataclass
class Receiver:
    """The server; `behaviour` is what it does with whoever asked."""

    folder: Path
    behaviour: Behaviour = field(default_factory=lambda: answers(200))
    received: list[Received] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    flooded: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Receiver:
        made = [self.folder / name for name in ("cert.pem", "key.pem")]  # two of one folder show the same
        self.cert, key = map(str, made) if made[0].exists() else certificate(self.folder, HOST)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, key)
        context.sni_callback = lambda _, name, __: self.names.append(name)
        self.context = context
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listening.getsockname()[1])
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join(10)

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}/in?from=onterview"

    def line(self, **more: Any) -> Line:
        """How to reach it: by its name, which this test says leads here, and by its certificate."""
        context = ssl.create_default_context(cafile=self.cert)
        given = {"resolver": lambda _, __: ["127.0.0.1"], "may_reach": lambda _: True, "context": context}
        return Line(**(given | more))

    def _serve(self) -> None:
        while not self.over.is_set():
            try:
                plain, _ = self.listening.accept()
            except OSError:
                return
            with plain, contextlib.suppress(OSError), self.context.wrap_socket(plain, server_side=True) as peer:
                self._take(peer)

    def _take(self, peer: ssl.SSLSocket) -> None:
        with peer.makefile("rb") as file:
            line = file.readline().decode().strip()
            headers = {}
            while (said := file.readline().decode().strip()) != "":
                name, _, value = said.partition(": ")
                headers[name.lower()] = value
            body = file.read(int(headers["content-length"]))
        self.received.append(Received(line, headers, body))
        self.behaviour(self, peer)
