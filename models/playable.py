"""Segments into one file that every browser seeks and plays: copied where parameters agree, coded again where not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av
import av.container
import av.error
import av.stream

from models.recording import opened, packets, same_parameters

WEBM = frozenset({"vp8", "vp9", "av1", "opus", "vorbis"})
MP4 = frozenset({"h264", "aac", "mp3"})
VIDEO_BIT_RATE = 500_000
AUDIO_BIT_RATE = 48_000
OPUS_RATE = 48_000  # Hz, the one rate that Opus codes at
MAX_HEIGHT = 720
FRAME_RATE = 25
MICROSECOND = Fraction(1, 1_000_000)


def write(files: Sequence[BinaryIO], folder: Path) -> Path:
    """Writes `playable.webm` or `playable.mp4` into `folder` and returns its path."""
    containers = [opened(file) for file in files]
    try:
        family = _family(containers)
        if family and same_parameters(containers):
            return _copy(containers, folder / f"playable.{family}")
        return _code_again(containers, folder / "playable.webm")
    finally:
        for container in containers:
            container.close()


def sound_alone(path: Path) -> Path | None:
    """The sound of a playable file in a file of its own, beside it; None when it has none."""
    alone = path.with_name(f"sound{path.suffix}")
    with path.open("rb") as file, opened(file) as container:
        if not container.streams.audio:
            return None
        with av.open(str(alone), "w", options=_index_in_front(alone)) as out:
            source = container.streams.audio[0]
            target = out.add_stream_from_template(source)
            for packet in container.demux(source):
                if packet.dts is not None:
                    packet.stream = target
                    out.mux(packet)
    return alone


def _index_in_front(path: Path) -> dict[str, str]:
    # so that a player can seek before it has everything
    return {"movflags": "+faststart"} if path.suffix == ".mp4" else {"cues_to_front": "1"}


def _family(containers: list[av.container.InputContainer]) -> str | None:
    """The container that browsers play these codecs in; None: they have to be coded again."""
    names = {stream.codec_context.name for c in containers for stream in (*c.streams.video[:1], *c.streams.audio[:1])}
    if names <= WEBM:
        return "webm"
    return "mp4" if names <= MP4 else None


def _copy(containers: list[av.container.InputContainer], path: Path) -> Path:
    with av.open(str(path), "w", options=_index_in_front(path)) as out:
        first = containers[0]
        chosen = [*first.streams.video[:1], *first.streams.audio[:1]]
        outputs: dict[str, av.stream.Stream] = {stream.type: out.add_stream_from_template(stream) for stream in chosen}
        newest: dict[str, int] = dict.fromkeys(outputs, -1)
        for packet, kind, shift in _laid_end_to_end(containers):
            base = packet.time_base or MICROSECOND
            packet.pts = int((packet.pts or 0) + shift / base)
            packet.dts = max(
                int(shift / base + (packet.dts if packet.dts is not None else packet.pts)), newest[kind] + 1
            )
            packet.pts = max(packet.pts, packet.dts)
            newest[kind] = packet.dts
            packet.stream = outputs[kind]
            out.mux(packet)
    return path


def _laid_end_to_end(
    containers: list[av.container.InputContainer],
) -> Iterator[tuple[av.Packet[Any], str, Fraction]]:
    """Packets of all segments with the shift, in seconds, that puts each segment behind the one before."""
    offset = Fraction(0)
    for container in containers:
        start: Fraction | None = None
        end = Fraction(0)
        for packet in packets(container):
            if packet.pts is None or packet.time_base is None or packet.size == 0:
                continue
            at = packet.pts * packet.time_base
            start = min(at, Fraction(0)) if start is None else start
            end = max(end, at + (packet.duration or 0) * packet.time_base)
            yield packet, packet.stream.type, offset - start
        offset += end


def _code_again(containers: list[av.container.InputContainer], path: Path) -> Path:
    with av.open(str(path), "w", options={"cues_to_front": "1"}) as out:
        video = _video_output(out, containers)
        audio = out.add_stream("libopus", rate=OPUS_RATE) if any(c.streams.audio for c in containers) else None
        if audio is not None:
            audio.bit_rate = AUDIO_BIT_RATE
            audio.layout = "mono"
        resamplers: dict[Fraction, av.AudioResampler] = {}  # one per segment: each may have its own rate and layout
        samples = 0
        last_video = -1
        for packet, _, shift in _laid_end_to_end(containers):
            for frame in _frames(packet):
                if isinstance(frame, av.VideoFrame) and video is not None:
                    at = max(int((Fraction(frame.time or 0.0) + shift) * 1000), last_video + 1)
                    last_video = at
                    out.mux(video.encode(_picture(frame, video, at)))
                elif isinstance(frame, av.AudioFrame) and audio is not None:
                    for block in resamplers.setdefault(shift, _resampler()).resample(frame):
                        block.pts, samples = samples, samples + block.samples
                        out.mux(audio.encode(block))
        for stream in (video, audio):
            if stream is not None:
                out.mux(stream.encode(None))
    return path


def _resampler() -> av.AudioResampler:
    return av.AudioResampler(format="flt", layout="mono", rate=OPUS_RATE, frame_size=OPUS_RATE // 50)


def _video_output(
    out: av.container.OutputContainer, containers: list[av.container.InputContainer]
) -> av.VideoStream | None:
    pictures = [stream for c in containers for stream in c.streams.video[:1]]
    if not pictures:
        return None
    context = pictures[0].codec_context
    height = min(context.height, MAX_HEIGHT) // 2 * 2
    stream = out.add_stream("libvpx", rate=FRAME_RATE, options={"deadline": "realtime", "cpu-used": "8"})
    stream.width, stream.height = context.width * height // context.height // 2 * 2, height
    stream.pix_fmt = "yuv420p"
    stream.bit_rate = VIDEO_BIT_RATE
    stream.codec_context.time_base = Fraction(1, 1000)
    return stream


def _picture(frame: av.VideoFrame, stream: av.VideoStream, at_ms: int) -> av.VideoFrame:
    picture = frame.reformat(width=stream.width, height=stream.height, format="yuv420p")
    picture.pts = at_ms
    picture.time_base = Fraction(1, 1000)
    return picture


def _frames(packet: av.Packet[Any]) -> list[av.VideoFrame | av.AudioFrame]:
    try:
        return [frame for frame in packet.decode() if isinstance(frame, av.VideoFrame | av.AudioFrame)]
    except av.error.FFmpegError:
        return []
