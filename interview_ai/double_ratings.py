"""Interviews that two or more people rated, with the words that the ratings rest on: what a calibration learns from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from interview_ai import queries
from interview_ai.rules import masking, scoring
from interview_ai.rules.evidence import Evidence, Rubric, Score, Transcript, words_from
from interview_ai.tables import Answer, EvidenceRow, Interview, Rating

RATERS = 2
ABSTAINED = "abstained"
SEPARATOR = "\n"  # between the answers of one interview


@dataclass(frozen=True, slots=True)
class Given:
    """One person's level, 1-5."""

    rating_id: str
    level: int


@dataclass(frozen=True, slots=True)
class Part:
    """One answer that passed the gates: what was heard, the evidence, and the score that stands for it now.

    `row_id`: of the stored score, which a new assessment replaces. `scoring`: the version that gave it.
    """

    answer_id: str
    row_id: str
    transcript: Transcript
    evidence: tuple[Evidence, ...]
    score: Score | None
    scoring: str

    def ruled(self, rubric: Rubric) -> Score:
        """What the rule says of it."""
        return scoring.score(self.evidence, rubric, unsure=scoring.unsure(self.transcript, self.evidence))


@dataclass(frozen=True, slots=True)
class Spoken:
    """An interview whose current answers all passed the gates, in the order of the questions."""

    interview_id: str
    person: int
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The transcripts joined, without what tells who somebody is: nothing may be learned from it (KR-10)."""
        heard = [part.transcript for part in self.parts]
        return SEPARATOR.join(masking.without(one.text, one.language) for one in heard)

    @property
    def scores(self) -> tuple[Score, ...]:
        """Of each answer, empty unless all have one."""
        found = tuple(part.score for part in self.parts if part.score)
        return found if len(found) == len(self.parts) else ()

    def counts(self, criterion: str) -> tuple[float, ...]:
        """How much evidence of each kind counts for a criterion, in the order of scoring.KINDS."""
        evidence = [item for part in self.parts for item in part.evidence]
        counted = scoring.count(scoring.speaking_for(criterion, evidence))
        return tuple(float(getattr(counted, kind)) for kind in scoring.KINDS)

    def fingerprint(self, criterion: str) -> str:
        """Names the words and the evidence, so that another transcript is noticed."""
        content = json.dumps([self.text, self.counts(criterion)], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Sample:
    """One interview as an example for one criterion."""

    spoken: Spoken
    given: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the ratings of one criterion have come.

    `double`: interviews with usable words that two or more rated; `single`: with one rating so far; `wordless`: rated
    by two or more, but the candidate chose people only, or not all answers have words that passed the gates.
    """

    criterion: str
    double: int
    single: int
    wordless: int


def spoken(session: Session, opening_id: str, *, among: Collection[str] | None = None) -> dict[str, Spoken]:
    """Every interview of the opening that a machine may learn from, by id, in order of arrival; or some `among` them.

    Without those who chose people only or withdrew (KR-1), and only where each current answer passed the gates: where
    no machine would suggest points, none should learn from.
    """
    answers = selectinload(Interview.answers)
    loaded = [
        selectinload(Interview.candidate),
        answers.selectinload(Answer.question),
        answers.selectinload(Answer.transcript),
        answers.selectinload(Answer.score),
        answers.selectinload(Answer.evidence),
    ]
    usable = (Interview.opening_id == opening_id, Interview.mode == "ai", Interview.state != "withdrawn")
    chosen = () if among is None else (Interview.id.in_(among),)
    rows = session.scalars(select(Interview).where(*usable, *chosen).options(*loaded).order_by(Interview.number))
    found = {row.id: _spoken(row) for row in rows}
    return {name: one for name, one in found.items() if one}


def _spoken(row: Interview) -> Spoken | None:
    parts = [_part(answer) for answer in queries.current(row.answers)]
    kept = tuple(part for part in parts if part)
    return Spoken(row.id, row.candidate.person, kept) if kept and len(kept) == len(parts) else None


def _part(answer: Answer) -> Part | None:
    """None where the machine did not understand the answer: it gave no points, and not for want of certainty alone."""
    heard, row = answer.transcript, answer.score
    if heard is None or row is None or row.withdrawn_at is not None or (row.reason and row.reason["code"] != ABSTAINED):
        return None
    return Part(
        answer.id,
        row.id,
        Transcript(heard.engine, heard.model, heard.language, heard.text, words_from(heard.words)),
        tuple(_evidence(item) for item in answer.evidence),
        queries.suggestion(answer),
        str(row.versions.get("scoring", "")),
    )


def _evidence(row: EvidenceRow) -> Evidence:
    kind = next(kind for kind in scoring.KINDS if kind == row.kind)
    return Evidence(row.criterion, kind, row.quote, row.start_char, row.end_char, row.start_s, row.end_s, row.anchor)


def given(session: Session, opening_id: str) -> dict[str, dict[str, tuple[Given, ...]]]:
    """Every rating of the opening by criterion and interview, raters in an order that stays."""
    wanted = select(Rating).join(Interview, Interview.id == Rating.interview_id)
    found: dict[str, dict[str, tuple[Given, ...]]] = {}
    for row in session.scalars(wanted.where(Interview.opening_id == opening_id).order_by(Rating.staff_id, Rating.id)):
        of = found.setdefault(row.criterion, {})
        of[row.interview_id] = (*of.get(row.interview_id, ()), Given(row.id, row.level))
    return found


def samples(said: Mapping[str, Spoken], levels: Mapping[str, Sequence[Given]]) -> tuple[Sample, ...]:
    """The double-rated interviews of one criterion, in order of arrival."""
    return tuple(Sample(one, tuple(levels[name])) for name, one in said.items() if len(levels.get(name, ())) >= RATERS)


def tally(criterion: str, said: Mapping[str, Spoken], levels: Mapping[str, Sequence[Given]]) -> Tally:
    """How far one criterion has come; `levels` are its ratings by interview."""
    rated = {name for name, given in levels.items() if len(given) >= RATERS}
    single = {name for name, given in levels.items() if len(given) == 1}
    return Tally(criterion, len(rated & said.keys()), len(single & said.keys()), len(rated - said.keys()))


def source(sample: Sample, criterion: str) -> dict[str, Any]:
    """What a calibration keeps of an example: enough to find it again and to notice that it is another one."""
    return {
        "interview": sample.spoken.interview_id,
        "ratings": [given.rating_id for given in sample.given],
        "levels": [given.level for given in sample.given],
        "words": sample.spoken.fingerprint(criterion),
    }


def repeated(
    sources: Sequence[Mapping[str, Any]], said: Mapping[str, Spoken], criterion: str
) -> tuple[Sample, ...] | None:
    """The examples that `sources` name, out of all that is `said` today; None where some is gone or another.

    The levels are those that were given then: a rating that was changed later counts for the next calibration.
    """
    there = [one for one in sources if _same(one, said.get(one["interview"]), criterion)]
    if len(there) != len(sources):
        return None
    return tuple(Sample(said[one["interview"]], tuple(map(Given, one["ratings"], one["levels"]))) for one in there)


def _same(source: Mapping[str, Any], spoken: Spoken | None, criterion: str) -> bool:
    return spoken is not None and spoken.fingerprint(criterion) == source["words"]
