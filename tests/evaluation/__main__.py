"""`make evaluate`: every row of the plan that data at hand can measure, plain baselines beside ours; JSON and a table.

Rows marked H are measured elsewhere on other data: here they run on stand-ins made by the project, and the figure says
nothing but that the way is open. A missed bar is printed as missed; it does not end the run.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import yaml
from scipy.stats import spearmanr

from interview_ai import demonstration
from interview_ai.library import questions, rubric
from models import language
from tests.conftest import TEST_DATA
from tests.evaluation import spans, written
from tests.fixtures import sound
from worker import judging, pipeline
from worker.evaluation import attacks, fairness, grade, match, tables
from worker.evaluation.tables import Options
from worker.judging import Asked
from worker.pipeline import Engines

FEWEST = 20  # draws for a mean; intervals want 50
GAINS_DB = (-6.0, 6.0)
PITCHES = (-4, 4)  # semitones
SIXTY_SECONDS = {"ko": 100, "en": 150}  # eojeol and words of a fluent minute


@dataclass
class Row:
    """One line. `held` is None where nothing true can be said here."""

    what: str
    bar: str
    figure: str
    held: bool | None


@dataclass
class Report:
    """All that was measured, printed as it comes."""

    rows: list[Row] = field(default_factory=list)
    results: dict[str, Any] = field(default_factory=dict)

    def add(self, what: str, bar: str, figure: str, held: bool | None) -> None:
        """Keeps and prints one line."""
        self.rows.append(Row(what, bar, figure, held))
        mark = {True: "held  ", False: "MISSED", None: "-     "}[held]
        print(f"{mark} {what:58} {figure:>48}   bar {bar}", flush=True)


def attacked(report: Report, folder: Path, seed: int) -> None:
    """Attacks on the written answers, those tuned on and those never looked at apart, per language."""
    for held_out in (False, True):
        rows = tables.read(written.table(folder / "written.tsv", held_out=held_out), attacks.COLUMNS, "ko")
        found = attacks.measure(rows, Options(seed=seed))
        which = "held-out" if held_out else "dev"
        report.results[f"attacks {which}"] = found
        for name, share in found["beaten"].items():
            by = ", ".join(f"{of} {shares[name]:.1%}" for of, shares in found["per_group"].items())
            report.add(
                f"attack {name}, {which}", "<= 1 %", f"{share:.1%} of {found['genuine_long']} ({by})", share <= 0.01
            )
        report.add(f"genuine answers scored, {which}", ">= 97 %", f"{found['scored']:.1%}", found["scored"] >= 0.97)


def matched(report: Report, folder: Path, seed: int) -> None:
    """H: which question an answer belongs to; the written set is far too small to stand for the bar's data."""
    rows = tables.read(written.table(folder / "written.tsv", held_out=False), match.COLUMNS, "ko")
    found = match.measure(rows, Options(seed=seed))
    report.results["match (stand-in)"] = found
    for of, part in found["per_group"].items():
        ours, plain = part["answer_to_question"]["mrr"], part["plain_answer_to_question"]["mrr"]
        report.add(f"H match, {of}, stand-in: MRR", "H .80", f"{ours:.3f} (plain {plain:.3f}), n {part['n']}", None)


def graded(report: Report, seed: int, draws: int) -> None:
    """Short answers, essays and graded model answers of the development data."""
    rated = TEST_DATA / "rated"
    if not rated.is_dir():
        report.add("calibration on rated answers", ".60 / .68 / .72", "no development data here", None)
        return
    short = tables.read(rated / "short_answers_dev.tsv.gz", grade.COLUMNS, "en")
    for ratings, bar in ((50, 0.60), (100, 0.68), (200, 0.72)):
        found = grade.measure(short, Options(seed=seed, ratings=ratings, draws=draws))
        report.results[f"short answers, n {ratings}"] = found
        _against(report, f"short answers, {ratings} ratings: QWK, {draws} draws", found, "qwk", bar)
        covered, cut = found["coverage"]["value"], found["error_cut"]["value"]
        figure = (
            f"{covered:.3f}, width {found['width_share']['value']:.0%} of the scale"
            if "width_share" in found
            else f"{covered:.3f}"
        )
        report.add(f"short answers, {ratings}: 90 % interval covers", ".87-.93", figure, 0.87 <= covered <= 0.93)
        report.add(f"short answers, {ratings}: error cut at 20 % abstention", ">= 10 %", f"{cut:.1%}", cut >= 0.10)
    for name, file, column, bar in (
        ("essays, 4 prompts", "essays_dev.tsv.gz", "qwk", 0.76),
        ("model answers (Mohler)", "model_answers_dev.tsv.gz", "r", 0.52),
    ):
        found = grade.measure(tables.read(rated / file, grade.COLUMNS, "en"), Options(seed=seed))
        report.results[name] = found
        _against(report, f"{name}: {column}", found, column, bar)
        covered, cut = found["coverage"]["value"], found["error_cut"]["value"]
        report.add(f"{name}: 90 % interval covers", ".87-.93", f"{covered:.3f}", 0.87 <= covered <= 0.93)
        report.add(f"{name}: error cut at 20 % abstention", ">= 10 %", f"{cut:.1%}", cut >= 0.10)


def _against(report: Report, what: str, found: Mapping[str, Any], name: str, bar: float) -> None:
    ours = found[name]
    parts = [f"{ours['value']:.3f} [{ours['low']:.3f}, {ours['high']:.3f}]"]
    plain = found["baseline"].get(name)
    if name == "qwk":
        parts.append(f"rater1 alone {found['qwk_rater1']['value']:.3f}")
    parts += [f"plain {plain['value']:.3f}"] if plain and plain["value"] is not None else []
    parts += [f"abstains {ours['abstention']:.0%}"]
    held = ours["value"] >= bar and ours["abstention"] <= 0.20
    report.add(what, f">= {bar:.2f}, abstaining <= 20 %", ", ".join(parts), held)


def written_set(report: Report) -> None:
    """Levels, spans and false credit on the project's own answers."""
    for of in ("ko", "en"):
        for held_out in (False, True):
            chosen = [one for one in written.answers(of) if one.held_out == held_out]
            which = f"{of}, {'held-out' if held_out else 'dev'}"
            points = [_points(one.text, one.question, of) for one in chosen]
            scored = [(one.level, value) for one, value in zip(chosen, points, strict=True) if value is not None]
            rho = float(spearmanr([level for level, _ in scored], [value for _, value in scored])[0])
            left = len(chosen) - len(scored)
            report.add(
                f"written, {which}: Spearman with the intended level",
                ">= .6",
                f"{rho:.2f} of {len(scored)}, {left} unscored",
                rho >= 0.6,
            )
            marked = spans.measure(spans.marked_answers(written.HERE / f"{of}.yaml", held_out=held_out), _analyser(of))
            figure = f"{marked.total.f1:.2f} (P {marked.total.precision:.2f}, R {marked.total.recall:.2f})"
            report.add(f"written, {which}: F1 of evidence spans", ">= .6", figure, marked.total.f1 >= 0.6)
            credited = spans.measure(_all(of, held_out=held_out), _analyser(of)).credited
            report.add(
                f"written, {which}: credit for what is no evidence", "none", f"{len(credited)} passages", not credited
            )
            report.results[f"written {which}"] = {
                "spearman": rho,
                "kinds": {kind: asdict(value) | {"f1": value.f1} for kind, value in marked.kinds.items()},
                "credited": len(credited) if held_out else list(credited),
            }


def anchored(report: Report) -> None:
    """How often the evidence of answers written as strong and as weak is tied to the anchors of such answers."""
    for of in ("ko", "en"):
        for held_out in (False, True):
            tied: dict[int, list[int | None]] = {1: [], 3: [], 5: []}
            for one in written.answers(of):
                if one.held_out == held_out:
                    asked = Asked(one.question, of, rubric((one.competency,)), questions(of))
                    tied[one.level] += [item.anchor for item in judging.assess_text(one.text, asked).evidence]
            figure = "; ".join(f"level {level}: {_ties(found)}" for level, found in tied.items())
            report.add(f"evidence tied to anchors, {of}, {'held-out' if held_out else 'dev'}", "none set", figure, None)


def _ties(found: Sequence[int | None]) -> str:
    shares = [found.count(level) / max(1, len(found)) for level in (5, 3, 1)]
    return " / ".join(f"{share:.0%}" for share in shares) + f" to 5 / 3 / 1 of {len(found)}"


def _analyser(of: str) -> Any:
    return lambda text: language.analyse(text, of)


def _all(of: str, *, held_out: bool) -> list[Mapping[str, Any]]:
    content = yaml.safe_load((written.HERE / f"{of}.yaml").read_text(encoding="utf-8"))["questions"]
    return [answer for question in content if question["held_out"] == held_out for answer in question["answers"]]


def _points(text: str, question: str, of: str) -> float | None:
    found = judging.assess_text(text, Asked(question, of, rubric(), questions(of)))
    return found.score.points if found.score else None


def unchanging(report: Report, folder: Path) -> None:
    """The same file five times; the same words in a louder, softer, higher and lower voice, with another picture."""
    item = next(one for one in demonstration.load().recordings if one.kind == "good")
    asked = Asked(questions("en")[0], "en", rubric(), questions("en"), demonstration=True)
    found = [_assessed(item.path, asked) for _ in range(5)]
    same = len({json.dumps(one, sort_keys=True) for one in found}) == 1
    report.add("the same file five times", "identical", "identical" if same else "differs", same)
    engines = Engines("pocketsphinx", "small", folder)
    watched = {name: _watched(path, asked, engines, folder) for name, path in _variants(item.path, folder)}
    heard = pipeline.listen([watched["as it is"]], engines)[0]
    judged = {name: pipeline.judge(one, heard).assessment for name, one in watched.items()}
    own = judged["as it is"]
    if own.score is None:
        raise RuntimeError("the recording to compare with earns no points")
    moved = [name for name, one in judged.items() if (one.score, one.evidence) != (own.score, own.evidence)]
    what = f"the same words, {len(judged) - 1} other voices and pictures: changed"
    report.add(what, "0", ", ".join(moved) or "0", not moved)


def _variants(path: Path, folder: Path) -> Iterable[tuple[str, Path]]:
    """The recording, louder and softer, higher and lower, and with a picture in which there is nobody."""
    voice = sound.decoded(path)
    yield "as it is", path
    for gain in GAINS_DB:
        louder = np.clip(voice * 10 ** (gain / 20), -1, 1).astype(np.float32)
        yield f"{gain:+.0f} dB", sound.recorded(louder, folder / f"gain{gain:+.0f}.webm", None)
    for semitones in PITCHES:
        rate = round(sound.RATE * 2 ** (semitones / 12))  # read faster or slower: a higher or a lower voice
        pitched = sound.resampled(voice, sound.RATE, before=rate)
        yield f"{semitones:+d} semitones", sound.recorded(pitched, folder / f"pitch{semitones:+d}.webm", None)
    empty = sound.Pictures(320, 240, 10, 100_000, lambda number: np.full((240, 320, 3), number % 40, dtype=np.uint8))
    yield "nobody in the picture", sound.recorded(voice, folder / "empty.webm", empty)


def _watched(path: Path, asked: Asked, engines: Engines, folder: Path) -> pipeline.Watched:
    made = folder / f"read-{path.stem}"
    made.mkdir()
    found = pipeline.watch([path], asked, engines, made)
    if not isinstance(found, pipeline.Watched):
        raise RuntimeError(f"{path.name} cannot be read")
    return found


def _assessed(path: Path, asked: Asked) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        engines = Engines("pocketsphinx", "small", Path(folder))
        found = pipeline.assess([path], asked, engines, Path(folder)).assessment
        return [asdict(found.score) if found.score else None, [asdict(one) for one in found.evidence]]


def speed(report: Report) -> None:
    """CPU seconds of judging a minute's words, after everything was loaded."""
    for of, length in SIXTY_SECONDS.items():
        words = " ".join(one.text for one in written.answers(of) if not one.held_out and one.level == 5).split()
        texts = [" ".join(words[start : start + length]) for start in range(0, len(words) - length, length)]
        spent = []
        for text in texts:
            begun = time.process_time()
            _points(text, questions(of)[0], of)
            spent.append(time.process_time() - begun)
        report.add(
            f"judging a 60-second answer, {of}, CPU", "<= 0.5 s", f"{median(spent[1:]):.2f} s", median(spent[1:]) <= 0.5
        )


def ledger(report: Report, seed: int) -> None:
    """The fairness ledger on a made table in which one of two groups needs more points to be selected: it must flag."""
    chance = random.Random(seed)
    found = fairness.measure(list(_made(chance)), Options(seed=seed))
    report.results["fairness (made)"] = found
    flagged = '"flag"' in json.dumps(found, ensure_ascii=False)
    report.add(
        "H fairness ledger, made table with an unfair bar", "flags it", "flagged" if flagged else "missed", flagged
    )


def _made(chance: random.Random) -> Iterable[dict[str, str]]:
    for number in range(400):
        sex = "F" if number % 2 else "M"
        score = chance.gauss(3, 1)
        chosen = score > (3.6 if sex == "F" else 2.6)
        yield {"id": str(number), "score": f"{score:.2f}", "selected": str(int(chosen)), "sex": sex}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures everything and prints; `--out` takes the whole as JSON."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draws", type=int, default=FEWEST)
    given = parser.parse_args(arguments)
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        attacked(report, Path(folder), given.seed)
        matched(report, Path(folder), given.seed)
        unchanging(report, Path(folder))
    written_set(report)
    anchored(report)
    speed(report)
    ledger(report, given.seed)
    graded(report, given.seed, given.draws)
    missed = [row for row in report.rows if row.held is False]
    print(f"{sum(row.held is True for row in report.rows)} bars held, {len(missed)} missed")
    if given.out:
        given.out.write_text(json.dumps(asdict(report), ensure_ascii=False, indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
