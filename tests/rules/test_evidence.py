"""The values that pass between the steps keep their promises."""

import pytest

from interview_ai.rules.evidence import Assessment, Bilingual, Reason, Transcript, Word


def transcript() -> Transcript:
    words = (Word("I", 0.0, 0.2), Word("fixed", 0.2, 0.6), Word("it", 0.6, 0.7))
    return Transcript("pocketsphinx", "en-us", "en", "I fixed it", words)


def test_a_quote_finds_the_seconds_of_the_words_that_it_touches() -> None:
    assert transcript().seconds_of(2, 7) == (0.2, 0.6)
    assert transcript().seconds_of(3, 9) == (0.2, 0.7)


def test_a_quote_of_a_text_without_times_has_no_seconds() -> None:
    text = Transcript("text", "none", "en", "I fixed it", (Word("I"), Word("fixed"), Word("it")))
    assert text.seconds_of(0, 10) == (None, None)


def test_an_assessment_without_score_must_say_why() -> None:
    with pytest.raises(ValueError, match="reason"):
        Assessment(None, None, None, (), (), None, None)
    reason = Reason("no_speech", Bilingual("말소리가 없어요.", "There is no speech."))
    assert Assessment(None, None, None, (), (), None, reason).score is None
