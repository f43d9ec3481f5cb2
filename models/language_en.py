"""English, spoken: finds, content words and order of a text, with punctuation or without."""

from __future__ import annotations

import re

from interview_ai.rules.analysis import Analysis
from models.english_clauses import clauses
from models.english_evidence import evidence
from models.english_lexicon import FUNCTION_WORDS, lemma
from models.english_numbers import specifics
from models.english_order import disorder, tagged
from models.english_words import Token, plain, tokens

UNIT = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:[.,]\d+)*%?")
KINDS = {"NN": "NOUN", "JJ": "ADJ", "RB": "ADV"}
VERBS = frozenset("VB VZ VD VN VG".split())


def analyse(text: str) -> Analysis:
    """Finds and words of an English text."""
    words = tagged(tokens(text))
    finds = evidence(clauses(words)) + specifics(words)
    units = tuple(found.group() for found in UNIT.finditer(plain(text)))
    content = tuple(stem(word) for word in words if word.text not in FUNCTION_WORDS)
    ordered = tuple(sorted(finds, key=lambda find: (find.start, find.end)))
    return Analysis("en", units, content, ordered, disorder(words))


def stem(word: Token) -> str:
    """The same for every form of a word, noun or verb: orders, ordered and ordering are order."""
    base = lemma(word.text, KINDS.get(word.tag, "VERB" if word.tag in VERBS else "NOUN"))
    return lemma(base, "VERB") if word.tag in ("NN", "JJ") else base
