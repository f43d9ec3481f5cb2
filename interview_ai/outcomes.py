"""What was decided about a candidate, what holds, whether they were told; and taking a decision back until then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Row, literal, select
from sqlalchemy.orm import Session

from interview_ai import audit, database, mail
from interview_ai.errors import Conflict, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.rules import decisions
from interview_ai.tables import Decision, Interview, Letter, Mail, Staff

LetterState = Literal["waiting", "leaving", "delayed", "sent", "refused"]
LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """The letter about one decision: who sent it when, and where its mail is. `error`: what the mail server said."""

    letter_id: str
    state: LetterState
    by: str
    at: datetime
    left_at: datetime | None
    error: str | None

    @property
    def may_have_left(self) -> bool:
        """Whether the candidate may have it; from then on the decision cannot be taken back."""
        return self.state in ("leaving", "delayed", "sent")


@dataclass(frozen=True, slots=True)
class Made:
    """One decision: who made it when and why, the letter about it, and who took it back."""

    id: str
    kind: str
    reason: str
    by: str
    at: datetime
    told: Told | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawn_reason: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """All decisions about one candidate, newest first."""

    made: tuple[Made, ...]

    @property
    def in_force(self) -> Made | None:
        """The newest that nobody took back."""
        return next((one for one in self.made if one.withdrawn_at is None), None)

    @property
    def before(self) -> Made | None:
        """What holds again once the one in force is taken back."""
        standing = [one for one in self.made if one.withdrawn_at is None]
        return standing[1] if len(standing) > 1 else None

    @property
    def earlier(self) -> tuple[Made, ...]:
        """All but the one in force."""
        return tuple(one for one in self.made if one is not self.in_force)

    @property
    def final(self) -> bool:
        """Whether the candidate was told what is in force: only a new decision with a letter of its own can follow."""
        return bool(self.in_force and self.in_force.told and self.in_force.told.may_have_left)


def of_interview(session: Session, interview_id: str, *, cover: Callable[[str], str] = str) -> Outcome:
    """Every decision about one candidate, also those that were replaced or taken back.

    `cover`: hides in what colleagues wrote whatever the reader is blind to (KR-13).
    """
    cause = literal("letter:") + Decision.id
    wanted = (
        select(Decision, Letter, Mail)
        .outerjoin(Letter, Letter.decision_id == Decision.id)
        .outerjoin(Mail, Mail.cause == cause)
        .where(Decision.interview_id == interview_id)
        .order_by(Decision.created_at.desc())
    )
    names: dict[str, str] = dict(session.execute(select(Staff.id, Staff.name)).all())
    return Outcome(tuple(_made(row, names, cover) for row in session.execute(wanted)))


def _made(row: Row[Decision, Letter, Mail], names: Mapping[str, str], cover: Callable[[str], str]) -> Made:
    decision, letter, sent = row
    return Made(
        decision.id,
        decision.kind,
        reason=cover(decision.reason),
        by=names.get(decision.staff_id, "?"),
        at=decision.created_at,
        told=told(letter, sent, names) if letter else None,
        withdrawn_at=decision.withdrawn_at,
        withdrawn_by=names.get(decision.withdrawn_by or ""),
        withdrawn_reason=cover(decision.withdrawn_reason) if decision.withdrawn_reason else None,
    )


def told(letter: Letter, sent: Mail | None, names: Mapping[str, str]) -> Told:
    """Where a letter is. One whose mail is no longer in the outbox has left."""
    left_at = sent.sent_at if sent else letter.created_at
    by = names.get(letter.staff_id, "?")
    return Told(letter.id, state_of(sent), by, letter.created_at, left_at, sent.error if sent else None)


def state_of(sent: Mail | None) -> LetterState:
    """The outbox's state in the words of a letter's."""
    if sent is None or sent.state == "sent":
        return "sent"
    if sent.state == "pending":
        return "delayed" if mail.has_left(sent) else "waiting"
    return "leaving" if sent.state == "sending" else "refused"


def locked(session: Session, interview_id: str) -> Interview:
    """The interview, held until the transaction ends: decisions and letters about one candidate come one by one."""
    found = session.get(Interview, interview_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def locked_all(session: Session, interview_ids: Iterable[str]) -> None:
    """Several at once, before anything is written, and always in the same order: whoever else wants some of them waits
    for us or we for them, and never both (the record has a lock of its own that lasts until the end)."""
    for interview_id in sorted(set(interview_ids)):
        locked(session, interview_id)


def cause_of(decision_id: str) -> str:
    """Why a letter's mail is in the outbox: one decision is told once."""
    return f"letter:{decision_id}"


def take_back(session: Session, member: Member, interview_id: str, decision_id: str, *, reason: str) -> None:
    """Takes the decision in force back, with a reason; a letter about it that has not left is stopped.

    What was in force before holds again. Raises Conflict once a letter may have left (code told), and where another
    decision is in force by now (code moved).
    """
    member.must_be("owner", "recruiter")
    row = locked(session, interview_id)
    tidy = reason.strip()[:LONGEST_REASON]
    if len(tidy) < decisions.SHORTEST_REASON:
        raise Invalid(decisions.REASON.en, decisions.REASON.ko, code="reason")
    decision = in_force(session, row.id)
    if decision is None or decision.id != decision_id:
        raise Conflict(
            "Somebody decided anew or took this decision back in the meantime. Look at what holds now.",
            "그사이 다른 결정이 내려졌거나 이미 되돌려졌습니다. 지금 결정을 확인해 주십시오.",
            code="moved",
        )
    if not unsend(session, member, row, decision):
        raise Conflict(
            "The letter about this decision has left, so it cannot be taken back. Decide anew; the new decision gets a "
            "letter of its own.",
            "이 결정의 편지가 이미 나가서 되돌릴 수 없습니다. 새로 결정해 주십시오. 새 결정은 새 편지로 알립니다.",
            code="told",
        )
    decision.withdrawn_at, decision.withdrawn_by = database.now(session), member.id
    decision.withdrawn_reason = tidy
    _record(session, member, row, "decision taken back", kind=decision.kind, naming={"reason": tidy})


def in_force(session: Session, interview_id: str) -> Decision | None:
    """The newest decision that nobody took back."""
    standing = (Decision.interview_id == interview_id, Decision.withdrawn_at.is_(None))
    return session.scalars(select(Decision).where(*standing).order_by(Decision.created_at.desc()).limit(1)).first()


def unsend(session: Session, member: Member, row: Interview, decision: Decision) -> bool:
    """Stops the letter about a decision, if there is one; False where it may have left."""
    letter = session.scalars(select(Letter).where(Letter.decision_id == decision.id)).one_or_none()
    if letter is None:
        return True
    if not mail.stop(session, cause_of(decision.id)):
        return False
    session.delete(letter)
    session.flush()
    _record(session, member, row, "letter stopped", kind=decision.kind)
    return True


def _record(
    session: Session,
    member: Member,
    row: Interview,
    action: str,
    *,
    kind: str,
    naming: dict[str, str] | None = None,
) -> None:
    subject, person = f"interview:{row.id}", row.candidate.person
    audit.append(session, member.actor, action, subject, person=person, details={"kind": kind}, naming=naming)
