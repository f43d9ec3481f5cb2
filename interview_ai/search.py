"""Search in transcripts: what is kept of each answer to find it by, and who is found by what somebody typed.

Each database looks by its own text index: PostgreSQL by GIN over the terms, SQLite by FTS5 (migration 0010).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, column, delete, func, literal, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import cast as sql_cast

from interview_ai.rules import searching
from interview_ai.tables import Answer, Candidate, Interview, Opening, Question, SearchEntry, TranscriptRow

INDEX = table("search_index", column("rowid"))  # SQLite's own; it follows search_entries by triggers
AROUND = 9  # words that a snippet shows on either side
MOST_SNIPPETS = 2  # of one candidate


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


def hidden(said: Sequence[str], name: str, *, blind: bool) -> frozenset[int]:
    """The places of words by which nobody may be found, and which no snippet shows while the opening is blind.

    The candidate's own name always; whatever else is masked in a blind opening is left out here too.
    """
    return searching.name_places(said, name)


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
    wanted = (
        select(Answer.id, Interview.id, Interview.opening_id, Interview.organisation_id)
        .add_columns(TranscriptRow.text, TranscriptRow.words, Candidate.name, Opening.blind)
        .join(Interview, Interview.id == Answer.interview_id)
        .join(TranscriptRow, TranscriptRow.answer_id == Answer.id)
        .join(Candidate, Candidate.id == Interview.candidate_id)
        .join(Opening, Opening.id == Interview.opening_id)
    )
    for answer, interview, opening, owner, text, words, name, blind in session.execute(
        wanted.where(which, Interview.mode == "ai")
    ):
        said = [word["text"] for word in words] or text.split()
        left_out = hidden(said, name, blind=blind)
        terms = searching.terms_of(said, left_out, _seen(stems, text, said, left_out))
        entry = SearchEntry(answer_id=answer, interview_id=interview, opening_id=opening, organisation_id=owner)
        entry.terms = " ".join(terms)
        session.add(entry)
    session.flush()


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
    """The ids of interviews of which one answer holds all these beginnings of words, as a selection."""
    wanted = select(SearchEntry.interview_id).where(SearchEntry.opening_id == opening_id)
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
        select(Answer.interview_id, Answer.id, Question.position, TranscriptRow.words, Candidate.name, Opening.blind)
        .join(SearchEntry, SearchEntry.answer_id == Answer.id)
        .join(Interview, Interview.id == Answer.interview_id)
        .join(TranscriptRow, TranscriptRow.answer_id == Answer.id)
        .join(Question, Question.id == Answer.question_id)
        .join(Candidate, Candidate.id == Interview.candidate_id)
        .join(Opening, Opening.id == Interview.opening_id)
        .where(Interview.id.in_(interview_ids), Interview.mode == "ai")
    )
    found: dict[str, tuple[Snippet, ...]] = {}
    for interview_id, answer_id, position, words, name, blind in session.execute(wanted.order_by(Question.position)):
        before = found.get(interview_id, ())
        if len(before) < MOST_SNIPPETS:
            here = _snippet(answer_id, position, words, beginnings, hidden=_hidden_in(words, name, blind=blind))
            found[interview_id] = (*before, here) if here else before
    return found


def _hidden_in(words: Sequence[dict[str, Any]], name: str, *, blind: bool) -> frozenset[int]:
    return hidden([word["text"] for word in words], name, blind=True) if blind else frozenset()


def _snippet(
    answer_id: str,
    position: int,
    words: Sequence[dict[str, Any]],
    beginnings: Sequence[str],
    *,
    hidden: Collection[int],
) -> Snippet | None:
    """The words around the first that was looked for; None where the answer holds none of them."""
    said = [word["text"] for word in words]
    met = searching.places(said, beginnings, hidden)
    if not met:
        return None
    shown = range(max(0, met[0] - AROUND), min(len(said), met[0] + AROUND + 1))
    pieces = tuple(Piece(None if place in hidden else said[place], place in met) for place in shown)
    return Snippet(answer_id, position, words[met[0]].get("start_s"), pieces)
