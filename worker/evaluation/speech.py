"""`--task speech`: how many words and letters the installed recogniser gets wrong, by language and by group."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from interview_ai.errors import Invalid, Unreadable
from interview_ai.rules.hearing import Errors, letter_errors, word_errors
from interview_ai.settings import settings
from models import media, speech
from models.speech import Heard, Recogniser, Spoken
from worker.evaluation.tables import Options, Row
from worker.pipeline import WALL_S

COLUMNS = ("file", "transcript")
GROUPS = ("sex", "group")
UNKNOWN = frozenset({"", "-", "?", "unknown"})
DRAWS = 1000
LEAST_SPEAKERS = 5  # drawn anew, fewer give an interval that is far too narrow: two who err alike give one of width 0
MAIN = {"ko": "cer", "en": "wer"}
METHODS = {
    "wer": "wrong words by words said, summed over recordings; case and punctuation do not count",
    "cer": "the same over letters and digits, spaces left out",
    "interval": "95 %, bootstrap of whole speakers (percentiles, seeded); null for fewer than 5, too few to tell",
    "real_time_factor": "seconds for finding speech and words by seconds of recording; the engine's loading is in it",
}


@dataclass(frozen=True, slots=True)
class Listened:
    """One row, what was heard, and how long that took beside how long the recording lasts, in seconds."""

    row: Row
    heard: Heard
    words: Errors
    letters: Errors
    took_s: float
    lasts_s: float

    @property
    def speaker(self) -> str:
        """Who speaks; a recording without a known speaker has one of its own."""
        name = self.row.get("speaker", "").strip()
        return f"row {self.row['id']}" if name.lower() in UNKNOWN else name


def measure(rows: Sequence[Row], options: Options) -> dict[str, Any]:
    """Error rates and the real-time factor. Raises Misconfigured (code no_recogniser) before anything is read where a
    row's language has no recogniser, and Invalid naming the row whose recording cannot be used.
    """
    by = {language: _recogniser(language) for language in sorted({row["language"] for row in rows})}
    _all_there(rows, options.folder)
    found = {
        language: [
            one
            for batch in _batches([row for row in rows if row["language"] == language])
            for one in _listen(batch, recogniser, options.folder)
        ]
        for language, recogniser in by.items()
    }
    return {
        "languages": {language: _of_language(found[language], by[language], options) for language in by},
        "resampled": "speaker" if any(row.get("speaker", "").strip() for row in rows) else "recording",
        "methods": METHODS,
        "rows": [_shown(one) for listened in found.values() for one in listened],
    }


def _recogniser(language: str) -> Recogniser:
    given = settings()
    return speech.recogniser(language, engine=given.speech_engine, model=given.speech_model, folder=given.models)


def _all_there(rows: Sequence[Row], folder: Path) -> None:
    """Hours of listening must not end at a name that was mistyped."""
    for row in rows:
        if not (folder / row["file"]).is_file():
            raise _unusable(row, "there is no such file", "파일이 없습니다")


def _unusable(row: Row, why: str, why_ko: str) -> Invalid:
    return Invalid(
        f"Row {row['id']}, {row['file']}: {why}.", f"{row['id']}행 {row['file']}: {why_ko}.", code="recording"
    )


def _batches(rows: Sequence[Row]) -> list[Sequence[Row]]:
    size = settings().batch
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _listen(rows: Sequence[Row], by: Recogniser, folder: Path) -> list[Listened]:
    """Reads each as a worker would, in the jail, and hears them together."""
    with TemporaryDirectory(prefix="onterview-") as made:
        read = [_read(row, folder, Path(made) / str(place)) for place, row in enumerate(rows)]
        spoken = [Spoken(speech.load(sound), row["language"]) for row, (sound, _) in zip(rows, read, strict=True)]
        began = time.perf_counter()
        heard = speech.transcribe_all(spoken, by)
        took_s = (time.perf_counter() - began) / len(rows)
    return [_compared(row, one, took_s, lasts_s) for row, one, (_, lasts_s) in zip(rows, heard, read, strict=True)]


def _read(row: Row, folder: Path, made_in: Path) -> tuple[Path, float]:
    made_in.mkdir()
    try:
        found = media.read([folder / row["file"]], made_in, wall_s=WALL_S)
    except Unreadable as error:
        raise _unusable(row, error.en.rstrip("."), error.ko.rstrip(".")) from error
    if found.sound is None:
        raise _unusable(row, "it has no sound", "소리가 없습니다")
    return found.sound, found.facts.duration_s


def _compared(row: Row, heard: Heard, took_s: float, lasts_s: float) -> Listened:
    said, text = row["transcript"], heard.transcript.text
    return Listened(row, heard, word_errors(said, text), letter_errors(said, text), took_s, lasts_s)


def _of_language(found: Sequence[Listened], by: Recogniser, options: Options) -> dict[str, Any]:
    """The figures of one language, the main one named: letters for Korean, words for English."""
    groups = {
        column: {value: _rates(those, options) for value, those in sorted(_by_value(found, column).items())}
        for column in GROUPS
        if any(column in one.row for one in found)
    }
    return {
        "main": MAIN[found[0].row["language"]],
        "engine": by.engine,
        "model": by.name,
        "weights": by.digest[: speech.WEIGHTS_DIGITS],
        "demonstration": found[0].heard.demonstration,
        **_rates(found, options),
        "real_time_factor": round(sum(one.took_s for one in found) / sum(one.lasts_s for one in found), 3),
        "groups": groups,
    }


def _by_value(found: Sequence[Listened], column: str) -> dict[str, list[Listened]]:
    """Recordings by group; "?" are those whose group is not known."""
    groups: dict[str, list[Listened]] = defaultdict(list)
    for one in found:
        value = one.row.get(column, "").strip()
        groups["?" if value.lower() in UNKNOWN else value].append(one)
    return groups


def _rates(found: Sequence[Listened], options: Options) -> dict[str, Any]:
    speakers: dict[str, list[Listened]] = defaultdict(list)
    for one in found:
        speakers[one.speaker].append(one)
    words = [_sum([one.words for one in those]) for those in speakers.values()]
    letters = [_sum([one.letters for one in those]) for those in speakers.values()]
    return {
        "recordings": len(found),
        "speakers": len(speakers),
        "seconds": round(sum(one.lasts_s for one in found), 1),
        "wer": _rate(_sum(words)),
        "wer_interval": interval(words, options),
        "cer": _rate(_sum(letters)),
        "cer_interval": interval(letters, options),
    }


def _sum(errors: Sequence[Errors]) -> Errors:
    return Errors(sum(one.wrong for one in errors), sum(one.said for one in errors))


def _rate(errors: Errors) -> float | None:
    return round(errors.wrong / errors.said, 4) if errors.said else None


def interval(speakers: Sequence[Errors], options: Options) -> list[float] | None:
    """95 % interval of a rate when whole speakers are drawn anew, for a speaker's words err together.

    None for fewer than five.
    """
    counts = np.array([(one.wrong, one.said) for one in speakers if one.said], dtype=np.float64)
    if len(counts) < LEAST_SPEAKERS:
        return None
    rng = np.random.default_rng(options.seed)
    drawn = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=options.draws or DRAWS) @ counts
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    return [round(float(low), 4), round(float(high), 4)]


def _shown(one: Listened) -> dict[str, Any]:
    return {
        "id": one.row["id"],
        "file": one.row["file"],
        "heard": one.heard.transcript.text,
        "wer": _rate(one.words),
        "cer": _rate(one.letters),
    }
