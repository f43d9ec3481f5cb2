"""A stored suggestion can be computed again from what is stored, and what stands in the way is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from interview_ai import cli
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.tables import Answer, EvidenceRow, Question, ScoreRow
from tests import cast
from tests.worker.test_tasks import answer, demonstration, good, received  # noqa: F401  # good is a fixture
from worker import tasks

pytestmark = pytest.mark.voices


@pytest.fixture
def assessed(home: Path, good: bytes) -> Answer:  # noqa: F811
    jun = cast.jun()
    demonstration(jun)
    tasks.work(received(jun, cast.minji(jun), good).id)
    return answer()


def recompute(name: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = cli.main(["recompute", name])
    out = capsys.readouterr().out
    return code, json.loads(out) if out else {}


def test_the_same_number_comes_out_again(assessed: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = recompute(assessed.id, capsys)
    assert (code, found["same"], found["differs"]) == (0, True, [])
    assert found["stored"]["score"]["points"] == found["now"]["score"]["points"] >= 2


def test_a_changed_question_is_named_where_it_changes_the_result(
    assessed: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    with transaction(EVERYWHERE) as session:
        session.get_one(Question, assessed.question_id).text_en = "What is the weather like on the moon?"
    code, found = recompute(assessed.id, capsys)
    assert code == 1
    assert any(line.startswith("gates: ") for line in found["differs"])
    assert "gates" in found["differs"]


def test_a_score_that_somebody_changed_in_the_database_does_not_come_out_again(
    assessed: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    with transaction(EVERYWHERE) as session:
        row = session.query(ScoreRow).one()
        assert row.score is not None
        row.score = {**row.score, "points": 1.0 if row.score["points"] > 1 else 5.0}
    code, found = recompute(assessed.id, capsys)
    assert (code, found["differs"]) == (1, ["score"])


def test_evidence_that_went_missing_is_noticed(assessed: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    with transaction(EVERYWHERE) as session:
        session.delete(session.query(EvidenceRow).first())
    assert recompute(assessed.id, capsys)[1]["differs"] == ["evidence"]


def test_evidence_that_is_tied_to_another_anchor_is_noticed(
    assessed: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    with transaction(EVERYWHERE) as session:
        row = session.query(EvidenceRow).first()
        assert row is not None
        row.anchor = 1 if row.anchor is None else None
    assert recompute(assessed.id, capsys)[1]["differs"] == ["evidence"]


def test_an_answer_that_does_not_exist_and_one_without_words_say_so(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["recompute", "nobody"]) == 2
    assert "There is no answer nobody" in capsys.readouterr().err
    jun = cast.jun()
    received(jun, cast.minji(jun), b"no recording at all" * 100)
    assert cli.main(["recompute", answer().id]) == 2
    assert "nothing to compute again" in capsys.readouterr().err
