"""The sound for reviewers who are blind to a candidate: a copy with a tone over what the transcript masks (KR-13)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from interview_ai import database, jobs, masking
from interview_ai.rules import bleeping
from interview_ai.rules.bleeping import Span
from interview_ai.rules.disclosures import EVERYTHING
from interview_ai.rules.evidence import words_from
from interview_ai.rules.masking import VERSION
from interview_ai.storage import storage
from interview_ai.tables import Answer, Interview, Opening, TranscriptRow, Work

KIND = "bleep"
AT_ONCE = 200

Sound = Literal["none", "plain", "bleeped", "waiting", "failed"]
"""What a blind reviewer hears: nothing; the sound as it is, for nobody wrote down its words; the masked copy, also
where nothing had to be masked; nothing yet; nothing, for making the copy failed."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a worker needs to make the copy: the sound's key and from which second to which it is covered."""

    answer_id: str
    sound_key: str
    spans: tuple[Span, ...]


def sound_of(answer: Answer, interview: Interview) -> Sound:
    """What a reviewer hears of an answer while blind to it."""
    if answer.sound_key is None:
        return "none"
    if answer.bleeped_with is not None:
        return "bleeped"
    if interview.mode != "ai" or not _is_timed(answer):
        return "plain"  # US-1: no machine may go through it, or nobody knows when which word was said
    newest = max((work for work in answer.work if work.kind == KIND), key=lambda work: work.created_at, default=None)
    return "failed" if newest and newest.state == "dead" else "waiting"


def blind_key(answer: Answer, interview: Interview) -> str | None:
    """Where the file lies that a blind reviewer hears; None: none may be given out (yet)."""
    sound = sound_of(answer, interview)
    if sound == "bleeped":
        return answer.bleeped_key or answer.sound_key
    return answer.sound_key if sound == "plain" else None


def _is_timed(answer: Answer) -> bool:
    return answer.transcript is not None and bleeping.is_timed(words_from(answer.transcript.words))


def ask(session: Session, answer: Answer, *, shared: bool = False) -> None:
    """Has a worker make the copy, where the opening is blind and there are words; each transcript is done once.

    `shared`: somebody outside gets the sound without name and picture, whatever the opening is.
    """
    interview = session.get_one(Interview, answer.interview_id)
    opening = session.get_one(Opening, interview.opening_id)
    row = session.scalars(select(TranscriptRow.id).where(TranscriptRow.answer_id == answer.id)).first()
    if (opening.blind or shared) and interview.mode == "ai" and answer.sound_key is not None and row is not None:
        jobs.add(session, answer.id, answer.organisation_id, kind=KIND, digest=f"{VERSION}:{row}")


def ask_for_older(session: Session) -> int:
    """Asks for answers that were assessed before there were copies, or with older rules; returns for how many."""
    asked = select(Work.id).where(Work.answer_id == Answer.id, Work.kind == KIND, Work.input_digest.startswith(VERSION))
    wanted = (
        select(Answer)
        .join(Interview, Interview.id == Answer.interview_id)
        .join(Opening, Opening.id == Interview.opening_id)
        .join(TranscriptRow, TranscriptRow.answer_id == Answer.id)
        .where(Opening.blind, Interview.mode == "ai", Answer.sound_key.is_not(None))
        .where(or_(Answer.bleeped_with.is_(None), Answer.bleeped_with != VERSION), ~asked.exists())
        .limit(AT_ONCE)
    )
    older = list(session.scalars(wanted))
    for answer in older:
        ask(session, answer)
    return len(older)


def given(session: Session, answer_id: str) -> Given | None:
    """What is to be covered of an answer; None where nothing is to be made any more."""
    loaded = [
        selectinload(Answer.transcript),
        selectinload(Answer.interview).selectinload(Interview.candidate),
    ]
    answer = session.get_one(Answer, answer_id, options=loaded)
    if answer.sound_key is None or answer.transcript is None or answer.interview.mode != "ai":
        return None
    found = masking.of_transcript(answer.transcript, answer.interview.candidate, EVERYTHING)
    return Given(answer.id, answer.sound_key, bleeping.spans(words_from(answer.transcript.words), found))


def keep(session: Session, made: Given, key: str | None) -> bool:
    """Keeps the copy (`key` None: nothing had to be covered); False where the sound is another one by now."""
    answer = session.get_one(Answer, made.answer_id, with_for_update=True, populate_existing=True)
    if answer.sound_key != made.sound_key:
        return False
    forget(session, answer)
    answer.bleeped_key, answer.bleeped_with = key, VERSION
    return True


def forget(session: Session, answer: Answer) -> None:
    """The copy of a sound that is replaced goes, and its file after the commit."""
    if answer.bleeped_key is not None:
        database.after_commit(session, partial(storage().delete, answer.bleeped_key))
    answer.bleeped_key = answer.bleeped_with = None
