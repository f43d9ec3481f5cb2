"""Answers to one question as rows of numbers, learned from all answers to it, rated or not; no weights from outside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from interview_ai.errors import Invalid
from models.measures import SUFFICIENT, Counted, counted
from models.overlap import Asked, Overlap, overlap
from models.ridge import Matrix, Places
from models.threads import one_thread

WORDS = r"(?u)\b\w+\b"
BREADTH = 100  # directions in which answers differ by which words occur
TOPICS = 50  # directions in which they differ by how often
NARROW = 0.05  # of the radial kernel over measures: answers 4.5 standard deviations apart have 1/e in common
SEED = 0  # of the singular vectors' start; they come out the same each time


Encoder = Callable[[Sequence[str]], NDArray[np.floating[Any]]]


@dataclass(frozen=True, slots=True)
class Rows:
    """n answers: `words`, `letters` (n x up to 100), `topics` (n x up to 50), `chars` (sparse), what was counted.

    `overlap`: shared with question and model answer, in the same units for every question; `near`: the same
    standardised within this question, without columns where there is no model answer. `meaning`: by a sentence
    encoder, rows of length 1, without columns where there is none.
    """

    words: Matrix
    letters: Matrix
    topics: Matrix
    chars: Any
    measures: Matrix
    overlap: Matrix
    near: Matrix
    meaning: Matrix

    def take(self, places: Places) -> Rows:
        """Some of the answers."""
        return Rows(*(getattr(self, name)[places] for name in self.__slots__))

    def __len__(self) -> int:
        return len(self.words)


def kernels(some: Rows, others: Rows) -> tuple[Matrix, ...]:
    """Views of how alike two sets of answers are (each s x o): words said, letters, style with topics, meaning."""
    chars: Matrix = np.asarray((some.chars @ others.chars.T).todense(), dtype=np.float64)
    style, other_style = _style(some), _style(others)
    alike = style @ other_style.T / style.shape[1] + radial(style, other_style)
    third = (chars + some.topics @ others.topics.T + alike) / 4
    fourth = (some.meaning @ others.meaning.T,) if some.meaning.shape[1] else ()
    return some.words @ others.words.T, some.letters @ others.letters.T, third, *fourth


def diagonals(rows: Rows) -> tuple[Matrix, ...]:
    """How alike each answer is to itself, by view (each n)."""
    chars = np.asarray(rows.chars.multiply(rows.chars).sum(axis=1), dtype=np.float64).ravel()
    third: Matrix = (chars + (rows.topics**2).sum(axis=1) + (_style(rows) ** 2).mean(axis=1) + 1) / 4
    fourth = (np.ones(len(rows)),) if rows.meaning.shape[1] else ()
    return (rows.words**2).sum(axis=1), (rows.letters**2).sum(axis=1), third, *fourth


def _style(rows: Rows) -> Matrix:
    return np.hstack([rows.measures, rows.near])


def radial(some: Matrix, others: Matrix) -> Matrix:
    """Nearness between 0 and 1 by distance in standardised measures (s x o)."""
    apart = (some**2).sum(1)[:, None] + (others**2).sum(1)[None] - 2 * some @ others.T
    found: Matrix = np.exp(-NARROW * np.maximum(apart, 0))
    return found


@dataclass(frozen=True, slots=True)
class Presence:
    """Which words or letter groups occur, said once or often, as far as is sufficient, in few directions."""

    vocabulary: Any
    rarity: Matrix
    ceiling: float
    reduced: Any
    mean: Matrix
    scale: float

    def of(self, texts: Sequence[str]) -> Matrix:
        """One row for each text; over all answers the rows have mean 0 and squared length 1 on average."""
        found: Matrix = (self.reduced.transform(self._capped(texts)) - self.mean) / self.scale
        return found

    def _capped(self, texts: Sequence[str]) -> Any:
        return _capped(self.vocabulary.transform(texts).multiply(self.rarity).tocsr(), self.ceiling)


def _lengths(rows: Any) -> Matrix:
    found: Matrix = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1), dtype=np.float64).ravel())
    return found


def _capped(rows: Any, ceiling: float) -> Any:
    return csr_matrix(diags(np.minimum(1, ceiling / np.maximum(_lengths(rows), 1e-9))) @ rows)


def presence(texts: Sequence[str], vocabulary: Any) -> Presence:
    """Learned from all answers. The square root of rarity: in full it lets slips of the pen outweigh what was said."""
    found = _vocabulary(vocabulary, texts)
    rarity = np.sqrt(np.log(1.1 * len(texts) / np.asarray(found.sum(axis=0), dtype=np.float64).ravel()))
    rows = found.multiply(rarity).tocsr()
    ceiling = float(np.quantile(_lengths(rows), SUFFICIENT))
    rows = _capped(rows, ceiling)
    reduced = _directions(BREADTH, rows).fit(rows)
    placed = reduced.transform(rows)
    mean = placed.mean(axis=0)
    scale = float(np.sqrt(((placed - mean) ** 2).sum(axis=1).mean()))
    return Presence(vocabulary, rarity, ceiling, reduced, mean, scale or 1.0)


def _directions(most: int, rows: Any) -> TruncatedSVD:
    return TruncatedSVD(max(1, min(most, min(rows.shape) - 1)), random_state=SEED)


def _vocabulary(vectorizer: Any, texts: Sequence[str]) -> Any:
    try:
        return vectorizer.fit_transform(texts)
    except ValueError as error:
        raise Invalid(
            "These answers have no words in common from which anything could be learned.",
            "이 답변들에는 학습할 만한 공통된 단어가 없습니다.",
            code="no_words",
        ) from error


@dataclass(frozen=True, slots=True)
class Nearness:
    """What answers share with their question and model answer, as it stands and standardised within the question."""

    asked: Asked
    overlap: Overlap
    mean: Matrix
    spread: Matrix

    def of(self, texts: Sequence[str]) -> tuple[Matrix, Matrix]:
        """The overlap of each text (n x m), and the same with mean 0 and spread 1 over all answers."""
        found = self.overlap.of(texts, self.asked)
        return found, (found - self.mean) / self.spread if self.asked.key else found[:, :0]


@dataclass(frozen=True, slots=True)
class Space:
    """Where answers to one question lie. Built from all of them; ratings play no part."""

    words: Presence
    letters: Presence
    tfidf: Any
    topics: Any
    chars: Any
    counted: Counted
    nearness: Nearness | None
    encoder: Encoder | None
    digest: str

    def rows(self, texts: Sequence[str], evidence: Sequence[Sequence[float]] = ()) -> Rows:
        """Any answers to the question; `evidence`: counts by the analysers, as many for each text as in `space`."""
        with one_thread():
            return self._placed(texts, evidence)

    def _placed(self, texts: Sequence[str], evidence: Sequence[Sequence[float]]) -> Rows:
        topics = self.topics.transform(self.tfidf.transform(texts))
        length = np.maximum(np.linalg.norm(topics, axis=1, keepdims=True), 1e-9)
        none = np.zeros((len(texts), 0))
        return Rows(
            self.words.of(texts),
            self.letters.of(texts),
            topics / length,
            self.chars.transform(texts),
            self.counted.of(texts, evidence),
            *(self.nearness.of(texts) if self.nearness else (none, none)),
            np.asarray(self.encoder(texts), dtype=np.float64) if self.encoder else none,
        )


def space(
    asked: Asked,
    evidence: Sequence[Sequence[float]] = (),
    *,
    shared: Overlap | None = None,
    encoder: Encoder | None = None,
) -> Space:
    """Learns from all answers to a question that are there. Raises Invalid where they have no words in common.

    `shared`: overlap learned over all questions of the competency, without which a prior cannot be asked. `encoder`:
    texts to rows of length 1, such as `models.embedding.embed` with its folder given.
    """
    with one_thread():
        nearness = _nearness(asked, shared)
        said = asked.question, asked.key, asked.answers, [list(counts) for counts in evidence]
        named = [*said, nearness.overlap.digest if nearness else None, encoder is not None]
        digest = hashlib.sha256(json.dumps(named, ensure_ascii=False).encode()).hexdigest()[:16]
        return Space(
            *_learned(asked.answers), counted(asked.answers, asked.question, evidence), nearness, encoder, digest
        )


def _learned(texts: Sequence[str]) -> tuple[Presence, Presence, Any, Any, Any]:
    rare = 2 if len(texts) >= 20 else 1  # occurrences from which a word can tell one answer from another
    tfidf = TfidfVectorizer(token_pattern=WORDS, ngram_range=(1, 2), min_df=rare, sublinear_tf=True)
    weighted = _vocabulary(tfidf, texts)
    chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=rare, sublinear_tf=True)
    _vocabulary(chars, texts)
    words = CountVectorizer(token_pattern=WORDS, ngram_range=(1, 2), min_df=rare, binary=True, dtype=np.float64)
    letters = CountVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=rare + 1, binary=True, dtype=np.float64)
    topics = _directions(TOPICS, weighted).fit(weighted)
    return presence(texts, words), presence(texts, letters), tfidf, topics, chars


def _nearness(asked: Asked, shared: Overlap | None) -> Nearness | None:
    learned = shared or (overlap([asked]) if asked.key else None)
    if learned is None:
        return None
    found = learned.of(asked.answers, asked)
    spread = found.std(axis=0)
    return Nearness(asked, learned, found.mean(axis=0), np.where(spread > 1e-9, spread, 1.0))
