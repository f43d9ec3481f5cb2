"""When a score may not be given, and why: one table of thresholds, one sentence per reason in both languages."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from interview_ai.rules.analysis import Analysis
from interview_ai.rules.evidence import Bilingual, Gate, Reason, ReasonCode, Rubric, Transcript

VERSION = "gates-1"

# where each number came from: "plan" = scoring.md, taken over; "ours" = set on our own written answers, provisional
MIN_SPEECH_S = 1.0  # ours: shorter is a cough
MIN_CONFIDENCE = 0.5  # ours: mean word probability; Whisper on clean speech gives .8 and more
MIN_UNITS = {"en": 30, "ko": 20}  # plan: words, eojeol
MAX_COPIED = 0.5  # ours: share of the answer's words inside runs of three copied from the question
MIN_COMPRESSED = 0.30  # ours: zlib size to text size; genuine answers of 60 words give .5 to .65
MAX_DISORDER = {"en": 0.35, "ko": 0.55}  # ours: genuine answers give 0 to .2 (ko .35), shuffled .4 and more (ko .6)
MAX_PASTED = 0.3  # ours: share of the answer's words inside runs of four copied from the rubric
MIN_RELEVANCE = 0.02  # ours: cosine to question and rubric; below it no content word is shared
COPY_RUN = 3
PASTE_RUN = 4
COMPRESSIBLE_BYTES = 200  # shorter texts compress badly whatever they say

SENTENCES: dict[ReasonCode, Bilingual] = {
    "unreadable": Bilingual(
        "녹화 파일을 읽을 수 없어요. 이 답변을 다시 녹화해 주세요.",
        "The recording cannot be read. Please record this answer again.",
    ),
    "no_speech": Bilingual(
        "말소리가 들리지 않아요. 사람이 녹화를 확인해요.",
        "No speech could be heard. A person will look at the recording.",
    ),
    "wrong_language": Bilingual(
        "질문과 다른 언어로 말한 것 같아요. 사람이 확인해요.",
        "The answer seems to be in another language than the question. A person will look at it.",
    ),
    "low_confidence": Bilingual(
        "말소리를 충분히 정확하게 알아듣지 못했어요. 사람이 확인해요.",
        "The words could not be recognised well enough. A person will look at it.",
    ),
    "too_short": Bilingual(
        "점수를 제안하기에는 답변이 너무 짧아요. 사람이 확인해요.",
        "The answer is too short for a suggestion. A person will look at it.",
    ),
    "off_topic": Bilingual(
        "질문과 관련된 내용을 찾지 못했어요. 사람이 확인해요.",
        "Nothing in the answer relates to the question. A person will look at it.",
    ),
    "echo": Bilingual(
        "답변이 대부분 질문을 되풀이한 것이에요. 사람이 확인해요.",
        "The answer mostly repeats the question. A person will look at it.",
    ),
    "repetition": Bilingual(
        "같은 말이 계속 되풀이돼요. 사람이 확인해요.", "The same words come again and again. A person will look at it."
    ),
    "word_salad": Bilingual(
        "말의 순서를 이해할 수 없어요. 사람이 확인해요.",
        "The order of the words makes no sense. A person will look at it.",
    ),
    "pasted_rubric": Bilingual(
        "답변이 평가기준의 문장을 그대로 옮긴 것이에요. 사람이 확인해요.",
        "The answer repeats the wording of the rubric. A person will look at it.",
    ),
    "no_recogniser": Bilingual(
        "이 언어의 음성 인식기가 설치되지 않았어요(interview-ai models pull). 사람이 직접 보고 평가해요.",
        "No recogniser for this language is installed (interview-ai models pull). People watch and rate it themselves.",
    ),
    "demonstration_recogniser": Bilingual(
        "시연용 음성 인식기로 받아쓴 글이라 점수를 제안하지 않아요. 사람이 직접 보고 평가해요.",
        "The transcript comes from the demonstration recogniser, which is not good enough for points. People rate it.",
    ),
    "people_only": Bilingual(
        "지원자가 사람만 보기를 선택했어요. 사람이 직접 평가해요.",
        "The candidate chose people only. People rate it themselves.",
    ),
    "abstained": Bilingual(
        "점수를 제안할 만큼 확실하지 않아요. 사람이 확인해요.",
        "It is too uncertain for a suggestion. A person will look at it.",
    ),
    "failed": Bilingual(
        "처리가 세 번 실패했어요. 녹화는 안전해요. 사람이 확인해요.",
        "Processing failed three times. The recording is safe. A person will look at it.",
    ),
}
CODES: dict[str, ReasonCode] = {
    "speech": "no_speech",
    "language": "wrong_language",
    "recogniser": "demonstration_recogniser",
    "confidence": "low_confidence",
    "length": "too_short",
    "pasted_rubric": "pasted_rubric",
    "echo": "echo",
    "repetition": "repetition",
    "word_salad": "word_salad",
    "on_topic": "off_topic",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The analysed question, the rubric's anchors in the answer's language, and other questions of the library."""

    language: str
    question: Analysis
    anchors: tuple[Analysis, ...]
    others: tuple[Analysis, ...]


def reason(code: ReasonCode) -> Reason:
    """The reason with its sentence in both languages."""
    return Reason(code, SENTENCES[code])


def first_failed(gates: Sequence[Gate]) -> Reason | None:
    """The reason of the first gate that stands in the way; None when all are open."""
    return next((reason(CODES[gate.name]) for gate in gates if not gate.passed), None)


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


def said(answer: Analysis, text: str, asked: Asked) -> tuple[Gate, ...]:
    """Gates of the text: long enough, nobody else's words, in order, about the question."""
    copied = _copied(answer.units, [asked.question.units], COPY_RUN)
    pasted = _copied(answer.units, [anchor.units for anchor in asked.anchors], PASTE_RUN)
    squeezed = compression(text)
    near = relevance(answer, asked)
    least, most = MIN_UNITS[asked.language], MAX_DISORDER[asked.language]
    return (
        Gate("length", len(answer.units) >= least, float(len(answer.units)), float(least)),
        Gate("pasted_rubric", pasted <= MAX_PASTED, pasted, MAX_PASTED),
        Gate("echo", copied <= MAX_COPIED, copied, MAX_COPIED),
        Gate("repetition", squeezed is None or squeezed >= MIN_COMPRESSED, squeezed, MIN_COMPRESSED),
        Gate("word_salad", answer.disorder is None or answer.disorder <= most, answer.disorder, most),
        Gate("on_topic", near >= MIN_RELEVANCE, near, MIN_RELEVANCE),
    )


def _plain(units: Sequence[str]) -> list[str]:
    return [unit.strip(".,?!\"'").lower() for unit in units]


def _copied(units: Sequence[str], sources: Sequence[Sequence[str]], run: int) -> float:
    """Share of the words that lie in a run of `run` words of one of the sources."""
    mine = _plain(units)
    known = {tuple(words[i : i + run]) for words in map(_plain, sources) for i in range(len(words) - run + 1)}
    covered = {i + k for i in range(len(mine) - run + 1) if tuple(mine[i : i + run]) in known for k in range(run)}
    return round(len(covered) / len(mine), 3) if mine else 0.0


def compression(text: str) -> float | None:
    """Compressed size to size, in bytes; low where the same words come again. None for texts too short to tell."""
    plain = text.lower().encode()
    return round(len(zlib.compress(plain, 9)) / len(plain), 3) if len(plain) >= COMPRESSIBLE_BYTES else None


def relevance(answer: Analysis, asked: Asked) -> float:
    """Cosine of the answer to its question and rubric, words weighted by how few of the other questions have them.

    Words in runs copied from the question are taken out of the answer first, so that repeating it gains nothing.
    """
    question = Counter(asked.question.content)
    for anchor in asked.anchors:
        question.update(set(anchor.content))
    documents = [set(other.content) for other in asked.others]
    mine = Counter(word for word in answer.content)
    words = set(question) | set(mine)
    rare = {word: math.log((1 + len(documents)) / (1 + sum(word in d for d in documents))) + 1 for word in words}
    return round(_cosine(mine, question, rare), 4)


def _cosine(one: Counter[str], other: Counter[str], weight: dict[str, float]) -> float:
    shared = sum((1 + math.log(one[w])) * (1 + math.log(other[w])) * weight[w] ** 2 for w in one.keys() & other.keys())
    norms = [math.sqrt(sum(((1 + math.log(c[w])) * weight[w]) ** 2 for w in c)) for c in (one, other)]
    return shared / (norms[0] * norms[1]) if all(norms) else 0.0


def anchors_of(rubric: Rubric, language: str) -> tuple[str, ...]:
    """The rubric's anchor sentences in one language."""
    return tuple(text.text(language) for criterion in rubric.criteria for text in criterion.anchors.values())
