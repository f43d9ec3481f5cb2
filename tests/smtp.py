"""A small SMTP server of our own for tests: keeps what it is given, or answers as it is told."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class Postbox(socketserver.ThreadingTCPServer):
    """Takes mail on a free port; like many servers it knows no SMTPUTF8.

    `refuse` maps a recipient to the answer that they get instead of 250; with "421 …" or "" it hangs up as well.
    `refuse_sender` is the answer to every sender, `asked` whom a mail was offered for.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.received: list[EmailMessage] = []
        self.asked: list[str] = []
        self.refuse: dict[str, str] = {}
        self.refuse_sender = "250 ok"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Conversation(socketserver.StreamRequestHandler):
    """One client's connection."""

    server: Postbox

    def handle(self) -> None:
        self.say("220 postbox")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].split(":")[0].upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            if not self.answer(verb, line):
                return

    def answer(self, verb: str, line: str) -> bool:
        """Whether the conversation goes on."""
        if verb == "DATA":
            self.say("354 go on")
            self.take()
            self.say("250 kept")
        elif verb == "RCPT":
            return self.offered(line.partition("<")[2].partition(">")[0])
        else:
            self.say(self.server.refuse_sender if verb == "MAIL" else "250 ok")
        return True

    def offered(self, recipient: str) -> bool:
        self.server.asked.append(recipient)
        said = self.server.refuse.get(recipient, "250 ok")
        if said:
            self.say(said)
        return bool(said) and not said.startswith("421")

    def take(self) -> None:
        lines = list(iter(self.rfile.readline, b".\r\n"))
        body = b"".join(line[1:] if line.startswith(b"..") else line for line in lines)
        self.server.received.append(message_from_bytes(body, policy=policy.default))

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def postbox() -> Iterator[Postbox]:
    """The server, running until the block ends."""
    with Postbox() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
