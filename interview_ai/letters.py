"""Letters about decisions: who is to be told what, sent when a person says so and never twice, where each one is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

from interview_ai import audit, calling, database, letter_texts, mail, mail_frames, openings, outcomes
from interview_ai.calling import Called
from interview_ai.errors import Conflict, Invalid, NotFound
from interview_ai.letter_texts import Texts
from interview_ai.organisations import Member
from interview_ai.outcomes import Told
from interview_ai.rules import letters
from interview_ai.rules.letters import NAME
from interview_ai.tables import Candidate, Decision, Interview, Letter, Mail, Opening, Organisation, Staff

MOST_AT_ONCE = 200
LONGEST_LIST = 500


@dataclass(frozen=True, slots=True)
class Untold:
    """Somebody whose decision is in force and who was not told of it. `told_before`: what an earlier letter said."""

    who: Called
    decision_id: str
    kind: str
    language: str
    told_before: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending: how many letters went to the outbox, and how many of those chosen needed none any more."""

    sent: int
    skipped: int


@dataclass(frozen=True, slots=True)
class Line:
    """One letter in an opening's list."""

    who: Called
    kind: str
    language: str
    told: Told


def untold(
    session: Session,
    member: Member,
    opening: Opening,
    *,
    kind: str = "",
    interview_id: str = "",
    chosen: Collection[str] = (),
) -> list[Untold]:
    """The first MOST_AT_ONCE who are to be told, in order of arrival: all, of one kind, the one, or of some chosen.

    Whoever withdrew is told nothing.
    """
    wanted = (
        select(Decision.id, Decision.kind, Interview.id, Candidate.language)
        .join(Interview, Interview.id == Decision.interview_id)
        .join(Candidate, Candidate.id == Interview.candidate_id)
        .where(Interview.opening_id == opening.id, Interview.state != "withdrawn", *_in_force_and_untold())
        .order_by(Interview.number)
    )
    if interview_id:
        wanted = wanted.where(Interview.id == interview_id)
    if chosen:
        wanted = wanted.where(Interview.id.in_(chosen))
    if kind:
        wanted = wanted.where(Decision.kind == kind)
    rows = session.execute(wanted.limit(MOST_AT_ONCE)).all()
    ids = [row[2] for row in rows]
    called, before = calling.of_opening(session, member, opening, ids), _told_before(session, ids)
    return [
        Untold(called[interview], decision, kind, "en" if language == "en" else "ko", before.get(interview))
        for decision, kind, interview, language in rows
    ]


def counts(session: Session, opening: Opening) -> dict[str, int]:
    """How many are to be told, by the kind of decision."""
    wanted = select(Decision.kind, func.count()).join(Interview, Interview.id == Decision.interview_id)
    here = (Interview.opening_id == opening.id, Interview.state != "withdrawn", *_in_force_and_untold())
    return dict(session.execute(wanted.where(*here).group_by(Decision.kind)).all())


def _in_force_and_untold() -> tuple[ColumnElement[bool], ...]:
    newer = aliased(Decision)
    replaced = exists().where(
        newer.interview_id == Decision.interview_id,
        newer.withdrawn_at.is_(None),
        newer.created_at > Decision.created_at,
    )
    return Decision.withdrawn_at.is_(None), ~replaced, ~exists().where(Letter.decision_id == Decision.id)


def _told_before(session: Session, interview_ids: Collection[str]) -> dict[str, str]:
    earlier = select(Letter.interview_id, Letter.kind).where(Letter.interview_id.in_(interview_ids))
    return dict(session.execute(earlier.order_by(Letter.created_at)).all())


def send(session: Session, member: Member, opening_id: str, decision_ids: Sequence[str], *, seen: str) -> Sent:
    """Writes a letter about each of these decisions into the outbox, once for ever: a second sender finds it there.

    `seen` is the digest of the words that the sender looked at. Raises Conflict (code changed) where they are others by
    now, Invalid for more than MOST_AT_ONCE. A decision that was replaced, taken back or told meanwhile is skipped.
    """
    member.must_be("owner", "recruiter")
    opening = openings.own(session, opening_id)
    if len(decision_ids) > MOST_AT_ONCE:
        raise Invalid(
            f"Send at most {MOST_AT_ONCE} letters at a time.",
            f"한 번에 {MOST_AT_ONCE}통까지 보내 주십시오.",
            code="many",
        )
    texts = letter_texts.of_opening(session, member, opening)
    if texts.digest != seen:
        raise Conflict(
            "Somebody changed the words of the letters in the meantime. Look at them again, then send.",
            "그사이 편지 문구가 바뀌었습니다. 다시 확인한 뒤 보내 주십시오.",
            code="changed",
        )
    whose = select(Decision.interview_id, Decision.id).join(Interview, Interview.id == Decision.interview_id)
    chosen = whose.where(Interview.opening_id == opening.id, Decision.id.in_(decision_ids))
    rows = session.execute(chosen.order_by(Decision.interview_id)).all()
    outcomes.locked_all(session, [interview_id for interview_id, _ in rows])
    count = sum(_send(session, member, texts, decision_id) for _, decision_id in rows)
    return Sent(count, len(set(decision_ids)) - count)


def _send(session: Session, member: Member, texts: Texts, decision_id: str) -> bool:
    decision = session.get_one(Decision, decision_id)
    interview = session.get_one(Interview, decision.interview_id)
    told = session.scalars(select(Letter.id).where(Letter.decision_id == decision_id)).first()
    if outcomes.in_force(session, interview.id) is not decision or told or interview.state == "withdrawn":
        return False
    candidate = interview.candidate
    language = "en" if candidate.language == "en" else "ko"
    subject, body = texts.letter(decision.kind, language)
    letter = Letter(
        organisation_id=interview.organisation_id,
        interview_id=interview.id,
        decision_id=decision.id,
        staff_id=member.id,
        kind=decision.kind,
        language=language,
        subject=subject,
        body=body,
        created_at=database.now(session),
    )
    session.add(letter)
    employer = session.get_one(Organisation, interview.organisation_id)
    mail.queue(
        session,
        cause=outcomes.cause_of(decision.id),
        recipient=candidate.email,
        **mail_frames.dressed(employer, language, (named(subject, candidate.name), named(body, candidate.name))),
        organisation_id=interview.organisation_id,
    )
    _record(session, member, interview, "letter sent", kind=decision.kind, language=language)
    return True


def named(text: str, name: str) -> str:
    """A letter's text with the name put in."""
    return letters.filled(text, {NAME: letter_texts.one_line(name)})


def of_opening(session: Session, member: Member, opening: Opening) -> list[Line]:
    """The newest LONGEST_LIST letters and where each one is; what was refused stands first."""
    wanted = _letters().where(Interview.opening_id == opening.id).order_by(Letter.created_at.desc()).limit(LONGEST_LIST)
    rows = session.execute(wanted).all()
    called = calling.of_opening(session, member, opening, [letter.interview_id for letter, _ in rows])
    names = _staff(session)
    lines = [
        Line(called[letter.interview_id], letter.kind, letter.language, outcomes.told(letter, sent, names))
        for letter, sent in rows
    ]
    return sorted(lines, key=lambda line: line.told.state != "refused")


def one(session: Session, member: Member, letter_id: str) -> tuple[Letter, Line, Opening]:
    """One letter as it was sent, the name still to be put in. Raises NotFound."""
    member.must_be("owner", "recruiter")
    found = session.execute(_letters().where(Letter.id == letter_id)).one_or_none()
    if found is None:
        raise NotFound
    letter, sent = found
    interview = session.get_one(Interview, letter.interview_id)
    called = calling.of_opening(session, member, interview.opening, [interview.id])[interview.id]
    line = Line(called, letter.kind, letter.language, outcomes.told(letter, sent, _staff(session)))
    return letter, line, interview.opening


def _letters() -> Select[Letter, Mail]:
    return (
        select(Letter, Mail)
        .join(Interview, Interview.id == Letter.interview_id)
        .outerjoin(Mail, Mail.cause == literal("letter:") + Letter.decision_id)
    )


def _staff(session: Session) -> Mapping[str, str]:
    return dict(session.execute(select(Staff.id, Staff.name)).all())


def try_again(session: Session, member: Member, letter_id: str) -> str:
    """Sends a letter that the mail server refused once more, to the address that is known now.

    Returns the opening's id. Raises Conflict where it was not refused.
    """
    letter, _, opening = one(session, member, letter_id)
    interview = outcomes.locked(session, letter.interview_id)
    if not mail.try_again(session, outcomes.cause_of(letter.decision_id), recipient=interview.candidate.email):
        raise Conflict(
            "This letter was not refused, so it is not sent again.",
            "거절된 편지가 아니어서 다시 보내지 않습니다.",
            code="not_refused",
        )
    _record(session, member, interview, "letter tried again", kind=letter.kind)
    return opening.id


def _record(session: Session, member: Member, row: Interview, action: str, **details: str) -> None:
    person = row.candidate.person
    audit.append(session, member.actor, action, f"interview:{row.id}", person=person, details=details)
