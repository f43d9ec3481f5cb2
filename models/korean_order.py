"""Whether Korean words stand in an order that somebody could have said: against the same words shuffled."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from statistics import fmean

import numpy as np

from models.korean_morphemes import standardised, tokens

NOT_SAID = re.compile(r"[^\w%]+")
MIN_WORDS = 12  # fewer words have too few orders to compare with
MAX_WORDS = 120  # enough to tell; the first words of longer answers are judged
SHUFFLES = 6  # the mean of six is within 0.2 nats a word of the mean of sixty
SEED = 20_260  # the same text gives the same number, always
# what is certain: a shuffle gains 0 on average with a spread of about 2.4 nats / sqrt(words); genuine answers of 20
# words give 9 to 25 nats * sqrt(words), of 50 words and more 20 to 46, with a fifth of the syllables wrong 6 to 22
CERTAIN = 14.0


def disorder(text: str) -> float | None:
    """0: the words certainly gain from their order; 1: they gain no more than any shuffle of them would.

    The gain is the language model's log probability (nats a word, punctuation left out) minus its mean over six
    shuffles of the same words, times the root of their number, for chance shrinks with it. None below twelve words.
    """
    words = [word for word in (NOT_SAID.sub("", piece) for piece in standardised(text)[0].split()) if word][:MAX_WORDS]
    if len(words) < MIN_WORDS:
        return None
    chance = np.random.default_rng(SEED)
    shuffled = [[words[place] for place in chance.permutation(len(words))] for _ in range(SHUFFLES)]
    gain = (_likelihood(words) - fmean(_likelihood(order) for order in shuffled)) / len(words)
    return round(min(1.0, max(0.0, 1 - gain * math.sqrt(len(words)) / CERTAIN)), 3)


def _likelihood(words: Sequence[str]) -> float:
    """Log probability of the words in this order, in nats, by the model inside kiwipiepy."""
    return float(sum(token.score for token in tokens(" ".join(words))))
