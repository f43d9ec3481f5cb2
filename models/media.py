"""A recording read in a jailed child process: facts, sound, pictures and one file that plays everywhere."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import av.logging
from av.container import InputContainer

from interview_ai.rules.evidence import AudioFacts, Facts, VideoFacts
from models import jail, playable, recording
from models.recording import Reading, Refused


@dataclass(frozen=True, slots=True)
class Media:
    """`sound`: raw little-endian float32 mono in [-1, 1] at 16 000 Hz; `frames`: jpg pictures, at most 12.

    `playable_sound`: the playable file's sound alone, for those who may not see. `joins`: for each readable segment
    after the first, its place among all segments (from 0) and the second of the playable file at which it begins.
    `peaks`: the loudest sample of each tenth of a second, 0-100.
    """

    facts: Facts
    sound: Path | None
    playable: Path
    playable_sound: Path | None
    poster: Path | None
    frames: tuple[Path, ...]
    joins: tuple[tuple[int, float], ...] = ()
    peaks: tuple[int, ...] = ()


def read(paths: Sequence[Path], folder: Path, *, wall_s: float) -> Media:
    """Reads the segments of one recording; everything made lies in `folder`.

    Raises Unreadable, with a sentence in both languages, when no player could read it or the child was killed after
    `wall_s` seconds.
    """
    answer = jail.run(paths, folder, wall_s=wall_s)
    video = VideoFacts(**answer["video"]) if answer["video"] else None
    audio = AudioFacts(**answer["audio"], speech_s=0.0, silence_s=0.0) if answer["audio"] else None
    frames = tuple(folder / name for name in answer["frames"])
    sound = folder / "sound.f32" if audio else None
    facts = Facts(round(answer["duration_s"], 3), video, audio)
    alone = folder / answer["playable_sound"] if answer["playable_sound"] else None
    joins = tuple((int(place), float(at_s)) for place, at_s in answer["joins"])
    poster = frames[0] if frames else None
    return Media(facts, sound, folder / answer["playable"], alone, poster, frames, joins, tuple(answer["peaks"]))


def child(folder: Path, descriptors: Sequence[int]) -> dict[str, Any]:
    """What the child prints; only ever called behind jail.lock_in()."""
    found = Reading(folder)
    try:
        with ExitStack() as held:
            opened = _opened([held.enter_context(os.fdopen(number, "rb")) for number in descriptors], held)
            made = playable.made_of([container for _, container in opened], folder)
            joins = _read(opened, found, made)
            made.close()
    except Refused as refused:
        return {"error": str(refused)}
    return {
        "duration_s": found.duration_s,
        "video": _video(found),
        "audio": _audio(found),
        "frames": found.pictures,
        "peaks": found.sound.peaks,
        "playable": made.path.name,
        "playable_sound": made.sound.name if made.sound else None,
        "joins": joins,
    }


def _opened(files: Sequence[BinaryIO], held: ExitStack) -> list[tuple[int, InputContainer]]:
    """Places and containers of the segments that are recordings. One that broke off in its first second holds nothing
    that could be lost, and must not cost the answer the others. Raises Refused when none is left."""
    whole: list[tuple[int, InputContainer]] = []
    first: Refused | None = None
    for place, file in enumerate(files):
        try:
            whole.append((place, held.enter_context(recording.opened(file))))
        except Refused as refused:
            if str(refused) not in recording.TORN:
                raise
            first = first or refused
    if not whole:
        raise first or Refused("empty")
    return whole


def _read(
    opened: Sequence[tuple[int, InputContainer]], found: Reading, made: recording.Sink
) -> list[tuple[int, float]]:
    """Reads each segment once. Returns places and starts of those after the first that held anything."""
    kept: list[tuple[int, float]] = []
    first: Refused | None = None
    for place, container in opened:
        start = round(found.duration_s, 2)
        try:
            recording.read_segment(container, found, made)
        except Refused as refused:
            if str(refused) not in recording.TORN:
                raise
            first = first or refused
        else:
            kept.append((place, start))
    if not kept:
        raise first or Refused("empty")
    return kept[1:]


def _video(found: Reading) -> dict[str, Any] | None:
    if not found.frames:
        return None
    return {"codec": found.video.codec, "width": found.width, "height": found.height, "frames": found.frames}


def _audio(found: Reading) -> dict[str, Any] | None:
    sound = found.sound
    if not sound.samples:
        return None
    clipped = round(sound.clipped / sound.samples, 6)
    return {"codec": found.audio.codec, "rms_dbfs": sound.rms_dbfs, "clipped": clipped}


if __name__ == "__main__":
    made_in = Path(sys.argv[1])
    jail.lock_in(made_in)
    av.logging.set_level(av.logging.PANIC)
    result = child(made_in, [int(number) for number in sys.argv[2:]])
    sys.stdout.write(json.dumps(result))
