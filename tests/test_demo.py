"""The demonstration as a server sees it: cut off anywhere it goes on where it stopped; visitors get links that open."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from interview_ai import demo, openings
from interview_ai.cli import main
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.demonstration import load
from interview_ai.errors import InterviewError
from interview_ai.tables import Answer, AuditEntry, Candidate, Interview, Invitation, Opening
from tests import desk, house
from tests.cast import PASSWORD
from tests.journeys.test_other_ways import certificate

OF_THE_HOP = {"connection", "content-length", "content-encoding", "transfer-encoding", "keep-alive"}
SIGN_INS: demo.SignIns = {"employer": {"email": "jun@example.com", "password": PASSWORD}}


@dataclass
class Line:
    """A way to the server that breaks at a request, before the server hears of it or before its answer arrives."""

    server: str
    left: int = 0
    heard: bool = True

    def carry(self, handler: BaseHTTPRequestHandler) -> httpx.Response | None:
        """The server's answer; None when the line broke."""
        self.left -= 1
        if self.left < 0 or (self.left == 0 and not self.heard):
            return None
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in OF_THE_HOP}
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        answer = httpx.request(handler.command, self.server + handler.path, headers=headers, content=body)
        return answer if self.left else None


@contextmanager
def line_to(server: str) -> Iterator[tuple[str, Line]]:
    """Its address and its switch."""
    line = Line(server)

    class Handler(BaseHTTPRequestHandler):
        def carry(self) -> None:
            answer = line.carry(self)
            self.close_connection = True
            if answer is None:
                return
            self.send_response(answer.status_code)
            for name, value in answer.headers.multi_items():
                if name not in OF_THE_HOP:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    for method in ("GET", "POST", "PATCH"):
        setattr(Handler, f"do_{method}", Handler.carry)
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=proxy.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{proxy.server_port}", line
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()


def played(url: str, **links: str) -> dict[str, str]:
    """The links after one more run that began with these."""
    return dict(demo.play(url, SIGN_INS | {"links": links}))


def as_sent() -> dict[str, dict[int, int]]:
    """Bytes of each answer by candidate and question, as the recordings have them."""
    wanted: dict[str, dict[int, int]] = {}
    for item in load().recordings:
        wanted.setdefault(item.candidate, {})[item.question] = item.path.stat().st_size
    return wanted


def as_received() -> dict[str, dict[int, int]]:
    """The same, as the server has them; each answer came as one take in one upload."""
    found: dict[str, dict[int, int]] = {}
    with reading(EVERYWHERE) as session:
        loaded = [selectinload(Answer.question), selectinload(Answer.segments), selectinload(Answer.interview)]
        for answer in session.scalars(select(Answer).options(*loaded)):
            assert (answer.interview.state, answer.take, len(answer.segments)) == ("finished", 1, 1)
            name = session.get_one(Candidate, answer.interview.candidate_id).name
            assert answer.question.position not in found.setdefault(name, {})
            found[name][answer.question.position] = answer.bytes or 0
    return found


@pytest.mark.slow
@pytest.mark.parametrize("heard", [False, True], ids=["before the server hears", "before the answer arrives"])
def test_however_often_it_breaks_off_nothing_of_the_demonstration_is_there_twice(home: Path, heard: bool) -> None:
    desk.jun()
    links: dict[str, str] = {}
    breaks = 0
    with house.running(home, "web") as server, line_to(server.url) as (url, line):
        while set(links) != {"English", "한국어"}:
            line.left, line.heard = 14 + 2 * breaks, heard
            try:
                for name, path in demo.play(url, SIGN_INS | {"links": links}):
                    links[name] = path
            except InterviewError as error:
                assert url in error.en
                breaks += 1
        assert breaks > 5
        assert played(server.url, **links) == links
        assert all(httpx.get(server.url + path).status_code == 200 for path in links.values())
    with reading(EVERYWHERE) as session:
        created = session.scalars(select(Opening)).all()
        assert sorted(one.title_en for one in created) == sorted(one.title_en for one in load().openings)
        assert all(one.first_pass_ended_at and one.demonstration for one in created)
        assert len(session.scalars(select(Interview)).all()) == len(as_sent())
        invited = session.scalars(select(AuditEntry).where(AuditEntry.action == "candidate invited")).all()
        assert len(invited) <= len(as_sent()) + len(links) + breaks  # only whoever it broke off at, once more
    assert as_received() == as_sent()


def played_before() -> dict[str, str]:
    """Jun's demonstration as an earlier run left it: its openings, each with a visitor; their opening's ids by name."""
    jun = desk.jun()
    made: dict[str, str] = {}
    for item in load().openings:
        new = replace(desk.new_opening(), title_ko=item.title_ko, title_en=item.title_en, language=item.language)
        with transaction(jun.organisation_id) as session:
            opening_id = openings.create(session, jun, new).id
        with transaction(jun.organisation_id) as session:
            address = f"{item.key}-visitor@example.com"
            openings.invite(session, jun, opening_id, name="Visitor", email=address, language="ko")
        made[demo.NAMES[item.language]] = opening_id
    return made


def visitors(opening_id: str) -> list[str]:
    with reading(EVERYWHERE) as session:
        wanted = select(Candidate.email).join(Invitation, Invitation.candidate_id == Candidate.id)
        return list(session.scalars(wanted.where(Invitation.opening_id == opening_id).order_by(Candidate.email)))


def token(path: str) -> str:
    return path.removeprefix("/i/")


def test_a_visitors_link_stays_until_the_interview_is_finished_then_the_next_is_invited(home: Path) -> None:
    made = played_before()
    with house.running(home, "web") as server:
        links = played(server.url)
        assert played(server.url, **links) == links
        who = desk.begin(token(links["English"]))
        assert played(server.url, **links) == links
        desk.answered(who)
        desk.finished(who)
        then = played(server.url, **links)
    assert then["한국어"] == links["한국어"]
    assert then["English"] != links["English"]
    assert len(visitors(made["English"])) == len(visitors(made["한국어"])) + 1
    assert desk.begin(token(then["English"])).candidate_id != who.candidate_id


def test_a_visitors_link_that_was_taken_back_is_replaced(home: Path) -> None:
    made = played_before()
    with house.running(home, "web") as server:
        links = played(server.url)
        with transaction(EVERYWHERE) as session:
            of_office = select(Invitation).where(Invitation.opening_id == made["한국어"])
            for invitation in session.scalars(of_office):
                invitation.revoked_at = datetime.now(UTC)
        then = played(server.url, **links)
    assert (then["English"] == links["English"], then["한국어"] == links["한국어"]) == (True, False)
    desk.begin(token(then["한국어"]))


def test_whole_addresses_that_an_older_installation_kept_are_used_as_paths(home: Path) -> None:
    played_before()
    with house.running(home, "web") as server:
        links = played(server.url)
        older = {name: f"http://localhost:1{path}" for name, path in links.items()}
        assert played(server.url, **older) == links


def test_the_command_prints_addresses_that_open_as_one_object(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = played_before()
    (tmp_path / "who.json").write_text(json.dumps(SIGN_INS))
    with house.running(home, "web") as server:
        assert main(["demo", "--url", server.url, "--sign-ins", str(tmp_path / "who.json")]) == 0
        links = json.loads(capsys.readouterr().out)
        assert set(links) == set(made)
        assert all(httpx.get(link).status_code == 200 for link in links.values())


def test_an_opening_past_its_deadline_says_how_to_start_over(home: Path) -> None:
    made = played_before()
    with house.running(home, "web") as server:
        with transaction(EVERYWHERE) as session:
            session.get_one(Opening, made["English"]).deadline = datetime.now(UTC) - timedelta(days=1)
        with pytest.raises(InterviewError) as refused:
            played(server.url)
    assert "make demo-reset" in refused.value.en
    assert "make demo-reset" in refused.value.ko


def test_a_password_that_was_changed_is_named_in_a_sentence(home: Path) -> None:
    played_before()
    with house.running(home, "web") as server, pytest.raises(InterviewError) as refused:
        dict(demo.play(server.url, {"employer": {"email": "jun@example.com", "password": "something else"}}))
    assert "jun@example.com cannot sign in" in refused.value.en


def test_a_server_that_is_not_there_is_named_in_a_sentence() -> None:
    url = f"http://127.0.0.1:{house.free_port()}"
    with pytest.raises(InterviewError) as refused:
        played(url)
    assert url in refused.value.en
    assert url in refused.value.ko


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.2", "::1"])
def test_this_machine_asks_itself_whatever_certificate_it_shows(host: str) -> None:
    assert demo.trusted(host) is False


@pytest.mark.parametrize("host", ["example.org", "localhost.example.org", "192.168.0.7", "0.0.0.0", "fe80::1", ""])
def test_another_machine_gets_the_password_only_with_a_genuine_certificate(host: str) -> None:
    assert demo.trusted(host) is True


def test_a_server_of_ours_under_another_name_is_known_by_its_own_certificate(home: Path, tmp_path: Path) -> None:
    for name in ("ours", "another"):
        (tmp_path / name).mkdir()
    ours, another = certificate(tmp_path / "ours"), certificate(tmp_path / "another")
    with house.running(home, "web", tls=ours) as server:
        at = server.url.replace("localhost", "127.0.0.1")  # not the name that it was made for
        assert httpx.get(f"{at}/healthz", verify=demo.trusted("192.168.0.7", ours[0])).text == "ok"
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{at}/healthz", verify=demo.trusted("192.168.0.7", another[0]))
