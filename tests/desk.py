"""The recruiters' side of a test: members signed in, answers received and assessed as the worker leaves them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from interview_ai import answers, applicants, interviews, openings, organisations, programmes, results
from interview_ai.applicants import Applicant
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.openings import NewOpening, NewQuestion
from interview_ai.organisations import Member, OrganisationKind, Role
from interview_ai.rules.evidence import (
    Assessment,
    Bilingual,
    CriterionScore,
    Evidence,
    Opinion,
    Reason,
    ReasonCode,
    Score,
    Transcript,
    Word,
    rubric_from,
)
from interview_ai.tables import Answer, Memorandum, Organisation
from tests import cast
from tests.cast import CRITERIA, PASSWORD

QUESTION = NewQuestion("문제를 해결한 경험을 말해 주세요.", "Tell us about a time when you solved a problem at work.")
SAID = "I found the broken valve and replaced it"
BYTES = b"\x1aE\xdf\xa3" + bytes(2048)


def organisation(kind: OrganisationKind, name: str, email: str) -> Member:
    """An organisation whose owner is signed in."""
    with transaction(EVERYWHERE) as session:
        made = organisations.add_organisation(session, kind, name, name)
        organisations.add_staff(session, made, email=email, name=name, role="owner", password=PASSWORD)
    return signed_in(email)


def signed_in(email: str, password: str = PASSWORD) -> Member:
    """Somebody of the staff, by default with the cast's password."""
    attempt = organisations.check(email, password)
    with transaction(EVERYWHERE) as session:
        token = organisations.sign_in(session, attempt)
    assert token is not None
    with reading(EVERYWHERE) as session:
        member = organisations.member_of(session, token)
    assert member is not None
    return member


def colleague(member: Member, email: str, role: Role) -> Member:
    """Another member of the same organisation."""
    with transaction(EVERYWHERE) as session:
        there = session.get_one(Organisation, member.organisation_id)
        organisations.add_staff(session, there, email=email, name=email, role=role, password=PASSWORD)
    return signed_in(email)


def jun() -> Member:
    """Jun, owner of his firm's account."""
    return organisation("employer", "Jun", "jun@example.com")


def hana() -> Member:
    """Hana, who must see nothing of Jun's."""
    return organisation("employer", "Hana", "hana@example.net")


def new_opening(*, questions: int = 1, blind: bool = True, programme_id: str | None = None) -> NewOpening:
    """An opening as its form sends it."""
    return NewOpening(
        title_ko="품질관리",
        title_en="Quality control",
        language="en",
        deadline=datetime.now(UTC) + timedelta(days=7),
        questions=(QUESTION,) * questions,
        rubric=rubric_from("1", CRITERIA),
        blind=blind,
        programme_id=programme_id,
    )


def opening(member: Member, *, questions: int = 1, blind: bool = True, programme_id: str | None = None) -> str:
    """A created opening; returns its id."""
    new = new_opening(questions=questions, blind=blind, programme_id=programme_id)
    with transaction(member.organisation_id) as session:
        return openings.create(session, member, new).id


def invite(member: Member, opening_id: str, name: str) -> str:
    """An invited candidate; returns the token of the link."""
    with transaction(member.organisation_id) as session:
        return openings.invite(
            session, member, opening_id, name=name, email=f"{name.lower()}@example.org", language="en"
        )


def begin(token: str, *, mode: str = "ai") -> Applicant:
    """A candidate after the link was used."""
    with transaction(EVERYWHERE) as session:
        cookie = interviews.begin(session, token, cast.chosen(mode), language="en")
    with reading(EVERYWHERE) as session:
        applicant = applicants.candidate_of(session, cookie)
    assert applicant is not None
    return applicant


def applicant(member: Member, opening_id: str, name: str = "Minji", *, mode: str = "ai") -> Applicant:
    """A candidate who was invited and has begun."""
    return begin(invite(member, opening_id, name), mode=mode)


def answered(who: Applicant, position: int = 1, *, take: int | None = None) -> str:
    """A received answer; returns its id."""
    with reading(who.organisation_id) as session:
        question = interviews.progress(session, who).opening.questions[position - 1]
    cast.send(who, question.id, BYTES, take=take)
    return answers.receive(who, question.id).id


def finished(who: Applicant) -> None:
    """The candidate says that they are done."""
    with transaction(who.organisation_id) as session:
        interviews.finish(session, who)


def assessed(
    answer_id: str,
    points: int | None,
    *,
    reason: ReasonCode = "no_speech",
    width: int = 0,
    opinion: Opinion | None = None,
) -> None:
    """What a worker records: points with a range, or the reason why there are none."""
    words = tuple(Word(text, float(n), n + 0.5, 0.3 if text == "valve" else 0.9) for n, text in enumerate(SAID.split()))
    score = evidence = None
    if points is not None:
        low, high = max(1, points - width), min(5, points + width)
        score = Score(True, points, low, high, (CriterionScore("problem_solving", points, low, high),))
        evidence = Evidence("problem_solving", "action", SAID[:24], 0, 24, 0.0, 4.5, anchor=3)
    assessment = Assessment(
        facts=None,
        transcript=Transcript("pocketsphinx", "en-us", "en", SAID, words),
        delivery=None,
        gates=(),
        evidence=(evidence,) if evidence else (),
        score=score,
        reason=None if score else Reason(reason, Bilingual("말소리를 듣지 못했습니다.", "No speech was heard.")),
        opinion=opinion,
    )
    with transaction(EVERYWHERE) as session:
        answer = session.get_one(Answer, answer_id)
        answers.move(answer, "assessing")
        results.record(session, answer, assessment)


def candidate(member: Member, opening_id: str, name: str, points: int | None, *, width: int = 0) -> Applicant:
    """A candidate with one assessed answer, finished."""
    who = applicant(member, opening_id, name)
    assessed(answered(who), points, width=width)
    finished(who)
    return who


def programme(agency: Member, university: Member, employer: Member) -> str:
    """A programme in which both take part; returns its id."""
    with transaction(agency.organisation_id) as session:
        made = programmes.add_programme(session, agency, "지역 인재", "Regional talent")
        for partner in (university, employer):
            session.add(
                programmes.ProgrammePartner(
                    organisation_id=agency.organisation_id, programme_id=made.id, partner_id=partner.organisation_id
                )
            )
        agreed = {"programme_id": made.id, "university_id": university.organisation_id}
        session.add(Memorandum(organisation_id=agency.organisation_id, **agreed))
    return made.id
