"""`python -m tests.faults.mutated`: thousands of broken recordings and thirty bombs against the jail; seeded, resumable.

Each is read as a worker reads it: behind `jail.lock_in()`, in a process of its own that is forked from one in which the
libraries are loaded already; every twentieth, and every bomb, goes the whole way through `python -m models.media` and
the pipeline. A crash of the child would cost one answer a reason and no worker; here it is a fault all the same, as a
hang or a score is.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

import av.logging

from interview_ai.errors import Unreadable
from interview_ai.library import questions, rubric
from models import jail, media
from tests.conftest import TEST_DATA
from tests.faults import bombs, seeds
from worker import pipeline
from worker.judging import Asked
from worker.pipeline import Engines

WALL_S = 20.0
WHOLE_WAY_EVERY = 20
KNOWN = frozenset(jail.SENTENCES)


def mutated(sources: list[bytes], seed: int) -> bytes:
    """One broken recording, the same for the same seed."""
    chance = random.Random(seed)
    data = bytearray(chance.choice(sources))
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(min(len(data), chance.choice((64, 512, 4096, len(data)))) or 1)
        length = chance.choice((1, 2, 4, 8, 64, 1024))
        match chance.randrange(8):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at : at + length] = chance.randbytes(length)
            case 2:
                data[at : at + length] = b"\x00" * length
            case 3:
                data[at : at + length] = b"\xff" * length
            case 4:
                del data[at : at + length]
            case 5:
                data[at:at] = data[at : at + length]
            case 6:
                del data[max(1, at) :]
            case _:
                other = chance.choice(sources)
                data[at:] = other[chance.randrange(len(other)) :]
        data = data or bytearray(b"\x00")
    return bytes(data)


def forked(path: Path, folder: Path) -> str:
    """The code of the answer, "read", "crashed" or "hang"."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read_end)
            file = os.open(path, os.O_RDONLY)
            jail.lock_in(folder)
            os.write(write_end, json.dumps(media.child(folder, [file])).encode()[:60_000].ljust(1))
        finally:
            os._exit(0 if sys.exc_info()[0] is None else 1)
    os.close(write_end)
    said, until = b"", time.monotonic() + WALL_S
    while time.monotonic() < until:
        if select.select([read_end], [], [], until - time.monotonic())[0]:
            block = os.read(read_end, 65_536)
            if not block:
                break
            said += block
    else:
        os.kill(child, signal.SIGKILL)
    os.close(read_end)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return "hang"
    if status != 0 or not said:
        return "crashed"
    return str(json.loads(said).get("error", "read")) if said.startswith(b'{"error"') else "read"


def whole_way(path: Path, folder: Path) -> str:
    """The same through the pipeline of a worker; "SCORE" where it gave one."""
    asked = Asked("Tell us about a problem that you solved.", "en", rubric(), questions("en"), demonstration=True)
    try:
        found = pipeline.assess([path], asked, Engines("pocketsphinx", "small", folder), folder).assessment
    except Unreadable as error:
        return error.code
    if found.score is not None:
        return "SCORE"
    return "read" if found.reason and found.reason.code != "unreadable" else "unreadable"


def one(content: bytes, number: int, *, whole: bool) -> str:
    """What came of one file."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        path = folder / "recording"
        path.write_bytes(content)
        (folder / "out").mkdir()
        return (whole_way if whole else forked)(path, folder / "out")


def share(first: int, last: int, state: Path, until: float) -> int:
    """One process's share of the mutations; what was done is written down so that a broken run goes on."""
    sources = seeds.recordings(TEST_DATA)
    kept = json.loads(state.read_text()) if state.exists() else {"next": first, "codes": {}}
    codes: Counter[str] = Counter(kept["codes"])
    number = kept["next"]
    while number < last and time.monotonic() < until:
        codes[one(mutated(sources, number), number, whole=number % WHOLE_WAY_EVERY == 0)] += 1
        number += 1
        if number % 50 == 0 or number == last:
            state.write_text(json.dumps({"next": number, "codes": codes}))
    state.write_text(json.dumps({"next": number, "codes": codes}))
    return number


def main() -> int:
    """Exits 1 where a worker would have crashed, hung or scored what is broken, or where a code has no sentence."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=1200)
    parser.add_argument("--state", type=Path, default=Path(tempfile.gettempdir()) / "onterview-mutated")
    given = parser.parse_args()
    av.logging.set_level(av.logging.PANIC)
    given.state.mkdir(exist_ok=True)
    until = time.monotonic() + given.seconds
    workers = os.cpu_count() or 1
    edges = [n * given.count // workers for n in range(workers + 1)]
    children = []
    for n in range(workers):
        child = os.fork()
        if child == 0:
            try:
                share(edges[n], edges[n + 1], given.state / f"{n}.json", until)
            finally:
                failed = sys.exc_info()[0] is not None
                if failed:
                    traceback.print_exc()
                os._exit(failed)
        children.append(child)
    failed = sum(os.waitpid(child, 0)[1] != 0 for child in children)
    codes: Counter[str] = Counter()
    done = 0
    for n in range(workers):
        kept = json.loads((given.state / f"{n}.json").read_text())
        codes.update(kept["codes"])
        done += kept["next"] - edges[n]
    made = bombs.bombs()
    exploded = {name: one(content, 0, whole=True) for name, content in made.items()}
    print(f"{done} of {given.count} mutated recordings: {dict(codes.most_common())}")
    print(f"{len(exploded)} bombs: {dict(Counter(exploded.values()).most_common())}")
    bad = {code for code in (*codes, *exploded.values()) if code in ("hang", "SCORE", "crashed")}
    unknown = {code for code in codes if code not in KNOWN | {"read", "unreadable", "hang", "SCORE"}}
    for name, code in exploded.items():
        if code not in ("unreadable",):
            print(f"  {name}: {code}")
    return 1 if failed or bad or unknown or done < given.count else 0


if __name__ == "__main__":
    sys.exit(main())
