"""Logos: what a picture file is by its own bytes, and the same picture without anything else that lies in the file.

Nothing is decoded here: the parts of the file are walked through, those that draw the picture are kept, and what a
camera, an editor or an attacker put beside them (places, names, other files, animation) is left out.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from interview_ai.errors import Invalid

MOST_BYTES = 200_000
LEAST_PX, MOST_PX = 16, 2000
PNG = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"IDAT", b"IEND"})
WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
WEBP_ALPHA = 0x10  # the one flag of VP8X that still holds
JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive: what browsers draw
JPEG_DROPPED = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})  # applications but JFIF and Adobe's, and comments
JPEG_SCAN, JPEG_END = 0xDA, b"\xff\xd9"


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture as it is kept: its bytes and how its name ends."""

    content: bytes
    ending: str


def cleaned(content: bytes) -> Logo:
    """The picture alone. Raises Invalid (code logo) with what to do."""
    if len(content) > MOST_BYTES:
        raise _invalid(
            f"The file has {len(content) // 1000:,} kB. Choose one of at most {MOST_BYTES // 1000} kB.",
            f"파일이 {len(content) // 1000:,}kB입니다. {MOST_BYTES // 1000}kB 이하의 파일을 고르십시오.",
        )
    try:
        logo, width, height = _read(content)
    except (struct.error, IndexError, ValueError) as error:
        raise _invalid(
            "The file is damaged or is none of these: PNG, JPEG, WebP. Save the logo again as PNG.",
            "파일이 손상되었거나 PNG, JPEG, WebP가 아닙니다. 로고를 PNG로 다시 저장해 주십시오.",
        ) from error
    if not (LEAST_PX <= width <= MOST_PX and LEAST_PX <= height <= MOST_PX):
        raise _invalid(
            f"The picture has {width} × {height} px. Each side must be {LEAST_PX} to {MOST_PX:,} px.",
            f"그림이 {width} × {height}픽셀입니다. 가로와 세로는 {LEAST_PX}에서 {MOST_PX:,}픽셀까지입니다.",
        )
    return logo


def _invalid(en: str, ko: str) -> Invalid:
    return Invalid(en, ko, code="logo")


def _read(content: bytes) -> tuple[Logo, int, int]:
    if content.startswith(PNG):
        kept, width, height = _png(content)
        return Logo(kept, "png"), width, height
    if content.startswith(b"\xff\xd8"):
        kept, width, height = _jpeg(content)
        return Logo(kept, "jpg"), width, height
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        kept, width, height = _webp(content)
        return Logo(kept, "webp"), width, height
    raise ValueError("no picture of these kinds")


def _png(content: bytes) -> tuple[bytes, int, int]:
    """Chunks: length, name, data, checksum. Raises ValueError for a wrong checksum or an end that does not come."""
    at, kept, drawn = len(PNG), [PNG], False
    width, height = struct.unpack(">II", content[16:24])
    while True:
        (length,) = struct.unpack(">I", content[at : at + 4])
        name, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        (sum_given,) = struct.unpack(">I", content[at + 8 + length : at + 12 + length])
        if zlib.crc32(name + data) != sum_given or (at == len(PNG)) != (name == b"IHDR"):
            raise ValueError("a chunk is damaged")
        if name in PNG_KEPT:
            kept.append(content[at : at + 12 + length])
        drawn = drawn or name == b"IDAT"
        at += 12 + length
        if name == b"IEND":
            break
    if not drawn:
        raise ValueError("nothing is drawn")
    return b"".join(kept), width, height


def _jpeg(content: bytes) -> tuple[bytes, int, int]:
    """Segments: a marker, a length, data; from the first scan on the rest is the picture, up to its end.

    FF D9 never lies inside a scan's data, so that what comes behind the first one is another file and is left out.
    """
    at, kept, size = 2, [content[:2]], None
    while True:
        if content[at] != 0xFF:
            raise ValueError("a marker is missing")
        marker, (length,) = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])
        if length < 2:
            raise ValueError("a segment without its length")
        if marker in JPEG_FRAMES:
            size = struct.unpack(">HH", content[at + 5 : at + 9])
        if marker == JPEG_SCAN:
            break
        if marker not in JPEG_DROPPED:
            kept.append(content[at : at + 2 + length])
        at += 2 + length
    end = content.find(JPEG_END, at)
    if size is None or end == -1:
        raise ValueError("no frame, or no end")
    height, width = size
    return b"".join(kept) + content[at : end + 2], width, height


def _webp(content: bytes) -> tuple[bytes, int, int]:
    """RIFF chunks: name, length, data, a byte to make it even. An animation has no picture chunk of its own."""
    at, kept, size, alpha = 12, [], None, False
    whole = 8 + struct.unpack("<I", content[4:8])[0]
    while at + 8 <= min(whole, len(content)):
        name, (length,) = content[at : at + 4], struct.unpack("<I", content[at + 4 : at + 8])
        data = content[at + 8 : at + 8 + length]
        if len(data) < length:
            raise ValueError("a chunk ends too early")
        if name in WEBP_KEPT:
            kept.append(content[at : at + 8 + length] + b"\0" * (length % 2))
        if name == b"VP8 ":
            size = tuple(side & 0x3FFF for side in struct.unpack("<HH", data[6:10]))
        elif name == b"VP8L":
            bits = struct.unpack("<I", data[1:5])[0]
            size = (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
        alpha = alpha or name == b"ALPH"
        at += 8 + length + length % 2
    if size is None:
        raise ValueError("no picture")
    width, height = size
    if alpha:  # a lossy picture with transparency needs the extended head
        sides = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
        kept.insert(0, b"VP8X" + struct.pack("<I", 10) + bytes([WEBP_ALPHA, 0, 0, 0]) + sides)
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body, width, height
