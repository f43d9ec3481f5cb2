"""One answer as a reviewer's page reads it: the recording, its words, and the suggestion or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from interview_ai import bleeps, lines, masking, queries
from interview_ai.bleeps import Sound
from interview_ai.lines import Line
from interview_ai.resembling import Twin
from interview_ai.rules import quiet
from interview_ai.rules.disclosures import Category
from interview_ai.rules.evidence import Opinion, Score, Word, words_from
from interview_ai.rules.masking import Masks
from interview_ai.stages import Stage
from interview_ai.tables import Answer, Interview

OVERLONG_S = 10  # a recorder stops a moment late; a file may be of any length
STEPS = ("reading", "listening", "judging")  # of a worker at an answer; `prepare` only reads
WAVE_COLUMNS = 160
SHORTEST_BREAK_S = 5.0  # a part leaves every 4 s: less between two segments is the time that sending takes
GIVEN_OUT = ("plain", "bleeped")
DEMONSTRATION_ENGINES = frozenset({"pocketsphinx"})


@dataclass(frozen=True, slots=True)
class Join:
    """Where the recording broke off and went on: the second in the file, and how long nothing came."""

    at_s: float
    away_s: float


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer: the recording, its words, and whether there is a suggestion, or why there is none.

    `silences`: where nobody speaks, seconds; a player may jump over them.
    `score` and `opinion` are None until the reader may see them, `scored` is not. `step`: at which of `steps` a
    worker is; None while it waits for one. `twins`: whose answer is nearly the same. `masks`: of the transcript's
    words, for this reader. `sound`: what a reader who is blind to it hears.
    `plays`: whether there is something that this reader may play now.
    """

    answer: Answer
    lines: tuple[Line, ...]
    demonstration_quality: bool
    scored: bool
    score: Score | None
    reason_code: str | None
    opinion: Opinion | None
    joins: tuple[Join, ...]
    silences: tuple[quiet.Span, ...]
    steps: tuple[str, ...]
    step: str | None
    twins: tuple[Twin, ...]
    masks: Masks
    sound: Sound
    plays: bool

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
    def silent_s(self) -> float:
        """How long nobody speaks, seconds."""
        return sum(end - start for start, end in self.silences)

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


def view_of(
    answer: Answer,
    interview: Interview,
    stage: Stage,
    *,
    twins: tuple[Twin, ...],
    may_see: bool,
    hidden: frozenset[Category],
) -> AnswerView:
    """One answer for a reviewer; `may_see`: whether the suggestion is theirs to see yet, `hidden`: what is masked."""
    row = answer.transcript
    usable = interview.mode == "ai" and interview.opening.scoring_stopped_at is None
    score = queries.suggestion(answer) if usable else None
    code = None if score else queries.why_not(answer)
    if not usable:
        code = "people_only" if interview.mode == "people" else "stopped"
    words = _words(answer, interview)
    sound = bleeps.sound_of(answer, interview)
    masks = masking.of_transcript(row, interview.candidate, hidden) if words else ()
    opinion = queries.opinion(answer) if usable and may_see else None
    return AnswerView(
        answer,
        lines=lines.of(words, masks),
        demonstration_quality=bool(row and row.engine in DEMONSTRATION_ENGINES),
        scored=score is not None,
        score=score if may_see else None,
        reason_code=code,
        opinion=masking.of_opinion(opinion, row, masks) if opinion else None,
        joins=_joins(answer),
        silences=quiet.spans(answer.peaks or (), words),
        steps=STEPS if interview.mode == "ai" else STEPS[:1],
        step=_step(answer),
        twins=twins,
        masks=masks,
        sound=sound,
        plays=answer.playable_key is not None and (stage.face or (stage.sound and sound in GIVEN_OUT)),
    )


def _words(answer: Answer, interview: Interview) -> tuple[Word, ...]:
    """What was heard; nothing for people who chose people only."""
    row = answer.transcript
    return words_from(row.words) if row and interview.mode == "ai" else ()


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
