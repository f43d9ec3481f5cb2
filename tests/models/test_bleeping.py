"""The bleeped copy: a tone over each masked word and a tenth of a second around it, everything else as it was said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from interview_ai.errors import Unreadable
from interview_ai.rules import masking
from interview_ai.rules.bleeping import MARGIN_S, spans
from interview_ai.rules.evidence import Word
from models import bleeping
from tests.fixtures import speech
from tests.fixtures.sound import RATE, Sound, decoded, recorded

SAID = "my name is minji kim and I found the broken valve near andong with my father today"
PAUSE_S = 0.3
WALL_S = 60
CODEC_S = 0.03  # a block of Opus and its neighbour: what a change at an edge may reach


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Word, ...]]:
    """Each word read by flite by itself, so that its seconds are known; coded as browsers do."""
    folder = tmp_path_factory.mktemp("told")
    parts: list[Sound] = []
    words: list[Word] = []
    at = 0.0
    for text in SAID.split():
        sound = np.concatenate([speech.spoken(text, folder), speech.silence(PAUSE_S)])
        parts.append(sound)
        words.append(Word(text, at, at + len(sound) / RATE - PAUSE_S))
        at += len(sound) / RATE
    return recorded(np.concatenate(parts), folder / "sound.webm", None), tuple(words)


def loud_at(sound: Sound, hertz: float) -> float:
    """Which share of a piece's power lies within 60 Hz of a frequency."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    near = np.abs(np.fft.rfftfreq(len(sound), 1 / RATE) - hertz) < 60
    return float(power[near].sum() / max(power.sum(), 1e-12))


def piece(sound: Sound, start: float, end: float) -> Sound:
    return sound[round(start * RATE) : round(end * RATE)]


def test_the_tone_covers_each_masked_word_and_a_tenth_of_a_second_and_nothing_else(
    told: tuple[Path, tuple[Word, ...]], tmp_path: Path
) -> None:
    path, words = told
    found = masking.masks([word.text for word in words], "en")
    covered = spans(words, found)
    assert [word.text for word, category in zip(words, found, strict=True) if category] == ["minji", "kim", "father"]
    made = bleeping.covered(path, covered, tmp_path, wall_s=WALL_S)
    before, after = decoded(path), decoded(made)
    assert abs(len(before) - len(after)) < 0.1 * RATE
    for word, category in zip(words, found, strict=True):
        start, end = word.start_s or 0.0, word.end_s or 0.0
        if category:
            inside = piece(after, start - MARGIN_S + CODEC_S, end + MARGIN_S - CODEC_S)
            assert loud_at(inside, bleeping.TONE_HZ) > 0.95, word.text
        else:
            original, heard = piece(before, start, end), piece(after, start, end)
            assert np.corrcoef(original, heard)[0, 1] > 0.9, word.text
    outside = np.ones(min(len(before), len(after)), dtype=bool)
    for start, end in covered:
        outside[round((start - CODEC_S) * RATE) : round((end + CODEC_S) * RATE)] = False
    pairs = [sound[: len(outside)][outside] for sound in (before, after)]
    assert np.sqrt(np.mean((pairs[0] - pairs[1]) ** 2)) < 0.25 * np.sqrt(np.mean(pairs[0] ** 2))


def test_the_tone_begins_and_ends_on_its_own_sample_of_a_block() -> None:
    block = np.ones(RATE // 50, dtype=np.float32)
    spoken = bleeping.beneath(block, at=RATE, spans=((1.005, 1.010),))
    changed = np.flatnonzero(spoken != block)
    assert (changed.min(), changed.max()) == (240, 479)


def test_what_is_no_sound_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "nothing.webm"
    path.write_bytes(b"no sound at all")
    with pytest.raises(Unreadable):
        bleeping.covered(path, ((0.0, 1.0),), tmp_path, wall_s=WALL_S)
