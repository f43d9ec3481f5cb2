"""Two to four candidates of one opening side by side, question by question, as one reviewer may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import dossier, listed, queries, reviews
from interview_ai.answer_views import AnswerView
from interview_ai.criterion_views import CriterionView, Quote
from interview_ai.dossier import Dossier
from interview_ai.errors import Invalid
from interview_ai.organisations import Member
from interview_ai.queries import ListRow
from interview_ai.rules import standings
from interview_ai.rules.evidence import Rubric
from interview_ai.rules.standings import Standing
from interview_ai.tables import Interview, Opening, Question

FEWEST, MOST = 2, 4


@dataclass(frozen=True, slots=True)
class Person:
    """One candidate: all that their own page has, and their row of the list."""

    found: Dossier
    row: ListRow

    @property
    def criteria(self) -> tuple[CriterionView, ...]:
        """Own levels, suggestions and colleagues' levels, as the page of the candidate has them."""
        return self.found.criteria

    def answer_to(self, question: Question) -> AnswerView | None:
        """Their answer to one question; None while there is none."""
        return next((view for view in self.found.answers if view.answer.question_id == question.id), None)

    def quotes_of(self, view: AnswerView) -> list[tuple[str, Quote]]:
        """The evidence of one answer, each with the id of its criterion; empty until the reader may see it."""
        of_answer = [(part.criterion.id, quote) for part in self.criteria for quote in part.quotes]
        return [(criterion, quote) for criterion, quote in of_answer if quote.answer_id == view.answer.id]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of the page."""

    opening: Opening
    rubric: Rubric
    people: tuple[Person, ...]


def standing_of(view: AnswerView) -> Standing | None:
    """The suggestion for one answer as the pictures of ranges draw it; None where it is hidden or there is none."""
    return standings.suggested([view.score]) if view.score else None


def compare(session: Session, member: Member, opening_id: str, chosen: Sequence[str]) -> Comparison:
    """The chosen interviews in the order of their numbers.

    Giving out a transcript is kept as a look at it (KR-5), so this writes. Raises NotFound for another organisation's
    opening; Invalid (few, many, elsewhere) for a choice that cannot be compared.
    """
    opening = queries.opening(session, opening_id)
    ids = _checked(session, opening_id, list(dict.fromkeys(chosen)))
    rows = listed.some(session, member, opening_id, ids)
    people = [Person(_read(session, member, interview_id), rows[interview_id]) for interview_id in ids]
    return Comparison(
        opening, queries.rubric_of(opening), tuple(sorted(people, key=lambda one: one.found.interview.number))
    )


def _checked(session: Session, opening_id: str, ids: list[str]) -> list[str]:
    if len(ids) < FEWEST:
        raise Invalid(
            f"Choose at least {FEWEST} candidates to compare them.",
            f"비교하려면 지원자를 {FEWEST}명 이상 고르십시오.",
            code="few",
        )
    if len(ids) > MOST:
        raise Invalid(
            f"Choose at most {MOST} candidates: {len(ids)} are too many to see side by side.",
            f"한 번에 {MOST}명까지 비교할 수 있습니다. {len(ids)}명을 고르셨습니다.",
            code="many",
        )
    here = select(Interview.id).where(Interview.opening_id == opening_id, Interview.id.in_(ids))
    if len(session.scalars(here).all()) != len(ids):
        raise Invalid(
            "Only candidates of the same opening can be compared. Choose them in the list of this opening.",
            "같은 공고의 지원자끼리만 비교할 수 있습니다. 이 공고의 목록에서 고르십시오.",
            code="elsewhere",
        )
    return ids


def _read(session: Session, member: Member, interview_id: str) -> Dossier:
    found = dossier.dossier(session, member, interview_id)
    if not any(view.lines for view in found.answers):
        return found
    reviews.viewed(session, member, interview_id, "transcript")
    return found
