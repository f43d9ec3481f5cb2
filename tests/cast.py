"""The same people in every test: Minji applies, Jun recruits at her firm, Hana recruits elsewhere and must see nothing,
Seoyeon runs a university's career centre, Doyun runs the agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from interview_ai import answers, database, segments, tokens
from interview_ai.applicants import Applicant, candidate_of
from interview_ai.interviews import Choice, begin, notice_version
from interview_ai.segments import NewSegment
from interview_ai.storage import storage
from interview_ai.tables import (
    Answer,
    Candidate,
    Invitation,
    Memorandum,
    Opening,
    Organisation,
    PersonKey,
    Programme,
    ProgrammePartner,
    Question,
    RubricRow,
    Staff,
    new_person,
)

CRITERIA = [
    {
        "id": "problem_solving",
        "name": {"ko": "문제해결", "en": "Problem solving"},
        "weight": 1.0,
        "anchors": {
            "1": {"ko": "문제를 말하지 못한다", "en": "names no problem"},
            "3": {"ko": "한 일을 말한다", "en": "says what they did"},
            "5": {"ko": "한 일과 결과를 말한다", "en": "says what they did and what came of it"},
        },
    }
]
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Firm:
    """One organisation, its recruiter and, for employers, an opening with two questions."""

    organisation_id: str
    staff_id: str
    opening_id: str
    question_ids: tuple[str, str]


def organisation(session: Session, kind: str, name: str) -> Organisation:
    """An organisation of one kind."""
    made = Organisation(kind=kind, name_ko=name, name_en=name)
    session.add(made)
    session.flush()
    return made


def firm(session: Session, name: str, email: str) -> Firm:
    """An employer with an owner without a password and an open opening."""
    employer = organisation(session, "employer", name)
    owner = Staff(organisation_id=employer.id, email=email, name=name, role="owner")
    opening = Opening(
        organisation_id=employer.id,
        title_ko="품질관리",
        title_en="Quality control",
        language="en",
        deadline=datetime.now(UTC) + timedelta(days=7),
    )
    session.add_all([owner, opening])
    session.flush()
    questions = [
        Question(
            organisation_id=employer.id,
            opening_id=opening.id,
            position=position,
            text_ko="문제를 해결한 경험을 말해 주세요.",
            text_en="Tell us about a time when you solved a problem at work.",
        )
        for position in (1, 2)
    ]
    rubric = RubricRow(organisation_id=employer.id, opening_id=opening.id, version="1", criteria=CRITERIA)
    session.add_all([*questions, rubric])
    session.flush()
    return Firm(employer.id, owner.id, opening.id, (questions[0].id, questions[1].id))


def invite(session: Session, employer: Firm, name: str = "Minji") -> str:
    """A candidate with a link to the firm's opening; returns the link's token."""
    person = new_person()
    session.add(PersonKey(person=person, sealed_key=tokens.new_person_key(person)))
    session.flush()
    candidate = Candidate(
        organisation_id=employer.organisation_id, person=person, name=name, email=f"{person}@example.org"
    )
    session.add(candidate)
    session.flush()
    token = tokens.new_token()
    session.add(
        Invitation(
            organisation_id=employer.organisation_id,
            opening_id=employer.opening_id,
            candidate_id=candidate.id,
            inviting_organisation_id=employer.organisation_id,
            token_hash=tokens.digest(token),
            expires_at=datetime.now(UTC) + timedelta(days=7),
        )
    )
    session.flush()
    return token


def agreed(employer: Firm) -> Memorandum:
    """A memorandum of Doyun's agency with Seoyeon's university about a programme of the firm, committed."""
    with database.transaction(database.EVERYWHERE) as session:
        agency, university = organisation(session, "agency", "Doyun"), organisation(session, "university", "Seoyeon")
        programme = Programme(organisation_id=agency.id, name_ko="지역 인재", name_en="Regional talent")
        session.add(programme)
        session.flush()
        for partner_id in (university.id, employer.organisation_id):
            session.add(ProgrammePartner(organisation_id=agency.id, programme_id=programme.id, partner_id=partner_id))
        made = Memorandum(organisation_id=agency.id, programme_id=programme.id, university_id=university.id)
        session.add(made)
        session.flush()
    return made


def jun() -> Firm:
    """Jun's firm, committed."""
    with database.transaction(database.EVERYWHERE) as session:
        return firm(session, "Jun", "jun@example.com")


def hana() -> Firm:
    """Hana's firm, committed."""
    with database.transaction(database.EVERYWHERE) as session:
        return firm(session, "Hana", "hana@example.net")


def chosen(mode: str | None = "ai") -> Choice:
    """What a candidate chose who read today's notice and agreed to be recorded."""
    return Choice(mode, agreed=True, notice=notice_version())


def minji(employer: Firm, mode: str = "ai") -> Applicant:
    """Minji after she began at an employer, committed."""
    with database.transaction(database.EVERYWHERE) as session:
        token = invite(session, employer)
        cookie = begin(session, token, chosen(mode), language="en")
    with database.reading(database.EVERYWHERE) as session:
        applicant = candidate_of(session, cookie)
    assert applicant is not None
    return applicant


def send(applicant: Applicant, question_id: str, data: bytes, *, take: int | None = None) -> str:
    """One whole segment of an answer; returns its id."""
    with database.transaction(applicant.organisation_id) as session:
        new = NewSegment("video/webm;codecs=vp8", length=len(data), take=take)
        segment = segments.open_segment(session, applicant, question_id, new)
    storage().append(segment.id, 0, data)
    return segment.id


def receive(applicant: Applicant, question_id: str, data: bytes) -> Answer:
    """A received answer of one segment."""
    send(applicant, question_id, data)
    return answers.receive(applicant, question_id)
