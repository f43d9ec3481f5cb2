"""Points from ratings: they cover what they promise, repeat exactly, borrow with care, and say when they know nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from interview_ai.errors import Invalid
from models.competency import Prior, prior
from models.grading import Calibrated, Example, digest, fit, fit_rows
from models.overlap import Asked, Overlap, overlap
from models.points import Prediction, Scale
from models.transfer import transferred
from models.wordspace import Space, space
from tests.fixtures import rated
from tests.fixtures.rated import Made

SCALE = Scale(0, 4)
OTHERS = ("shift", "refund", "safety")


def asked(name: str, made: list[Made]) -> Asked:
    return Asked(*rated.question(name), tuple(item.text for item in made))


def examples(made: list[Made]) -> list[Example]:
    return [Example(item.text, (item.rater1, item.rater2), item.person) for item in made]


def means(made: list[Made]) -> np.ndarray:
    return np.array([(item.rater1 + item.rater2) / 2 for item in made])


def points(predictions: list[Prediction]) -> np.ndarray:
    return np.array([item.points for item in predictions])


def rmse(predictions: list[Prediction], made: list[Made]) -> float:
    return float(np.sqrt(((points(predictions) - means(made)) ** 2).mean()))


@pytest.fixture(scope="module")
def delivery() -> list[Made]:
    return rated.answers("delivery", 160)


@pytest.fixture(scope="module")
def place(delivery: list[Made]) -> Space:
    return space(asked("delivery", delivery))


@pytest.fixture(scope="module")
def together(delivery: list[Made]) -> Overlap:
    return overlap([asked("delivery", delivery), *(asked(name, rated.answers(name, 60)) for name in OTHERS)])


def learned_from_others(together: Overlap, *, upside_down: bool = False) -> Prior:
    questions = []
    for name in OTHERS:
        made = rated.answers(name, 60)
        rows = space(asked(name, made), shared=together).rows([item.text for item in made])
        places = SCALE.places(means(made))
        questions.append((rows, -places if upside_down else places))
    return prior(questions, names=OTHERS)


def test_points_follow_what_people_give(delivery: list[Made], place: Space) -> None:
    found = fit(examples(delivery[:60]), scale=SCALE, space=place).predict([item.text for item in delivery[60:]])
    assert np.corrcoef(points(found), means(delivery[60:]))[0, 1] > 0.8
    assert all(0 <= item.low <= item.points <= item.high <= 4 for item in found)


def test_nine_of_ten_intervals_hold_the_rating_over_many_draws(delivery: list[Made], place: Space) -> None:
    rows, covered = place.rows([item.text for item in delivery]), []
    for seed in range(50):
        order = np.random.default_rng(seed).permutation(len(delivery))
        train, test = order[:40], order[40:100]
        known = fit_rows(rows.take(train), examples([delivery[i] for i in train]), scale=SCALE, space=place)
        for item, truth in zip(known.predict_rows(rows.take(test)), means([delivery[i] for i in test]), strict=True):
            covered.append(item.low - 1e-9 <= truth <= item.high + 1e-9)
    assert 0.87 <= np.mean(covered) <= 0.93


def test_the_same_ratings_in_any_order_give_the_same_points_and_name(delivery: list[Made], place: Space) -> None:
    texts = [item.text for item in delivery[40:60]]
    first, again = (fit(examples(delivery[:40]), scale=SCALE, space=place) for _ in range(2))
    turned = fit(examples(delivery[:40][::-1]), scale=SCALE, space=space(asked("delivery", delivery)))
    assert first.predict(texts) == again.predict(texts)
    assert points(turned.predict(texts)) == pytest.approx(points(first.predict(texts)))
    assert first.digest == again.digest == turned.digest


def test_another_rating_scale_or_set_of_answers_is_another_name(delivery: list[Made], place: Space) -> None:
    known = examples(delivery[:10])
    changed = [Example(known[0].text, (4.0, 0.0), known[0].person), *known[1:]]
    fewer = space(asked("delivery", delivery[:50]))
    names = [(known, SCALE, place), (changed, SCALE, place), (known, Scale(0, 5), place), (known, SCALE, fewer)]
    assert len({digest(*named) for named in names}) == 4


def test_a_sentence_encoder_is_one_view_more(delivery: list[Made], place: Space) -> None:
    def by_points(texts: Sequence[str]) -> np.ndarray:
        said = np.array([[1.0, *(word in text for word in rated.POINTS["delivery"])] for text in texts])
        return said / np.linalg.norm(said, axis=1, keepdims=True)

    known, texts = examples(delivery[:30]), [item.text for item in delivery[30:]]
    with_encoder = fit(known, scale=SCALE, space=space(asked("delivery", delivery), encoder=by_points))
    plain = fit(known, scale=SCALE, space=place)
    assert len(with_encoder.views) == len(plain.views) + 1
    assert rmse(with_encoder.predict(texts), delivery[30:]) < rmse(plain.predict(texts), delivery[30:])


def test_the_competencys_view_helps_while_ratings_are_few(delivery: list[Made], together: Overlap) -> None:
    shared = space(asked("delivery", delivery), shared=together)
    view, rows = learned_from_others(together), shared.rows([item.text for item in delivery])
    alone, helped = [], []
    for seed in range(8):
        order = np.random.default_rng(seed).permutation(len(delivery))
        train, test = order[:6], order[6:]
        known = [delivery[i] for i in train]
        for prior_view, into in ((None, alone), (view, helped)):
            found = fit_rows(rows.take(train), examples(known), scale=SCALE, space=shared, prior=prior_view)
            into.append(rmse(found.predict_rows(rows.take(test)), [delivery[i] for i in test]))
    assert np.mean(helped) < np.mean(alone)


def test_a_misleading_view_is_let_go_once_ratings_speak_against_it(delivery: list[Made], together: Overlap) -> None:
    shared = space(asked("delivery", delivery), shared=together)
    known, tested = examples(delivery[:60]), delivery[60:]
    texts = [item.text for item in tested]
    alone = fit(known, scale=SCALE, space=shared)
    misled = fit(known, scale=SCALE, space=shared, prior=learned_from_others(together, upside_down=True))
    assert misled.share == 0
    assert rmse(misled.predict(texts), tested) == pytest.approx(rmse(alone.predict(texts), tested))


def test_a_question_that_nobody_rated_is_judged_by_others_but_with_three_of_them_never_narrowly(
    delivery: list[Made], together: Overlap
) -> None:
    shared = space(asked("delivery", delivery), shared=together)
    found = transferred(shared, learned_from_others(together), SCALE).predict([item.text for item in delivery])
    assert np.corrcoef(points(found), means(delivery))[0, 1] > 0.6
    assert all(item.abstained and (item.low, item.high) == (0, 4) for item in found)


def test_eight_people_are_too_few_to_say_anything_narrow(delivery: list[Made], place: Space) -> None:
    eight = fit(examples(delivery[:8]), scale=SCALE, space=place).predict([delivery[9].text])[0]
    assert (eight.low, eight.high, eight.abstained) == (0, 4, True)
    # thirty answers of three people are three people
    of_three = [Example(item.text, (item.rater1,), str(n % 3)) for n, item in enumerate(delivery[:30])]
    assert fit(of_three, scale=SCALE, space=place).predict([delivery[40].text])[0].abstained


def test_what_covers_more_than_three_fifths_of_the_scale_is_no_answer(delivery: list[Made], place: Space) -> None:
    chance = random.Random(1)
    noise = [Example(item.text, (chance.randrange(5),), item.person) for item in delivery[:40]]
    assert all(item.abstained for item in fit(noise, scale=SCALE, space=place).predict([delivery[50].text]))
    kept = fit(examples(delivery[:150]), scale=SCALE, space=place).predict([item.text for item in delivery[150:]])
    assert all(item.abstained == (item.high - item.low > 0.6 * 4) for item in kept)
    assert not all(item.abstained for item in kept)


def test_saying_it_all_three_times_gains_next_to_nothing(delivery: list[Made], place: Space) -> None:
    known = fit(examples(delivery[:150]), scale=SCALE, space=place)
    once = points(known.predict([item.text for item in delivery[150:]]))
    thrice = points(known.predict([" ".join([item.text] * 3) for item in delivery[150:]]))
    assert float((thrice - once).mean()) < 0.5


def test_counts_by_the_analysers_are_learned_from_where_they_are_given(delivery: list[Made]) -> None:
    texts = tuple(item.text for item in delivery)
    evidence = [(float(item.rater1),) for item in delivery]
    placed = space(asked("delivery", delivery), evidence)
    known = [Example(t, (float(e[0]),), str(n), e) for n, (t, e) in enumerate(zip(texts, evidence, strict=True))][:60]
    plain = fit(
        [Example(item.text, item.ratings, item.person) for item in known],
        scale=SCALE,
        space=space(asked("delivery", delivery)),
    )
    with_counts = fit(known, scale=SCALE, space=placed)
    tested = [Made(item.person, item.text, item.rater1, item.rater1) for item in delivery[60:]]
    counted = with_counts.predict(texts[60:], evidence[60:])
    assert rmse(counted, tested) < rmse(plain.predict(texts[60:]), tested)


def test_korean_and_answers_without_a_known_word_are_answered_too() -> None:
    said = ["재고를 세고 기록했습니다", "잘 모르겠습니다", "재고를 기록하고 팀에 알렸습니다", "그냥 기다렸습니다"] * 6
    ratings = [3.0, 0.0, 4.0, 1.0] * 6
    placed = space(Asked("재고가 맞지 않을 때 어떻게 했습니까?", "", tuple(said)))
    known = [Example(text, (rating,), str(n)) for n, (text, rating) in enumerate(zip(said, ratings, strict=True))]
    better, worse, empty, foreign = fit(known, scale=SCALE, space=placed).predict(
        ["재고를 세고 팀에 알렸습니다", "모르겠습니다", "", "xyzzy"]
    )
    assert better.points > worse.points
    assert 0 <= empty.points <= 4 and 0 <= foreign.points <= 4


@pytest.mark.parametrize(("ratings", "persons"), [([5.0, 1.0], "ab"), ([1.0, 2.0], "aa"), ([float("nan"), 1.0], "ab")])
def test_what_cannot_be_learned_from_is_refused(ratings: list[float], persons: str, place: Space) -> None:
    wrong = [Example("we measured", (rating,), person) for rating, person in zip(ratings, persons, strict=True)]
    with pytest.raises(Invalid):
        fit(wrong, scale=SCALE, space=place)


def test_no_texts_no_points(delivery: list[Made], place: Space) -> None:
    known: Calibrated = fit(examples(delivery[:20]), scale=SCALE, space=place)
    assert known.predict([]) == []
    with pytest.raises(Invalid):
        space(Asked("?", "", ("", "")))
    with pytest.raises(ValueError, match="two ends"):
        Scale(3, 3)
