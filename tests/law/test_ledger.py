"""US-5, US-6, US-7: the fairness ledger by the text of New York's rule and of the four-fifths rule."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from interview_ai import cli
from interview_ai.errors import Invalid
from interview_ai.rules import fairness
from interview_ai.rules.fairness import Key, Ledger, Line, Person
from worker.evaluation import command as evaluated_command
from worker.evaluation import fairness as evaluated
from worker.evaluation.tables import Options, read

# law.md: how many people, and how many of them score above the median of all
SEXES = {"Male": (92, 50), "Female": (76, 34)}
GROUPS = {
    "Hispanic": (28, 18),
    "White": (40, 15),
    "Black": (32, 16),
    "Native Hawaiian or Pacific Islander": (8, 5),
    "Asian": (24, 10),
}
HIGH, LOW = "71.5", "40"


def column(counts: dict[str, tuple[int, int]]) -> list[tuple[str, bool]]:
    return [(name, place < above) for name, (n, above) in counts.items() for place in range(n)]


def table_of_the_rule(folder: Path) -> Path:
    """One sample of 168 people in whom both columns of the rule's example hold; 36 did not tell their group."""
    groups = column(GROUPS | {"": (36, 20)})
    lines = ["id\tscore\tselected\tsex\tgroup"]
    for above in (True, False):
        sexes = [name for name, passed in column(SEXES) if passed is above]
        others = [name for name, passed in groups if passed is above]
        assert len(sexes) == len(others) == 84
        lines += [
            f"{above}{n}\t{HIGH if above else LOW}\t{int(above)}\t{sex}\t{group}"
            for n, (sex, group) in enumerate(zip(sexes, others, strict=True))
        ]
    path = folder / "sample.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_us_5_the_golden_vector_of_the_rule(tmp_path: Path) -> None:
    rows = read(table_of_the_rule(tmp_path), evaluated.COLUMNS, "en")
    found = evaluated.measure(rows, Options())
    scoring = found["scoring"]
    shown = {
        name: (line["n"], round(line["rate"], 3), round(line["impact_ratio"], 2))
        for table in ("sex", "group")
        for name, line in scoring[table]["groups"].items()
    }
    assert shown == {
        "Male": (92, 0.543, 1.00),
        "Female": (76, 0.447, 0.82),
        "Hispanic": (28, 0.643, 1.00),  # the rule cuts it to 64.2
        "White": (40, 0.375, 0.58),
        "Black": (32, 0.5, 0.78),
        "Native Hawaiian or Pacific Islander": (8, 0.625, 0.97),
        "Asian": (24, 0.417, 0.65),
    }
    assert found["selection"]["sex"]["groups"]["Female"]["impact_ratio"] == pytest.approx(0.8232, abs=1e-4)


def test_us_5_who_scores_at_the_median_is_not_above_it() -> None:
    assert fairness.above_median([1, 2, 2, 3]) == [False, False, False, True]
    assert fairness.above_median([1, 2, 3]) == [False, False, True]
    assert fairness.above_median([]) == []


def test_us_5_the_command_writes_the_same_and_says_which_methods(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "result.json"
    given = cli.parser().parse_args(
        ["evaluate", "--task", "fairness", "--data", str(table_of_the_rule(tmp_path)), "--out", str(out)]
    )
    assert evaluated_command(given) == 0
    result = json.loads(out.read_text(encoding="utf-8"))
    assert result["scoring"]["sex"]["groups"]["Female"]["verdict"] == "too_few"
    assert result["median"] == pytest.approx((71.5 + 40) / 2)
    assert "MOVER" in result["methods"]["ratio_interval"]
    assert json.loads(capsys.readouterr().out)["task"] == "fairness"


def people(counts: dict[Key, tuple[int, int]], unknown: int = 0) -> list[Person]:
    told = [Person(group, place < through) for group, (n, through) in counts.items() for place in range(n)]
    return told + [Person(None, False)] * unknown


def lines(found: Ledger) -> dict[str, Line]:
    return {" × ".join(line.group): line for line in found.lines}


def test_us_6_sex_group_and_their_pairs_are_measured_and_the_unknown_counted(tmp_path: Path) -> None:
    found = evaluated.measure(read(table_of_the_rule(tmp_path), evaluated.COLUMNS, "en"), Options())
    assert list(found["scoring"]) == ["sex", "group", "sex × group"]
    assert found["scoring"]["sex"]["unknown"] == 0
    assert found["scoring"]["group"]["unknown"] == 36
    pairs = found["scoring"]["sex × group"]["groups"]
    assert {name.split(" × ")[0] for name in pairs} == {"Male", "Female"}
    assert all(line["n"] >= 5 for line in pairs.values())


def test_us_6_a_group_under_two_per_cent_is_listed_and_left_out_only_with_a_written_reason() -> None:
    given = people({("A",): (200, 100), ("B",): (190, 95), ("C",): (6, 6)})
    plain = fairness.ledger(given)
    assert plain.small == (("C",),)
    assert lines(plain)["C"].verdict == "reference" and lines(plain)["A"].ratio == 0.5
    excluded = fairness.ledger(given, left_out={("C",): "six people in one year"})
    assert (lines(excluded)["C"].verdict, lines(excluded)["C"].reason) == ("left_out", "six people in one year")
    assert lines(excluded)["C"].n == 6 and lines(excluded)["B"].ratio == 1.0
    for group, reason in ((("C",), "  "), (("B",), "we would rather not")):
        with pytest.raises(Invalid):
            fairness.ledger(given, left_out={group: reason})


def test_us_6_no_count_below_five_is_shown_and_a_rare_group_looks_like_silence() -> None:
    rare = fairness.ledger(people({("A",): (50, 25), ("B",): (40, 20), ("C",): (4, 0)}, unknown=3))
    silent = fairness.ledger(people({("A",): (50, 25), ("B",): (40, 20)}, unknown=7))
    assert rare == silent
    assert rare.unknown == 7


def test_us_6_a_pair_below_five_cannot_be_worked_out_from_its_row_or_its_column() -> None:
    counts: dict[Key, int] = {
        ("F", "x"): 3,
        ("F", "y"): 20,
        ("F", "z"): 9,
        ("M", "x"): 30,
        ("M", "y"): 12,
        ("M", "z"): 25,
    }
    hidden = fairness.unshown(counts)
    assert ("F", "x") in hidden
    for place, value in [(0, "F"), (0, "M"), (1, "x"), (1, "y"), (1, "z")]:
        line = [group for group in counts if group[place] == value]
        kept_back = sum(counts[group] for group in line if group in hidden)
        assert kept_back == 0 or kept_back >= 5
    assert ("M", "y") not in hidden and ("F", "y") not in hidden


def test_us_7_under_four_fifths_flags_with_fishers_test_and_an_interval_beside_it() -> None:
    found = lines(fairness.ledger(people({("A",): (400, 200), ("B",): (400, 120)})))["B"]
    assert (found.verdict, found.clear) == ("flag", True)
    assert found.ratio == pytest.approx(0.6)
    assert found.ratio_interval is not None and found.ratio_interval[0] < 0.6 < found.ratio_interval[1] < 0.8
    assert found.p is not None and found.p < 1e-7


@pytest.mark.parametrize(("n", "through"), [(5, 5), (6, 5), (10, 9), (20, 18)])
def test_us_7_a_small_group_never_passes_even_when_everybody_got_through(n: int, through: int) -> None:
    found = lines(fairness.ledger(people({("A",): (20, 20), ("B",): (n, through)})))["B"]
    assert found.ratio is not None and found.ratio >= 0.8
    assert (found.verdict, found.clear) == ("too_few", False)


def test_us_7_a_small_group_under_four_fifths_is_flagged_and_marked_as_unclear() -> None:
    found = lines(fairness.ledger(people({("A",): (20, 12), ("B",): (8, 3)})))["B"]
    assert (found.verdict, found.clear) == ("flag", False)


def test_us_7_no_verdict_is_called_pass() -> None:
    rng = random.Random(1)
    seen = set()
    for _ in range(200):
        counts: dict[Key, tuple[int, int]] = {
            (name,): (n, rng.randint(0, n)) for name in "ABC" for n in [rng.randint(5, 300)]
        }
        seen |= {line.verdict for line in fairness.ledger(people(counts)).lines}
    assert {"flag", "too_few", "reference", "at_least_four_fifths"} <= seen
    assert not any("pass" in verdict for verdict in seen)


def test_us_7_where_nobody_got_through_nothing_is_compared() -> None:
    found = fairness.ledger(people({("A",): (20, 0), ("B",): (8, 0)}))
    assert {line.verdict for line in found.lines} == {"nobody"}


@pytest.mark.parametrize(("column", "value"), [("selected", "maybe"), ("score", "high"), ("score", "nan")])
def test_a_value_that_cannot_be_read_is_an_error_that_names_the_row(column: str, value: str) -> None:
    row = {"id": "r7", "score": "1", "selected": "1", "sex": "F"} | {column: value}
    with pytest.raises(Invalid, match="r7"):
        evaluated.measure([row], Options())


def test_people_without_a_score_or_a_decision_are_counted_and_not_taken_for_a_no() -> None:
    rows = [{"id": str(n), "score": "", "selected": "", "sex": "F"} for n in range(6)]
    rows += [{"id": str(n), "score": str(n), "selected": "1", "sex": "M"} for n in range(6)]
    found = evaluated.measure(rows, Options())
    assert (found["without_score"], found["without_decision"]) == (6, 6)
    assert list(found["selection"]["sex"]["groups"]) == ["M"]


def test_a_table_without_any_group_is_an_error() -> None:
    with pytest.raises(Invalid, match="no column of groups"):
        evaluated.measure([{"id": "1", "language": "en", "score": "1", "selected": "1"}], Options())
