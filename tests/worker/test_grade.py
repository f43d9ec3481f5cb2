"""`evaluate --task grade`: nobody on both sides, figures as others compute them, the same result each time."""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from interview_ai.errors import Invalid
from interview_ai.rules import agreement
from tests.fixtures import rated as made
from worker.evaluation import columns
from worker.evaluation.agreeing import Graded, correlation, error, error_cut, kappa
from worker.evaluation.grade import measure
from worker.evaluation.rated import Rated, draws, rated, scheme
from worker.evaluation.tables import Options, Row, read

QUESTIONS = ("delivery", "shift", "refund", "safety")


def rows(
    number: int, *, persons: int = 0, questions: tuple[str, ...] = QUESTIONS[:1], keyed: bool = False
) -> list[Row]:
    """A table; with `persons`, so many people share the answers to all questions."""
    found: list[Row] = []
    for name in questions:
        for place, answer in enumerate(made.answers(name, number)):
            text, key = made.question(name)
            row = {"id": answer.person, "question_id": name, "question": text, "answer": answer.text, "language": "en"}
            row |= {"rater1": str(answer.rater1), "rater2": str(answer.rater2)}
            row |= {"person": f"person {place % persons}"} if persons else {}
            found.append(row | ({"model_answer": key} if keyed else {}))
    return found


def sides(table: list[Row], options: Options, trained: list[Row] | None = None) -> list[tuple[set[str], set[str]]]:
    answers = [*rated(trained or [], "train "), *rated(table)]
    return [
        ({answers[place].person for place in split.train}, {answers[place].person for place in split.test})
        for draw in draws(answers, options, len(trained or []))
        for split in draw
    ]


@pytest.mark.parametrize(
    ("table", "options"),
    [
        (rows(60, persons=20), Options(draws=3)),
        (rows(60, persons=20), Options(ratings=15, draws=5)),
        (rows(60, persons=20, questions=QUESTIONS), Options(ratings=10, draws=5)),
        (rows(30), Options()),
    ],
)
def test_nobody_is_ever_on_both_sides(table: list[Row], options: Options) -> None:
    found = sides(table, options)
    assert found
    assert all(train and test and not train & test for train, test in found)


def test_whoever_is_tested_is_not_learned_from_in_another_table_either() -> None:
    table, trained = rows(60, persons=20)[:10], rows(60, persons=20)[10:]
    [(train, test)] = sides(table, Options(train=tuple(trained)), trained)
    assert len(test) == 10
    assert train == {f"person {number}" for number in range(10, 20)}


def many_questions(persons: int) -> list[Row]:
    return [
        row | {"question_id": f"{row['question_id']} {number}", "id": f"{row['id']} {number}"}
        for number in range(3)
        for row in rows(10, persons=persons, questions=QUESTIONS, keyed=True)
    ]


@pytest.mark.parametrize("persons", [0, 10])
def test_with_model_answers_and_few_answers_each_questions_are_left_out_and_people_too(persons: int) -> None:
    answers = rated(many_questions(persons))
    assert scheme(answers, Options()) == "questions"
    tested: Counter[int] = Counter()
    for draw in draws(answers, Options(), 0):
        for split in draw:
            tested.update(split.test.tolist())
            for of in ("question_id", "person"):
                train, test = ({getattr(answers[n], of) for n in side} for side in (split.train, split.test))
                assert not train & test
    assert tested == dict.fromkeys(range(len(answers)), 1)


def test_every_question_gets_the_number_of_ratings_asked_for() -> None:
    answers = rated(rows(40, persons=40, questions=QUESTIONS))
    for (split,) in draws(answers, Options(ratings=12, draws=4), 0):
        assert set(Counter(answers[place].question_id for place in split.train).values()) == {12}


def graded(points: np.ndarray, ratings: np.ndarray, width: np.ndarray) -> Graded:
    one = points[None]
    zero = np.zeros_like(one)
    columns = (zero + 1, one, one - width / 2, one + width / 2, one, zero, one, one)
    return Graded(*columns, ratings, ratings, np.full(len(ratings), 4.0))


@pytest.mark.parametrize(
    ("fast", "published"),
    [(kappa, agreement.weighted_kappa), (correlation, agreement.pearson), (error, agreement.rmse)],
)
def test_the_fast_figures_are_the_published_ones_also_where_persons_are_drawn_twice(
    fast: Callable[..., np.ndarray], published: Callable[[list[float], list[float]], float]
) -> None:
    chance = np.random.default_rng(4)
    first, second = chance.integers(0, 4, 30).astype(float), chance.integers(0, 4, 30).astype(float)
    drawn = chance.integers(0, 30, 30)
    weights = np.bincount(drawn, minlength=30).astype(float)
    found = fast(first[None], second, weights[None])[0]
    assert found == pytest.approx(published(first[drawn].tolist(), second[drawn].tolist()))


def test_the_error_cut_leaves_out_the_widest_fifth() -> None:
    ratings = np.zeros(10)
    points = np.array([1.0] * 8 + [3.0] * 2)
    good = error_cut(graded(points, ratings, points), np.ones((1, 10)))
    assert good == pytest.approx(1 - 1 / math.sqrt((8 + 18) / 10))
    assert error_cut(graded(points, ratings, -points), np.ones((1, 10))) < 0


def test_the_result_has_every_figure_with_an_interval_and_the_abstention_beside_it() -> None:
    found = measure(rows(70), Options(ratings=40, draws=3))
    assert found["scheme"] == "ratings" and found["draws"] == 3 and found["learned_from"] == 40
    assert found["unrated_answers_used"] is True
    for holder in (found, *found["questions"]):
        for name in ("qwk", "qwk_rater1", "r", "rmse", "coverage", "width", "width_share", "abstention", "error_cut"):
            figure = holder[name]
            assert figure["low"] <= figure["value"] <= figure["high"], name
            assert figure["abstention"] == holder["abstention"]["value"]
        assert set(holder["baseline"]) == {"qwk", "qwk_rater1", "r", "rmse"}
    assert found["r"]["value"] > 0.6
    assert 0.5 < found["human"]["qwk"] < 1
    assert json.loads(json.dumps(found)) == found


def test_the_same_table_gives_the_same_result_and_another_seed_another_draw() -> None:
    table = rows(30)
    first, again = (measure(table, Options(ratings=20, draws=1)) for _ in range(2))
    assert first == again
    assert sides(table, Options(ratings=20, draws=1)) != sides(table, Options(ratings=20, draws=1, seed=2))


def test_questions_with_few_ratings_learn_from_the_others() -> None:
    found = measure(rows(20, questions=QUESTIONS[:3]), Options(ratings=10, draws=1))
    assert found["helped_by_other_questions"]
    assert [question["question_id"] for question in found["questions"]] == list(QUESTIONS[:3])


def test_another_table_can_be_learned_from_and_only_this_one_is_tested() -> None:
    table = rows(80)
    found = measure(table[60:], Options(train=tuple(table[:60])))
    assert found["scheme"] == "train" and found["learned_from"] == 60
    assert found["tested"] == 20


@pytest.mark.slow
def test_questions_left_out_are_judged_by_their_model_answers() -> None:
    found = measure(many_questions(0), Options())
    assert found["scheme"] == "questions"
    assert found["r"]["value"] > found["baseline"]["r"]["value"]


def test_a_table_is_read_measured_and_its_odd_ratings_named(tmp_path: Path) -> None:
    path = tmp_path / "answers.tsv.gz"
    table = rows(30)
    lines = ["\t".join(table[0]), *("\t".join(row.values()) for row in table)]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    assert measure(read(path, columns("grade"), "en"), Options())["answers"] == 30
    wrong = [*table[:5], dict(table[5]) | {"rater2": "good"}]
    with pytest.raises(Invalid, match="delivery 5: rater2"):
        measure(wrong, Options())
    alike = [dict(row) | {"rater1": "3", "rater2": "3"} for row in table]
    with pytest.raises(Invalid, match="the same"):
        measure(alike, Options())


def test_every_id_is_a_person_of_its_own_where_there_is_no_such_column() -> None:
    answers: list[Rated] = rated(rows(5))
    assert len({answer.person for answer in answers}) == 5


@pytest.mark.slow
@pytest.mark.parametrize(("ratings", "bar"), [(50, 0.60), (100, 0.68), (200, 0.72)])
def test_short_answers_of_real_people_are_graded_as_well_as_promised(test_data: Path, ratings: int, bar: float) -> None:
    path = test_data / "rated" / "short_answers_dev.tsv.gz"
    found = measure(read(path, columns("grade"), "en"), Options(language="en", ratings=ratings, draws=20))
    assert found["qwk_rater1"]["value"] >= bar
    assert 0.87 <= found["coverage"]["value"] <= 0.93
