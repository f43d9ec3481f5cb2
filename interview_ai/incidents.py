"""The incident log of an interview: what its browser and the server noticed, for candidate and staff to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import database
from interview_ai.applicants import Applicant
from interview_ai.errors import Invalid
from interview_ai.rules.incidents import FAULTS, fault
from interview_ai.tables import Incident, Question, new_id

MOST = 300  # of one interview; a browser that tells more tells nothing new
LONGEST = timedelta(days=30)
KEY_LENGTH = 64
SERVICE_STARTED = datetime.now(UTC)
"""When this process of the service began: it explains a network that seemed away."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a browser says: `began` and `ended` by its own clock, `at_s` seconds into the answer."""

    key: str
    position: int
    kind: str
    began: datetime
    ended: datetime
    at_s: float


def report(session: Session, applicant: Applicant, told: Sequence[Told], *, browsers_now: datetime) -> int:
    """Keeps what is new of it and returns how many. The browser's clock is compared with ours and corrected.

    Raises Invalid for a kind that is none of ours.
    """
    if any(item.kind not in FAULTS for item in told):
        raise Invalid("This is no kind of incident.", "알 수 없는 종류의 사건이에요.", code="kind")
    wanted = select(Incident.key).where(Incident.interview_id == applicant.interview_id)
    known = set(session.scalars(wanted))
    moment = database.now(session)
    skew = moment - browsers_now
    fresh = {item.key[:KEY_LENGTH]: item for item in told if item.key[:KEY_LENGTH] not in known}
    for key, item in list(fresh.items())[: max(0, MOST - len(known))]:
        ended = min(moment, item.ended + skew)
        began = max(moment - LONGEST, min(ended, item.began + skew))
        session.add(_row(applicant, item, key=key, began=began, ended=ended))
    session.flush()
    return len(fresh)


def _row(applicant: Applicant, item: Told, *, key: str, began: datetime, ended: datetime) -> Incident:
    return Incident(
        organisation_id=applicant.organisation_id,
        interview_id=applicant.interview_id,
        key=key,
        position=item.position,
        kind=item.kind,
        fault=fault(item.kind, began, ended, (SERVICE_STARTED,)),
        began_at=began,
        ended_at=ended,
        at_s=item.at_s,
    )


def notice(session: Session, applicant: Applicant, kind: str, *, position: int, at_s: float, began: datetime) -> None:
    """The server noticed something itself."""
    moment = database.now(session)
    session.add(
        _row(applicant, Told(new_id(), position, kind, began, moment, at_s), key=new_id(), began=began, ended=moment)
    )
    session.flush()


def left_open(session: Session, applicant: Applicant, question_id: str) -> None:
    """The deadline ended an answer that was being recorded."""
    position = session.get_one(Question, question_id).position
    notice(session, applicant, "left_open", position=position, at_s=0.0, began=database.now(session))


def of_interview(session: Session, interview_id: str) -> Sequence[Incident]:
    """The log, oldest first."""
    wanted = select(Incident).where(Incident.interview_id == interview_id)
    return session.scalars(wanted.order_by(Incident.began_at, Incident.id)).all()
