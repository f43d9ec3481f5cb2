"""A copied answer is found although words were changed; people's own answers are never alike."""

from __future__ import annotations

import itertools
import random

import pytest

from interview_ai.rules.duplicates import ALIKE, FEWEST, RUN, SIZE, alike, keys, resemblance, sketch
from tests.evaluation import written

TENTH = 0.1


def own(language: str) -> dict[str, str]:
    """The written answers that may be looked at."""
    return {one.id: one.text for one in written.answers(language) if not one.held_out}


def changed(text: str, share: float, seed: int) -> str:
    """The text with so many of its words, anywhere, put in other words."""
    words = text.split()
    for place in random.Random(seed).sample(range(len(words)), round(share * len(words))):
        words[place] = f"other{place}"
    return " ".join(words)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_two_people_who_answer_in_their_own_words_are_alike(language: str) -> None:
    sketches = {name: sketch(text) for name, text in own(language).items()}
    assert len(sketches) > 30 and all(sketches.values())
    pairs = list(itertools.combinations(sketches.values(), 2))
    assert max(resemblance(*pair) for pair in pairs) < ALIKE / 2


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("share", [0.0, TENTH / 2, TENTH])
def test_a_copy_with_up_to_a_tenth_of_its_words_changed_is_found_and_only_its_origin(
    language: str, share: float
) -> None:
    everybody = {name: sketch(text) for name, text in own(language).items()}
    for seed, (name, text) in enumerate(own(language).items()):
        assert alike(sketch(changed(text, share, seed)), everybody) == (name,)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_answer_of_which_half_the_words_were_changed_is_somebody_elses(language: str) -> None:
    for seed, text in enumerate(own(language).values()):
        assert resemblance(sketch(text), sketch(changed(text, 0.5, seed))) < ALIKE


def test_short_texts_are_never_alike_not_even_the_same() -> None:
    words = [f"word{number}" for number in range(FEWEST + RUN - 1)]
    long, short = " ".join(words), " ".join(words[:-1])
    assert len(sketch(long)) == SIZE
    assert sketch(short) == sketch("") == ()
    assert resemblance(sketch(short), sketch(short)) == 0
    assert alike(sketch(short), {"same": sketch(short), "long": sketch(long)}) == ()
    assert alike(sketch(long), {"short": sketch(short)}) == ()


def test_the_same_few_words_again_and_again_make_no_long_text() -> None:
    assert sketch("we did our best " * 40) == ()


def test_capitals_punctuation_and_line_breaks_hide_nothing() -> None:
    text = next(iter(own("en").values()))
    hidden = text.upper().replace(" ", "\n").replace(",", "").replace(".", " !")
    assert resemblance(sketch(text), sketch(hidden)) > ALIKE


def test_the_estimate_is_near_the_share_of_runs_in_common_and_the_same_both_ways() -> None:
    one = [f"a{number}" for number in range(200)]
    other = [*one[:120], *(f"b{number}" for number in range(80))]
    runs = [{tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)} for words in (one, other)]
    true = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
    found = resemblance(sketch(" ".join(one)), sketch(" ".join(other)))
    assert found == resemblance(sketch(" ".join(other)), sketch(" ".join(one)))
    assert abs(found - true) < 3 * (true * (1 - true) / SIZE) ** 0.5


def test_those_most_alike_come_first() -> None:
    text = next(iter(own("en").values()))
    others = {"far": sketch(changed(text, TENTH, 1)), "same": sketch(text), "none": ()}
    assert alike(sketch(text), others) == ("same", "far")


def test_a_sketch_is_the_same_in_every_process_and_version() -> None:
    kept = (23568319018325629, 86824056224485534)
    assert sketch(" ".join(f"word{number}" for number in range(40)))[:2] == kept


@pytest.mark.parametrize("language", ["ko", "en"])
def test_copies_share_a_key_and_few_of_peoples_own_answers_do(language: str) -> None:
    texts = own(language)
    sketches = {name: sketch(text) for name, text in texts.items() if sketch(text)}
    for seed, name in enumerate(sketches):
        copy = sketch(changed(texts[name], TENTH, seed))
        assert resemblance(sketches[name], copy) < ALIKE or set(keys(sketches[name])) & set(keys(copy))
    pairs = list(itertools.combinations(sketches.values(), 2))
    met = sum(bool(set(keys(one)) & set(keys(other))) for one, other in pairs)
    assert len(pairs) > 20
    assert met <= 0.05 * len(pairs)


def test_a_text_too_short_to_sketch_has_no_keys() -> None:
    assert keys(()) == ()
