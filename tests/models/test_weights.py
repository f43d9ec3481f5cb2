"""Weights come from a place that may break off, lie or be away; only the published file is ever used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from interview_ai.errors import Misconfigured
from models import speech, weights
from models.weights import Weights
from tests.house import free_port

CONTENT = bytes(range(256)) * 4096  # 1 MiB
SIZE = len(CONTENT)
BROKEN_OFF = 300_000


class Mirror(BaseHTTPRequestHandler):
    """Answers for small.pt as the server's `behaviour` says; keeps the ranges it was asked for."""

    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Place)
        asked = self.headers.get("Range", "")
        server.asked.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and server.behaviour != "no ranges" else 0
        if start >= SIZE:
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(SIZE - start))
        self.end_headers()
        content = bytes(SIZE) if server.behaviour == "another file" else CONTENT
        stop = BROKEN_OFF if server.behaviour == "breaks off" else SIZE
        self.wfile.write(content[start:stop])
        server.behaviour = "well" if server.behaviour == "breaks off" else server.behaviour

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class Place(ThreadingHTTPServer):
    """A mirror on this machine."""

    behaviour = "well"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Mirror)
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def place() -> Iterator[Place]:
    """The mirror, running."""
    server = Place()
    thread = Thread(target=partial(server.serve_forever, poll_interval=0.05))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue whose small weights are a megabyte of ours."""
    entry = Weights("small", hashlib.sha256(CONTENT).hexdigest(), "small.pt", 1)
    monkeypatch.setattr(weights, "CATALOGUE", {"small": entry})


def test_weights_are_fetched_checked_and_told_of_while_they_come(tmp_path: Path, place: Place) -> None:
    told: list[tuple[int, int]] = []
    path = weights.pull("small", tmp_path, place.address, lambda held, whole: told.append((held, whole)))
    assert path == tmp_path / "small.pt" == weights.installed("small", tmp_path)
    assert path.read_bytes() == CONTENT
    assert told[-1] == (SIZE, SIZE)
    assert weights.checked("small", tmp_path) == path


def test_a_download_that_broke_off_goes_on_where_it_was(tmp_path: Path, place: Place) -> None:
    place.behaviour = "breaks off"
    with pytest.raises(Misconfigured, match="what came is kept, try again"):
        weights.pull("small", tmp_path, place.address)
    held = (tmp_path / "small.pt.part").stat().st_size
    assert 0 < held <= BROKEN_OFF
    assert weights.installed("small", tmp_path) is None
    assert weights.pull("small", tmp_path, place.address).read_bytes() == CONTENT
    assert place.asked == ["", f"bytes={held}-"]


def test_a_place_that_knows_no_ranges_is_read_from_the_start_again(tmp_path: Path, place: Place) -> None:
    (tmp_path / "small.pt.part").write_bytes(b"the first bytes of some other day")
    place.behaviour = "no ranges"
    assert weights.pull("small", tmp_path, place.address).read_bytes() == CONTENT


def test_a_part_that_is_already_whole_is_not_fetched_again(tmp_path: Path, place: Place) -> None:
    (tmp_path / "small.pt.part").write_bytes(CONTENT)
    assert weights.pull("small", tmp_path, place.address).read_bytes() == CONTENT


def test_weights_that_are_there_are_not_fetched_again(tmp_path: Path, place: Place) -> None:
    (tmp_path / "small.pt").write_bytes(CONTENT)
    weights.pull("small", tmp_path, place.address)
    assert place.asked == []


def test_another_file_than_the_published_one_is_not_kept(tmp_path: Path, place: Place) -> None:
    place.behaviour = "another file"
    with pytest.raises(Misconfigured, match="not the published file"):
        weights.pull("small", tmp_path, place.address)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_does_not_answer_says_which(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"127\.0\.0\.1.*does not answer"):
        weights.pull("small", tmp_path, f"http://127.0.0.1:{free_port()}")


def test_a_folder_may_be_the_mirror(tmp_path: Path) -> None:
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "small.pt").write_bytes(CONTENT)
    for mirror in (str(tmp_path / "mirror"), f"file://{tmp_path / 'mirror'}"):
        assert weights.pull("small", tmp_path / mirror[:4], mirror).read_bytes() == CONTENT


def test_a_folder_without_the_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"small\.pt"):
        weights.pull("small", tmp_path / "models", str(tmp_path))


def test_a_file_that_was_changed_is_never_loaded(tmp_path: Path) -> None:
    (tmp_path / "small.pt").write_bytes(CONTENT[:-1] + b"\x00")
    with pytest.raises(Misconfigured, match="delete it and pull again"):
        weights.checked("small", tmp_path)


def test_missing_weights_name_the_command_that_fetches_them(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="interview-ai models pull small") as missing:
        weights.checked("small", tmp_path)
    assert missing.value.code == "no_recogniser"


def test_an_unknown_name_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="there are: small"):
        weights.pull("enormous", tmp_path)


@pytest.mark.parametrize(
    ("language", "engine", "there", "chosen"),
    [
        ("en", "auto", (), "pocketsphinx"),
        ("en", "auto", ("small.pt",), "whisper"),
        ("ko", "auto", ("small.pt",), "whisper"),
        (
            "ko",
            "auto",
            ("small.pt", *(f"faster-whisper-small/{name}" for name in speech.FASTER_FILES)),
            "faster-whisper",
        ),
        ("ko", "whisper", ("small.pt", *(f"faster-whisper-small/{name}" for name in speech.FASTER_FILES)), "whisper"),
        ("en", "pocketsphinx", ("small.pt",), "pocketsphinx"),
    ],
)
def test_the_best_installed_recogniser_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, language: str, engine: str, there: tuple[str, ...], chosen: str
) -> None:
    empty = weights.Weights("small", hashlib.sha256(b"").hexdigest(), "small.pt", 1)
    monkeypatch.setitem(weights.CATALOGUE, "small", empty)
    for name in there:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert speech.choose(language, engine, tmp_path, "small") == chosen


@pytest.mark.parametrize(("language", "engine"), [("ko", "auto"), ("ko", "pocketsphinx"), ("en", "whisper")])
def test_a_recogniser_that_is_not_installed_is_answered_with_the_command(
    tmp_path: Path, language: str, engine: str
) -> None:
    with pytest.raises(Misconfigured, match="interview-ai models pull small"):
        speech.choose(language, engine, tmp_path, "small")
