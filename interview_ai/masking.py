"""What of a candidate's words a reviewer reads: what tells who they are is masked, until it is opened on the record.

KR-10: appearance, height, weight, birthplace, marriage, property and family are masked in every opening, for no
employer may ask for them. KR-13: in a blind opening names, schools, places of living and age are masked besides, until
the reviewer has name and picture revealed; only then may what KR-10 hides be opened too, by one more logged act.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai.organisations import Member
from interview_ai.rules import masking
from interview_ai.rules.disclosures import ALWAYS, BLIND, EVERYTHING, Category
from interview_ai.rules.evidence import Opinion, OpinionLevel
from interview_ai.rules.masking import Masks
from interview_ai.rules.masking_names import Known
from interview_ai.tables import Candidate, Interview, Opening, TranscriptRow, View

COVER = "▇▇"
"""What stands for masked words where no category can be said."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words as a reviewer reads them: `text` where they are open, else only the category of what is masked."""

    text: str
    category: Category | None = None


def hidden_from(session: Session, member: Member, interview: Interview) -> frozenset[Category]:
    """The categories that this reviewer does not read in this interview now."""
    given = select(View.what).where(View.interview_id == interview.id, View.staff_id == member.id)
    return hidden(interview.opening, set(session.scalars(given)))


def hidden(opening: Opening, given: set[str]) -> frozenset[Category]:
    """The same from what the reviewer was given (`View.what`): `reveal` ends blindness, `unmask` the rest."""
    if opening.blind and "reveal" not in given:
        return EVERYTHING
    return frozenset() if "unmask" in given else ALWAYS


def known(candidate: Candidate) -> Known:
    """What the record knows of a candidate's name."""
    return Known(candidate.name, candidate.email)


def of_transcript(row: TranscriptRow | None, candidate: Candidate, wanted: frozenset[Category]) -> Masks:
    """The masks of a transcript's words, in their order; empty without a transcript."""
    if row is None or not wanted:
        return (None,) * (len(row.words) if row else 0)
    words = [str(item["text"]) for item in row.words]
    return masking.within(masking.masks(words, row.language, known(candidate)), wanted)


def pieces(words: Sequence[str], found: Masks) -> tuple[Piece, ...]:
    """Words with their masks, neighbours of one kind together: how many words are masked is not told."""
    made: list[Piece] = []
    for word, category in zip(words, found, strict=True):
        if made and made[-1].category == category:
            made[-1] = Piece(made[-1].text if category else f"{made[-1].text} {word}", category)
        else:
            made.append(Piece("" if category else word, category))
    return tuple(made)


def passage(row: TranscriptRow, found: Masks, start: int, end: int) -> tuple[Piece, ...]:
    """`row.text[start:end]` as pieces; a word that is cut is masked as a whole."""
    if not any(found):
        return (Piece(row.text[start:end]),)
    shown, masks, position = [], [], 0
    for item, category in zip(row.words, found, strict=True):
        first, last = position, position + len(item["text"])
        if first < end and last > start:
            shown.append(row.text[max(first, start) : min(last, end)])
            masks.append(category)
        position = last + 1
    return pieces(shown, tuple(masks))


def plain(shown: Sequence[Piece]) -> str:
    """Pieces as one line of text with a cover for what is masked."""
    return " ".join(COVER if piece.category else piece.text for piece in shown)


def of_text(text: str, candidate: Candidate, wanted: frozenset[Category]) -> str:
    """A sentence somebody wrote about a candidate, with what is masked covered; of either language."""
    if not wanted:
        return text
    language = "ko" if re.search(r"[가-힣]", text) else "en"
    words = text.split()
    found = masking.within(masking.masks(words, language, known(candidate)), wanted)
    return plain(pieces(words, found)) if any(found) else text


def covering(candidate: Candidate, hidden: frozenset[Category]) -> Callable[[str], str]:
    """Covers in what staff wrote what a blind reader does not know; KR-10 is about candidates' own words."""

    def cover(text: str) -> str:
        return of_text(text, candidate, hidden & BLIND)

    return cover


def of_opinion(opinion: Opinion, row: TranscriptRow | None, found: Masks) -> Opinion:
    """A second opinion whose quotes are covered as the transcript is."""
    if row is None or not any(found):
        return opinion
    levels = tuple(
        OpinionLevel(one.id, one.level, one.low, one.high, tuple(_quoted(quote, row, found) for quote in one.quotes))
        for one in opinion.criteria
    )
    withheld = tuple(_quoted(passage, row, found) for passage in opinion.withheld)
    return Opinion(opinion.rater, levels, opinion.reason, withheld, opinion.dropped)


def _quoted(quote: str, row: TranscriptRow, found: Masks) -> str:
    """A quote that cannot be found in the transcript any more is covered whole."""
    start = row.text.find(quote)
    return plain(passage(row, found, start, start + len(quote))) if start >= 0 else COVER
