"""Whose a link is: what its holder must know beside it, a code mailed to the invited address or the year of birth.

A link that was passed on does not open; each wrong try is counted and shown to whoever invited. A browser that once
knew is not asked again: it keeps a cookie that nobody can make without the installation's secret.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from interview_ai import audit, database, mail, tokens, webhook_events
from interview_ai.errors import Conflict, Invalid, NotFound, TooMuch
from interview_ai.organisations import Member
from interview_ai.settings import settings
from interview_ai.tables import Candidate, Interview, Invitation, Opening, Organisation, ProofCode

Kind = Literal["code", "birth_year"]
CODE_LIVES = timedelta(minutes=10)
CODE_DIGITS, YEAR_DIGITS = 6, 4
MOST_TRIES = 5  # of one code, and of the year
CODES_WITHIN = timedelta(hours=1)
MOST_CODES = 5  # in that time, so that nobody's mailbox can be flooded
MOST_FAILURES = 30  # all in all: with a million codes, whoever guesses gets in once in 33,000 links


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a link's holder now. `sent`: a code is under way that still holds; `left`: tries it has left.

    `over`: the code that was sent last holds no more.
    `locked`: nothing but the one who invited can open it again: all tries are used up, or those of the year where no
    mail leaves that could bring a code.
    """

    kind: Kind
    sent: bool
    left: int
    locked: bool
    over: bool = False


def hash_of(invitation_id: str, kind: Kind, value: str) -> str:
    """The keyed digest of what a holder knows, of no use for another invitation."""
    return tokens.authenticate(f"proof {kind}", f"{invitation_id}:{value}")


def birth_year_hash(email: str, year: str) -> str:
    """The keyed digest of somebody's year of birth, as it is made while there is only a row of a roster."""
    return tokens.authenticate("birth year", f"{email}:{year}")


def is_proven(invitation: Invitation, cookie: str | None) -> bool:
    """Whether a browser may open the invitation: none is asked for, or the browser has known it before."""
    if invitation.proof == "none":
        return True
    return cookie is not None and tokens.same(cookie, proven(invitation))


def proven(invitation: Invitation) -> str:
    """What a browser keeps that has known it; worth nothing once a fresh link replaced the one that it was for."""
    return tokens.authenticate("proven", f"{invitation.id}:{invitation.token_hash}")


def must_be_proven(invitation: Invitation, cookie: str | None) -> None:
    """Raises Conflict (code proof) for a browser that has to show first whose the link is."""
    if not is_proven(invitation, cookie):
        raise Conflict(
            "Please open the link again and show first that it is yours.",
            "링크를 다시 열어 먼저 본인의 링크인지 확인해 주세요.",
            code="proof",
        )


def asked(session: Session, invitation: Invitation) -> Asked:
    """What the page asks now: the year while there are tries of it left, otherwise the mailed code."""
    locked = invitation.proof_failures >= MOST_FAILURES
    by_year = invitation.proof == "birth_year" and invitation.proof_hash is not None
    if by_year and invitation.proof_failures < MOST_TRIES:
        return Asked("birth_year", sent=False, left=MOST_TRIES - invitation.proof_failures, locked=locked)
    code = _newest(session, invitation)
    good = code is not None and code.expires_at > database.now(session) and code.failures < MOST_TRIES
    left = MOST_TRIES - code.failures if code is not None and good else 0
    locked |= by_year and not good and not settings().smtp_url
    return Asked("code", sent=good, left=left, locked=locked, over=code is not None and not good)


def ask(session: Session, invitation: Invitation) -> None:
    """Mails a new code to the invited address; an earlier one ends. Needs the invitation locked.

    Raises Conflict (code locked), TooMuch after MOST_CODES within an hour.
    """
    _must_not_be_locked(invitation)
    at = database.now(session)
    lately = (ProofCode.invitation_id == invitation.id, ProofCode.created_at > at - CODES_WITHIN)
    if session.scalars(select(func.count(ProofCode.id)).where(*lately)).one() >= MOST_CODES:
        raise TooMuch(
            f"{MOST_CODES} codes were sent within an hour. Use the newest one, or ask for another in an hour.",
            f"확인 번호는 한 시간에 {MOST_CODES}번까지만 보내요. "
            "마지막에 온 번호를 쓰거나 한 시간 뒤에 다시 받아 주세요.",
            status=429,
        )
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    made = ProofCode(
        organisation_id=invitation.organisation_id,
        invitation_id=invitation.id,
        code_hash=hash_of(invitation.id, "code", code),
        expires_at=at + CODE_LIVES,
        created_at=at,
    )
    session.add(made)
    session.flush()
    _mail_code(session, invitation, made, code)
    _record(session, _holder(session, invitation), "link code mailed", invitation)


def check(session: Session, invitation: Invitation, value: str) -> bool:
    """Whether the holder knows it; a wrong try is counted. Needs the invitation locked.

    The answer is returned and not raised, so that the count of a wrong try is kept. Raises Conflict (code locked), and
    Invalid for what is not so many digits at all, which counts as no try.
    """
    _must_not_be_locked(invitation)
    now = asked(session, invitation)
    typed = _digits(value, YEAR_DIGITS if now.kind == "birth_year" else CODE_DIGITS)
    right = _is_year(session, invitation, typed) if now.kind == "birth_year" else _is_code(session, invitation, typed)
    if right:
        _record(session, _holder(session, invitation), "link proven", invitation)
        return True
    invitation.proof_failures += 1
    details = {"kind": now.kind, "failures": invitation.proof_failures}
    _record(session, _holder(session, invitation), "link check failed", invitation, details)
    return False


def _digits(value: str, wanted: int) -> str:
    typed = "".join(unicodedata.normalize("NFKC", value).replace("-", "").split())
    if not (len(typed) == wanted and typed.isascii() and typed.isdigit()):
        raise Invalid(f"Please write the {wanted} digits.", f"숫자 {wanted}자리를 적어 주세요.", code="value")
    return typed


def _is_year(session: Session, invitation: Invitation, typed: str) -> bool:
    email = session.get_one(Candidate, invitation.candidate_id).email
    return tokens.same(birth_year_hash(email, typed), invitation.proof_hash or "")


def _is_code(session: Session, invitation: Invitation, typed: str) -> bool:
    code = _newest(session, invitation)
    if code is None or code.expires_at <= database.now(session) or code.failures >= MOST_TRIES:
        return False
    if tokens.same(hash_of(invitation.id, "code", typed), code.code_hash):
        code.used_at = database.now(session)
        return True
    code.failures += 1
    return False


def _newest(session: Session, invitation: Invitation) -> ProofCode | None:
    """The code that counts; a used one counts no more."""
    wanted = select(ProofCode).where(ProofCode.invitation_id == invitation.id)
    newest = session.scalars(wanted.order_by(ProofCode.created_at.desc(), ProofCode.id).limit(1)).first()
    return newest if newest is not None and newest.used_at is None else None


def _must_not_be_locked(invitation: Invitation) -> None:
    if invitation.proof_failures >= MOST_FAILURES:
        raise Conflict(
            "This link was tried too often and is locked. Please ask whoever invited you to unlock it.",
            "확인에 너무 여러 번 실패해서 링크를 잠갔어요. 초대한 곳에 잠금을 풀어 달라고 요청해 주세요.",
            code="locked",
        )


def _mail_code(session: Session, invitation: Invitation, made: ProofCode, code: str) -> None:
    candidate = session.get_one(Candidate, invitation.candidate_id)
    opening = session.get_one(Opening, invitation.opening_id)
    employer = session.get_one(Organisation, opening.organisation_id)
    korean = candidate.language == "ko"
    subject, body = mail.compose(
        "candidate_code",
        candidate.language,
        organisation=employer.name_ko if korean else employer.name_en,
        title=opening.title_ko if korean else opening.title_en,
        name=candidate.name,
        code=code,
        until=mail.moment(made.expires_at, candidate.language),
    )
    whose = invitation.organisation_id
    cause = f"link-code:{made.id}"
    mail.queue(session, cause=cause, recipient=candidate.email, subject=subject, body=body, organisation_id=whose)


def unlock(session: Session, member: Member, invitation_id: str) -> str:
    """Whoever invited lets the holder try anew; returns the opening's id. The failed tries stay on the record.

    Needs a session for EVERYWHERE: a university's invitation is the employer's row. Raises NotFound.
    """
    member.must_be("owner", "recruiter")
    invitation = session.get(Invitation, invitation_id, with_for_update=True)
    whose = (invitation.organisation_id, invitation.inviting_organisation_id) if invitation else ()
    if invitation is None or member.organisation_id not in whose:
        raise NotFound
    if invitation.proof_failures:
        invitation.proof_failures = 0
        _record(session, member.actor, "link unlocked", invitation)
    return invitation.opening_id


def is_stuck(invitation: Invitation) -> bool:
    """Whether the holder has used up the tries that need nobody's help: all of them, or those of the year."""
    most = MOST_TRIES if invitation.proof == "birth_year" else MOST_FAILURES
    return invitation.proof_failures >= most


def seen(session: Session, invitation: Invitation) -> None:
    """Keeps since when a person has had the invitation before them; scanners that only follow the link never do."""
    if invitation.opened_at is None:
        invitation.opened_at = database.now(session)
        webhook_events.invitation(session, "opened", invitation)


def is_inside(session: Session, invitation: Invitation, interview_id: str | None) -> bool:
    """Whether a browser that is in an interview is in the one of this invitation."""
    if interview_id is None:
        return False
    interview = session.get(Interview, interview_id)
    return interview is not None and interview.invitation_id == invitation.id


def _holder(session: Session, invitation: Invitation) -> audit.Actor:
    person = session.get_one(Candidate, invitation.candidate_id).person
    return audit.Actor("candidate", str(person), invitation.organisation_id)


def _record(
    session: Session, actor: audit.Actor, action: str, invitation: Invitation, details: dict[str, Any] | None = None
) -> None:
    person = session.get_one(Candidate, invitation.candidate_id).person
    audit.append(
        session,
        actor,
        action,
        f"invitation:{invitation.id}",
        organisation_id=invitation.organisation_id,
        person=person,
        details=details,
    )
