"""A blind opening with one candidate who says who they are in so many words, and every file and text that could tell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from interview_ai import answers, openings, results
from interview_ai.database import EVERYWHERE, now, reading, transaction
from interview_ai.organisations import Member
from interview_ai.rules.evidence import (
    Assessment,
    CriterionScore,
    Evidence,
    Opinion,
    OpinionLevel,
    Score,
    Transcript,
    Word,
)
from interview_ai.rules.masking import VERSION
from interview_ai.storage import storage
from interview_ai.tables import Answer, Invitation, Opening, Segment
from tests import desk

NAME, EMAIL = "Minji Kim", "minjikim95@example.org"
SAID = (
    "hello my name is Minji Kim and I graduated from Kyungpook National University I was born in Andong and I live in "
    "Gyeongsan I am twenty-seven years old my father is a firefighter and I am married I found the broken valve with "
    "my manager Mr. Parkinson and replaced it in three days so they thanked minji and wrote to minjikim95 as well"
)
DEED = "I found the broken valve"
TELLS = {
    "name": ("minji", "kim", "parkinson"),
    "address": ("minjikim95",),
    "school": ("kyungpook",),
    "home": ("andong", "gyeongsan"),
    "age": ("twenty-seven",),
    "family": ("father", "firefighter", "married"),
}
PLAIN, BLEEPED, FACE, POSTER = b"plain sound", b"bleeped sound", b"face and voice", b"a picture of a face"


@dataclass(frozen=True)
class Blind:
    """The ids of all of it, by the names that routes give them."""

    jun: Member
    ids: dict[str, str]

    @property
    def interview_id(self) -> str:
        return self.ids["interview_id"]


def candidate(jun: Member, *, blind: bool = True) -> Blind:
    """Jun's opening with an assessed answer, its files, a second opinion and everything that could tell."""
    opening_id = desk.opening(jun, blind=blind)
    with transaction(jun.organisation_id) as session:
        token = openings.invite(session, jun, opening_id, name=NAME, email=EMAIL, language="en")
    who = desk.begin(token)
    answer_id = desk.answered(who)
    files(answer_id)
    heard(answer_id)
    desk.finished(who)
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, opening_id).first_pass_ended_at = now(session)  # quotes stand on the page now
    with reading(EVERYWHERE) as session:
        ids = {
            "opening_id": opening_id,
            "interview_id": who.interview_id,
            "answer_id": answer_id,
            "invitation_id": session.scalars(select(Invitation.id).where(Invitation.opening_id == opening_id)).one(),
            "segment_id": session.scalars(select(Segment.id).where(Segment.answer_id == answer_id)).one(),
            "staff_id": jun.id,
        }
        assert session.get_one(Opening, opening_id).blind is blind
    return Blind(jun, ids)


def files(answer_id: str) -> None:
    """The recording, its poster, its sound and the bleeped copy of it, as a worker keeps them."""
    made = {
        "playable_key": ("playable.webm", FACE),
        "poster_key": ("poster.jpg", POSTER),
        "sound_key": ("sound.webm", PLAIN),
        "bleeped_key": ("bleeped.webm", BLEEPED),
    }
    with transaction(EVERYWHERE) as session:
        answer = session.get_one(Answer, answer_id)
        for column, (name, content) in made.items():
            key = f"answers/{answer_id}/0f-{name}"
            path = Path(storage().uploads) / "made"
            path.write_bytes(content)
            storage().put(key, path)
            setattr(answer, column, key)
        answer.bleeped_with = VERSION


def heard(answer_id: str, said: str = SAID) -> None:
    """What a worker records of the words: evidence that holds names, and an opinion that quotes them."""
    words = tuple(Word(text, float(n), n + 0.5, 0.9) for n, text in enumerate(said.split()))
    score = Score(True, 3, 2, 4, (CriterionScore("problem_solving", 3, 2, 4),))
    whole = Evidence("problem_solving", "situation", said, 0, len(said), 0.0, float(len(words)))
    start = said.find(DEED)
    deed = Evidence("problem_solving", "action", DEED, start, start + len(DEED), 1.0, 2.0)
    opinion = Opinion("rater", (OpinionLevel("problem_solving", 3, 3, 3, (said[:60], DEED)),), None, (said[20:70],))
    transcript = Transcript("whisper", "small", "en", said, words)
    found = Assessment(None, transcript, None, (), (whole, deed), score, None, {"scoring": "1"}, opinion)
    with transaction(EVERYWHERE) as session:
        answer = session.get_one(Answer, answer_id)
        answers.move(answer, "assessing")
        results.record(session, answer, found)
