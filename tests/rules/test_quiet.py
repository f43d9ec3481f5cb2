"""Where a player may jump: only where the sound is quiet for this recording and no word is said."""

from __future__ import annotations

from interview_ai.rules import quiet
from interview_ai.rules.evidence import Word

LOUD, STILL = [60] * 20, [1] * 30  # two seconds of speech, three of nothing


def test_a_long_pause_is_jumped_over_but_for_a_moment_on_either_side() -> None:
    assert quiet.spans(LOUD + STILL + LOUD, ()) == ((2.3, 4.7),)


def test_a_pause_of_speaking_and_a_recording_without_an_outline_are_left_whole() -> None:
    assert quiet.spans(LOUD + STILL[:14] + LOUD, ()) == ()
    assert quiet.spans((), [Word("one", 0.0, 0.4), Word("two", 9.0, 9.4)]) == ()


def test_a_word_that_was_heard_is_never_jumped_over_however_softly_it_was_said() -> None:
    peaks = LOUD + STILL * 2 + LOUD
    spans = quiet.spans(peaks, [Word("softly", 4.9, 5.2)])
    assert spans == ((2.3, 4.6), (5.6, 7.7))


def test_quiet_is_measured_against_how_loud_this_recording_is() -> None:
    assert quiet.spans([20] * 20 + [3] * 30 + [20] * 20, ()) == ()
    assert quiet.spans([90] * 20 + [3] * 30 + [90] * 20, ()) == ((2.3, 4.7),)
