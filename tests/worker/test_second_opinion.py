"""The optional rater in the whole: off it is nowhere, on it stands beside the points, and it can only silence them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import cli, library
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Misconfigured
from interview_ai.interviews import NOTICE_VERSION, WITH_RATER
from interview_ai.rules.evidence import Assessment
from interview_ai.settings import settings
from interview_ai.tables import Answer, Consent, Opening, ScoreRow, Work
from tests import cast
from tests.conftest import forget
from tests.fixtures import speech
from tests.fixtures.completions import MODEL, Behaviour, Exchange, Listening, answering
from tests.worker.test_pipeline import GOOD_EN
from worker import commands, doctor, judging, second_opinion, tasks
from worker.judging import Asked

QUOTE = "I made a simple list for each box"
QUESTION = library.questions_of("problem_solving")[0].en


def asked(*, may_be_sent: bool = True) -> Asked:
    return Asked(QUESTION, "en", library.rubric(), library.questions("en"), may_be_sent=may_be_sent)


def without_rater() -> Assessment:
    return judging.assess_text(GOOD_EN, asked())


@contextmanager
def turned_on(monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour) -> Iterator[Listening]:
    """The settings name a server, which runs for the length of the block."""
    with answering(behaviour) as listening:
        monkeypatch.setenv("INTERVIEW_RATER_URL", f"{listening.url}/v1")
        monkeypatch.setenv("INTERVIEW_RATER_MODEL", MODEL)
        monkeypatch.setenv("INTERVIEW_RATER_KEY", "k-123")
        forget()
        yield listening


def agrees(exchange: Exchange) -> None:
    exchange.rates(5, QUOTE)


def differs(exchange: Exchange) -> None:
    exchange.rates(1)


def wavers(exchange: Exchange) -> None:
    exchange.rates(exchange.number * 2 - 1, QUOTE)


def fails(exchange: Exchange) -> None:
    exchange.raw(b"", status=500)


def test_off_is_the_default_and_leaves_no_trace(home: Path) -> None:
    assert second_opinion.server() is None
    found = without_rater()
    assert found.score is not None and found.opinion is None and "rater" not in found.versions


def test_an_opinion_that_agrees_stands_beside_points_that_stay_as_they_were() -> None:
    before = without_rater()
    with answering(agrees) as listening:
        found = judging.assess_text(GOOD_EN, asked(), listening.server())
    assert before.score is not None and before.score.points == 5
    assert (found.score, found.evidence, found.gates) == (before.score, before.evidence, before.gates)
    assert found.opinion is not None and found.opinion.criteria[0].quotes == (QUOTE,)
    assert found.versions == {**before.versions, "rater": found.opinion.rater}


@pytest.mark.parametrize("behaviour", [differs, wavers])
def test_an_opinion_two_levels_off_or_at_odds_with_itself_makes_the_machine_abstain(behaviour: Behaviour) -> None:
    with answering(behaviour) as listening:
        found = judging.assess_text(GOOD_EN, asked(), listening.server())
    assert found.score is None and found.reason is not None and found.reason.code == "abstained"
    assert found.evidence == without_rater().evidence


def test_one_level_off_is_no_contradiction() -> None:
    with answering(lambda exchange: exchange.rates(4, QUOTE)) as listening:
        found = judging.assess_text(GOOD_EN, asked(), listening.server())
    assert found.score == without_rater().score


def test_a_rater_that_fails_leaves_the_points_and_says_why() -> None:
    with answering(fails) as listening:
        found = judging.assess_text(GOOD_EN, asked(), listening.server())
    assert found.score == without_rater().score
    assert found.opinion is not None and found.opinion.reason is not None and found.opinion.reason.code == "refused"


def test_nothing_is_sent_where_a_gate_failed_or_the_candidate_was_not_told() -> None:
    with answering(agrees) as listening:
        assert judging.assess_text("I fixed it.", asked(), listening.server()).opinion is None
        found = judging.assess_text(GOOD_EN, asked(may_be_sent=False), listening.server())
        assert found == without_rater()
    assert listening.requests == []


def test_score_text_prints_the_opinion_only_where_a_rater_is_on(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def printed() -> dict[str, object]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(GOOD_EN.encode())))
        given = cli.parser().parse_args(["score-text", "--question", QUESTION, "--language", "en"])
        assert commands.score_text(given) == 0
        content = capsys.readouterr().out
        assert "k-123" not in content
        found: dict[str, object] = json.loads(content)
        return found

    off = printed()
    with turned_on(monkeypatch, agrees):
        on = printed()
    assert "opinion" not in off and on["score"] == off["score"] and on["opinion"]


def test_the_settings_must_be_an_address_with_a_model_and_never_show_the_key(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url, model in (("localhost:11434", MODEL), ("https://user:word@host/v1", MODEL), ("http://host/v1?k=1", MODEL)):
        monkeypatch.setenv("INTERVIEW_RATER_URL", url)
        monkeypatch.setenv("INTERVIEW_RATER_MODEL", model)
        settings.cache_clear()
        with pytest.raises(Misconfigured, match="INTERVIEW_RATER_URL"):
            settings()
    monkeypatch.setenv("INTERVIEW_RATER_URL", "http://host/v1")
    monkeypatch.delenv("INTERVIEW_RATER_MODEL")
    settings.cache_clear()
    with pytest.raises(Misconfigured, match="INTERVIEW_RATER_MODEL"):
        settings()
    monkeypatch.setenv("INTERVIEW_RATER_MODEL", MODEL)
    monkeypatch.setenv("INTERVIEW_RATER_KEY", "k-123")
    settings.cache_clear()
    assert "k-123" not in repr(settings()) + repr(second_opinion.server())


def test_doctor_says_off_answers_no_such_model_or_does_not_answer(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor._rater().says.startswith("off")
    with turned_on(monkeypatch, fails) as listening:
        well = doctor._rater()
        assert well.well and well.says.startswith("answers: ")
        monkeypatch.setenv("INTERVIEW_RATER_MODEL", "another")
        forget()
        assert "has no model another" in doctor._rater().says
    forget()
    away = doctor._rater()
    assert not away.well and not away.needed and away.says.startswith("does not answer (unreachable)")
    assert listening.requests == []


@pytest.mark.voices
@pytest.mark.parametrize("told", [True, False])
def test_a_worker_sends_the_words_of_those_alone_who_were_told(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    jun = cast.jun()
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, jun.opening_id).demonstration = True
    before = None if told else cast.minji(jun)
    data = speech.recording(speech.spoken(speech.GOOD, tmp_path), tmp_path / "good.webm").read_bytes()
    with turned_on(monkeypatch, differs) as listening:
        cast.receive(before or cast.minji(jun), jun.question_ids[0], data)
        with reading(EVERYWHERE) as session:
            work = session.scalars(select(Work)).one()
        tasks.work(work.id)
    with reading(EVERYWHERE) as session:
        row, answer = session.scalars(select(ScoreRow)).one(), session.scalars(select(Answer)).one()
        version = session.scalars(select(Consent.notice_version)).one()
    assert version == (NOTICE_VERSION + WITH_RATER if told else NOTICE_VERSION)
    if told:
        assert (answer.state, answer.reason_code, row.score) == ("needs_person", "abstained", None)
        assert row.opinion is not None and row.opinion["criteria"][0]["level"] == 1
        assert row.versions["rater"] == row.opinion["rater"]
        assert len(listening.requests) == 3
    else:
        assert row.score is not None and row.opinion is None and "rater" not in row.versions
        assert listening.requests == []
