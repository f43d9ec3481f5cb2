"""Small recordings of every kind that browsers and phones make, to be broken; nobody says enough in them to be scored."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np

SECONDS = 1.5
KINDS = {
    "vp8.webm": ("libvpx", "libopus", {}),
    "vp9.webm": ("libvpx-vp9", "libopus", {}),
    "sound.webm": (None, "libopus", {}),
    "h264.mp4": ("libx264", "aac", {}),
    "fragmented.mp4": ("libx264", "aac", {"movflags": "frag_keyframe+empty_moov+default_base_moof"}),
    "hevc.mp4": ("libx265", "aac", {}),
    "h264.mov": ("libx264", "aac", {}),
    "phone.3gp": ("mpeg4", "aac", {}),
    "sound.wav": (None, "pcm_s16le", {}),
    "sound.flac": (None, "flac", {}),
}


@cache
def recordings(real: Path) -> list[bytes]:
    """What is made here, and the smaller real ones where they are (below 600 kB)."""
    found = [made(name) for name in KINDS]
    if real.is_dir():
        found += [
            path.read_bytes() for path in sorted((real / "video").iterdir()) if 100 < path.stat().st_size < 600_000
        ]
    return found


def made(name: str) -> bytes:
    """One recording of a kind of KINDS: noise over moving noise."""
    video_codec, audio_codec, options = KINDS[name]
    chance = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        with av.open(str(path), "w", options=options) as out:
            video = out.add_stream(video_codec, rate=10) if video_codec else None
            if video is not None:
                video.width, video.height, video.pix_fmt, video.bit_rate = 96, 64, "yuv420p", 60_000
                video.gop_size = 5
            rate = 16_000 if audio_codec in ("pcm_s16le", "flac") else 48_000
            audio = out.add_stream(audio_codec, rate=rate)
            audio.layout = "mono"
            _fill(out, video, audio, rate, chance)
        return path.read_bytes()


def _fill(
    out: av.container.OutputContainer,
    video: av.VideoStream | None,
    audio: av.AudioStream,
    rate: int,
    chance: np.random.Generator,
) -> None:
    for number in range(round(SECONDS * 10) if video is not None else 0):
        picture = chance.integers(0, 255, (64, 96, 3), dtype=np.uint8)
        assert video is not None
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = number, Fraction(1, 10)
        out.mux(video.encode(frame))
    sound = (chance.standard_normal((1, round(rate * SECONDS))) * 3000).astype(np.int16)
    whole = av.AudioFrame.from_ndarray(sound, format="s16", layout="mono")
    whole.sample_rate, whole.pts, whole.time_base = rate, 0, Fraction(1, rate)
    size = audio.codec_context.frame_size or 1024
    for block in av.AudioResampler(audio.format, "mono", rate, frame_size=size).resample(whole):
        out.mux(audio.encode(block))
    for stream in (video, audio):
        if stream is not None:
            out.mux(stream.encode(None))
