"""`make run`'s process: ready when it says so, the same at every start, nothing of it goes on when it has ended."""

from __future__ import annotations

import json
import os
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, selectinload

from interview_ai import serve
from interview_ai.cli import main
from interview_ai.database import EVERYWHERE, reading
from interview_ai.demonstration import load
from interview_ai.run import FIRST
from interview_ai.supervisor import children
from interview_ai.tables import Answer, Candidate, Interview, Opening, Staff
from tests import desk
from tests.conftest import forget
from tests.house import eventually, free_port
from tests.journeys.test_other_ways import certificate

ROOT = Path(__file__).parents[1]
READY = "Onterview is ready"
SETTLED = {"assessed", "needs_person", "unreadable"}
LINK = re.compile(r"candidate's link \((.+)\): (\S+)")
EXPECTED = {"off_topic": "off_topic", "echo": "echo", "silent": "no_speech", "too_short": "too_short"}


@dataclass
class Started:
    """A command of ours that serves, and what it has said so far."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    @property
    def links(self) -> dict[str, str]:
        return dict(LINK.findall(self.said))

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", verify=False).status_code == 200
        except httpx.TransportError:
            return False

    def interrupt(self) -> int:
        """Ctrl-C, as a terminal sends it to all of them; the exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait()


def start(home: Path, command: str, *more: str, host: str = "127.0.0.1", scheme: str = "http") -> Started:
    port = free_port()
    arguments = [sys.executable, "-m", "interview_ai.cli", command, "--host", host, "--port", str(port), "--grace", "5"]
    log = home / f"{command}-{port}.txt"
    environment = {**os.environ, "INTERVIEW_HOME": str(home)}
    with log.open("wb") as said:
        process = subprocess.Popen(
            [*arguments, *more],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
            env=environment,
        )
    return Started(process, f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}", log)


@contextmanager
def started(home: Path, command: str, *more: str, host: str = "127.0.0.1", scheme: str = "http") -> Iterator[Started]:
    """The same, ended at the end."""
    running = start(home, command, *more, host=host, scheme=scheme)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.terminate()
        running.process.wait()


def says_that_it_is_ready(running: Started) -> None:
    eventually(lambda: READY in running.said or running.process.poll() is not None)
    assert READY in running.said, running.said


@pytest.mark.parametrize(
    ("host", "bound", "own"),
    [
        ("127.0.0.1", "127.0.0.1", "localhost"),
        ("0.0.0.0", "127.0.0.1", "localhost"),
        ("", "127.0.0.1", "localhost"),
        ("127.0.0.2", "127.0.0.2", "127.0.0.2"),
        ("192.168.0.7", "192.168.0.7", "192.168.0.7"),
        ("::", "[::1]", "[::1]"),
        ("::1", "[::1]", "[::1]"),
        ("fd00::7", "[fd00::7]", "[fd00::7]"),
        ("localhost", "localhost", "localhost"),
        ("interviews.example.org", "interviews.example.org", "interviews.example.org"),
    ],
)
def test_a_server_is_asked_where_it_was_bound_and_shown_where_a_person_finds_it(
    host: str, bound: str, own: str
) -> None:
    assert serve.bound_address(host, 8000, secure=False) == f"http://{bound}:8000"
    assert serve.own_address(host, 8443, secure=True) == f"https://{own}:8443"


@pytest.fixture
def no_commit() -> Iterator[None]:
    """A database that takes everything and then does not keep it."""

    def full(session: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("the disk is full"))

    event.listen(Session, "before_commit", full)
    yield
    event.remove(Session, "before_commit", full)


@pytest.mark.usefixtures("no_commit")
def test_a_password_is_printed_only_once_it_is_kept(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    added = ["add-staff", "--organisation", "Firm", "--kind", "employer", "--email", "jun@example.com", "--name", "Jun"]
    with pytest.raises(OperationalError):
        main(added)
    assert "password" not in capsys.readouterr().out


@pytest.mark.usefixtures("no_commit")
def test_sign_ins_are_written_down_only_once_they_are_kept(home: Path) -> None:
    with pytest.raises(OperationalError):
        main(["run", "--port", str(free_port())])
    assert list(home.glob("sign-ins*")) == []


Reset = Callable[[], tuple[int, str, str]]


@pytest.fixture
def reset(capsys: pytest.CaptureFixture[str]) -> Reset:
    """Runs `interview-ai demo-reset`; gives exit code, standard output and standard error."""

    def called() -> tuple[int, str, str]:
        forget()
        code = main(["demo-reset"])
        written = capsys.readouterr()
        return code, written.out, written.err

    return called


def used(home: Path) -> None:
    """A home as a run leaves it, with pulled weights and a file that is nobody's of ours."""
    for folder in ("recordings/uploads/ab", "recordings/kept", "doorbells/queue", "doorbells/control", "models"):
        (home / folder).mkdir(parents=True)
    sent = ("recordings/uploads/ab/abc", "recordings/kept/answer.webm")
    ours = ("onterview.sqlite3-wal", "onterview.sqlite3-shm", "sign-ins.json", "supervisor.json", "log.json")
    for name in (*sent, *ours, "supervisor.lock", "models/small.pt", "notes.txt"):
        (home / name).write_text("{}")


def files(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}


def test_a_reset_forgets_what_we_made_and_keeps_the_weights_and_what_is_not_ours(home: Path, reset: Reset) -> None:
    used(home)
    code, out, _ = reset()
    assert code == 0
    assert files(home) == {"models/small.pt", "notes.txt", "supervisor.lock"}
    assert "Kept there: models, notes.txt." in out
    assert reset()[1].startswith("There is nothing to forget")


def test_after_a_reset_the_next_start_begins_anew(home: Path, reset: Reset) -> None:
    desk.jun()
    assert reset()[0] == 0
    forget()
    serve.prepare()
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Staff)).all() == []


@pytest.mark.parametrize("there", [None, (), ("models/small.pt",), ("doorbells/queue/bell",)])
def test_a_reset_works_where_nothing_was_made_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reset: Reset, there: tuple[str, ...] | None
) -> None:
    home = tmp_path / "new"
    monkeypatch.setenv("INTERVIEW_HOME", str(home))
    for name in there or ():
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text("")
    if there == ():
        home.mkdir()
    assert reset()[0] == 0
    assert home.exists() == (there is not None)
    assert (home / "models/small.pt").exists() == (there == ("models/small.pt",))


@pytest.mark.parametrize("named", ["recordings/kept/holiday.mp4", "secret", "sign-ins.json", "letters/supervisor.lock"])
def test_a_folder_that_is_not_ours_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reset: Reset, named: str
) -> None:
    monkeypatch.setenv("INTERVIEW_HOME", str(tmp_path))
    for name in (named, "thesis.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("years of work")
    code, out, err = reset()
    assert (code, out) == (1, "")
    assert "INTERVIEW_HOME" in err
    assert files(tmp_path) == {named, "thesis.txt"}


def test_a_home_in_use_is_left_as_it_is(home: Path, reset: Reset) -> None:
    used(home)
    before = files(home)
    with serve.alone():
        code, out, err = reset()
    assert (code, out, files(home)) == (1, "", before)
    assert "already runs" in err


def test_a_reset_leaves_another_database_alone_with_the_recordings_and_the_secret_that_it_needs(
    home: Path, monkeypatch: pytest.MonkeyPatch, reset: Reset
) -> None:
    used(home)
    monkeypatch.setenv("INTERVIEW_DATABASE_URL", "postgresql+psycopg://onterview:pass-phrase@db.example.org/interviews")
    code, out, _ = reset()
    assert code == 0
    assert "postgresql+psycopg://db.example.org/interviews, which INTERVIEW_DATABASE_URL names" in out
    assert "pass-phrase" not in out
    assert files(home) >= {"secret", "sign-ins.json", "recordings/kept/answer.webm", "recordings/uploads/ab/abc"}
    assert "log.json" not in files(home)
    assert "starts over" not in out


def test_a_reset_says_which_bucket_it_did_not_empty(home: Path, monkeypatch: pytest.MonkeyPatch, reset: Reset) -> None:
    used(home)
    monkeypatch.setenv("INTERVIEW_STORAGE_URL", "s3://answers/region")
    code, out, _ = reset()
    assert code == 0
    assert "Not touched: s3://answers/region, which INTERVIEW_STORAGE_URL names." in out
    assert "onterview.sqlite3" not in files(home)


def test_our_own_places_named_by_a_setting_are_still_ours(
    home: Path, monkeypatch: pytest.MonkeyPatch, reset: Reset
) -> None:
    used(home)
    monkeypatch.chdir(home)
    monkeypatch.setenv("INTERVIEW_DATABASE_URL", "sqlite:///onterview.sqlite3")
    monkeypatch.setenv("INTERVIEW_STORAGE_URL", f"file://{home}/recordings/")
    code, out, _ = reset()
    assert (code, "Not touched" in out) == (0, False)
    assert files(home) == {"models/small.pt", "notes.txt", "supervisor.lock"}


def test_a_secret_that_a_setting_names_is_no_secret_that_we_made(
    home: Path, monkeypatch: pytest.MonkeyPatch, reset: Reset
) -> None:
    monkeypatch.setenv("INTERVIEW_SECRET_FILE", str(home / "secret"))
    assert reset()[0] == 0
    assert (home / "secret").exists()


def test_a_reset_does_not_follow_links_out_of_the_home(home: Path, tmp_path: Path, reset: Reset) -> None:
    (tmp_path / "disk" / "kept").mkdir(parents=True)
    (tmp_path / "disk" / "kept" / "answer.webm").write_text("")
    (home / "recordings").symlink_to(tmp_path / "disk")
    _, out, _ = reset()
    assert "Kept there: recordings." in out
    assert files(tmp_path / "disk") == {"kept/answer.webm"}


def test_make_demo_reset_without_an_environment_says_what_to_run_first(tmp_path: Path) -> None:
    command = ["make", "--no-print-directory", "-C", str(tmp_path), "-f", str(ROOT / "Makefile"), "demo-reset"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Run first: make setup" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_however_it_is_ended_no_process_stays(home: Path, number: signal.Signals) -> None:
    running = start(home, "run")
    eventually(running.answers)
    children = [one["pid"] for one in json.loads((home / "supervisor.json").read_text())["children"]]
    assert len(children) >= 3
    if number is signal.SIGINT:
        os.killpg(running.process.pid, number)  # as a terminal does
    else:
        running.process.send_signal(number)
    assert running.process.wait() == (-9 if number is signal.SIGKILL else 0)
    eventually(lambda: not running.answers())
    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))


@pytest.mark.slow
@pytest.mark.parametrize("host", ["127.0.0.2", "::1", "::", "0.0.0.0", "localhost"])
def test_whatever_address_it_is_bound_to_it_becomes_ready(home: Path, host: str) -> None:
    desk.jun()
    with started(home, "run", "--workers", "0", host=host) as running:
        eventually(lambda: READY in running.said or running.process.poll() is not None)
        if ":" in host and "cannot be used" in running.said:
            pytest.skip("this machine has no IPv6")
        says_that_it_is_ready(running)
        assert "no demonstration was made" in running.said


@pytest.mark.slow
def test_a_demonstration_that_fails_says_so_and_the_house_runs_without_it(home: Path) -> None:
    desk.jun()
    kept = {"employer": {"email": "jun@example.com", "password": "another than Jun's"}}
    (home / "sign-ins.json").write_text(json.dumps(kept))
    with started(home, "run", "--workers", "0") as running:
        says_that_it_is_ready(running)
        assert "The demonstration could not be played to its end. jun@example.com cannot sign in" in running.said
        assert "The next make run goes on where it stopped." in running.said
        assert running.links == {}
        assert running.answers()


@pytest.mark.slow
def test_when_web_processes_die_nobody_who_calls_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_WEB_PROCESSES", "2")
    with started(home, "serve", "--workers", "0") as running:
        eventually(running.answers)
        web = [one for one in children(home / "supervisor.json") if str(one["name"]).startswith("web-")]
        assert len(web) == 2
        for one in web:
            os.kill(int(str(one["pid"])), signal.SIGKILL)
        # the supervisor holds the socket: the caller waits in line until the next process takes it
        assert httpx.get(f"{running.url}/healthz", timeout=30).status_code == 200


def test_serve_answers_over_https_with_the_certificate_that_it_was_given(home: Path, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    tls = ("--workers", "0", "--tls-cert", cert, "--tls-key", key)
    with started(home, "serve", *tls, host="localhost", scheme="https") as running:
        eventually(running.answers)
        page = httpx.get(f"{running.url}/sign-in", verify=ssl.create_default_context(cafile=cert))
        assert page.status_code == 200
        assert "strict-transport-security" in page.headers
        with pytest.raises(httpx.TransportError):
            httpx.get(running.url.replace("https:", "http:"))


@dataclass(frozen=True)
class Whole:
    """A demonstration that was interrupted, then played to its end, then started once more on another port."""

    home: Path
    second: str
    again: Started
    links: dict[str, str]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """Three starts in one home; the last one still runs."""
    home = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("INTERVIEW_")]:
            patch.delenv(name)
        patch.setenv("INTERVIEW_HOME", str(home))
        forget()
        with started(home, "run") as first:
            eventually(lambda: any((home / "recordings").glob("uploads/*/*")))
            assert first.interrupt() == 0
            assert READY not in first.said
        with started(home, "run") as second:
            says_that_it_is_ready(second)
            eventually(lambda: set(states()) <= SETTLED)
            second.interrupt()
        with started(home, "run") as again:
            says_that_it_is_ready(again)
            yield Whole(home, second.said, again, second.links)
        forget()


def states() -> list[str]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(Answer.state)))


@pytest.mark.slow
def test_a_demonstration_that_was_interrupted_is_there_once_and_whole(whole: Whole) -> None:
    with reading(EVERYWHERE) as session:
        titles = sorted(session.scalars(select(Opening.title_en)))
        candidates = [one.candidate.name for one in session.scalars(select(Interview)).all()]
        answers = len(session.scalars(select(Answer)).all())
    assert titles == sorted(one.title_en for one in load().openings)
    assert sorted(candidates) == sorted({item.candidate for item in load().recordings})
    assert answers == len(load().recordings)


@pytest.mark.slow
def test_each_answer_of_the_demonstration_ends_as_it_was_meant_to(whole: Whole) -> None:
    with reading(EVERYWHERE) as session:
        loaded = [selectinload(Answer.question), selectinload(Answer.interview)]
        ended = {
            (session.get_one(Candidate, one.interview.candidate_id).name, one.question.position): one
            for one in session.scalars(select(Answer).options(*loaded))
        }
    for item in load().recordings:
        answer = ended[item.candidate, item.question]
        reason = "no_recogniser" if item.opening == "office" else EXPECTED.get(item.kind)
        wanted = ("needs_person", reason) if reason else ("assessed", None)
        assert (answer.state, answer.reason_code) == wanted, item.file
        assert answer.playable_key, item.file


@pytest.mark.slow
def test_every_start_prints_sign_ins_that_open_the_door(whole: Whole) -> None:
    kept = json.loads((whole.home / "sign-ins.json").read_text(encoding="utf-8"))
    assert (whole.home / "sign-ins.json").stat().st_mode & 0o077 == 0
    for one in FIRST:
        line = f"{one.email:26} {kept[one.kind]['password']}"
        assert line in whole.second
        assert line in whole.again.said
        with httpx.Client(base_url=whole.again.url, headers={"accept": "text/html"}, follow_redirects=True) as browser:
            token = re.findall(r'name="csrf" value="([0-9a-f]+)"', browser.get("/sign-in").text)[0]
            entered = browser.post("/sign-in", data={"csrf": token, **kept[one.kind]})
            assert entered.url.path.startswith("/staff/")


@pytest.mark.slow
def test_a_start_on_another_port_keeps_the_visitors_links_and_prints_ones_that_open(whole: Whole) -> None:
    port = whole.again.url.rsplit(":", 1)[1]
    assert set(whole.again.links) == set(whole.links) == {"English", "한국어"}
    for name, link in whole.again.links.items():
        assert link.startswith(f"http://localhost:{port}/i/")
        assert link.split("/i/")[1] == whole.links[name].split("/i/")[1]
        assert httpx.get(link).status_code == 200


@pytest.mark.slow
def test_it_cannot_be_forgotten_while_it_runs(whole: Whole, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo-reset"]) == 1
    assert "already runs" in capsys.readouterr().err
    assert (whole.home / "onterview.sqlite3").exists()
    assert whole.again.answers()
