"""An organisation's own face: what it may say, its colour, its name in an address, its logo."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from interview_ai import branding, logos
from interview_ai.branding import NewFace
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.storage import storage
from interview_ai.tables import Organisation
from tests import desk

SECRET = b"taken at 36.57 N 128.72 E by Jun"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 64, height: int = 32, *, extra: bytes = b"") -> bytes:
    """A red picture."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = b"".join(b"\0" + b"\xd0\x20\x20" * width for _ in range(height))
    return logos.PNG + head + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg(width: int = 64, height: int = 32) -> bytes:
    """The parts of a JPEG file, with a place and a name in it, and another file behind its end."""
    exif = b"\xff\xe1" + struct.pack(">H", len(SECRET) + 2) + SECRET
    note = b"\xff\xfe" + struct.pack(">H", len(SECRET) + 2) + SECRET
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\x00\x00\x3f\x00" + b"\x12\x34\xff\x00\x56"
    return b"\xff\xd8" + exif + note + frame + scan + b"\xff\xd9" + SECRET


def webp(width: int = 64, height: int = 32) -> bytes:
    """A lossless WebP file's parts, with a place in it."""
    bits = (width - 1) | (height - 1) << 14
    picture = b"\x2f" + struct.pack("<I", bits) + bytes(6)
    parts = b"VP8L" + struct.pack("<I", len(picture)) + picture + b"\0" * (len(picture) % 2)
    parts += b"EXIF" + struct.pack("<I", len(SECRET)) + SECRET + b"\0" * (len(SECRET) % 2)
    body = b"WEBP" + parts
    return b"RIFF" + struct.pack("<I", len(body)) + body


def face(**fields: str) -> NewFace:
    return NewFace(**{"name_ko": "경북정밀", "name_en": "Gyeongbuk Precision", "accent": "#1d5bbf"} | fields)


def save(member: Member, **fields: str) -> None:
    with transaction(member.organisation_id) as session:
        branding.save(session, member, face(**fields))


def row(member: Member) -> Organisation:
    with reading(EVERYWHERE) as session:
        return session.get_one(Organisation, member.organisation_id)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name_ko": " "}, "name_ko"),
        ({"name_en": "x" * 81}, "name_en"),
        ({"about_ko": "가" * 1501}, "about_ko"),
        ({"website": "http://example.org"}, "website"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "https://user@example.org"}, "website"),
        ({"website": "https://localhost/"}, "website"),
        ({"website": "https://example.org/ x"}, "website"),
        ({"website": 'https://example.org/"><script>'}, "website"),
        ({"website": "https://[::1"}, "website"),
        ({"accent": "red"}, "accent"),
        ({"accent": "#ffcc00"}, "accent"),
        ({"slug": "a"}, "slug"),
        ({"slug": "-jun"}, "slug"),
        ({"slug": "경북"}, "slug"),
        ({"slug": "Jun"}, "slug"),
        ({"slug": "admin"}, "slug"),
        ({"slug": "xn--abc"}, "slug"),
    ],
    ids=lambda value: str(sorted(value.items()))[:40] if isinstance(value, dict) else value,
)
def test_what_cannot_be_shown_is_said_at_its_field(home: Path, fields: dict[str, str], code: str) -> None:
    assert [fault.code for fault in branding.faults(face(**fields))] == [code]


def test_a_colour_that_cannot_be_read_comes_with_the_nearest_that_can(home: Path) -> None:
    (fault,) = branding.faults(face(accent="#FFCC00"))
    assert "#8f7300" in fault.en and "#8f7300" in fault.ko


def test_the_face_is_kept_as_plain_lines(anywhere: str) -> None:
    jun = desk.jun()
    save(
        jun, about_ko="  첫 줄 \r\n\r\n\r\n\r\n둘째\x00 줄  ", slug="gb-precision", website=" https://example.org/채용 "
    )
    kept = row(jun)
    assert (kept.about_ko, kept.slug, kept.website) == ("첫 줄\n\n둘째 줄", "gb-precision", "https://example.org/채용")


def test_a_name_that_another_organisation_has_is_refused(anywhere: str) -> None:
    jun, hana = desk.jun(), desk.hana()
    save(jun, slug="precision")
    with pytest.raises(Conflict) as error:
        save(hana, slug="precision")
    assert error.value.code == "slug"
    save(jun, slug="precision")  # one's own stays one's own
    assert row(hana).slug is None


def test_only_an_owner_changes_the_face(home: Path) -> None:
    recruiter = desk.colleague(desk.jun(), "recruiter@example.com", "recruiter")
    with pytest.raises(Forbidden):
        save(recruiter)
    with pytest.raises(Forbidden):
        branding.store_logo(recruiter, png())


def test_only_a_university_has_a_career_centre(home: Path) -> None:
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    jun = desk.jun()
    for member in (seoyeon, jun):
        save(member, careers_url="https://job.example.ac.kr/")
    assert row(seoyeon).careers_url == "https://job.example.ac.kr/"
    assert row(jun).careers_url is None


@pytest.mark.parametrize("content", [png(extra=chunk(b"tEXt", SECRET)), jpeg(), webp()], ids=["png", "jpeg", "webp"])
def test_of_a_picture_only_what_draws_it_is_kept(content: bytes) -> None:
    logo = logos.cleaned(content)
    assert SECRET in content and SECRET not in logo.content
    assert logos.cleaned(logo.content) == logo


def test_a_clean_picture_stays_as_it_is() -> None:
    assert logos.cleaned(png()).content == png()


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(100),
        b"",
        png()[:-20],
        png().replace(b"IDAT", b"IDAX"),
        png(8, 8),
        png(2001, 16),
        jpeg()[:40],
        b"\xff\xd8" + bytes(64),
        webp()[:24],
        logos.PNG,
        png(1999, 1999) + bytes(logos.MOST_BYTES),
    ],
    ids=[
        *("svg", "gif", "nothing", "cut png", "damaged png", "tiny", "wide", "cut jpeg", "zeros", "cut webp"),
        *("head alone", "too large"),
    ],
)
def test_what_is_no_logo_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Invalid) as error:
        logos.cleaned(content)
    assert error.value.code == "logo"


def test_every_cut_and_every_changed_byte_is_a_logo_or_refused_in_words() -> None:
    for whole in (png(), jpeg(), webp()):
        for at in range(len(whole)):
            for content in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
                try:
                    logos.cleaned(content)
                except Invalid as error:
                    assert error.code == "logo"


def test_a_new_logo_takes_the_place_of_the_one_before(home: Path) -> None:
    jun = desk.jun()
    for content in (png(), png(100)):
        key = branding.store_logo(jun, content)
        with transaction(jun.organisation_id) as session:
            before = branding.of(session, jun).logo_key
            branding.use_logo(session, jun, key)
    name = key.rpartition("/")[2]
    with reading(EVERYWHERE) as session:
        assert branding.logo_key(session, jun.organisation_id, name) == key
        with pytest.raises(NotFound):
            branding.logo_key(session, jun.organisation_id, (before or "").rpartition("/")[2])
    with pytest.raises(NotFound):
        storage().length(before or "")
    assert branding.logo_file(key).kind == "image/png"
    with transaction(jun.organisation_id) as session:
        branding.drop_logo(session, jun)
    assert row(jun).logo_key is None
