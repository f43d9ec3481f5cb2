"""One candidate as a reviewer's page reads them: answers, evidence, ratings, decisions, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session, selectinload

from interview_ai import answer_views, criterion_views, incidents, masking, notes, queries, resembling, reviews, stages
from interview_ai.answer_views import AnswerView
from interview_ai.criterion_views import CriterionView
from interview_ai.errors import NotFound
from interview_ai.notes import NoteView
from interview_ai.organisations import Member
from interview_ai.rescoring import LEARNED
from interview_ai.rules import decisions, standings
from interview_ai.rules.disclosures import Category
from interview_ai.rules.evidence import Bilingual, Rubric
from interview_ai.rules.standings import Standing
from interview_ai.sight import Sight
from interview_ai.stages import Stage
from interview_ai.tables import Answer, Incident, Interview, Opening


@dataclass(frozen=True, slots=True)
class Dossier:
    """All of the page. `answering`: something has come, more may."""

    interview: Interview
    opening: Opening
    rubric: Rubric
    name: str | None
    stage: Stage
    hidden: frozenset[Category]
    answers: tuple[AnswerView, ...]
    criteria: tuple[CriterionView, ...]
    standing: Standing | None
    seen: bool
    rated: bool
    may_see: bool
    answering: bool
    lacks: tuple[Bilingual, ...]
    incidents: Sequence[Incident]
    notes: tuple[NoteView, ...]

    @property
    def revealed(self) -> bool:
        """Whether name and picture are open to the reader."""
        return self.stage.face

    @property
    def scored(self) -> int:
        """How many answers have a score."""
        return sum(view.scored for view in self.answers)

    @property
    def learned(self) -> bool:
        """Whether the points that are shown come from a calibration."""
        return any(
            LEARNED in view.answer.score.versions.get("scoring", "") for view in self.answers if view.answer.score
        )

    @property
    def provisional(self) -> bool:
        """Whether any points that are shown are provisional."""
        return any(view.score.provisional for view in self.answers if view.score)


def dossier(session: Session, member: Member, interview_id: str) -> Dossier:
    """Everything about one interview that this reviewer may see now. Raises NotFound outside their organisation."""
    interview = _interview(session, interview_id)
    opening = queries.opening(session, interview.opening_id)
    rubric = queries.rubric_of(opening)
    levels = queries.levels_by_rater(interview)
    rated = all(criterion.id in levels.get(member.id, {}) for criterion in rubric.criteria)
    may_see = rated or opening.first_pass_ended_at is not None
    current = queries.current(interview.answers)
    hidden = masking.hidden_from(session, member, interview)
    stage = stages.of(session, member, interview)
    cover = masking.covering(interview.candidate, hidden)
    answers = tuple(
        answer_views.view_of(
            answer, interview, stage, twins=resembling.twins(session, answer), may_see=may_see, hidden=hidden
        )
        for answer in current
    )
    scores = [view.score for view in answers if view.score]
    seen = reviews.has_seen(session, member, interview_id)
    return Dossier(
        interview,
        opening,
        rubric,
        name=interview.candidate.name if stage.face else None,
        stage=stage,
        hidden=hidden,
        answers=answers,
        criteria=tuple(
            criterion_views.view_of(item, answers, levels, member, may_see=may_see) for item in rubric.criteria
        ),
        standing=standings.suggested(scores) if len(scores) == len(answers) else None,
        seen=seen,
        rated=rated,
        may_see=may_see,
        answering=bool(answers) and interview.state == "begun" and not Sight(session, member, opening).over,
        lacks=decisions.groundwork("reject", rated=rated, seen=seen),
        incidents=incidents.of_interview(session, interview.id),
        notes=notes.of_interview(session, member, interview, may_see=may_see, cover=cover),
    )


def _interview(session: Session, interview_id: str) -> Interview:
    answers = selectinload(Interview.answers)
    loaded = [
        answers.selectinload(Answer.score),
        answers.selectinload(Answer.evidence),
        answers.selectinload(Answer.transcript),
        answers.selectinload(Answer.question),
        answers.selectinload(Answer.segments),
        answers.selectinload(Answer.work),
        selectinload(Interview.candidate),
        selectinload(Interview.ratings),
    ]
    found = session.get(Interview, interview_id, options=loaded)
    if found is None:
        raise NotFound
    return found
