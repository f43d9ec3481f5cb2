"""Thirty files that would eat a machine: made to be huge, endless, deep, or something else in disguise."""

from __future__ import annotations

import gzip
import io
import struct
import tempfile
import zipfile
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from tests.faults import seeds

EBML = b"\x1a\x45\xdf\xa3"
UNKNOWN_SIZE = b"\x01\xff\xff\xff\xff\xff\xff\xff"


def bombs() -> dict[str, bytes]:
    """Each by what it is."""
    return {
        **{f"picture of {w} x {h}, {codec}": _picture(w, h, codec) for w, h, codec in SIZES},
        **{f"{hours} hours of almost nothing, {kind}": _long(hours, kind) for hours, kind in LENGTHS},
        **{f"playlist, {name}": text for name, text in PLAYLISTS.items()},
        **{f"header says {what}": content for what, content in _lies().items()},
        **{f"disguised {what}": content for what, content in _disguised().items()},
    }


SIZES = ((8192, 8192, "libvpx"), (16383, 64, "libvpx"), (8192, 4320, "libx264"), (64, 16383, "libvpx"))
LENGTHS = ((10, "wav"), (10, "webm"), (90, "webm"), (10, "flac"))
PLAYLISTS = {
    "hls": b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n",
    "hls to the net": b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n",
    "ffconcat": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "dash": b'<?xml version="1.0"?><MPD><Period><BaseURL>file:///etc/passwd</BaseURL></Period></MPD>',
    "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n",
    "subtitles": b"1\n00:00:00,000 --> 99:00:00,000\n" + b"a" * 100_000,
    "image list": b"image%03d.png\n" * 100,
}


def _picture(width: int, height: int, codec: str) -> bytes:
    """One key frame of one colour: kilobytes that become hundreds of megabytes."""
    suffix = "webm" if codec == "libvpx" else "mp4"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"bomb.{suffix}"
        with av.open(str(path), "w") as out:
            stream = out.add_stream(codec, rate=1)
            stream.width, stream.height, stream.pix_fmt = width // 2 * 2, height // 2 * 2, "yuv420p"
            frame = av.VideoFrame(stream.width, stream.height, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        return path.read_bytes()


def _long(hours: int, kind: str) -> bytes:
    if kind == "wav":
        size = hours * 3600 * 16_000 * 2
        header = (
            b"RIFF"
            + struct.pack("<I", size + 36)
            + b"WAVEfmt "
            + struct.pack("<IHHIIHH", 16, 1, 1, 16_000, 32_000, 2, 16)
        )
        return header + b"data" + struct.pack("<I", size) + bytes(50_000)
    if kind == "flac":
        data = bytearray(seeds.made("sound.flac"))
        data[21:26] = b"\x3f\xff\xff\xff\xff"  # how many samples there are, in the header
        return bytes(data)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bomb.webm"
        with av.open(str(path), "w") as out:
            stream = out.add_stream("libvpx", rate=1)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            stream.codec_context.time_base = Fraction(1, 1000)
            for number in range(hours * 60):
                frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number % 255, dtype=np.uint8), format="rgb24")
                frame.pts, frame.time_base = number * 60_000, Fraction(1, 1000)
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        return path.read_bytes()


def _lies() -> dict[str, bytes]:
    webm, mp4 = seeds.made("vp8.webm"), seeds.made("h264.mp4")
    ftyp = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"
    deep = b"".join(struct.pack(">I4s", 8 * (400 - n) + 8, b"moov") for n in range(400))
    tables = mp4.replace(b"stsz\x00\x00\x00\x00", b"stsz\x00\x00\x00\x00", 1)
    at = tables.find(b"stsz")
    return {
        "an element without an end": EBML + UNKNOWN_SIZE * 400,
        "an element of 2^56 bytes": EBML + b"\x01\xff\xff\xff\xff\xff\xff\xfe" + webm[12:],
        "elements in elements": EBML + b"\x9f" + webm[5:40] + (b"\x18\x53\x80\x67" + UNKNOWN_SIZE) * 5000,
        "boxes in boxes": ftyp + deep,
        "a box of 2^63 bytes": ftyp + b"\x00\x00\x00\x01mdat\x7f\xff\xff\xff\xff\xff\xff\xff" + mp4,
        "four billion samples": mp4[: at + 12] + b"\xff\xff\xff\xff" + mp4[at + 16 :],
        "a thousand empty boxes": ftyp + b"\x00\x00\x00\x08free" * 100_000,
        "a void of zeros": webm[:400] + bytes(2_000_000),
        "only 0xFF": EBML + b"\xff" * 500_000,
        "a header and no more": webm[:300],
    }


def _disguised() -> dict[str, bytes]:
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("bomb", bytes(20_000_000))
    return {
        "zip": zipped.getvalue(),
        "gzip": gzip.compress(bytes(20_000_000)),
        "program": b"\x7fELF" + bytes(4096),
        "page": b"<!doctype html><script>fetch('/staff')</script>" * 100,
        "gzip behind a recording's first bytes": EBML + gzip.compress(bytes(20_000_000)),
    }
