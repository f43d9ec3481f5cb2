"""Search in transcripts: what is kept of each answer to find it by, and who is found by what somebody typed.

Each database looks by its own text index: PostgreSQL by GIN over the terms, SQLite by FTS5 (migration 0010).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, Select, column, delete, func, literal, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import cast as sql_cast

from interview_ai.rules import masking, searching
from interview_ai.rules.masking_names import Known
from interview_ai.tables import Answer, Candidate, Interview, Opening, Question, SearchEntry, TranscriptRow

INDEX = table("search_index", column("rowid"))  # SQLite's own; it follows search_entries by triggers
AROUND = 9  # words that a snippet shows on either side
MOST_SNIPPETS = 2  # of one candidate
MOST_MET = 5000  # candidates: whoever meets more with a word learns nothing by it, and is told to add another


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a snippet's words: whether it is what was looked for; None instead of words that are hidden."""

    text: str | None
    met: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """Where an answer holds what was looked for: the question's place, the second, the words around."""

    answer_id: str
    position: int
    start_s: float | None
    pieces: tuple[Piece, ...]

    @property
    def fragment(self) -> str:
        """What lets a browser mark the first such word on the candidate's page (a text fragment)."""
        word = next((piece.text for piece in self.pieces if piece.met and piece.text), None)
        return f":~:text={quote(word, safe='')}" if word else ""


@dataclass(frozen=True, slots=True)
class Said:
    """The words of one answer, and what the record knows of whoever said them."""

    words: tuple[str, ...]
    language: str
    name: str
    email: str
    blind: bool


def left_out(said: Said) -> frozenset[int]:
    """The places of words by which nobody may be found: the candidate's own name, and whatever pages mask."""
    known = Known(said.name, said.email)
    masked = masking.places(said.words, said.language, known, blind=said.blind)
    return searching.name_places(said.words, said.name) | masked


def covered(said: Said, away: frozenset[int]) -> frozenset[int]:
    """Which of those no snippet shows: all in a blind opening, else all but the name, which pages show there."""
    return away if said.blind else away - searching.name_places(said.words, said.name)


def keep(session: Session, answer_id: str, stems: Iterable[tuple[str, int]] = ()) -> None:
    """Keeps by which words an answer is found, in the transaction that keeps its transcript.

    `stems`: morphemes from whoever can tell them, each with the place in the transcript's text where it begins.
    """
    session.flush()
    session.execute(delete(SearchEntry).where(SearchEntry.answer_id == answer_id))
    _keep(session, TranscriptRow.answer_id == answer_id, stems)


def fill(session: Session, interview_ids: Sequence[str]) -> None:
    """The same for transcripts of some interviews that were kept before there was a search."""
    there = select(SearchEntry.id).where(SearchEntry.answer_id == TranscriptRow.answer_id)
    _keep(session, Interview.id.in_(interview_ids) & ~there.exists())


def _keep(session: Session, which: ColumnElement[bool], stems: Iterable[tuple[str, int]] = ()) -> None:
    wanted = _heard(Answer.id, Interview.id, Interview.opening_id, Interview.organisation_id, TranscriptRow.text)
    for row in session.execute(wanted.where(which, Interview.mode == "ai")):
        said = _said(row)
        away = left_out(said)
        terms = searching.terms_of(said.words, away, _seen(stems, row.text, said.words, away), name=said.name)
        session.add(
            SearchEntry(
                answer_id=row[0],
                interview_id=row[1],
                opening_id=row.opening_id,
                organisation_id=row.organisation_id,
                terms=" ".join(terms),
                hidden=sorted(away),
            )
        )
    session.flush()


def _heard(*columns: Any) -> Select[Any]:
    """Columns of answers with a transcript, and what `_said` reads."""
    return (
        select(*columns, TranscriptRow.words, TranscriptRow.language, Candidate.name, Candidate.email, Opening.blind)
        .join(Interview, Interview.id == Answer.interview_id)
        .join(TranscriptRow, TranscriptRow.answer_id == Answer.id)
        .join(Candidate, Candidate.id == Interview.candidate_id)
        .join(Opening, Opening.id == Interview.opening_id)
    )


def _said(row: Any) -> Said:
    return Said(tuple(word["text"] for word in row.words), row.language, row.name, row.email, row.blind)


def _seen(stems: Iterable[tuple[str, int]], text: str, said: Sequence[str], left_out: Collection[int]) -> Iterable[str]:
    """The morphemes of words that are not left out."""
    spans, at = [], 0
    for place, word in enumerate(said):
        at = max(at, text.find(word, at))
        if place in left_out:
            spans.append((at, at + len(word)))
        at += len(word)
    return [stem for stem, start in stems if not any(begin <= start < end for begin, end in spans)]


def prune(session: Session, interview_ids: Sequence[str], answers: Collection[str]) -> bool:
    """By earlier takes nobody is found, nor by what a machine heard of somebody who then chose people only (KR-1)."""
    there = select(SearchEntry.answer_id).where(SearchEntry.interview_id.in_(interview_ids))
    gone = set(session.scalars(there)) - set(answers)
    if gone:
        session.execute(delete(SearchEntry).where(SearchEntry.answer_id.in_(gone)))
    return bool(gone)


def met_by(session: Session, opening_id: str, beginnings: Sequence[str]) -> Any:
    """The ids of interviews of which one answer holds all these beginnings of words, as a selection; MOST_MET of
    them where there are more.
    """
    wanted = select(SearchEntry.interview_id).where(SearchEntry.opening_id == opening_id).distinct().limit(MOST_MET)
    if session.get_bind().dialect.name == "sqlite":
        typed = " ".join(f'"{one}"*' for one in beginnings)
        matching = select(INDEX.c.rowid).where(column("search_index").op("MATCH")(typed))
        return wanted.where(SearchEntry.id.in_(matching))
    typed = " & ".join(f"'{one}':*" for one in beginnings)
    return wanted.where(lexemes(SearchEntry.terms).op("@@")(sql_cast(literal(typed), TSQUERY)))


def lexemes(terms: Any) -> Any:
    """What PostgreSQL's index stands on: the terms as they are, read by no parser of its own."""
    return func.array_to_tsvector(func.string_to_array(terms, " "))


def snippets(
    session: Session, interview_ids: Sequence[str], beginnings: Sequence[str]
) -> dict[str, tuple[Snippet, ...]]:
    """Where the words stand, by interview: in the takes that count, in the order of the questions."""
    wanted = (
        _heard(Answer.interview_id, Answer.id, Question.position, SearchEntry.hidden)
        .join(SearchEntry, SearchEntry.answer_id == Answer.id)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.interview_id.in_(interview_ids), Interview.mode == "ai")
    )
    found: dict[str, tuple[Snippet, ...]] = {}
    for row in session.execute(wanted.order_by(Question.position)):
        before = found.get(row.interview_id, ())
        here = _snippet(row, beginnings) if len(before) < MOST_SNIPPETS else None
        found[row.interview_id] = (*before, here) if here else before
    return found


def _snippet(row: Any, beginnings: Sequence[str]) -> Snippet | None:
    """The words around the first that was looked for; None where the answer holds none of them."""
    said = _said(row)
    away = frozenset(row.hidden)
    met = searching.places(said.words, beginnings, away)
    if not met:
        return None
    shown = range(max(0, met[0] - AROUND), min(len(said.words), met[0] + AROUND + 1))
    unseen = covered(said, away)
    pieces = tuple(Piece(None if place in unseen else said.words[place], place in met) for place in shown)
    return Snippet(row.id, row.position, row.words[met[0]].get("start_s"), pieces)
