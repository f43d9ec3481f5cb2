"""A transcript in, an assessment out: gates, then evidence, then points; only text and rubric reach the points."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from interview_ai.rules import gates, reasons, relevance, scoring
from interview_ai.rules.analysis import Analysis
from interview_ai.rules.evidence import (
    Assessment,
    Delivery,
    Evidence,
    Facts,
    Gate,
    Reason,
    Rubric,
    Score,
    Transcript,
    Word,
)
from models import language, weights
from models.completions import Server
from worker import anchoring, meaning, second_opinion

NOBODY = "none"
PIECE = 60  # words of an answer that are embedded together: an encoder reads 256 tokens
DIGITS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked and how it is assessed. `other_questions`: what the own question is compared with;
    `demonstration`: words of the embedded recogniser may earn points; `may_be_sent`: whoever answered was told that
    their words go to the rater's server, where there is one; `encoder`: where a sentence encoder lies, if anywhere.
    """

    question: str
    language: str
    rubric: Rubric
    other_questions: tuple[str, ...] = ()
    demonstration: bool = False
    vocabulary: tuple[str, ...] = ()
    may_be_sent: bool = True
    encoder: Path | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What is known beside the words: the recording's facts, how it was said, seconds of speech (None for a text)."""

    facts: Facts | None = None
    how: Delivery | None = None
    speech_s: float | None = None
    may_score: bool = True


def assess_text(text: str, asked: Asked, rater: Server | None = None) -> Assessment:
    """The judgement on a text: no recording, no times."""
    words = tuple(Word(word) for word in text.split())
    transcript = Transcript("text", NOBODY, asked.language, " ".join(text.split()), words)
    return weighed(judged(transcript, asked, Said()), asked, rater)


def judged(transcript: Transcript, asked: Asked, said: Said) -> Assessment:
    """Gates, evidence and points of a transcript; the same input gives the same result, today and later."""
    passed: tuple[Gate, ...] = gates.heard(transcript, said.speech_s, expected=asked.language, may_score=said.may_score)
    reason = reasons.first_failed(passed)
    evidence: tuple[Evidence, ...] = ()
    points: Score | None = None
    if reason is None:
        answer = language.analyse(transcript.text, asked.language)
        given = gates.Answer(transcript.text, answer, _vectors(transcript.text, asked))
        taken = gates.theirs(transcript.text, _analysed(asked))
        passed += gates.said(given, _analysed(asked), taken)
        reason = reasons.first_failed(passed)
        if reason is None:
            own = replace(answer, finds=gates.own_finds(given, taken))
            pieces = scoring.evidence(transcript, own, asked.rubric, question=asked.question)
            evidence = anchoring.tied(pieces, asked.rubric, asked.language, asked.encoder)
            points = scoring.score(evidence, asked.rubric, unsure=scoring.unsure(transcript, evidence))
    kept = transcript if transcript.words else None
    by = versions(asked, f"{transcript.engine}/{transcript.model}")
    return Assessment(said.facts, kept, said.how, passed, evidence, points, reason, by)


def weighed(found: Assessment, asked: Asked, rater: Server | None) -> Assessment:
    """With a second opinion beside it, where a rater is on and the words may be sent to it."""
    allowed = rater if asked.may_be_sent else None
    return second_opinion.weighed(found, allowed, question=asked.question, rubric=asked.rubric)


def without_score(reason: Reason, asked: Asked, *, facts: Facts | None = None) -> Assessment:
    """An assessment that ends before anything was heard."""
    return Assessment(facts, None, None, (), (), None, reason, versions(asked, NOBODY))


def versions(asked: Asked, recogniser: str) -> dict[str, str]:
    """What a later computation must have the same to give the same: also the questions that were compared, and the
    sentence encoder.
    """
    compared = "\n".join((asked.question, *asked.other_questions))
    questions = hashlib.sha256(compared.encode()).hexdigest()[:DIGITS]
    vectors = f"+encoder@{_digest(asked.encoder)}" if asked.encoder else ""
    return {
        "code": version("onterview"),
        "rubric": asked.rubric.version,
        "gates": f"{gates.VERSION}@{questions}",
        "scoring": scoring.VERSION,
        "speech": recogniser,
        "language": language.VERSIONS[asked.language] + vectors,
    }


def _digest(folder: Path) -> str:
    return weights.digest(folder / "model.safetensors")[:DIGITS]


def _vectors(text: str, asked: Asked) -> Sequence[float] | None:
    """Cosines of the answer to its question and to the others, by the sentence encoder; the mean of its pieces."""
    if asked.encoder is None:
        return None
    words = text.split()
    pieces = [" ".join(words[start : start + PIECE]) for start in range(0, len(words), PIECE)]
    questions = meaning.embedded((asked.question, *_others(asked)), asked.encoder)
    return [float(value) for value in (meaning.embed(pieces, asked.encoder) @ questions.T).mean(axis=0)]


def _others(asked: Asked) -> tuple[str, ...]:
    return tuple(other for other in asked.other_questions if other != asked.question)


def _analysed(asked: Asked) -> gates.Asked:
    anchors = gates.anchors_of(asked.rubric, asked.language)
    return _question(asked.question, asked.language, anchors, _others(asked))


@cache
def _question(text: str, of: str, anchors: tuple[str, ...], others: tuple[str, ...]) -> gates.Asked:
    """Question, anchors and the other questions, analysed once per question."""
    return gates.Asked(
        language=of,
        question=_analysis(text, of),
        anchors=tuple(_analysis(anchor, of) for anchor in anchors),
        own=_comparable(text, of),
        others=tuple(_comparable(other, of) for other in others),
    )


@cache
def _comparable(text: str, of: str) -> relevance.Text:
    return relevance.text(_analysis(text, of).content, text, of)


@cache
def _analysis(text: str, of: str) -> Analysis:
    return language.analyse(text, of)
