"""The embedded recogniser: PocketSphinx with its own US English model; demonstration quality, no weights to fetch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pocketsphinx import Decoder

from interview_ai.rules.evidence import Word
from models.activity import SAMPLE_RATE, Sound, Span, samples_of

MODEL = "en-us 5.1"
FRAMES_PER_S = 100
LOUDEST = 32767  # of a 16-bit sample
PRONUNCIATION = re.compile(r"\(\d+\)$")


@cache
def _decoder() -> Decoder:
    return Decoder(samprate=float(SAMPLE_RATE), loglevel="FATAL")


def recognise(sound: Sound, spans: Sequence[Span]) -> tuple[Word, ...]:
    """Words with their seconds, each stretch of speech decoded on its own.

    `sound`: float32 mono in [-1, 1], 16 000 Hz. Confidence is None: the decoder gives 1.0 for every word, right or
    wrong, and a number that tells nothing is not passed on.
    """
    return tuple(word for span in spans for word in _words(sound, span))


def _words(sound: Sound, span: Span) -> list[Word]:
    decoder = _decoder()
    samples = (samples_of(sound, span) * LOUDEST).astype("<i2")
    decoder.start_utt()
    decoder.process_raw(samples.tobytes(), full_utt=True)
    decoder.end_utt()
    return [
        Word(
            PRONUNCIATION.sub("", found.word),
            round(span[0] + found.start_frame / FRAMES_PER_S, 2),
            round(span[0] + (found.end_frame + 1) / FRAMES_PER_S, 2),
        )
        for found in decoder.seg()
        if found.word[0] not in "<["
    ]
