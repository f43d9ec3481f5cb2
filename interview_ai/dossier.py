"""One candidate as a reviewer's page reads them: answers, evidence, ratings, decisions, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from interview_ai import bleeps, incidents, lines, masking, queries, resembling, reviews
from interview_ai.bleeps import Sound
from interview_ai.errors import NotFound
from interview_ai.lines import Line
from interview_ai.masking import Piece
from interview_ai.organisations import Member
from interview_ai.rescoring import LEARNED
from interview_ai.resembling import Twin
from interview_ai.rules import decisions, standings
from interview_ai.rules.disclosures import BLIND, Category
from interview_ai.rules.evidence import Bilingual, Criterion, CriterionScore, Opinion, Rubric, Score, words_from
from interview_ai.rules.masking import Masks
from interview_ai.rules.standings import Standing
from interview_ai.tables import Answer, Incident, Interview, Opening, Staff, View

OVERLONG_S = 10  # a recorder stops a moment late; a file may be of any length
STEPS = ("reading", "listening", "judging")  # of a worker at an answer; `prepare` only reads
WAVE_COLUMNS = 160
SHORTEST_BREAK_S = 5.0  # a part leaves every 4 s: less between two segments is the time that sending takes
DEMONSTRATION_ENGINES = frozenset({"pocketsphinx"})


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of evidence with the answer that it plays in; `pieces` as the reader may see it."""

    answer_id: str
    position: int
    kind: str
    pieces: tuple[Piece, ...]
    start_s: float | None

    @property
    def text(self) -> str:
        """The pieces as one line."""
        return masking.plain(self.pieces)


@dataclass(frozen=True, slots=True)
class Join:
    """Where the recording broke off and went on: the second in the file, and how long nothing came."""

    at_s: float
    away_s: float


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer: the recording, its words, and whether there is a suggestion, or why there is none.

    `score` and `opinion` are None until the reader may see them, `scored` is not. `step`: at which of `steps` a
    worker is; None while it waits for one. `twins`: whose answer is nearly the same. `masks`: of the transcript's
    words, for this reader. `sound`: what a reader who is blind to it hears.
    """

    answer: Answer
    lines: tuple[Line, ...]
    demonstration_quality: bool
    scored: bool
    score: Score | None
    reason_code: str | None
    opinion: Opinion | None
    joins: tuple[Join, ...]
    steps: tuple[str, ...]
    step: str | None
    twins: tuple[Twin, ...]
    masks: Masks
    sound: Sound

    @property
    def masked(self) -> bool:
        """Whether anything is masked for this reader."""
        return any(self.masks)

    def joins_before(self, line: Line) -> list[Join]:
        """The breaks between a line of the transcript and the one before it."""
        at = self.lines.index(line)
        earlier = self.lines[at - 1].start_s if at else None
        return [join for join in self.joins if (earlier or 0.0) < join.at_s <= (line.start_s or 0.0)]

    @property
    def doubts(self) -> bool:
        """Whether the recogniser doubts any word."""
        return any(word.doubtful for line in self.lines for word in line.words)

    @property
    def overlong(self) -> bool:
        """Whether it is clearly longer than the question allowed; a file from a camera can be."""
        facts = self.answer.facts
        return facts is not None and facts["duration_s"] > self.answer.question.answer_s + OVERLONG_S

    @property
    def wave(self) -> tuple[int, ...]:
        """The sound's outline, 0-100 in WAVE_COLUMNS columns at most: the loudest of each."""
        peaks = self.answer.peaks or []
        count = min(WAVE_COLUMNS, len(peaks))
        edges = [n * len(peaks) // count for n in range(count + 1)] if count else []
        return tuple(max(peaks[start:end]) for start, end in pairwise(edges))

    @property
    def can_be_seen(self) -> bool:
        """Whether there is something to play or to read."""
        return self.answer.playable_key is not None or bool(self.lines)

    @property
    def why_not(self) -> str:
        """The reason's code of an answer without a score."""
        return "working" if self.working else self.reason_code or "unknown"

    @property
    def working(self) -> bool:
        """Whether a worker has not finished with it."""
        return self.answer.state in queries.WAITING


@dataclass(frozen=True, slots=True)
class CriterionView:
    """One criterion: its anchors, the reader's own level, then the suggestion with its quotes and colleagues' levels.

    `suggested` and `colleagues` are empty until the reader has rated, unless the first pass has ended.
    """

    criterion: Criterion
    own: int | None
    suggested: tuple[tuple[int, CriterionScore], ...]
    quotes: tuple[Quote, ...]
    colleagues: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with who made it when."""

    kind: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Dossier:
    """All of the page."""

    interview: Interview
    opening: Opening
    rubric: Rubric
    name: str | None
    revealed: bool
    hidden: frozenset[Category]
    answers: tuple[AnswerView, ...]
    criteria: tuple[CriterionView, ...]
    standing: Standing | None
    seen: bool
    rated: bool
    may_see: bool
    lacks: tuple[Bilingual, ...]
    decided: tuple[Decided, ...]
    incidents: Sequence[Incident]
    before: str | None
    after: str | None

    @property
    def scored(self) -> int:
        """How many answers have a score."""
        return sum(view.scored for view in self.answers)

    @property
    def learned(self) -> bool:
        """Whether the points that are shown come from a calibration."""
        return any(
            LEARNED in view.answer.score.versions.get("scoring", "") for view in self.answers if view.answer.score
        )

    @property
    def provisional(self) -> bool:
        """Whether any points that are shown are provisional."""
        return any(view.score.provisional for view in self.answers if view.score)


def dossier(session: Session, member: Member, interview_id: str) -> Dossier:
    """Everything about one interview that this reviewer may see now. Raises NotFound outside their organisation."""
    interview = _interview(session, interview_id)
    opening = queries.opening(session, interview.opening_id)
    rubric = queries.rubric_of(opening)
    levels = queries.levels_by_rater(interview)
    rated = all(criterion.id in levels.get(member.id, {}) for criterion in rubric.criteria)
    may_see = rated or opening.first_pass_ended_at is not None
    current = queries.current(interview.answers)
    hidden = masking.hidden_from(session, member, interview)
    answers = tuple(
        _answer(answer, interview, twins=resembling.twins(session, answer), may_see=may_see, hidden=hidden)
        for answer in current
    )
    revealed = not opening.blind or _has(session, member, interview_id, "reveal")
    before, after = _neighbours(session, interview)
    scores = [view.score for view in answers if view.score]
    seen = reviews.has_seen(session, member, interview_id)
    return Dossier(
        interview,
        opening,
        rubric,
        name=interview.candidate.name if revealed else None,
        revealed=revealed,
        hidden=hidden,
        answers=answers,
        criteria=tuple(_criterion(item, answers, levels, member, may_see=may_see) for item in rubric.criteria),
        standing=standings.suggested(scores) if len(scores) == len(answers) else None,
        seen=seen,
        rated=rated,
        may_see=may_see,
        lacks=decisions.groundwork("reject", rated=rated, seen=seen),
        decided=_decided(session, interview, hidden),
        incidents=incidents.of_interview(session, interview.id),
        before=before,
        after=after,
    )


def _interview(session: Session, interview_id: str) -> Interview:
    answers = selectinload(Interview.answers)
    loaded = [
        answers.selectinload(Answer.score),
        answers.selectinload(Answer.evidence),
        answers.selectinload(Answer.transcript),
        answers.selectinload(Answer.question),
        answers.selectinload(Answer.segments),
        answers.selectinload(Answer.work),
        selectinload(Interview.candidate),
        selectinload(Interview.ratings),
        selectinload(Interview.decisions),
    ]
    found = session.get(Interview, interview_id, options=loaded)
    if found is None:
        raise NotFound
    return found


def _answer(
    answer: Answer, interview: Interview, *, twins: tuple[Twin, ...], may_see: bool, hidden: frozenset[Category]
) -> AnswerView:
    row = answer.transcript
    masks = masking.of_transcript(row, interview.candidate, hidden)
    usable = interview.mode == "ai" and interview.opening.scoring_stopped_at is None
    score = queries.suggestion(answer) if usable else None
    code = None if score else queries.why_not(answer)
    if not usable:
        code = "people_only" if interview.mode == "people" else "stopped"
    opinion = queries.opinion(answer) if usable and may_see else None
    readable = row is not None and interview.mode == "ai"
    return AnswerView(
        answer,
        lines=lines.of(words_from(row.words), masks) if row and readable else (),
        demonstration_quality=bool(row and row.engine in DEMONSTRATION_ENGINES),
        scored=score is not None,
        score=score if may_see else None,
        reason_code=code,
        opinion=masking.of_opinion(opinion, row, masks) if opinion else None,
        joins=_joins(answer),
        steps=STEPS if interview.mode == "ai" else STEPS[:1],
        step=_step(answer),
        twins=twins,
        masks=masks if readable else (),
        sound=bleeps.sound_of(answer, interview),
    )


def _step(answer: Answer) -> str | None:
    """Where the worker is that holds the answer; one that has just come reads first."""
    held = next((work.step for work in answer.work if work.state == "leased"), None)
    return STEPS[0] if held == "waiting" else held


def _joins(answer: Answer) -> tuple[Join, ...]:
    """Segments that follow at once, as when the picture was made smaller, are no break to anybody."""
    kept = [segment for segment in answer.segments if segment.sha256 is not None]
    found: list[Join] = []
    for place, at_s in answer.joins or ():
        before = kept[place - 1]
        away = (kept[place].created_at - (before.heard_at or before.created_at)).total_seconds()
        if before.length is None or away >= SHORTEST_BREAK_S:
            found.append(Join(at_s, max(0.0, away)))
    return tuple(found)


def _criterion(
    criterion: Criterion,
    answers: Sequence[AnswerView],
    levels: dict[str, dict[str, int]],
    member: Member,
    *,
    may_see: bool,
) -> CriterionView:
    own = levels.get(member.id, {}).get(criterion.id)
    given = [(staff, rated[criterion.id]) for staff, rated in levels.items() if criterion.id in rated]
    scored = [view for view in answers if view.score]
    return CriterionView(
        criterion,
        own=own,
        suggested=tuple(
            (view.answer.question.position, part)
            for view in scored
            for part in (view.score.criteria if view.score else ())
            if part.id == criterion.id
        ),
        quotes=tuple(quote for view in scored for quote in _quotes(view, criterion.id)),
        colleagues=tuple(sorted(level for staff, level in given if staff != member.id)) if may_see else (),
    )


def _quotes(view: AnswerView, criterion_id: str) -> list[Quote]:
    answer, heard = view.answer, view.answer.transcript
    return [
        Quote(
            answer.id,
            answer.question.position,
            row.kind,
            masking.passage(heard, view.masks, row.start_char, row.end_char) if heard else (Piece(row.quote),),
            row.start_s,
        )
        for row in answer.evidence
        if row.criterion == criterion_id
    ]


def _has(session: Session, member: Member, interview_id: str, what: str) -> bool:
    view = select(View.id).where(View.interview_id == interview_id, View.staff_id == member.id, View.what == what)
    return session.scalars(view).first() is not None


def _decided(session: Session, interview: Interview, hidden: frozenset[Category]) -> tuple[Decided, ...]:
    names: dict[str, str] = dict(session.execute(select(Staff.id, Staff.name)).all())
    return tuple(
        Decided(
            decision.kind,
            masking.of_text(decision.reason, interview.candidate, hidden & BLIND),
            names.get(decision.staff_id, "?"),
            decision.created_at,
        )
        for decision in reversed(interview.decisions)
    )


def _neighbours(session: Session, interview: Interview) -> tuple[str | None, str | None]:
    """The interviews that arrived before and after this one: arrival says nothing about points."""
    same = select(Interview.id).where(Interview.opening_id == interview.opening_id)
    before = same.where(Interview.number < interview.number).order_by(Interview.number.desc())
    after = same.where(Interview.number > interview.number).order_by(Interview.number)
    return session.scalars(before.limit(1)).first(), session.scalars(after.limit(1)).first()


@dataclass(frozen=True, slots=True)
class Recording:
    """Where the file lies that this reviewer may have: the whole recording, or its sound alone; and what was seen."""

    interview_id: str
    key: str
    poster_key: str | None
    with_picture: bool
    seen: bool


def recording(session: Session, member: Member, answer_id: str) -> Recording:
    """The recording behind an answer of the member's organisation. Raises NotFound, also while nothing can play."""
    loaded = [selectinload(Answer.interview).selectinload(Interview.opening), selectinload(Answer.transcript)]
    answer = session.get(Answer, answer_id, options=loaded)
    if answer is None or answer.playable_key is None:
        raise NotFound
    with_picture = not answer.interview.opening.blind or _has(session, member, answer.interview_id, "reveal")
    seen = _has(session, member, answer.interview_id, "answer")
    key = answer.playable_key if with_picture else bleeps.blind_key(answer, answer.interview)
    if key is None:
        raise NotFound  # the reviewer is blind, and there is no sound or no bleeped one yet
    return Recording(answer.interview_id, key, answer.poster_key, with_picture, seen)
