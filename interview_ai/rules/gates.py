"""When a score may not be given, and why: one table of thresholds, each with where its number came from."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from interview_ai.rules import borrowed, instructions, relevance
from interview_ai.rules.analysis import Analysis, Find
from interview_ai.rules.evidence import Gate, Rubric, Transcript

VERSION = "gates-4"

# where each number came from: "plan" = the specification, taken over; "written" = set on the project's own written
# answers that are not held out (60 Korean, 36 English), so that at most 1 in 100 genuine ones is lost; provisional
MIN_SPEECH_S = 1.0  # ours: shorter is a cough
MIN_CONFIDENCE = 0.5  # ours: mean word probability; Whisper on clean speech gives .8 and more
MIN_UNITS = {"en": 30, "ko": 20}  # plan: words, eojeol; and as many must be the speaker's own
# written: share of words in runs of three from the question; genuine ones give 0, and up to .32 where the question is
# said once before them; the question twice and four stock sentences give .36 and more
MAX_COPIED = 0.35
MAX_QUESTION = 0.5  # written: share of content words that the question has too; genuine ones give at most .24
MIN_OWN = 8  # written: different content words that question and rubric do not have; genuine ones give 16 and more
MAX_REPEATED = 0.3  # written: share of words in runs of five said before; genuine ones give 0 to .05
MIN_COMPRESSED = 0.30  # written: zlib size to text size; genuine answers give .53 to .71
# written: English answers give 0 to .05, shuffled ones .08 and more; Korean ones 0 to .33, and .5 and more
MAX_DISORDER = {"en": 0.07, "ko": 0.55}
MAX_PASTED = 0.3  # ours: share of words in runs of four from the rubric
# written: how well the own question fits, in standard deviations over all questions. By words genuine Korean ones give
# -.79 and more, English ones -.94; with all-MiniLM-L6-v2 as encoder English ones -.43 and (the next) .24. No Korean
# encoder was at hand
MIN_FIT = {"words": {"ko": -0.8, "en": -0.95}, "meaning": {"ko": -0.8, "en": -0.2}}
# written: by how much another question may fit better, beyond chance; genuine ones give up to 1.4 and 2.15 among 55 and
# 47 questions, and somewhat more among more
MAX_LEAD = {"ko": 2.0, "en": 2.7}
COPY_RUN = 3
PASTE_RUN = 4
REPEAT_RUN = 5
COMPRESSIBLE_BYTES = 200  # shorter texts compress badly whatever they say

# somebody who speaks: a pronoun of one's own or a polite ending; an encyclopaedia has neither. Not taken for pronouns:
# 내 (within), 제 2차 (second), 제도 (system), 나와 (comes out and), US (the country); nor 명예 (honour) for an ending
SPEAKER = {
    "ko": re.compile(
        r"(?<!\S)(?:저|저희|우리)들?(?:는|은|가|도|를|의|에게|한테|만|랑|와|로|네)?(?!\S)"
        r"|(?<!\S)(?:나(?:는|도|를|의|에게|한테|만|랑)|제(?!\s*\d)|(?:제|내)게)(?!\S)"
        r"|(?<!\S)(?:제가|내가|저희가|우리가|저도|저는)"
        r"|(?:니다|니까|세요|어요|아요|해요|예요|에요|거든요|는데요|데요|죠|네요|더라고요|심더|[가-힣][아어여해]예|아입니까)"
        r"[.,?!]?(?!\S)"
    ),
    "en": re.compile(r"(?i:\b(?:i|i'm|i've|i'd|my|me|we|our|myself)\b)|\b[Uu]s\b"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The question, the rubric's anchors in the answer's language, and other questions, ready for comparison."""

    language: str
    question: Analysis
    anchors: tuple[Analysis, ...]
    own: relevance.Text
    others: tuple[relevance.Text, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said and its analysis. `vectors`: its nearness to the own question and the others (cosines, own first)
    where a sentence encoder is there."""

    text: str
    analysis: Analysis
    vectors: Sequence[float] | None = None


@dataclass(frozen=True, slots=True)
class Theirs:
    """Places of the answer's words that are not the speaker's own: copied from the question, pasted from the rubric, or
    said to the assessor."""

    copied: set[int]
    pasted: set[int]
    pleas: set[int]


def theirs(text: str, asked: Asked) -> Theirs:
    """What of an answer's words is borrowed; asked once, for the gates and for the evidence."""
    words = borrowed.plain(text.split())
    copied = borrowed.copied(words, [borrowed.plain(asked.question.units)], COPY_RUN)
    pasted = borrowed.copied(words, [borrowed.plain(anchor.units) for anchor in asked.anchors], PASTE_RUN)
    pleas = borrowed.inside(text, instructions.passages(text))
    return Theirs(copied, pasted, pleas)


def heard(transcript: Transcript, speech_s: float | None, *, expected: str, may_score: bool) -> tuple[Gate, ...]:
    """Gates of the recognition. `speech_s` is None for a text; `may_score`: good enough for points."""
    known = [word.confidence for word in transcript.words if word.confidence is not None]
    mean = round(sum(known) / len(known), 3) if known else None
    spoken = bool(transcript.words) and (speech_s is None or speech_s >= MIN_SPEECH_S)
    return (
        Gate("speech", spoken, speech_s, MIN_SPEECH_S),
        Gate("language", not transcript.words or transcript.language == expected, None, None),
        Gate("recogniser", may_score, None, None),
        Gate("confidence", mean is None or mean >= MIN_CONFIDENCE, mean, MIN_CONFIDENCE),
    )


def said(answer: Answer, asked: Asked, taken: Theirs) -> tuple[Gate, ...]:
    """Gates of the text: long enough, nobody else's words, in order, about the question and by somebody.

    `taken`: what `theirs` found in it.
    """
    count = float(len(answer.analysis.units))
    least, most = float(MIN_UNITS[asked.language]), MAX_DISORDER[asked.language]
    disorder = answer.analysis.disorder
    mine = relevance.text(answer.analysis.content, answer.text, asked.language)
    fits = relevance.fit(mine, asked.own, asked.others, answer.vectors)
    told = sum(find.kind != "specific" for find in answer.analysis.finds)
    related = told + len(set(answer.analysis.content) & _their_words(asked))
    speaks = SPEAKER[asked.language].search(answer.text) is not None
    return (
        Gate("length", count >= least, count, least),
        *_borrowed(answer, asked, taken),
        Gate("word_salad", disorder is None or disorder <= most, disorder, most),
        *_fit(fits, asked.language, "words" if answer.vectors is None else "meaning"),
        Gate("related", related >= 1, float(related), 1.0),
        Gate("about_self", speaks, None, None),
    )


def _fit(found: relevance.Fit | None, language: str, by: str) -> tuple[Gate, Gate]:
    """Gates of the comparison with other questions: the own one fits no worse than most, and none much better."""
    worst, most = MIN_FIT[by][language], MAX_LEAD[language]
    if found is None:
        return Gate("own_fit", True, None, worst), Gate("fit", True, None, most)
    return Gate("own_fit", found.own >= worst, found.own, worst), Gate("fit", found.lead <= most, found.lead, most)


def _borrowed(answer: Answer, asked: Asked, taken: Theirs) -> tuple[Gate, ...]:
    """Gates about whose words they are. What is borrowed is taken out, and as much as any answer needs must be left."""
    words = borrowed.plain(answer.text.split())
    copied, pasted = taken.copied, taken.pasted
    again = borrowed.repeated(words, REPEAT_RUN)
    left, least = len(words) - len(copied | pasted | again | taken.pleas), MIN_UNITS[asked.language]
    squeezed = compression(answer.text)
    return (
        Gate("pasted_rubric", borrowed.share(pasted, words) <= MAX_PASTED, borrowed.share(pasted, words), MAX_PASTED),
        Gate("echo", borrowed.share(copied, words) <= MAX_COPIED, borrowed.share(copied, words), MAX_COPIED),
        Gate("repeated", borrowed.share(again, words) <= MAX_REPEATED, borrowed.share(again, words), MAX_REPEATED),
        Gate("repetition", squeezed is None or squeezed >= MIN_COMPRESSED, squeezed, MIN_COMPRESSED),
        *_keywords(answer.analysis, asked),
        Gate("own_words", left >= least, float(left), float(least)),
    )


def own_finds(answer: Answer, taken: Theirs) -> tuple[Find, ...]:
    """The finds with at least one word that is neither copied, pasted nor part of a plea: those alone are evidence."""
    others = taken.copied | taken.pasted | taken.pleas
    finds = answer.analysis.finds
    return tuple(find for find in finds if borrowed.inside(answer.text, [(find.start, find.end)]) - others)


def _keywords(answer: Analysis, asked: Asked) -> tuple[Gate, ...]:
    """Gates against the question's words, and the rubric's, in another order."""
    question = set(asked.question.content)
    known = round(sum(word in question for word in answer.content) / max(1, len(answer.content)), 3)
    own = float(len(set(answer.content) - _their_words(asked)))
    return (
        Gate("keywords", known <= MAX_QUESTION, known, MAX_QUESTION),
        Gate("own_content", own >= MIN_OWN, own, float(MIN_OWN)),
    )


def _their_words(asked: Asked) -> set[str]:
    """Content words of the question and the rubric."""
    return set(asked.question.content).union(*(anchor.content for anchor in asked.anchors))


def compression(text: str) -> float | None:
    """Compressed size to size, in bytes; low where the same words come again. None for texts too short to tell."""
    plain = text.lower().encode()
    return round(len(zlib.compress(plain, 9)) / len(plain), 3) if len(plain) >= COMPRESSIBLE_BYTES else None


def anchors_of(rubric: Rubric, language: str) -> tuple[str, ...]:
    """The rubric's anchor sentences in one language."""
    return tuple(text.text(language) for criterion in rubric.criteria for text in criterion.anchors.values())
