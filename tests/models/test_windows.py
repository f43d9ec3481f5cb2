"""Speech packed into windows: all of it, in order, none too long, and every moment found again in the recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import activity
from models.activity import SoundFile
from models.windows import LONGEST_S, Window, packed

LENGTHS = st.lists(st.tuples(st.floats(0.1, 5.0), st.floats(0.3, 70.0)), max_size=30)


def spans_of(lengths: list[tuple[float, float]]) -> list[tuple[float, float]]:
    spans, at = [], 0.0
    for pause, length in lengths:
        spans.append((at + pause, at + pause + length))
        at += pause + length
    return spans


@given(LENGTHS)
def test_windows_hold_all_speech_once_in_order_and_never_more_than_they_may(lengths: list[tuple[float, float]]) -> None:
    spans = spans_of(lengths)
    windows = packed(spans)
    assert sum(window.seconds for window in windows) == pytest.approx(sum(end - start for start, end in spans))
    assert all(window.seconds <= LONGEST_S + 1e-6 for window in windows)
    flat = [span for window in windows for span in window.spans]
    assert flat == sorted(flat)


@given(LENGTHS.filter(bool), st.floats(0, 1))
def test_every_moment_of_a_window_lies_in_one_of_its_stretches(
    lengths: list[tuple[float, float]], share: float
) -> None:
    for window in packed(spans_of(lengths)):
        at = window.in_recording(share * window.seconds)
        assert any(start - 1e-6 <= at <= end + 1e-6 for start, end in window.spans)


def test_a_word_that_ends_at_a_seam_ends_before_the_pause_and_one_that_begins_there_begins_after_it() -> None:
    window = Window(((1.0, 2.0), (5.0, 6.0)))
    assert window.in_recording(1.0, ends=True) == 2.0
    assert window.in_recording(1.0) == 5.0
    assert window.in_recording(9.0) == 6.0


def test_two_stretches_that_fit_cost_one_window_and_three_that_do_not_cost_two() -> None:
    assert len(packed([(0, 10), (20, 30)])) == 1
    assert [len(window.spans) for window in packed([(0, 12), (20, 32), (40, 52)])] == [2, 1]


def test_speech_across_the_end_of_a_minute_is_one_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretches as silero would give them of a sound whose samples say whether somebody speaks."""

    def loud(block: np.ndarray, _: object) -> list[dict[str, int]]:
        edges = np.flatnonzero(np.diff(np.concatenate([[0], (block > 0.5).astype(int), [0]])))
        return [{"start": int(a), "end": int(b)} for a, b in zip(edges[::2], edges[1::2], strict=True)]

    monkeypatch.setattr(activity, "get_speech_timestamps", loud)
    sound = np.zeros(16_000 * 150, dtype=np.float32)
    spoken = [(10.0, 12.0), (58.0, 63.0), (70.0, 140.0)]
    for start, end in spoken:
        sound[int(start * 16_000) : int(end * 16_000)] = 1.0
    found = activity.speech_spans(sound)
    assert found[:2] == tuple(spoken[:2])
    assert sum(end - start for start, end in found) == pytest.approx(77)


def test_a_sound_in_a_file_is_the_sound_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "sound.f32"
    sound = np.random.default_rng(1).uniform(-1, 1, 50_000).astype("<f4")
    sound.tofile(path)
    held = SoundFile(path)
    assert held.size == sound.size
    for place in (slice(0, 10), slice(49_990, 60_000), slice(100, 40_000), slice(60_000, 70_000)):
        assert np.array_equal(held[place], sound[place])
