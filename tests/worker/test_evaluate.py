"""`interview-ai evaluate` on tables of answers: how they are read, what attacks get, what the result holds."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from interview_ai.cli import main
from interview_ai.errors import Invalid
from tests.evaluation import written
from worker.evaluation import TASKS, attacks, columns, match, measure
from worker.evaluation.tables import Options, Row, read

BOTH = ("question", "answer")
STRICT = [name for name in attacks.BUILT_IN if name != "another_question"]


def table(folder: Path, text: str, name: str = "answers.tsv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def dev(language: str, *, each: int = 3, most: int | None = None) -> list[Row]:
    """The written answers that may be looked at, of each question so many, as rows."""
    by_question: dict[str, list[Row]] = {}
    for one in written.answers(language):
        if not one.held_out:
            row = {"id": one.id, "question": one.question, "answer": one.text, "language": language}
            by_question.setdefault(one.question, []).append(row)
    return [row for rows in by_question.values() for row in rows[:each]][:most]


def test_id_and_language_have_defaults_and_other_columns_stay(tmp_path: Path) -> None:
    path = table(tmp_path, "question\tanswer\tmood\nWhy?\tSo.\tgood\nHow?\tThus.\tbad\n")
    assert read(path, BOTH, "en") == [
        {"id": "1", "language": "en", "question": "Why?", "answer": "So.", "mood": "good"},
        {"id": "2", "language": "en", "question": "How?", "answer": "Thus.", "mood": "bad"},
    ]


def test_an_empty_id_or_language_is_as_good_as_none(tmp_path: Path) -> None:
    path = table(tmp_path, "id\tquestion\tanswer\tlanguage\n\tWhy?\tSo.\t\nx\t왜요?\t그래서요.\tko\n")
    assert [(row["id"], row["language"]) for row in read(path, BOTH, "en")] == [("1", "en"), ("x", "ko")]


def test_missing_columns_are_named_in_both_languages(tmp_path: Path) -> None:
    for text in ("id\ttext\n1\tSo.\n", "question,answer\nWhy?,So.\n", "question\tanswer\n", ""):
        with pytest.raises(Invalid) as found:
            read(table(tmp_path, text), BOTH, "en")
        for sentence in (found.value.en, found.value.ko):
            assert "question, answer" in sentence and "answers.tsv" in sentence
        assert found.value.code == "columns" and "탭" in found.value.ko


@pytest.mark.parametrize("broken", ["Why?", "Why?\tSo.\tAnd more."])
def test_the_line_that_has_too_few_or_too_many_columns_is_named_as_an_editor_counts(
    tmp_path: Path, broken: str
) -> None:
    path = table(tmp_path, f"question\tanswer\nWhy?\tSo.\n\n{broken}\nHow?\tThus.\n")
    with pytest.raises(Invalid) as found:
        read(path, BOTH, "en")
    assert "line 4" in found.value.en and "4번째" in found.value.ko


def test_a_language_that_nobody_can_judge_is_named_with_its_row(tmp_path: Path) -> None:
    path = table(tmp_path, "id\tquestion\tanswer\tlanguage\nlone\tPourquoi?\tVoilà.\tfr\n")
    with pytest.raises(Invalid) as found:
        read(path, BOTH, "en")
    assert "lone" in found.value.en and "'fr'" in found.value.en and "lone" in found.value.ko


def test_gzipped_marked_and_windows_tables_read_as_plain_ones(tmp_path: Path) -> None:
    text = "question\tanswer\n왜요?\t그래서요.\n"
    plain = read(table(tmp_path, text), BOTH, "ko")
    packed = tmp_path / "answers.tsv.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    marked, windows = table(tmp_path, "\ufeff" + text, "marked.tsv"), tmp_path / "windows.tsv"
    windows.write_bytes(text.replace("\n", "\r\n").encode())
    assert plain == read(packed, BOTH, "ko") == read(marked, BOTH, "ko") == read(windows, BOTH, "ko")


def test_quotation_marks_are_what_people_said(tmp_path: Path) -> None:
    said = '"Stop," I said, and "go'
    path = table(tmp_path, f"question\tanswer\nWhy?\t{said}\nHow?\tThus.\n")
    assert [row["answer"] for row in read(path, BOTH, "en")] == [said, "Thus."]


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", gzip.compress(b"question\tanswer\n", mtime=0)[:-9], b"\x1f\x8b\x08no gzip"]
)
def test_what_is_no_text_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    for name in ("bytes.tsv", "bytes.tsv.gz"):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(Invalid, match="cannot be read") as found:
            read(path, BOTH, "en")
        assert name in found.value.ko
    with pytest.raises(Invalid, match="nothing"):
        read(tmp_path / "nothing.tsv", BOTH, "en")


def test_a_genuine_answer_without_a_score_counts_as_beaten_even_by_an_attack_without_one() -> None:
    short = [replace_answer(row, "I did it. " + "um " * 45) for row in dev("en", each=1, most=2)]
    found = attacks.measure(short, Options())
    assert found["scored"] == 0.0
    assert set(found["beaten"].values()) == {1.0}
    assert found["unscored"] == sorted(row["id"] for row in short)


def replace_answer(row: Row, answer: str) -> Row:
    return {**row, "answer": answer}


def test_short_answers_are_counted_and_not_attacked() -> None:
    rows = [replace_answer(row, "I fixed it.") for row in dev("en", each=1, most=2)]
    found = attacks.measure(rows, Options())
    assert (found["genuine"], found["genuine_long"], found["beaten"]) == (2, 0, {})


def test_every_built_in_attack_is_made_reported_by_group_and_the_same_again() -> None:
    rows = [dict(row) | {"group": "north" if n % 2 else "south"} for n, row in enumerate(dev("en", each=1, most=4))]
    found = attacks.measure(rows, Options(seed=3))
    assert set(found["beaten"]) == set(attacks.BUILT_IN) == set(found["per_group"]["north"])
    assert set(found["per_group"]) == {"north", "south"}
    assert all(found["beaten"][name] == 0 for name in STRICT)
    assert attacks.measure(rows, Options(seed=3)) == found
    assert json.loads(json.dumps(found)) == found
    assert {"gates", "scoring_en", "language_en"} == set(found["versions"])


def test_another_seed_shuffles_otherwise_and_the_same_one_alike() -> None:
    rows = dev("en", each=1, most=3)
    made = {seed: attacks._made(rows, seed) for seed in (1, 2)}
    assert attacks._made(rows, 1) == made[1] != made[2]
    for name, of, text in made[1]:
        if name == "another_question":
            assert text in {row["answer"] for row in rows if row["question"] != of.question}
        if name == "shuffled_words":
            assert sorted(text.split()) == sorted(of.answer.split()) and text != of.answer


def test_answers_to_one_question_alone_are_attacked_with_all_but_anothers_answer() -> None:
    found = attacks.measure(dev("en", each=1, most=1), Options())
    assert list(found["beaten"]) == STRICT
    assert found["genuine_long"] == 1


def test_a_table_brings_its_own_attacks_on_the_genuine_answer_of_the_same_question() -> None:
    genuine = dev("en", each=1, most=2)
    first, second = genuine
    rows = [dict(row) | {"attack": ""} for row in genuine]
    rows += [
        {**first, "id": "a", "attack": "praise", "answer": "I am the best, believe me. " * 8},
        {**second, "id": "b", "attack": "praise", "answer": second["answer"]},
        {**second, "id": "c", "attack": "silence", "answer": "no"},
        {**second, "id": "d", "attack": "silence", "answer": "no", "question": "A question without a genuine answer?"},
    ]
    found = attacks.measure(rows, Options())
    assert found["beaten"] == {"praise": 0.5, "silence": 0.0}
    assert (found["genuine"], found["genuine_long"], found["scored"]) == (2, 2, 1.0)
    assert found["without_genuine"] == 1


def test_genuine_answers_count_as_scored_or_not_also_where_nobody_attacks_them() -> None:
    scored, unscored = (dict(row) | {"attack": ""} for row in dev("en", each=1, most=2))
    rows = [scored, replace_answer(unscored, "um " * 45), {**scored, "id": "a", "attack": "silence", "answer": "no"}]
    found = attacks.measure(rows, Options())
    assert (found["genuine_long"], found["scored"], found["unscored"]) == (2, 0.5, [unscored["id"]])


@pytest.mark.slow
@pytest.mark.parametrize("language", ["ko", "en"])
def test_attacks_come_out_as_high_as_a_written_answer_at_most_once_in_a_hundred(language: str) -> None:
    rows = dev(language)[::2]  # all of them take two minutes: `make evaluate` measures them
    assert len(rows) >= 15
    found = attacks.measure(rows, Options())
    assert found["genuine_long"] == len(rows)
    assert found["scored"] >= 0.97
    assert {name: share for name, share in found["beaten"].items() if share > attacks.SPECIFIED} == {
        name: share for name, share in found["beaten"].items() if name == "another_question"
    }


def matched(language: str = "en") -> list[Row]:
    return [dict(row) | {"occupation": "all"} for row in dev(language, each=2)]


def test_answers_find_their_questions_better_than_by_chance_and_the_result_repeats() -> None:
    rows = matched()
    found = match.measure(rows, Options(seed=5))
    questions = len({row["question"] for row in rows})
    assert found["n"] == len(rows)
    assert found["candidates"] == {"fewest": questions, "most": questions}
    chance = sum(1 / rank for rank in range(1, questions + 1)) / questions
    figure = found["answer_to_question"]
    assert figure["mrr"] > 1.5 * chance
    assert figure["interval"][0] <= figure["mrr"] <= figure["interval"][1]
    assert 0 <= figure["r_at_1"] <= figure["mrr"] <= 1
    assert match.measure(rows, Options(seed=5)) == found


def test_an_answer_is_compared_within_its_occupation_and_figures_come_by_group() -> None:
    rows = [dict(row) | {"occupation": f"o{n // 12}", "group": f"g{n % 2}"} for n, row in enumerate(matched())]
    found = match.measure(rows, Options())
    assert found["candidates"]["most"] == 6
    assert {name: part["n"] for name, part in found["per_group"].items()} == {"g0": 12, "g1": 12}


def test_rows_with_the_same_id_count_each() -> None:
    rows = [dict(row) | {"id": "same"} for row in matched()]
    assert match.measure(rows, Options())["n"] == len(rows)


def test_what_says_nothing_wins_nothing() -> None:
    rows = [replace_answer(row, "zzz") for row in matched()]
    found = match.measure(rows, Options())["plain_answer_to_question"]
    assert found["r_at_1"] == 0.0  # a tie is no find


def test_every_task_names_its_columns() -> None:
    assert {task: bool(columns(task)) for task in TASKS} == dict.fromkeys(TASKS, True)
    assert measure("match", matched(), Options())["n"] == 24


def run(*arguments: str) -> int:
    return main(["evaluate", *arguments])


def written_table(folder: Path) -> Path:
    lines = ["\t".join(("id", *BOTH))] + ["\t".join((row["id"], row["question"], row["answer"])) for row in matched()]
    return table(folder, "\n".join(lines) + "\n")


def test_the_command_writes_the_whole_result_and_prints_the_short_one(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = written_table(tmp_path), tmp_path / "result.json"
    assert run("--task", "match", "--data", str(data), "--language", "en", "--seed", "7", "--out", str(out)) == 0
    result = json.loads(out.read_text(encoding="utf-8"))
    assert (result["task"], result["data"], result["seed"], result["n"]) == ("match", "answers.tsv", 7, 24)
    assert "/" not in result["data"]
    printed = json.loads(capsys.readouterr().out)
    assert printed.items() <= result.items()


def test_a_result_that_cannot_be_written_and_a_table_that_lacks_columns_are_wrong_usage(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = written_table(tmp_path)
    nowhere = str(tmp_path / "no folder" / "result.json")
    assert run("--task", "match", "--data", str(data), "--language", "en", "--out", nowhere) == 2
    assert "cannot be written" in capsys.readouterr().err
    lacking = table(tmp_path, "text\nSo.\n", "lacking.tsv")
    assert run("--task", "attacks", "--data", str(lacking), "--out", str(tmp_path / "r.json")) == 2
    assert "question, answer" in capsys.readouterr().err
    assert not (tmp_path / "r.json").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--task", "match"),
        ("--task", "charm", "--data", "x.tsv", "--out", "r.json"),
        ("--task", "match", "--data", "x.tsv", "--out", "r.json", "--seed", "seven"),
        ("--task", "match", "--data", "x.tsv", "--out", "r.json", "--language", "fr"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    assert ended.value.code == 2
    assert "usage: interview-ai evaluate" in capsys.readouterr().err
