"""What the page of one candidate knows of decisions, letters and overrides."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from interview_ai import masking, outcomes, overrides
from interview_ai.dossier import Dossier
from interview_ai.organisations import Member
from interview_ai.rules import standings


def context(session: Session, member: Member, found: Dossier) -> dict[str, Any]:
    """`outcome`: all decisions and who was told; `overrides` and what the suggestion comes to with them, `corrected`.

    The latter two are None where the reader sees no suggestion: an override says what it corrects.
    """
    cover = masking.covering(found.interview.candidate, found.hidden)
    told = found.may_see and found.scored
    shown = overrides.of_interview(session, found.interview.id, cover=cover) if told else None
    return {
        "outcome": outcomes.of_interview(session, found.interview.id, cover=cover),
        "overrides": shown,
        "corrected": _corrected(found, shown) if shown and shown.in_force else None,
        "may_override": member.role != "reviewer",
    }


def _corrected(found: Dossier, shown: overrides.Overrides) -> standings.Standing | None:
    scores = [view.score for view in found.answers if view.score]
    levels = {criterion: one.level for criterion, one in shown.in_force.items()}
    return standings.of_interview(scores if found.standing else [], [], levels, found.rubric)
