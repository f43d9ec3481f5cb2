"""What may change in an opening once it is written: title, deadline, open or closed; questions until one began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import database, deadlines, freezing, openings, prompts, reviewing, rubrics
from interview_ai.drafts import NewQuestion, deadline_faults, questions_faults, tidy, title_faults, vocabulary_faults
from interview_ai.errors import Invalid
from interview_ai.organisations import Member
from interview_ai.rules.evidence import Rubric, as_json
from interview_ai.tables import Opening, Question, RubricRow


@dataclass(frozen=True, slots=True)
class Rules:
    """What is the same for every candidate from the first one on, besides the questions."""

    language: str
    blind: bool
    demonstration: bool
    rubric: Rubric


@dataclass(frozen=True, slots=True)
class Amendment:
    """What an opening is to be from now on. `questions`, `rules`, `reviewers`: None leaves them as they are.

    `tell`: whoever is invited and has not finished is told of a new deadline by mail.
    """

    title_ko: str
    title_en: str
    deadline: datetime
    questions: tuple[NewQuestion, ...] | None = None
    vocabulary: str = ""
    rules: Rules | None = None
    reviewers: tuple[str, ...] | None = None
    tell: bool = False


def faults(new: Amendment, at: datetime, *, before: datetime) -> list[Invalid]:
    """All that is wrong at once; a deadline that has passed and is left alone is not."""
    moved = deadline_faults(new.deadline, at) if new.deadline != before else []
    questions = [] if new.questions is None else questions_faults(new.questions)
    rubric = [] if new.rules is None else rubrics.faults(rubrics.of(new.rules.rubric))
    return [*title_faults(new.title_ko, new.title_en), *moved, *vocabulary_faults(new.vocabulary), *rubric, *questions]


def amend(session: Session, member: Member, opening_id: str, new: Amendment) -> None:
    """Changes an opening. The deadline moves with it for everybody who is invited or has begun.

    Raises Invalid for what candidates could not answer, Conflict (code frozen) for questions and rules that somebody
    has seen.
    """
    opening = _to_change(session, member, opening_id)
    for fault in faults(new, database.now(session), before=opening.deadline):
        raise fault
    if new.questions is not None or new.rules is not None:
        freezing.must_be_free(session, opening.id)
    opening.title_ko = tidy(new.title_ko or new.title_en)
    opening.title_en = tidy(new.title_en or new.title_ko)
    opening.vocabulary = tidy(new.vocabulary) or None
    if new.deadline != opening.deadline:
        deadlines.move(session, opening, new.deadline)
        if new.tell:
            deadlines.tell_everybody(session, opening)
    if new.rules is not None:
        _set_rules(session, opening, new.rules)
    if new.questions is not None:
        _rewrite(session, opening, new.questions)
    if new.reviewers is not None:
        reviewing.assign(session, member, opening, new.reviewers)
    openings.changed(session, member, opening, "opening amended")


def _set_rules(session: Session, opening: Opening, new: Rules) -> None:
    opening.language = "en" if new.language == "en" else "ko"
    opening.blind, opening.demonstration = new.blind, new.demonstration
    row = session.scalars(select(RubricRow).where(RubricRow.opening_id == opening.id)).one()
    row.version = new.rubric.version
    row.criteria = [as_json(criterion) for criterion in new.rubric.criteria]


def close(session: Session, member: Member, opening_id: str) -> None:
    """No link of this opening opens any more; whoever is inside may finish. Safe to run twice."""
    _turn(session, member, opening_id, "closed")


def reopen(session: Session, member: Member, opening_id: str) -> None:
    """The links work again until the deadline. Safe to run twice."""
    _turn(session, member, opening_id, "open")


def _to_change(session: Session, member: Member, opening_id: str) -> Opening:
    openings.must_write_openings(member)
    # locked as by whoever begins, so that nobody gets the old questions while new ones are written
    session.execute(select(Opening.id).where(Opening.id == opening_id).with_for_update())
    return openings.own(session, opening_id)


def _turn(session: Session, member: Member, opening_id: str, state: str) -> None:
    opening = _to_change(session, member, opening_id)
    if opening.state != state:
        opening.state = state
        openings.changed(session, member, opening, "opening reopened" if state == "open" else "opening closed")


def _rewrite(session: Session, opening: Opening, questions: Sequence[NewQuestion]) -> None:
    """A question that stays keeps its row, and with it its recording; the others are made and taken away."""
    there = {row.id: row for row in session.scalars(select(Question).where(Question.opening_id == opening.id))}
    staying = [there.pop(new.id, None) if new.id else None for new in questions]
    for gone in there.values():
        prompts.drop(session, gone.id)
        session.delete(gone)
    for place, row in enumerate(staying, start=1):
        if row is not None:
            row.position = -place  # two may change places, and a place is only ever one's
    session.flush()
    for position, (new, row) in enumerate(zip(questions, staying, strict=True), start=1):
        if row is None:
            session.add(openings.new_question(opening, position, new))
        else:
            openings.write_question(row, position, new)
    session.flush()
