"""A recording's sound with a quiet tone in place of some of its seconds, made in the jail like every decoding."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import av
import av.container
import av.error
import av.logging
import numpy as np
from numpy.typing import NDArray

from models import jail, playable, recording
from models.playable import OPUS_RATE
from models.recording import Refused

TONE_HZ = 1000.0
LOUDNESS = 0.08  # of full scale: heard, and no fright
EDGE_S = 0.005  # the tone swells, so that it does not click
GAP_S = 0.05  # a longer hole in the sound's own times is silence, so that seconds stay where they were

Span = tuple[float, float]


def covered(sound: Path, spans: Sequence[Span], folder: Path, *, wall_s: float) -> Path:
    """Opus in WebM, mono at 48 000 Hz, as long as `sound`; `spans`: from second to second, in order and apart.

    Raises Unreadable as models.media does.
    """
    asked = json.dumps([[start, min(end, recording.MAX_S)] for start, end in spans])
    answer = jail.run([sound], folder, wall_s=wall_s, module="models.bleeping", told=asked)
    return folder / str(answer["bleeped"])


def child(folder: Path, descriptor: int, spans: Sequence[Span]) -> dict[str, Any]:
    """What the child prints; only ever called behind jail.lock_in()."""
    path = folder / "bleeped.webm"
    try:
        with os.fdopen(descriptor, "rb") as file, recording.opened(file) as container:
            if not container.streams.audio:
                raise Refused("nothing")
            _write(container, path, spans)
    except Refused as refused:
        return {"error": str(refused)}
    return {"bleeped": path.name}


def _write(container: av.container.InputContainer, path: Path, spans: Sequence[Span]) -> None:
    with av.open(str(path), "w", options={"cues_to_front": "1"}) as out:
        stream = playable.audio_output(out)
        at = 0
        for block in _blocks(container):
            frame = av.AudioFrame.from_ndarray(beneath(block, at, spans).reshape(1, -1), format="flt", layout="mono")
            frame.sample_rate, frame.pts = OPUS_RATE, at
            out.mux(stream.encode(frame))
            at += block.size
        if not at:
            raise Refused("nothing")
        out.mux(stream.encode(None))


def _blocks(container: av.container.InputContainer) -> Iterator[NDArray[np.float32]]:
    """Mono float32 at OPUS_RATE from second 0 on, holes filled."""
    resampler = playable.resampler()
    at = 0
    for packet in recording.packets(container):
        for frame in _heard(packet):
            missing = round((frame.time or 0.0) * OPUS_RATE) - at if frame.time is not None else 0
            if missing > GAP_S * OPUS_RATE:
                at += missing
                yield np.zeros(missing, dtype=np.float32)
            for block in resampler.resample(frame):
                samples = block.to_ndarray().reshape(-1).astype(np.float32)
                at += samples.size
                yield samples


def _heard(packet: av.Packet[Any]) -> list[av.AudioFrame]:
    try:
        frames: list[object] = list(packet.decode())
    except av.error.FFmpegError:
        return []  # a damaged packet gives none, the next may be whole
    return [frame for frame in frames if isinstance(frame, av.AudioFrame)]


def beneath(block: NDArray[np.float32], at: int, spans: Sequence[Span]) -> NDArray[np.float32]:
    """The samples from number `at` on, with the tone where a span lies."""
    out = block.copy()
    for start, end in spans:
        first, last = round(start * OPUS_RATE) - at, round(end * OPUS_RATE) - at
        if first < block.size and last > 0:
            inside = np.arange(max(0, first), min(block.size, last))
            out[inside] = _tone(inside + at, first + at, last + at)
    return out


def _tone(places: NDArray[np.int64], first: int, last: int) -> NDArray[np.float32]:
    edge = EDGE_S * OPUS_RATE
    swell = np.clip(np.minimum(places - first, last - places) / edge, 0.0, 1.0)
    tone: NDArray[np.float32] = (LOUDNESS * swell * np.sin(2 * np.pi * TONE_HZ * places / OPUS_RATE)).astype(np.float32)
    return tone


if __name__ == "__main__":
    made_in = Path(sys.argv[1])
    jail.lock_in(made_in)
    av.logging.set_level(av.logging.PANIC)
    sys.stdout.write(json.dumps(child(made_in, int(sys.argv[2]), json.loads(sys.argv[3]))))
