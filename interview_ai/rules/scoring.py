"""Evidence and rubric to whole levels with the range that the rule itself yields; nothing else ever gets in here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from interview_ai.rules import masking, relevance
from interview_ai.rules.analysis import Analysis, Find
from interview_ai.rules.disclosures import Category
from interview_ai.rules.evidence import (
    HIGHEST_LEVEL,
    LOWEST_LEVEL,
    CriterionScore,
    Evidence,
    EvidenceKind,
    Rubric,
    Score,
    Transcript,
)

VERSION = "scoring-3"
LEARNED = "@"  # stands in the version of points that were learned, never in the rule's

# The published rule: level 1, and one level more for each line that the evidence meets. Every line is a "at least",
# so true evidence added never lowers; counts saturate, so length alone gains nothing.
ENOUGH_ACTIONS = 3
ENOUGH_SPECIFICS = 3
SURE = 0.5  # of the recogniser's own confidence in a word, 0-1
KINDS: tuple[EvidenceKind, ...] = ("situation", "task", "action", "result", "specific")


@dataclass(frozen=True, slots=True)
class Counts:
    """How much evidence of each kind there is for one criterion, repetitions counted once."""

    situation: int = 0
    task: int = 0
    action: int = 0
    result: int = 0
    specific: int = 0


def level(counts: Counts) -> int:
    """The rule: an own action; three, or two in a described situation or task; a result and a fact that can be checked;
    three actions, a result and three such facts.
    """
    framed = counts.action >= 2 and counts.situation + counts.task >= 1
    lines = (
        counts.action >= 1,
        counts.action >= ENOUGH_ACTIONS or framed,
        counts.action >= 1 and counts.result >= 1 and counts.specific >= 1,
        counts.action >= ENOUGH_ACTIONS and counts.result >= 1 and counts.specific >= ENOUGH_SPECIFICS,
    )
    return LOWEST_LEVEL + sum(lines)


def evidence(transcript: Transcript, analysis: Analysis, rubric: Rubric, *, question: str = "") -> tuple[Evidence, ...]:
    """Each find as a verbatim quote with its seconds, tied to the criterion whose name and anchors are nearest to it
    and to the question. A circumstance told inside another one is left out; one is enough for the rule. So is what only
    tells who somebody is or where they come from (KR-10): a birth year is no fact that can be checked.
    """
    of = transcript.language
    texts = [
        _ngrams(" ".join((item.name.text(of), *(anchor.text(of) for anchor in item.anchors.values()))), of)
        for item in rubric.criteria
    ]
    asked = relevance.cosines(_ngrams(question, of), texts)
    masks = masking.masks(transcript.text.split(" "), of)
    finds = [
        find
        for find in analysis.finds
        if not any(_holds(other, find) for other in analysis.finds) and not _tells_who(transcript, find, masks)
    ]
    return tuple(_quoted(transcript, find, _nearest(transcript, find, rubric, (texts, asked))) for find in finds)


def _tells_who(transcript: Transcript, find: Find, masks: masking.Masks) -> bool:
    """Whether all that a find says is masked."""
    said: list[str] = []
    found: list[Category | None] = []
    position = 0
    for word, category in zip(transcript.text.split(" "), masks, strict=True):
        if position < find.end and position + len(word) > find.start:
            said.append(word)
            found.append(category)
        position += len(word) + 1
    return masking.tells_nothing_else(said, found)


def _holds(outer: Find, inner: Find) -> bool:
    longer = outer.end - outer.start > inner.end - inner.start
    same = outer.kind == inner.kind in ("situation", "task")
    return same and longer and outer.start <= inner.start and inner.end <= outer.end


def _quoted(transcript: Transcript, find: Find, criterion: str) -> Evidence:
    start_s, end_s = transcript.seconds_of(find.start, find.end)
    quote = transcript.text[find.start : find.end]
    return Evidence(criterion, find.kind, quote, find.start, find.end, start_s, end_s)


def _nearest(
    transcript: Transcript, find: Find, rubric: Rubric, near: tuple[Sequence[Sequence[str]], Sequence[float]]
) -> str:
    texts, asked = near
    quote = _ngrams(transcript.text[find.start : find.end], transcript.language)
    fits = [own + question for own, question in zip(relevance.cosines(quote, texts), asked, strict=True)]
    order = range(len(rubric.criteria))
    return rubric.criteria[max(order, key=lambda place: (fits[place], rubric.criteria[place].weight, -place))].id


def _ngrams(text: str, language: str) -> tuple[str, ...]:
    return relevance.text((), text, language).ngrams


def unsure(transcript: Transcript, found: Sequence[Evidence]) -> frozenset[int]:
    """Which pieces of evidence rest on a word that the recogniser doubts; none where it gives no confidence."""
    return frozenset(place for place, item in enumerate(found) if _doubted(transcript, item))


def _doubted(transcript: Transcript, item: Evidence) -> bool:
    touched = transcript.words_of(item.start_char, item.end_char)
    return any(word.confidence is not None and word.confidence < SURE for word in touched)


def count(found: Sequence[Evidence]) -> Counts:
    """Distinct quotes of each kind; the same words said twice are one piece of evidence."""
    distinct = {(item.kind, " ".join(item.quote.lower().split())) for item in found}
    return Counts(**{kind: sum(k == kind for k, _ in distinct) for kind in KINDS})


def score(found: Sequence[Evidence], rubric: Rubric, *, unsure: Collection[int] = ()) -> Score:
    """Whole levels per criterion and their weighted mean, provisional: no human ratings stand behind them yet.

    The range is what the rule yields when each piece of evidence, and all that are `unsure`, are left out in turn, and
    when one more of each kind is granted in turn, for a recogniser loses as many words as it invents. It is no
    confidence interval.
    """
    sure = [item for place, item in enumerate(found) if place not in unsure]
    criteria = tuple(_of_criterion(criterion.id, found, sure) for criterion in rubric.criteria)
    weights = [criterion.weight for criterion in rubric.criteria]
    points, low, high = (_combined([getattr(c, name) for c in criteria], weights) for name in ("points", "low", "high"))
    return Score(True, points, low, high, criteria)


def _of_criterion(name: str, found: Sequence[Evidence], sure: Sequence[Evidence]) -> CriterionScore:
    mine = speaking_for(name, found)
    points = level(count(mine))
    fewer = [level(count(mine[:place] + mine[place + 1 :])) for place in range(len(mine))]
    fewer.append(level(count(speaking_for(name, sure))))
    more = [level(_one_more(count(mine), kind)) for kind in KINDS]
    return CriterionScore(name, float(points), float(min([points, *fewer])), float(max([points, *more])))


def speaking_for(name: str, found: Sequence[Evidence]) -> list[Evidence]:
    """The evidence that counts for the criterion `name`."""
    # facts about the situation speak for every criterion; own actions and results for the one they are tied to
    return [item for item in found if item.criterion == name or item.kind in ("situation", "task", "specific")]


def _one_more(counts: Counts, kind: EvidenceKind) -> Counts:
    values = {name: getattr(counts, name) + (name == kind) for name in KINDS}
    return Counts(**values)


def _combined(levels: Sequence[float], weights: Sequence[float]) -> float:
    mean = sum(value * weight for value, weight in zip(levels, weights, strict=True)) / sum(weights)
    # half levels go down: what is not reached is not given
    return float(min(HIGHEST_LEVEL, max(LOWEST_LEVEL, int(mean + 0.499999))))
