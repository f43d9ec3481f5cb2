"""One criterion as a reviewer's page reads it: the reader's own level, then the suggestion with its quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interview_ai import masking
from interview_ai.answer_views import AnswerView
from interview_ai.masking import Piece
from interview_ai.organisations import Member
from interview_ai.rules.evidence import Criterion, CriterionScore


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of evidence with the answer that it plays in, its `pieces` as the reader may see them.

    `anchor`: the level whose anchor it is nearest to.
    """

    answer_id: str
    position: int
    kind: str
    pieces: tuple[Piece, ...]
    start_s: float | None
    anchor: int | None

    @property
    def text(self) -> str:
        """The pieces as one line."""
        return masking.plain(self.pieces)


@dataclass(frozen=True, slots=True)
class CriterionView:
    """One criterion: its anchors, the reader's own level, then the suggestion with its quotes and colleagues' levels.

    `suggested` and `colleagues` are empty until the reader has rated, unless the first pass has ended.
    """

    criterion: Criterion
    own: int | None
    suggested: tuple[tuple[int, CriterionScore], ...]
    quotes: tuple[Quote, ...]
    colleagues: tuple[int, ...]

    @property
    def grouped(self) -> list[tuple[str, CriterionScore]]:
        """The suggestion, once for all questions that got the same: their numbers, and the points."""
        same: dict[tuple[float, float, float], tuple[list[str], CriterionScore]] = {}
        for position, part in self.suggested:
            same.setdefault((part.points, part.low, part.high), ([], part))[0].append(str(position))
        return [(", ".join(positions), part) for positions, part in same.values()]


def view_of(
    criterion: Criterion,
    answers: Sequence[AnswerView],
    levels: dict[str, dict[str, int]],
    member: Member,
    *,
    may_see: bool,
) -> CriterionView:
    """One criterion; `levels` is each rater's levels by criterion."""
    own = levels.get(member.id, {}).get(criterion.id)
    given = [(staff, rated[criterion.id]) for staff, rated in levels.items() if criterion.id in rated]
    scored = [view for view in answers if view.score]
    return CriterionView(
        criterion,
        own=own,
        suggested=tuple(
            (view.answer.question.position, part)
            for view in scored
            for part in (view.score.criteria if view.score else ())
            if part.id == criterion.id
        ),
        quotes=tuple(quote for view in scored for quote in _quotes(view, criterion.id)),
        colleagues=tuple(sorted(level for staff, level in given if staff != member.id)) if may_see else (),
    )


def _quotes(view: AnswerView, criterion_id: str) -> list[Quote]:
    answer, heard = view.answer, view.answer.transcript
    return [
        Quote(
            answer.id,
            answer.question.position,
            row.kind,
            masking.passage(heard, view.masks, row.start_char, row.end_char) if heard else (Piece(row.quote),),
            row.start_s,
            row.anchor,
        )
        for row in answer.evidence
        if row.criterion == criterion_id
    ]
