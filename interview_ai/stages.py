"""What of a blind candidate a reviewer has opened, step by step and on the record: transcript, sound, name and picture.

Words come before the voice and the voice before the face, so that a first impression is one of what was said (KR-13).
In an opening that is not blind everything is open from the beginning.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import queries, reviews
from interview_ai.errors import Conflict, Forbidden
from interview_ai.organisations import Member
from interview_ai.tables import Answer, Interview, View

HEARD = frozenset({"sound", "answer"})  # who was given a recording before there were steps has heard it


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a reviewer is with one candidate. `readable`: there is, or will be, a transcript to begin with."""

    blind: bool
    readable: bool
    sound: bool
    face: bool

    @property
    def number(self) -> int:
        """1 transcript, 2 sound, 3 name and picture."""
        return 3 if self.face else 2 if self.sound else 1


def of(session: Session, member: Member, interview: Interview) -> Stage:
    """The reviewer's stage at one interview. Where there is nothing to read, the sound is open at once."""
    readable = _readable(interview)
    seen = _given(session, member, interview)
    face = not interview.opening.blind or "reveal" in seen
    return Stage(interview.opening.blind, readable, sound=face or not readable or bool(seen & HEARD), face=face)


def with_picture(session: Session, member: Member, interview: Interview) -> bool:
    """Whether a recording may be given out with its picture. Raises Forbidden while not even its sound may be."""
    seen = _given(session, member, interview)
    if not interview.opening.blind or "reveal" in seen:
        return True
    if not seen & HEARD and _readable(interview):
        raise Forbidden(
            "The sound of this candidate is not open to you yet. Read the transcript, then open the sound there.",
            "이 지원자의 소리는 아직 열지 않았습니다. 지원자 화면에서 받아쓴 글을 읽은 뒤 소리를 여십시오.",
            code="stage",
        )
    return False


def open_sound(session: Session, member: Member, interview_id: str) -> None:
    """The second step: the sound without picture; kept with who and when."""
    reviews.viewed(session, member, interview_id, "sound")


def reveal(session: Session, member: Member, interview_id: str) -> None:
    """The last step: name and picture; kept with who and when. Raises Conflict before the sound was opened."""
    if not of(session, member, reviews.interview(session, interview_id)).sound:
        raise Conflict(
            "Open the sound first; name and picture are the last step.",
            "먼저 소리를 여십시오. 이름과 영상은 마지막 단계입니다.",
            code="stage",
        )
    reviews.viewed(session, member, interview_id, "reveal")


def _given(session: Session, member: Member, interview: Interview) -> set[str]:
    given = select(View.what).where(View.interview_id == interview.id, View.staff_id == member.id)
    return set(session.scalars(given))


def _readable(interview: Interview) -> bool:
    """Whether anything of the interview can be read, or is being written down."""
    return interview.mode == "ai" and any(_has_words(answer) for answer in queries.current(interview.answers))


def _has_words(answer: Answer) -> bool:
    return answer.state in queries.WAITING or bool(answer.transcript and answer.transcript.words)
