"""The values that pass between the steps from a recording to a suggestion: plain, frozen, the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, cast

Language = Literal["ko", "en"]
EvidenceKind = Literal["situation", "task", "action", "result", "specific"]
ReasonCode = Literal[
    "unreadable",
    "no_speech",
    "wrong_language",
    "low_confidence",
    "too_short",
    "off_topic",
    "echo",
    "repetition",
    "word_salad",
    "pasted_rubric",
    "no_recogniser",
    "demonstration_recogniser",
    "people_only",
    "abstained",
    "failed",
]

OpinionCode = Literal["unreachable", "too_slow", "too_large", "refused", "moved", "unparseable", "disagree"]

LOWEST_LEVEL = 1
HIGHEST_LEVEL = 5


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One sentence in both languages of the service."""

    ko: str
    en: str

    def text(self, language: str) -> str:
        """The sentence for a reader of `language`; anything but Korean reads English."""
        return self.ko if language == "ko" else self.en


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word. Times in seconds from the start of the answer; confidence in 0-1. None: not known."""

    text: str
    start_s: float | None = None
    end_s: float | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said. `text` is the words joined by single spaces, so that character offsets find their word."""

    engine: str
    model: str
    language: str
    text: str
    words: tuple[Word, ...]

    def seconds_of(self, start_char: int, end_char: int) -> tuple[float | None, float | None]:
        """Start and end, in seconds, of the words that overlap `text[start_char:end_char]`."""
        words = self.words_of(start_char, end_char)
        starts = [word.start_s for word in words if word.start_s is not None]
        ends = [word.end_s for word in words if word.end_s is not None]
        return (min(starts, default=None), max(ends, default=None))

    def words_of(self, start_char: int, end_char: int) -> tuple[Word, ...]:
        """The words that overlap `text[start_char:end_char]`."""
        position = 0
        found: list[Word] = []
        for word in self.words:
            if position < end_char and position + len(word.text) > start_char:
                found.append(word)
            position += len(word.text) + 1
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Criterion:
    """A competency with its weight and what levels 1, 3 and 5 look like (BARS)."""

    id: str
    name: Bilingual
    weight: float
    anchors: Mapping[int, Bilingual]


@dataclass(frozen=True, slots=True)
class Rubric:
    """The criteria that an opening assesses. `version` is the digest of their content."""

    version: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """The picture. `faces`, `dark`, `frozen` are None where nobody looked; they never reach a score."""

    codec: str
    width: int
    height: int
    frames: int
    faces: int | None = None
    dark: bool | None = None
    frozen: bool | None = None


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """The sound. Loudness in dB relative to full scale; times in seconds; `clipped`: share of samples at the rim."""

    codec: str
    rms_dbfs: float
    speech_s: float
    silence_s: float
    clipped: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What the recording is, as measured from its packets (headers of browser recordings carry no duration)."""

    duration_s: float
    video: VideoFacts | None
    audio: AudioFacts | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it was said: private feedback to the candidate, weight 0 everywhere else."""

    syllables_per_s: float
    long_pauses: float
    fillers_per_100: float


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition for giving a score at all. `value` and `threshold` are None where nothing could be measured."""

    name: str
    passed: bool
    value: float | None
    threshold: float | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no score, in words for candidate and employer alike."""

    code: ReasonCode
    text: Bilingual


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim quote, `transcript.text[start_char:end_char]`, its seconds, the criterion it speaks for.

    `anchor`: the level, 1, 3 or 5, of that criterion's anchor that is nearest to it; None where none clearly is.
    """

    criterion: str
    kind: EvidenceKind
    quote: str
    start_char: int
    end_char: int
    start_s: float | None = None
    end_s: float | None = None
    anchor: int | None = None


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """Points on the anchors 1-5 for one criterion, with the range that the rule itself yields."""

    id: str
    points: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Score:
    """A suggestion, never a decision. Whole levels while `provisional`."""

    provisional: bool
    points: float
    low: float
    high: float
    criteria: tuple[CriterionScore, ...]


@dataclass(frozen=True, slots=True)
class OpinionReason:
    """Why an optional rater gave no second opinion."""

    code: OpinionCode
    text: Bilingual


@dataclass(frozen=True, slots=True)
class OpinionLevel:
    """A whole level for one criterion: the median of the passes, their lowest and highest, and verbatim quotes."""

    id: str
    level: int
    low: int
    high: int
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an optional language-model rater thinks of a transcript, shown beside the suggestion and never part of it.

    `criteria` is empty exactly when `reason` is not None. `withheld`: passages that speak to the machine, which the
    rater did not get; `dropped`: quotes of the rater that are not in the transcript.
    """

    rater: str
    criteria: tuple[OpinionLevel, ...]
    reason: OpinionReason | None
    withheld: tuple[str, ...] = ()
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that came of one recording. `score` is None exactly when `reason` is not.

    `opinion` is None where no optional rater was asked.
    """

    facts: Facts | None
    transcript: Transcript | None
    delivery: Delivery | None
    gates: tuple[Gate, ...]
    evidence: tuple[Evidence, ...]
    score: Score | None
    reason: Reason | None
    versions: Mapping[str, str] = field(default_factory=dict)
    opinion: Opinion | None = None

    def __post_init__(self) -> None:
        if (self.score is None) == (self.reason is None):
            raise ValueError("an assessment has either a score or a reason why there is none")


def as_json(value: Any) -> dict[str, Any]:
    """A dataclass of this module as plain JSON types; the keys are the field names."""
    return asdict(value)


def rubric_from(version: str, criteria: list[dict[str, Any]]) -> Rubric:
    """The stored or parsed form `[{id, name: {ko, en}, weight, anchors: {level: {ko, en}}}]` as a rubric.

    Raises KeyError, TypeError or ValueError on another shape; whoever reads from people checks first.
    """
    return Rubric(version, tuple(_criterion_from(item) for item in criteria))


def _criterion_from(item: Mapping[str, Any]) -> Criterion:
    anchors = {int(level): Bilingual(**text) for level, text in item["anchors"].items()}
    return Criterion(item["id"], Bilingual(**item["name"]), float(item["weight"]), anchors)


def words_from(items: list[dict[str, Any]]) -> tuple[Word, ...]:
    """Stored words, as `as_json` writes them, as values again."""
    return tuple(Word(**item) for item in items)


def score_from(item: Mapping[str, Any]) -> Score:
    """A stored score, as `as_json` writes it, as a value again."""
    criteria = tuple(CriterionScore(**entry) for entry in cast(list[dict[str, Any]], item["criteria"]))
    return Score(item["provisional"], item["points"], item["low"], item["high"], criteria)


def opinion_from(item: Mapping[str, Any]) -> Opinion:
    """A stored second opinion, as `as_json` writes it, as a value again."""
    reason = item["reason"] and OpinionReason(item["reason"]["code"], Bilingual(**item["reason"]["text"]))
    levels = tuple(OpinionLevel(**{**entry, "quotes": tuple(entry["quotes"])}) for entry in item["criteria"])
    return Opinion(item["rater"], levels, reason or None, tuple(item["withheld"]), item["dropped"])
