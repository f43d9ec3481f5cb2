"""Openings with nobody, one and a thousand candidates, for pictures of pages that have little or much to show."""

from __future__ import annotations

from sqlalchemy import select

from interview_ai import openings
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Interview
from tests import desk
from tests.bench import crowd
from tests.cast import PASSWORD

MANY = 1000


def made() -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Makes them in the database of the settings; returns whose they are and the pages by a name for the picture."""
    many = crowd.make(MANY)
    nobody, one = desk.opening(many.member), desk.opening(many.member, blind=False)
    minji = desk.candidate(many.member, one, "Minji", 4, width=1)
    with transaction(many.member.organisation_id) as session:
        openings.end_first_pass(session, many.member, many.opening_id)
    with reading(EVERYWHERE) as session:
        of = Interview.opening_id == many.opening_id
        somebody = session.scalars(select(Interview.id).where(of).order_by(Interview.number)).first()
    pages = [
        (f"{name}-{count}", f"/staff/openings/{opening_id}{path}")
        for count, opening_id in ((0, nobody), (1, one), (MANY, many.opening_id))
        for name, path in (("opening", ""), ("shortlist", "/candidates"), ("overview", "/overview"))
    ]
    pages += [
        (f"candidate-{count}", f"/staff/interviews/{who}") for count, who in ((1, minji.interview_id), (MANY, somebody))
    ]
    return {"email": many.email, "password": PASSWORD}, pages
