"""One pass over a recording's packets: sound out, key frames out, what it is; runs inside the jail only."""

from __future__ import annotations

import errno
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

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
MAX_FRAMES = 12  # that are looked at
FRAME_GAP_S = 5.0
CLIPPED_AT = 0.999
POSTER_WIDTH = 640
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
    """Loudness and clipping over all samples, kept as sums so that memory stays flat."""

    samples: int = 0
    squares: float = 0.0
    clipped: int = 0

    def add(self, block: NDArray[np.float32]) -> None:
        """Takes float32 samples in."""
        self.samples += block.size
        self.squares += float(np.square(block, dtype=np.float64).sum())
        self.clipped += int((np.abs(block) >= CLIPPED_AT).sum())

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
        if stream.codec_context.name not in VIDEO_CODECS:
            raise Refused("format")
        if stream.codec_context.width * stream.codec_context.height > MAX_PIXELS:
            raise Refused("too_large")
    for sound in container.streams.audio:
        if sound.codec_context.name not in AUDIO_CODECS:
            raise Refused("format")
    if not container.streams.video and not container.streams.audio:
        raise Refused("nothing")


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


def read_segment(file: BinaryIO, reading: Reading) -> None:
    """Adds one segment to a reading: sound to `sound.f32`, pictures as jpg, tracks and duration."""
    with opened(file) as container, (reading.folder / "sound.f32").open("ab") as out:
        video, audio = Track(), Track()
        resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
        for stream in container.streams.video[:1]:
            stream.codec_context.skip_frame = "NONKEY"
            video.codec = stream.codec_context.name
            reading.width, reading.height = stream.codec_context.width, stream.codec_context.height
        for sound in container.streams.audio[:1]:
            audio.codec = sound.codec_context.name
        for packet in packets(container):
            track = video if packet.stream.type == "video" else audio
            track.count(packet)
            if track.last_s > MAX_S:
                raise Refused("too_large")
            for frame in _decoded(packet):
                if isinstance(frame, av.AudioFrame):
                    _write(resampler.resample(frame), reading, out)
                elif isinstance(frame, av.VideoFrame):
                    _look(frame, reading)
        if reading.sound.samples:
            _write(resampler.resample(None), reading, out)
    _add(reading, video, audio)


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


def _look(frame: av.VideoFrame, reading: Reading) -> None:
    at = reading.duration_s + (frame.time or 0.0)
    if at < reading.next_picture_s or len(reading.pictures) >= MAX_FRAMES:
        return
    reading.next_picture_s = at + FRAME_GAP_S
    picture: NDArray[Any] = frame.to_ndarray(format="bgr24")
    path = reading.folder / f"frame-{len(reading.pictures):02d}.jpg"
    height, width = picture.shape[:2]
    if width > POSTER_WIDTH:
        picture = cv2.resize(picture, (POSTER_WIDTH, int(height * POSTER_WIDTH / width)))
    cv2.imwrite(str(path), picture)
    reading.pictures.append(path.name)


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
