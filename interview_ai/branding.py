"""An organisation's own face: its names, what it says of itself, its colour and logo, and the name of its page."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from interview_ai import addresses, audit, database, logos
from interview_ai.errors import Conflict, Invalid, NotFound
from interview_ai.organisations import Member, needed
from interview_ai.rules import contrast
from interview_ai.storage import storage
from interview_ai.tables import Organisation

LONGEST_NAME, LONGEST_ABOUT, LONGEST_ADDRESS = 80, 1500, 200
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])")
RESERVED = frozenset(
    "about admin agency api app apply assets career careers contact demo demonstration employer employers health help "
    "home interview interviews invite jobs legal login logo logos mail new onterview openings operator organisation "
    "organisations owner people privacy program programme programmes public receipts search security settings shared "
    "sign-in signin staff static support system terms test university universities uploads welcome www".split()
)
"""Names that a reader would take for the service's own."""
KINDS_OF_LOGO = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class NewFace:
    """What an owner typed."""

    name_ko: str = ""
    name_en: str = ""
    about_ko: str = ""
    about_en: str = ""
    website: str = ""
    careers_url: str = ""
    accent: str = ""
    slug: str = ""


def of(session: Session, member: Member) -> Organisation:
    """The member's own organisation."""
    return session.get_one(Organisation, member.organisation_id)


def faults(new: NewFace) -> list[Invalid]:
    """All that is wrong, each under the name of its field."""
    return [*_text_faults(new), *_address_faults(new), *_accent_faults(new), *_slug_faults(new.slug)]


def _text_faults(new: NewFace) -> Iterator[Invalid]:
    for field in ("name_ko", "name_en"):
        try:
            needed(getattr(new, field) or (new.name_ko if field == "name_en" else ""), LONGEST_NAME)
        except Invalid as error:
            yield Invalid(error.en, error.ko, code=field)
    for field in ("about_ko", "about_en"):
        too_many = len(plain(getattr(new, field))) - LONGEST_ABOUT
        if too_many > 0:
            yield Invalid(
                f"Shorten the text by {too_many:,} characters; {LONGEST_ABOUT:,} are possible.",
                f"{LONGEST_ABOUT:,}자까지 쓸 수 있습니다. {too_many:,}자를 줄여 주십시오.",
                code=field,
            )


def _address_faults(new: NewFace) -> Iterator[Invalid]:
    for field in ("website", "careers_url"):
        if getattr(new, field).strip() and not is_web_address(getattr(new, field)):
            yield Invalid(
                "Give the whole address with https, for example https://example.org/careers",
                "https로 시작하는 주소 전체를 적어 주십시오. 예: https://example.org/careers",
                code=field,
            )


def is_web_address(text: str) -> bool:
    """Whether it is one https address of a named host, without a name or password in it."""
    tidy = text.strip()
    if len(tidy) > LONGEST_ADDRESS or not tidy.isprintable() or any(sign in tidy for sign in ' "<>\\^`{|}'):
        return False
    try:
        parts = urlsplit(tidy)
        host, _ = parts.hostname or "", parts.port
        addresses.deliverable(f"somebody@{host}")  # a host is what a mail could go to
    except (ValueError, Invalid):
        return False
    return parts.scheme == "https" and "@" not in parts.netloc and "." in host


def _accent_faults(new: NewFace) -> Iterator[Invalid]:
    accent = new.accent.strip().lower()
    if not contrast.HEX.fullmatch(accent):
        yield Invalid(
            "Give the colour as # and six digits, for example #1d5bbf.",
            "색을 #과 여섯 자리로 적어 주십시오. 예: #1d5bbf",
            code="accent",
        )
    elif contrast.ratio_with_white(accent) < contrast.LEAST:
        ratio = f"{contrast.ratio_with_white(accent):.2f}"
        yield Invalid(
            f"White text on this colour is hard to read: its contrast is {ratio} : 1 and must be at least "
            f"{contrast.LEAST} : 1. The nearest colour that can be read is {contrast.readable(accent)}.",
            f"이 색에 흰 글자를 놓으면 읽기 어렵습니다. 명암비가 {ratio} : 1이고, {contrast.LEAST} : 1 이상이어야 "
            f"합니다. 읽을 수 있는 가장 가까운 색은 {contrast.readable(accent)}입니다.",
            code="accent",
        )


def _slug_faults(slug: str) -> Iterator[Invalid]:
    if slug.strip() and not SLUG.fullmatch(slug.strip()):
        yield Invalid(
            "Use 3 to 40 small Latin letters, digits and hyphens, with a letter or digit at both ends.",
            "영문 소문자, 숫자, 붙임표(-)로 3자에서 40자까지 적고, 처음과 끝은 글자나 숫자로 하십시오.",
            code="slug",
        )
    elif slug.strip() in RESERVED or slug.strip().startswith("xn--"):
        yield Invalid(
            "This name is kept for the service itself. Choose another one.",
            "서비스가 쓰는 이름입니다. 다른 이름을 고르십시오.",
            code="slug",
        )


def plain(text: str) -> str:
    """Text as it is kept: lines without what stands at their ends, at most one empty line between."""
    lines = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", "".join(sign for sign in lines if sign == "\n" or sign.isprintable()))


def save(session: Session, member: Member, new: NewFace) -> None:
    """Keeps the face. Owners only. Raises the first of the faults, Conflict (code slug) for a name that is taken."""
    member.must_be("owner")
    for fault in faults(new):
        raise fault
    row = of(session, member)
    row.name_ko = needed(new.name_ko, LONGEST_NAME)
    row.name_en = needed(new.name_en or new.name_ko, LONGEST_NAME)
    row.about_ko, row.about_en = plain(new.about_ko) or None, plain(new.about_en) or None
    row.website = new.website.strip() or None
    row.careers_url = (new.careers_url.strip() or None) if member.organisation_kind == "university" else None
    row.accent = new.accent.strip().lower()
    _name(session, row, new.slug.strip() or None)
    audit.append(session, member.actor, "organisation changed", f"organisation:{row.id}", details={"slug": row.slug})


def _name(session: Session, row: Organisation, slug: str | None) -> None:
    taken = select(Organisation.id).where(Organisation.slug == slug, Organisation.id != row.id)
    if slug and session.scalars(taken).first():
        raise _taken()
    row.slug = slug
    try:
        session.flush()
    except IntegrityError as error:  # two who chose it at once
        raise _taken() from error


def _taken() -> Conflict:
    return Conflict(
        "Another organisation has this name. Choose another one.",
        "다른 기관이 쓰는 이름입니다. 다른 이름을 고르십시오.",
        code="slug",
    )


def store_logo(member: Member, content: bytes) -> str:
    """Puts a logo into the storage and returns its key; nothing shows it before `use_logo`. Raises Invalid (code logo).

    Without a session: no connection is held while the storage is waited for.
    """
    member.must_be("owner")
    logo = logos.cleaned(content)
    key = f"logos/{member.organisation_id}/{hashlib.sha256(logo.content).hexdigest()[:16]}.{logo.ending}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "logo"
        path.write_bytes(logo.content)
        storage().put(key, path)
    return key


def use_logo(session: Session, member: Member, key: str) -> None:
    """Shows a stored logo in the place of the one before. Owners only."""
    member.must_be("owner")
    row = of(session, member)
    if row.logo_key != key:
        _forget(session, row.logo_key)
        row.logo_key = key
        audit.append(session, member.actor, "logo changed", f"organisation:{row.id}")


def drop_logo(session: Session, member: Member) -> None:
    """Goes on without a logo. Owners only; safe to run twice."""
    member.must_be("owner")
    row = of(session, member)
    if row.logo_key is not None:
        _forget(session, row.logo_key)
        row.logo_key = None
        audit.append(session, member.actor, "logo removed", f"organisation:{row.id}")


def _forget(session: Session, key: str | None) -> None:
    if key is not None:
        database.after_commit(session, lambda: storage().delete(key))


@dataclass(frozen=True, slots=True)
class LogoFile:
    """A logo as it is given out."""

    content: bytes
    kind: str


def logo_key(session: Session, organisation_id: str, name: str) -> str:
    """Where the organisation's logo lies, asked for by the name that its page says. Raises NotFound for any other."""
    row = session.get(Organisation, organisation_id)
    key = f"logos/{organisation_id}/{name}"
    if row is None or row.logo_key != key:
        raise NotFound
    return key


def logo_file(key: str) -> LogoFile:
    """The logo that lies under a key of ours."""
    content = b"".join(storage().read(key, 0, storage().length(key)))
    return LogoFile(content, KINDS_OF_LOGO[key.rpartition(".")[2]])
