"""One pass over a recording's packets: sound out, key frames out, what it is; runs inside the jail only."""

from __future__ import annotations

import errno
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import av
import av.container
import av.error
import av.stream
import cv2
import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000  # Hz: what every recogniser here was trained on
FORMATS = "matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mpeg,mpegts,mpegvideo,wav,flac,ogg,mp3"
VIDEO_CODECS = frozenset({"vp8", "vp9", "av1", "h264", "hevc", "h263", "mpeg4", "mpeg1video", "mpeg2video"})
AUDIO_CODECS = frozenset(
    {"opus", "vorbis", "aac", "mp3", "mp2", "flac", "amrnb", "amrwb", "pcm_s16le", "pcm_f32le", "pcm_s24le"}
)
MAX_PIXELS = 4096 * 2304  # the largest a phone's front camera makes
MAX_STREAMS = 8
MAX_S = 3600.0  # an answer lasts minutes
MAX_FRAMES = 72  # that are looked at: six minutes
FRAME_GAP_S = 5.0
CLIPPED_AT = 0.999
POSTER_WIDTH = 640
PEAKS_PER_S = 10  # of the waveform
LOUDEST_PEAK = 100
MOST_WAITING = 2000  # packets kept for a picture between two key frames
TORN = frozenset({"empty", "damaged", "not_media", "nothing"})
"""Codes of a segment that broke off before anything could be read."""


class Refused(Exception):
    """The recording is not accepted; `args[0]` is a code of jail.SENTENCES."""


@dataclass
class Track:
    """What was counted of one stream, in seconds from the start of its segment."""

    codec: str = ""
    packets: int = 0
    start_s: float | None = None
    last_s: float = 0.0
    last_duration_s: float = 0.0

    def count(self, packet: av.Packet[Any]) -> None:
        """Takes one packet in; browsers leave durations out, so the mean gap stands in for the last one."""
        if packet.pts is None or packet.time_base is None:
            return
        at = float(packet.pts * packet.time_base)
        self.start_s = at if self.start_s is None else min(self.start_s, at)
        self.packets += 1
        if at >= self.last_s:
            self.last_s = at
            self.last_duration_s = float((packet.duration or 0) * packet.time_base)

    @property
    def end_s(self) -> float:
        """Where the last packet ends."""
        gap = (self.last_s - (self.start_s or 0.0)) / (self.packets - 1) if self.packets > 1 else 0.0
        return self.last_s + (self.last_duration_s or gap)


@dataclass
class Sound:
    """Loudness, clipping and the waveform's outline, kept as sums and maxima so that memory stays flat."""

    samples: int = 0
    squares: float = 0.0
    clipped: int = 0
    peaks: list[int] = field(default_factory=list)

    def add(self, block: NDArray[np.float32]) -> None:
        """Takes float32 samples in."""
        self._outline(block)
        self.samples += block.size
        self.squares += float(np.square(block, dtype=np.float64).sum())
        self.clipped += int((np.abs(block) >= CLIPPED_AT).sum())

    def _outline(self, block: NDArray[np.float32]) -> None:
        """The loudest sample of each tenth of a second, 0-100; a block may begin and end within one."""
        step = SAMPLE_RATE // PEAKS_PER_S
        first = self.samples // step
        edges = [
            max(0, (first + n) * step - self.samples) for n in range(1 + (self.samples % step + block.size) // step)
        ]
        if block.size and edges[-1] == block.size:
            edges.pop()
        for n, loudest in enumerate(np.maximum.reduceat(np.abs(block), edges) if block.size else ()):
            value = round(float(loudest) * LOUDEST_PEAK)
            if first + n < len(self.peaks):
                self.peaks[first + n] = max(self.peaks[first + n], value)
            else:
                self.peaks.append(value)

    @property
    def rms_dbfs(self) -> float:
        """Root mean square in dB relative to full scale, -120 for digital silence."""
        mean = self.squares / self.samples if self.samples else 0.0
        return round(max(-120.0, 10 * float(np.log10(max(mean, 1e-12)))), 1)


@dataclass
class Reading:
    """Everything found in one recording of one or more segments."""

    folder: Path
    sound: Sound = field(default_factory=Sound)
    video: Track = field(default_factory=Track)
    audio: Track = field(default_factory=Track)
    width: int = 0
    height: int = 0
    frames: int = 0
    duration_s: float = 0.0
    pictures: list[str] = field(default_factory=list)
    next_picture_s: float = 0.0


def opened(file: BinaryIO) -> av.container.InputContainer:
    """The container, if it is one of ours. Raises Refused with the reason."""
    if file.seek(0, 2) == 0:
        raise Refused("empty")
    file.seek(0)
    try:
        container = av.open(file, "r", options={"format_whitelist": FORMATS})
    except (av.error.InvalidDataError, av.error.EOFError) as error:
        raise Refused(_kind_of_fault(file)) from error
    except av.error.OSError as error:  # a header that breaks off is "Input/output error" to FFmpeg
        raise Refused(_kind_of_fault(file) if error.errno == errno.EIO else "format") from error
    except (av.error.FFmpegError, ValueError) as error:
        raise Refused("format") from error
    _check(container)
    return container


def _kind_of_fault(file: BinaryIO) -> str:
    file.seek(0)
    head = file.read(12)
    return "damaged" if head[:4] == b"\x1aE\xdf\xa3" or head[4:8] == b"ftyp" else "not_media"


def _check(container: av.container.InputContainer) -> None:
    if len(container.streams) > MAX_STREAMS:
        raise Refused("format")
    for stream in container.streams.video:
        if _codec(stream) not in VIDEO_CODECS:
            raise Refused("format")
        if stream.codec_context.width * stream.codec_context.height > MAX_PIXELS:
            raise Refused("too_large")
    for sound in container.streams.audio:
        if _codec(sound) not in AUDIO_CODECS:
            raise Refused("format")
    if not container.streams.video and not container.streams.audio:
        raise Refused("nothing")


def _codec(stream: av.stream.Stream) -> str | None:
    """The codec's name; None for one that nobody knows, whatever the types of PyAV promise."""
    context: Any = stream.codec_context
    return context.name if context is not None else None


def packets(container: av.container.InputContainer) -> Iterator[av.Packet[Any]]:
    """The packets of the first picture and the first sound stream, up to where the file breaks off."""
    chosen = [*container.streams.video[:1], *container.streams.audio[:1]]
    demuxed = container.demux(*chosen)
    while True:
        try:
            packet = next(demuxed)
        except (StopIteration, av.error.FFmpegError):
            return
        if packet.dts is not None or packet.pts is not None or packet.size == 0:
            yield packet


class Sink(Protocol):
    """What becomes of a recording's packets and pictures while it is read: the file that plays everywhere."""

    every_picture: bool
    """Whether it codes again and so needs every picture decoded."""

    def next_segment(self) -> None:
        """A segment begins behind all that came."""

    def take(self, packet: av.Packet[Any], frames: Sequence[object]) -> None:
        """One packet with what was decoded of it."""


def read_segment(container: av.container.InputContainer, reading: Reading, sink: Sink) -> None:
    """Adds one segment to a reading in one pass: sound to `sound.f32`, pictures as jpg, tracks, duration, `sink`."""
    video, audio = Track(), Track()
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    for stream in container.streams.video[:1]:
        stream.codec_context.thread_count = 1  # a picture comes out when it went in, not threads later
        video.codec = stream.codec_context.name
        reading.width, reading.height = stream.codec_context.width, stream.codec_context.height
    for sound in container.streams.audio[:1]:
        audio.codec = sound.codec_context.name
    pictures = Pictures(reading, every=sink.every_picture)
    sink.next_segment()
    with (reading.folder / "sound.f32").open("ab") as out:
        for packet in packets(container):
            track = video if packet.stream.type == "video" else audio
            track.count(packet)
            if track.last_s > MAX_S:
                raise Refused("too_large")
            frames = pictures.decoded(packet, track.last_s) if track is video else _decoded(packet)
            for frame in frames:
                if isinstance(frame, av.AudioFrame):
                    _write(resampler.resample(frame), reading, out)
            sink.take(packet, frames)
        if reading.sound.samples:
            _write(resampler.resample(None), reading, out)
    _add(reading, video, audio)


class Pictures:
    """Which pictures of a segment are decoded: key frames, and one each 5 s where they lie further apart."""

    def __init__(self, reading: Reading, *, every: bool) -> None:
        self._reading = reading
        self._every = every
        self._waiting: list[av.Packet[Any]] = []

    def decoded(self, packet: av.Packet[Any], at_s: float) -> list[object]:
        """What was decoded now; at most one of it is kept as a picture."""
        at = self._reading.duration_s + at_s
        if self._every:
            return self._looked_at(_decoded(packet), at)
        if packet.is_keyframe:
            self._waiting = []
            return self._looked_at(_decoded(packet), at)
        if len(self._reading.pictures) >= MAX_FRAMES or packet.size == 0:
            return self._looked_at(_decoded(packet), at) if packet.size == 0 else []
        self._waiting.append(_alike(packet))
        if at < self._reading.next_picture_s and len(self._waiting) < MOST_WAITING:
            return []
        late = [frame for before in self._waiting for frame in _decoded(before)]
        self._waiting = []
        self._looked_at(late[-1:], at)
        return []

    def _looked_at(self, frames: list[object], at: float) -> list[object]:
        for frame in frames:
            if isinstance(frame, av.VideoFrame):
                _look(frame, self._reading, at)
        return frames


def _alike(packet: av.Packet[Any]) -> av.Packet[Any]:
    """The packet's bytes for the decoder; the packet itself goes on into the playable file, which changes its times."""
    twin: av.Packet[Any] = av.Packet(bytes(packet))
    twin.stream, twin.pts, twin.dts, twin.time_base = packet.stream, packet.pts, packet.dts, packet.time_base
    return twin


def _decoded(packet: av.Packet[Any]) -> list[object]:
    """Frames of a packet; a damaged one gives none, the next may be whole."""
    try:
        frames: list[object] = list(packet.decode())
    except av.error.FFmpegError:
        return []
    if any(isinstance(frame, av.VideoFrame) and frame.width * frame.height > MAX_PIXELS for frame in frames):
        raise Refused("too_large")  # a picture may grow behind its header
    return frames


def _write(frames: list[av.AudioFrame], reading: Reading, out: BinaryIO) -> None:
    for frame in frames:
        block = np.clip(frame.to_ndarray().reshape(-1), -1.0, 1.0).astype(np.float32)
        reading.sound.add(block)
        out.write(block.tobytes())


def _look(frame: av.VideoFrame, reading: Reading, at: float) -> None:
    if at < reading.next_picture_s or len(reading.pictures) >= MAX_FRAMES:
        return
    reading.next_picture_s = at + FRAME_GAP_S
    path = reading.folder / f"frame-{len(reading.pictures):02d}.jpg"
    width = min(frame.width, POSTER_WIDTH)
    height = max(1, round(frame.height * width / frame.width))
    picture: NDArray[Any] = frame.to_ndarray(format="bgr24", width=width, height=height)
    cv2.imwrite(str(path), upright(picture, frame.rotation))
    reading.pictures.append(path.name)


def upright(picture: NDArray[Any], rotation: int) -> NDArray[Any]:
    """A picture as it was held. `rotation`: degrees counter-clockwise, as phones write it into the file."""
    quarters = round(rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(picture, quarters)) if quarters else picture


def _add(reading: Reading, video: Track, audio: Track) -> None:
    tracks = [track for track in (video, audio) if track.packets]
    if not tracks:
        raise Refused("damaged")
    start = min(track.start_s or 0.0 for track in tracks)
    reading.duration_s += max(track.end_s for track in tracks) - start
    reading.frames += video.packets
    for whole, part in ((reading.video, video), (reading.audio, audio)):
        whole.codec = part.codec or whole.codec
        whole.packets += part.packets


def same_parameters(containers: list[av.container.InputContainer]) -> bool:
    """Whether the segments can follow each other in one file without being coded again."""
    shapes = [
        tuple(_shape(stream) for stream in itertools.chain(c.streams.video[:1], c.streams.audio[:1]))
        for c in containers
    ]
    return len(set(shapes)) == 1


def _shape(stream: av.stream.Stream) -> tuple[object, ...]:
    context = stream.codec_context
    kind = getattr(context, "width", None), getattr(context, "height", None), getattr(context, "sample_rate", None)
    return (stream.type, context.name, *kind, bytes(context.extradata or b""))
