"""How an answer was said: rate, pauses, fillers; private feedback to the candidate, never part of a score."""

from __future__ import annotations

import re
from itertools import pairwise

from interview_ai.rules.evidence import Delivery, Transcript

Span = tuple[float, float]

LONG_PAUSE_S = 1.5
HANGUL = re.compile(r"[가-힣]")
VOWELS = re.compile(r"[aeiouy]+", re.IGNORECASE)
FILLERS = {
    "ko": frozenset({"음", "어", "그", "저", "뭐", "이제", "약간", "막"}),
    "en": frozenset({"um", "uh", "er", "erm", "hmm", "like", "basically", "actually"}),
}


def measure(transcript: Transcript, speech: tuple[Span, ...]) -> Delivery | None:
    """Syllables a second of speech, share of pauses longer than 1.5 s, fillers per 100 words; None without words."""
    spoken_s = sum(end - start for start, end in speech)
    if not transcript.words or spoken_s <= 0:
        return None
    pauses = [after[0] - before[1] for before, after in pairwise(speech)]
    fillers = FILLERS.get(transcript.language, FILLERS["en"])
    said = sum(word.text.strip(".,?!").lower() in fillers for word in transcript.words)
    return Delivery(
        syllables_per_s=round(syllables(transcript.text, transcript.language) / spoken_s, 2),
        long_pauses=round(sum(pause >= LONG_PAUSE_S for pause in pauses) / max(1, len(pauses)), 3),
        fillers_per_100=round(100 * said / len(transcript.words), 1),
    )


def syllables(text: str, language: str) -> int:
    """Hangul blocks in Korean; groups of vowels in English, which is right for about nine words in ten."""
    return len((HANGUL if language == "ko" else VOWELS).findall(text))
