"""Beside each quote stands the level whose description it is nearest to, for those who rated already."""

from __future__ import annotations

from pathlib import Path

import pytest

from interview_ai.database import EVERYWHERE, transaction
from interview_ai.tables import EvidenceRow
from tests import desk
from tests.browser import Browser


def page(language: str = "en", *, rated: bool = True) -> str:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 4)
    browser = Browser(language)
    browser.sign_in("jun@example.com")
    found = browser.get(f"/staff/interviews/{minji.interview_id}?lang={language}")
    return (browser.send(found, "/ratings", **{"level.problem_solving": "4"}) if rated else found).text


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ("Nearest to level 3", "no points come from it")),
        ("ko", ("수준 3에 가장 가까움", "점수에는 쓰지 않습니다")),
    ],
)
def test_a_reviewer_who_rated_reads_the_level_and_that_no_points_come_from_it(
    home: Path, language: str, sentences: tuple[str, ...]
) -> None:
    found = page(language)
    assert all(sentence in found for sentence in sentences)


def test_who_has_not_rated_reads_nothing_of_it(home: Path) -> None:
    assert "Nearest to level" not in page(rated=False)


def test_evidence_that_no_anchor_is_near_to_and_evidence_of_before_show_none(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 4)
    with transaction(EVERYWHERE) as session:
        session.query(EvidenceRow).one().anchor = None
    browser = Browser()
    browser.sign_in("jun@example.com")
    shown = browser.get(f"/staff/interviews/{minji.interview_id}?lang=en")
    shown = browser.send(shown, "/ratings", **{"level.problem_solving": "4"})
    assert "I found the broken valve" in shown.text
    assert "Nearest to level" not in shown.text and "no points come from it" not in shown.text
