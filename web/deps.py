"""Who asks, and the session in which the answer is found: FastAPI dependencies that a route names in its arguments.

All sessions end before the answer leaves (`scope="function"`): a commit that fails must not answer 200.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from interview_ai import database, organisations, reviewing
from interview_ai.applicants import Applicant, candidate_of
from interview_ai.errors import SignInNeeded
from interview_ai.organisations import Member, member_of
from web import security
from web.render import language_of


def _signed_in(request: Request) -> Member:
    cookie = security.session_cookie(request, security.STAFF)
    if cookie:
        with database.reading(database.EVERYWHERE) as session:
            member = member_of(session, cookie)
            stale = member is not None and member.seen_at < database.now(session) - timedelta(
                seconds=organisations.TOUCH_S
            )
        if stale:
            with database.transaction(database.EVERYWHERE) as session:
                organisations.touch(session, cookie)
        if member is not None:
            request.state.member = member
            return _assigned(request, member)
    raise SignInNeeded("Please sign in.", "로그인해 주십시오.", code="sign_in")


def _perhaps_signed_in(request: Request) -> Member | None:
    try:
        return _signed_in(request)
    except SignInNeeded:
        return None


def _assigned(request: Request, member: Member) -> Member:
    """A reviewer finds only the openings that are theirs, whatever route is asked by whatever id. Raises NotFound."""
    if member.role == "reviewer" and request.path_params:
        with database.reading(member.organisation_id) as session:
            reviewing.must_be_seen(session, member, request.path_params)
    return member


def applicant_of(request: Request) -> Applicant:
    """The candidate whose browser this is. Raises SignInNeeded: their link brings them back."""
    with database.reading(database.EVERYWHERE) as session:
        return applicant_in(session, request)


def applicant_in(session: Session, request: Request) -> Applicant:
    """The same in a session that is open already."""
    cookie = security.session_cookie(request, security.CANDIDATE)
    applicant = candidate_of(session, cookie) if cookie else None
    if applicant is not None:
        return applicant
    raise SignInNeeded(
        "Please open the link in your invitation again. What you sent before is safe.",
        "초대 메일의 링크를 다시 열어 주세요. 그 전에 보낸 답변은 안전하게 있어요.",
        code="link",
    )


SignedIn = Annotated[Member, Depends(_signed_in)]
"""The staff member who asks; 401 without a sign-in."""
PerhapsSignedIn = Annotated[Member | None, Depends(_perhaps_signed_in)]
"""The same on a page that everybody may read; None without a sign-in."""
Applying = Annotated[Applicant, Depends(applicant_of)]
"""The candidate who asks; 401 without a session."""
Language = Annotated[str, Depends(language_of)]
"""The reader's language, `ko` or `en`."""


def _staff_reading(member: SignedIn) -> Iterator[Session]:
    with database.reading(member.organisation_id) as session:
        yield session


def _staff_writing(member: SignedIn) -> Iterator[Session]:
    with database.transaction(member.organisation_id) as session:
        yield session


def _candidate_reading(applicant: Applying) -> Iterator[Session]:
    with database.reading(applicant.organisation_id) as session:
        yield session


def _candidate_writing(applicant: Applying) -> Iterator[Session]:
    with database.transaction(applicant.organisation_id) as session:
        yield session


def _everywhere_reading() -> Iterator[Session]:
    with database.reading(database.EVERYWHERE) as session:
        yield session


def _everywhere_writing() -> Iterator[Session]:
    with database.transaction(database.EVERYWHERE) as session:
        yield session


StaffReading = Annotated[Session, Depends(_staff_reading, scope="function")]
"""A session of the member's own organisation that only reads."""
StaffWriting = Annotated[Session, Depends(_staff_writing, scope="function")]
"""One transaction of the member's own organisation."""
CandidateReading = Annotated[Session, Depends(_candidate_reading, scope="function")]
"""A session of the organisation that invited the candidate, only reading."""
CandidateWriting = Annotated[Session, Depends(_candidate_writing, scope="function")]
"""One transaction of the organisation that invited the candidate."""
EverywhereReading = Annotated[Session, Depends(_everywhere_reading, scope="function")]
"""For what begins with a secret instead of a sign-in: an invitation, a mailed link."""
EverywhereWriting = Annotated[Session, Depends(_everywhere_writing, scope="function")]
"""The same, writing."""
