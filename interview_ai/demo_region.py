"""`interview-ai demo --region`: a whole province made up, with its history, written by the use cases themselves.

What the demonstration of recordings in demo.py plays over HTTP, this writes straight into the settings' database: no
recording, no score, and no mail that could leave.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from interview_ai import audit, private_files, serve, typed
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.demo_partners import Region, data
from interview_ai.demo_programmes import Size, make
from interview_ai.errors import Conflict
from interview_ai.migrate import migrate
from interview_ai.settings import settings
from interview_ai.tables import AuditEntry, Organisation, Staff

MADE = "demonstration region made"
FILE = "region-sign-ins.json"


def command(size: Size | None = None) -> int:
    """Makes the region in the settings' database, or says that it is there; prints who can sign in."""
    settings().home.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrate()
    serve.prepare()
    path = settings().home / FILE
    if is_there():
        sys.stdout.write(f"The demonstration's region is there already. Who can sign in: {path}\n")
        return 0
    _must_be_empty()
    sys.stdout.write(
        "지역 하나를 그 지난 일까지 지어 내고 있습니다. 1~3분 걸립니다. · "
        "A whole region with its history is being made up. This takes one to three minutes.\n"
    )
    sys.stdout.flush()
    region = make(datetime.now(UTC), size or Size())
    private_files.write(path, region.sign_ins)
    mark()
    sys.stdout.write("".join(f"{line}\n" for line in _told(region, path)))
    return 0


def is_there() -> bool:
    """Whether a region was made to its end in this database."""
    with reading(EVERYWHERE) as session:
        return session.scalars(select(AuditEntry.id).where(AuditEntry.action == MADE).limit(1)).first() is not None


def _must_be_empty() -> None:
    """Raises Conflict where somebody works already: a past can only be made up where nothing is on the record yet."""
    with reading(EVERYWHERE) as session:
        begun = select(Organisation.id).where(Organisation.slug == data()["agency"]["slug"])
        if session.scalars(begun).first():
            raise Conflict(
                "Making the region was broken off. Empty the database (interview-ai demo-reset) and try again.",
                "시연 지역을 만들다가 중단되었습니다. 데이터베이스를 비우고(interview-ai demo-reset) 다시 "
                "실행해 주십시오.",
            )
        if session.scalars(select(Staff.id).limit(1)).first():
            raise Conflict(
                "People are registered here already. The region needs a database of its own, for example: "
                "INTERVIEW_HOME=~/region interview-ai demo --region",
                "이미 등록된 직원이 있습니다. 시연 지역은 별도의 데이터베이스에 만듭니다. 예: "
                "INTERVIEW_HOME=~/region interview-ai demo --region",
            )


def mark() -> None:
    """The region is whole."""
    with transaction(EVERYWHERE) as session:
        audit.append(session, audit.SERVICE, MADE, "service:demonstration")


def _told(region: Region, path: Path) -> Iterator[str]:
    yield "시연 지역을 만들었습니다 · The demonstration's region is made"
    for member in (region.doyun, region.universities[0].member, region.employers[0].member):
        sign_in = region.sign_ins[member.email]
        yield f"  {sign_in['kind']:12}{member.email:34}{sign_in['password']}"
    yield f"  모두 · all {len(region.sign_ins)}: {path}"
    yield f"  {typed.at_home('interview-ai serve', settings().home)}"
