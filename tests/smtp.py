"""A small SMTP server of our own for tests: keeps what it is given, or answers as it is told; also a process of its own."""

from __future__ import annotations

import json
import random
import socketserver
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


class Postbox(socketserver.ThreadingTCPServer):
    """Takes mail on a free port; like many servers it knows no SMTPUTF8.

    `refuse` maps a recipient to the answer that they get instead of 250; with "421 …" or "" it hangs up as well.
    `refuse_sender` is the answer to every sender, `asked` whom a mail was offered for. `greylists`: who is asked to come
    again once. `cuts`: at whose mail it hangs up in the middle of DATA. `keeps_then_cuts`: whose mail it keeps and says
    nothing. `content_refused`: the answer after DATA. `delay_s`: how long it thinks about each recipient. `knows_dsn`:
    whether it takes RFC 3461's names; `envelopes`: the MAIL lines.
    """

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.received: list[EmailMessage] = []
        self.asked: list[str] = []
        self.envelopes: list[str] = []
        self.connections = 0
        self.refuse: dict[str, str] = {}
        self.greylists: set[str] = set()
        self.cuts: set[str] = set()
        self.keeps_then_cuts: set[str] = set()
        self.content_refused: dict[str, str] = {}
        self.refuse_sender = "250 ok"
        self.delay_s = 0.0
        self.knows_dsn = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def said_to(self, recipient: str) -> str:
        """The answer to RCPT."""
        if recipient in self.greylists and recipient not in self.asked[:-1]:
            return "451 4.7.1 greylisted, come again"
        return self.refuse.get(recipient, "250 ok")

    def keep(self, recipient: str, content: bytes) -> None:
        """Takes one mail in."""
        self.received.append(message_from_bytes(content, policy=policy.default))


class Conversation(socketserver.StreamRequestHandler):
    """One client's connection."""

    server: Postbox
    recipient = ""

    def handle(self) -> None:
        with suppress(ConnectionError):  # a sender that was killed
            self.talk()

    def talk(self) -> None:
        """Until one of the two goes."""
        self.server.connections += 1
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
            return self.take()
        if verb == "RCPT":
            return self.offered(line.partition("<")[2].partition(">")[0])
        if verb == "MAIL":
            self.server.envelopes.append(line)
        if verb == "EHLO" and self.server.knows_dsn:
            self.say("250-postbox")
            self.say("250 DSN")
        else:
            self.say(self.server.refuse_sender if verb == "MAIL" else "250 ok")
        return True

    def offered(self, recipient: str) -> bool:
        self.recipient = recipient
        self.server.asked.append(recipient)
        if self.server.delay_s:
            time.sleep(self.server.delay_s)
        said = self.server.said_to(recipient)
        if said:
            self.say(said)
        return bool(said) and not said.startswith("421")

    def take(self) -> bool:
        self.say("354 go on")
        if self.recipient in self.server.cuts:
            self.rfile.readline()
            return False
        lines = list(iter(self.rfile.readline, b".\r\n"))
        if b"" in lines[-1:]:
            return False
        refused = self.server.content_refused.get(self.recipient)
        if refused:
            self.say(refused)
            return True
        self.server.keep(self.recipient, b"".join(line[1:] if line.startswith(b"..") else line for line in lines))
        if self.recipient in self.server.keeps_then_cuts:
            return False
        self.say("250 kept")
        return True

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def postbox(made: Postbox | None = None) -> Iterator[Postbox]:
    """The server, running until the block ends."""
    with made or Postbox() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class Ledger(Postbox):
    """Writes a line for each mail that it took, and refuses by chance: some once, some for good."""

    def __init__(self, path: Path, *, temporary: float, permanent: float, seed: int) -> None:
        super().__init__()
        self.path, self.temporary, self.permanent, self.seed = path, temporary, permanent, seed
        self.lock = threading.Lock()
        self.offered: Counter[str] = Counter()

    def said_to(self, recipient: str) -> str:
        """By the address alone, so that a second run refuses the same."""
        drawn = random.Random(f"{self.seed}:{recipient}").random()
        with self.lock:
            self.asked.clear()
            self.offered[recipient] += 1
            first = self.offered[recipient] == 1
        if drawn < self.permanent:
            return "550 5.1.1 nobody of that name"
        if drawn < self.permanent + self.temporary and first:
            return "451 4.7.1 greylisted, come again"
        return "250 ok"

    def keep(self, recipient: str, content: bytes) -> None:
        """One line: the recipient and the Message-ID, on the disk before the sender hears of it."""
        message_id = str(message_from_bytes(content)["Message-ID"])
        with self.lock, self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([recipient, message_id]) + "\n")


def main() -> None:
    """`python -m tests.smtp LEDGER TEMPORARY PERMANENT SEED`: prints its address, then takes mail until it is ended."""
    path, temporary, permanent, seed = sys.argv[1:]
    made = Ledger(Path(path), temporary=float(temporary), permanent=float(permanent), seed=int(seed))
    with made as server:
        print(server.url, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
