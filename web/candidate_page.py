"""The page of one candidate as it is drawn: as asked for, or again with a form that was not kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import Request, Response
from sqlalchemy.orm import Session

from interview_ai import database, dossier, neighbours
from interview_ai.dossier import Dossier
from interview_ai.errors import InterviewError
from interview_ai.neighbours import Neighbour
from interview_ai.organisations import Member
from interview_ai.queries import ListRow
from interview_ai.rules import decisions
from interview_ai.sight import Wanted
from web import deciding, list_asked, render


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was not kept, as it was typed, with the error that says what it lacks.

    `note`: the fields of a note's form; its `id` is empty for a new one.
    """

    form: Literal["rating", "decision", "undo", "override", "note"]
    error: InterviewError
    levels: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    reason: str = ""
    note: Mapping[str, str] = field(default_factory=dict)


def shown(
    request: Request,
    session: Session,
    member: Member,
    found: Dossier,
    *,
    picked: Mapping[str, str],
    onward: ListRow | None = None,
    refused: Refused | None = None,
) -> Response:
    """The page; `picked` are levels that are chosen and not kept, `onward` is who waits next."""
    context = {"member": member, "found": found, "kinds": decisions.KINDS, "picked": picked, "onward": onward}
    context |= deciding.context(session, member, found)
    wanted = list_asked.of(request)
    context |= _way(session, member, found, wanted)
    address, status = f"/staff/interviews/{found.interview.id}", refused.error.status if refused else 200
    return render.page(request, "staff/candidate.html", status=status, address=address, refused=refused, **context)


def _way(session: Session, member: Member, found: Dossier, wanted: Wanted) -> dict[str, Any]:
    """Back to the list and to the neighbours there; `came_by` follows the address of every form of the page."""
    around = neighbours.around(session, member, found.opening, found.interview, wanted=wanted)
    back = list_asked.address(f"/staff/openings/{found.opening.id}/candidates", wanted, {"page": around.page})

    def neighbour(one: Neighbour | None) -> str | None:
        here = one and f"/staff/interviews/{one.interview_id}"
        return list_asked.address(here, wanted, {"page": one.page}) if one and here else None

    return {
        "came_by": list_asked.query(wanted),
        "to_list": f"{back}#row-{found.interview.id}",
        "before": neighbour(around.before),
        "after": neighbour(around.after),
    }


def shown_again(request: Request, member: Member, interview_id: str, refused: Refused) -> Response:
    """The page with the form as it was typed and what it lacks."""
    with database.reading(member.organisation_id) as session:
        found = dossier.dossier(session, member, interview_id)
        picked = refused.levels if refused.form == "rating" else {}
        return shown(request, session, member, found, picked=picked, refused=refused)
