"""A small HTTP gateway for text messages of our own: takes them once per key, or answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CUT = 0
TWICE = 1


class Gateway(ThreadingHTTPServer):
    """`answers`: what comes next, one a request, then 200: a status, CUT (takes it and hangs up) or TWICE.

    `delivered`: what it sent on, by its key, as a gateway does that keeps its word.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answers: list[int] = []
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.delivered: dict[str, dict[str, Any]] = {}
        self.delays = threading.Event()
        self.delays.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/send"


class Conversation(BaseHTTPRequestHandler):
    """One request."""

    server: Gateway
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["content-length"])))
        key = self.headers["idempotency-key"]
        self.server.asked.append(content)
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        status = self.server.answers.pop(0) if self.server.answers else 200
        if status in (CUT, TWICE, 200):
            self.server.delivered[key] = content
        self.server.delays.wait(5)
        if status == CUT:
            self.close_connection = True
            return
        self.answer(200 if status == TWICE else status)
        if status == TWICE:
            self.answer(500)
            self.close_connection = True

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def gateway() -> Iterator[Gateway]:
    """The gateway, running until the block ends."""
    with Gateway() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.delays.set()
            server.shutdown()
            thread.join()
