"""What becomes of the demonstration region's candidates: they open, begin, finish; people rate, decide and write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import (
    audit,
    bounces,
    database,
    interviews,
    letter_texts,
    letters,
    opt_outs,
    outcome_sharing,
    proofs,
    reviews,
)
from interview_ai.applicants import candidate_of
from interview_ai.bounces import Report
from interview_ai.demo_agenda import awake, clock, in_office
from interview_ai.demo_partners import Job, Partner, Region, data
from interview_ai.interviews import Choice
from interview_ai.openings import own as own_opening
from interview_ai.organisations import Member
from interview_ai.tables import Answer, Interview, Invitation, Question

FATES = ("bounced", "opted_out", "unopened", "opened", "begun", "finished")
SHARES = {"bounced": 0.03, "opted_out": 0.012, "unopened": 0.16, "opened": 0.12, "begun": 0.09, "finished": 0.588}
SHARE_RESULT = 0.25
LEFT_WAITING = 0.6  # of those whom a slow employer should look at
WAITS = 0.45  # of those who begin: they open the link first and begin another time
HIRED_FROM, ADVANCE_FROM, HOLD_FROM = 3.7, 3.4, 3.0  # mean of the raters' levels
LEVELS = (1, 5)


@dataclass(frozen=True, slots=True)
class Sent:
    """One invitation that was sent just now. `stop`: the token that ends messages; `by`: the university, if one."""

    invitation_id: str
    mail_id: str
    token: str
    email: str
    language: str
    stop: str | None
    job: Job
    by: Partner | None


def fate(region: Region, opened: float) -> str:
    """How far somebody gets; `opened`: how well messages of that university are read."""
    weights = dict(SHARES)
    weights["unopened"] = max(0.02, 1 - opened)
    return region.chance.choices(FATES, [weights[one] for one in FATES])[0]


def follow(region: Region, sent: Sent, how_far: str, at: datetime) -> None:
    """Puts all that one candidate does into the agenda. What would come after the deadline never happens."""
    agenda, chance = region.agenda, region.chance
    if how_far == "bounced":
        agenda.add(at + timedelta(minutes=2), partial(_bounce, sent))
        return
    opened = awake(at + timedelta(hours=chance.expovariate(1 / 20)))
    if how_far == "opted_out":
        agenda.add(opened, partial(_opt_out, sent))
    if how_far in ("bounced", "opted_out", "unopened") or opened > sent.job.deadline:
        return
    later = chance.random() < WAITS
    if how_far == "opened" or later:
        agenda.add(opened, partial(_open, sent))
    begun = awake(opened + timedelta(hours=chance.expovariate(1 / 18))) if later else opened
    if how_far == "opened" or begun > sent.job.deadline:
        return
    agenda.add(begun, partial(_begin, region, sent, how_far == "finished"))


def _bounce(sent: Sent, session: Session) -> None:
    bounces.take(session, Report(sent.mail_id, "bounce", "5.1.1", permanent=True))


def _opt_out(sent: Sent, session: Session) -> None:
    if sent.stop:
        opt_outs.end(session, opt_outs.read(sent.stop))
    if sent.by:
        sent.by.opted_out.append(sent.email)


def _open(sent: Sent, session: Session) -> None:
    proofs.seen(session, session.get_one(Invitation, sent.invitation_id))


def _begin(region: Region, sent: Sent, finishes: bool, session: Session) -> None:
    """They choose that only people look: no machine has anything to look at here."""
    choice = Choice("people", agreed=True, notice=interviews.notice_version())
    cookie = interviews.begin(session, sent.token, choice, language=sent.language)
    if finishes:
        at = database.now(session)
        ends = at + timedelta(minutes=region.chance.randint(14, 55))
        if region.chance.random() < 0.2:
            ends = awake(ends + timedelta(hours=region.chance.randint(6, 40)))
        if ends < sent.job.deadline:
            region.agenda.add(ends, partial(_finish, region, sent, cookie))


def _finish(region: Region, sent: Sent, cookie: str, session: Session) -> None:
    applicant = candidate_of(session, cookie)
    if applicant is None:
        return
    _answer(session, applicant.interview_id)
    interviews.finish(session, applicant)
    at = database.now(session)
    if sent.by and region.chance.random() < SHARE_RESULT:
        outcome_sharing.share(session, applicant, shared=True)
    _wait_for_people(region, sent.job, applicant.interview_id, at)


def _answer(session: Session, interview_id: str) -> None:
    """Each question counts as answered. There is no recording, so no machine may ever say anything of it."""
    interview = session.get_one(Interview, interview_id)
    at = database.now(session)
    wanted = select(Question.id).where(Question.opening_id == interview.opening_id).order_by(Question.position)
    whose = {"organisation_id": interview.organisation_id, "interview_id": interview.id}
    session.add_all(
        Answer(question_id=one, state="needs_person", reason_code="people_only", received_at=at, **whose)
        for one in session.scalars(wanted)
    )
    session.flush()
    audit.append(
        session,
        audit.SERVICE,
        "answers made up",
        f"interview:{interview.id}",
        organisation_id=interview.organisation_id,
        details={"demonstration": True},
    )


def _wait_for_people(region: Region, job: Job, interview_id: str, at: datetime) -> None:
    """The employer's people rate after their own time; those of the first programme decide once it is closed."""
    chance, employer = region.chance, job.employer
    worth = min(5.0, max(1.0, chance.gauss(3.1, 0.85)))
    days = employer.about["days"] * chance.uniform(0.5, 1.6)
    rated = in_office(at + timedelta(days=days))
    job.worths.append(worth)
    if employer.about.get("slow") and job.programme != "first" and chance.random() < LEFT_WAITING:
        return
    if employer.reviewer is not None:
        region.agenda.add(rated, partial(_rate, region, employer.reviewer, interview_id, worth), employer.id)
    if job.programme == "first":
        rated = max(rated, job.deadline + timedelta(days=chance.uniform(1, 6)))
    decided = in_office(rated + timedelta(days=chance.uniform(0.2, 2.5)))
    region.agenda.add(decided, partial(_conclude, region, job, interview_id, worth), employer.id)


def _conclude(region: Region, job: Job, interview_id: str, worth: float, session: Session) -> None:
    """The owner looks, rates and decides in one go."""
    _rate(region, job.employer.member, interview_id, worth, session)
    _decide(region, job, interview_id, worth, session)


def _rate(region: Region, rater: Member, interview_id: str, worth: float, session: Session) -> None:
    row = reviews.interview(session, interview_id)
    reviews.viewed(session, rater, interview_id, "answer")
    reviews.rate(
        session, rater, interview_id, _levels(region, [item["id"] for item in row.opening.rubric.criteria], worth)
    )


def _levels(region: Region, criteria: list[str], worth: float) -> Mapping[str, int]:
    low, high = LEVELS
    return {one: min(high, max(low, round(worth + region.chance.gauss(0, 0.45)))) for one in criteria}


def _decide(region: Region, job: Job, interview_id: str, worth: float, session: Session) -> None:
    member, kind = job.employer.member, _kind(job, worth)
    job.hires -= kind == "hired"
    reviews.decide(session, member, interview_id, kind, reason=region.chance.choice(data()["reasons"][kind]))
    if not job.letters_due:
        job.letters_due = True
        at = in_office(clock(database.now(session) + timedelta(days=1), 16))
        region.agenda.add(at, partial(_write, job), job.employer.id)


def _kind(job: Job, worth: float) -> str:
    if job.programme == "first":
        return "hired" if worth in sorted(job.worths)[-job.places :] else "reject"
    if worth >= HIRED_FROM and job.hires > 0:
        return "hired"
    if worth >= ADVANCE_FROM:
        return "advance" if job.hires > 0 else "hold"
    return "hold" if worth >= HOLD_FROM else "reject"


def _write(job: Job, session: Session) -> None:
    """Everybody who was decided about is told; whoever is to wait is not written to."""
    member, opening = job.employer.member, own_opening(session, job.id)
    job.letters_due = False
    untold = [one.decision_id for one in letters.untold(session, member, opening) if one.kind != "hold"]
    if untold:
        seen = letter_texts.of_opening(session, member, opening).digest
        letters.send(session, member, opening.id, untold, seen=seen)
