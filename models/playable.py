"""Segments into one file that every browser seeks and plays: copied where parameters agree, coded again where not."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.container
import av.error
import av.stream
import numpy as np

from models.recording import same_parameters, upright

WEBM = frozenset({"vp8", "vp9", "av1", "opus", "vorbis"})
MP4 = frozenset({"h264", "aac", "mp3"})
VIDEO_BIT_RATE = 500_000
AUDIO_BIT_RATE = 48_000
OPUS_RATE = 48_000  # Hz, the one rate that Opus codes at
MAX_HEIGHT = 720
FRAME_RATE = 25
MICROSECOND = Fraction(1, 1_000_000)
MILLISECOND = Fraction(1, 1000)


def made_of(containers: Sequence[av.container.InputContainer], folder: Path) -> Copied | CodedAgain:
    """What writes `playable.webm` or `playable.mp4`, and its sound alone beside it, while the segments are read."""
    family = _family(containers)
    if family and same_parameters(list(containers)):
        return Copied(containers[0], folder, family)
    return CodedAgain(containers, folder)


def _family(containers: Sequence[av.container.InputContainer]) -> str | None:
    """The container that browsers play these codecs in; None: they have to be coded again."""
    names = {stream.codec_context.name for c in containers for stream in (*c.streams.video[:1], *c.streams.audio[:1])}
    if names <= WEBM:
        return "webm"
    return "mp4" if names <= MP4 else None


def _index_in_front(suffix: str) -> dict[str, str]:
    # so that a player can seek before it has everything
    return {"movflags": "+faststart"} if suffix == "mp4" else {"cues_to_front": "1"}


class _EndToEnd:
    """Where each segment lies: right behind the one before it, in seconds of the whole."""

    def __init__(self) -> None:
        self._offset = Fraction(0)
        self._start: Fraction | None = None
        self._end = Fraction(0)

    def next_segment(self) -> None:
        """The next packet is the first of another segment."""
        self._offset += self._end
        self._start, self._end = None, Fraction(0)

    def shift(self, packet: av.Packet[Any]) -> Fraction | None:
        """By how many seconds a packet moves; None for one without a time."""
        if packet.pts is None or packet.time_base is None or packet.size == 0:
            return None
        at = packet.pts * packet.time_base
        self._start = min(at, Fraction(0)) if self._start is None else self._start
        self._end = max(self._end, at + (packet.duration or 0) * packet.time_base)
        return self._offset - self._start


class Copied:
    """The packets as they came, moved in time; nothing is lost and nothing costs more than the disk."""

    every_picture = False

    def __init__(self, first: av.container.InputContainer, folder: Path, family: str) -> None:
        self.path = folder / f"playable.{family}"
        self._laid = _EndToEnd()
        self._out = av.open(str(self.path), "w", options=_index_in_front(family))
        chosen = [*first.streams.video[:1], *first.streams.audio[:1]]
        self._streams: dict[str, av.stream.Stream] = {
            stream.type: self._out.add_stream_from_template(stream) for stream in chosen
        }
        self._newest: dict[str, int] = dict.fromkeys(self._streams, -1)
        self.sound = folder / f"sound.{family}" if first.streams.audio else None
        self._alone = av.open(str(self.sound), "w", options=_index_in_front(family)) if self.sound else None
        self._voice = self._alone.add_stream_from_template(first.streams.audio[0]) if self._alone else None

    def next_segment(self) -> None:
        """A segment begins behind all that came."""
        self._laid.next_segment()

    def take(self, packet: av.Packet[Any], _: Sequence[object]) -> None:
        """One packet of a segment with the same streams as the first."""
        kind, shift = packet.stream.type, self._laid.shift(packet)
        if shift is None:
            return
        base = packet.time_base or MICROSECOND
        packet.pts = int((packet.pts or 0) + shift / base)
        packet.dts = max(
            int(shift / base + (packet.dts if packet.dts is not None else packet.pts)), self._newest[kind] + 1
        )
        packet.pts = max(packet.pts, packet.dts)
        self._newest[kind] = packet.dts
        packet.stream = self._streams[kind]
        self._out.mux(packet)
        if kind == "audio" and self._alone is not None and self._voice is not None:
            packet.stream = self._voice
            self._alone.mux(packet)

    def close(self) -> None:
        """Writes the indexes."""
        self._out.close()
        if self._alone is not None:
            self._alone.close()


class CodedAgain:
    """VP8 and Opus of whatever came: where segments differ, or where no browser plays them."""

    every_picture = True

    def __init__(self, containers: Sequence[av.container.InputContainer], folder: Path) -> None:
        self.path = folder / "playable.webm"
        self._laid = _EndToEnd()
        self._out = av.open(str(self.path), "w", options=_index_in_front("webm"))
        self._video = _video_output(self._out, containers)
        self._audio = self._alone = self._voice = None
        self.sound = folder / "sound.webm" if any(c.streams.audio for c in containers) else None
        if self.sound is not None:
            self._audio = audio_output(self._out)
            self._alone = av.open(str(self.sound), "w", options=_index_in_front("webm"))
            self._voice = audio_output(self._alone)
        self._resampler = resampler()
        self._samples = 0
        self._last_ms = -1
        self._shift = Fraction(0)

    def next_segment(self) -> None:
        """A segment begins behind all that came; it may have its own rate and layout."""
        self._laid.next_segment()
        self._resampler = resampler()

    def take(self, packet: av.Packet[Any], frames: Sequence[object]) -> None:
        """What was decoded of one packet."""
        shift = self._laid.shift(packet)
        self._shift = self._shift if shift is None else shift
        for frame in frames:
            if isinstance(frame, av.VideoFrame):
                self._see(frame)
            elif isinstance(frame, av.AudioFrame):
                self._hear(frame)

    def _see(self, frame: av.VideoFrame) -> None:
        if self._video is None:
            return
        self._last_ms = max(int((Fraction(frame.time or 0.0) + self._shift) * 1000), self._last_ms + 1)
        self._out.mux(self._video.encode(_picture(frame, self._video, self._last_ms)))

    def _hear(self, frame: av.AudioFrame) -> None:
        if self._audio is None or self._alone is None or self._voice is None:
            return
        for block in self._resampler.resample(frame):
            block.pts, self._samples = self._samples, self._samples + block.samples
            self._out.mux(self._audio.encode(block))
            self._alone.mux(self._voice.encode(block))

    def close(self) -> None:
        """Writes what the coders still hold, and the indexes."""
        for out, stream in ((self._out, self._video), (self._out, self._audio), (self._alone, self._voice)):
            if out is not None and stream is not None:
                out.mux(stream.encode(None))
        self._out.close()
        if self._alone is not None:
            self._alone.close()


def resampler() -> av.AudioResampler:
    """To what Opus codes: mono float32 in blocks of 20 ms."""
    return av.AudioResampler(format="flt", layout="mono", rate=OPUS_RATE, frame_size=OPUS_RATE // 50)


def audio_output(out: av.container.OutputContainer) -> av.AudioStream:
    """A stream of Opus, mono, in `out`."""
    stream = out.add_stream("libopus", rate=OPUS_RATE)
    stream.bit_rate = AUDIO_BIT_RATE
    stream.layout = "mono"
    return stream


def _video_output(
    out: av.container.OutputContainer, containers: Sequence[av.container.InputContainer]
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
    stream.codec_context.time_base = MILLISECOND
    return stream


def _picture(frame: av.VideoFrame, stream: av.VideoStream, at_ms: int) -> av.VideoFrame:
    """The frame upright and in the file's size; one held the other way lies in the middle between black edges."""
    if frame.rotation % 360 == 0 and frame.width * stream.height == frame.height * stream.width:
        picture = frame.reformat(width=stream.width, height=stream.height, format="yuv420p")
    else:
        turned = av.VideoFrame.from_ndarray(upright(frame.to_ndarray(format="rgb24"), frame.rotation), format="rgb24")
        share = min(stream.width / turned.width, stream.height / turned.height)
        width, height = int(turned.width * share) // 2 * 2, int(turned.height * share) // 2 * 2
        whole = np.zeros((stream.height, stream.width, 3), dtype=np.uint8)
        top, left = (stream.height - height) // 2, (stream.width - width) // 2
        whole[top : top + height, left : left + width] = turned.to_ndarray(format="rgb24", width=width, height=height)
        picture = av.VideoFrame.from_ndarray(whole, format="rgb24").reformat(format="yuv420p")
    picture.pts = at_ms
    picture.time_base = MILLISECOND
    return picture
