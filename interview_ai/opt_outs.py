"""Who wants no more campaigns: kept for ever as keyed digests, ended and undone by a signed link that names nobody."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from interview_ai import audit, database, tokens
from interview_ai.errors import NotFound
from interview_ai.rules.evidence import Bilingual
from interview_ai.settings import settings
from interview_ai.tables import Candidate, Invitation, OptOut, Organisation

PURPOSE = "opt out"
ID_BYTES, HASH_BYTES, SEAL_BYTES = 16, 32, 16
MOST_HASHES = 2  # an address and a number
AT_ONCE = 500  # digests in one query: SQLite takes so many values and more


@dataclass(frozen=True, slots=True)
class StopLink:
    """What a link to end messages means: whose messages, and to whom, as digests."""

    organisation_id: str
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page behind such a link shows: who writes, and what has ended already."""

    organisation: Bilingual
    theirs_ended: bool
    all_ended: bool


def digest(address: str) -> str:
    """What is kept of an address or a number, however the number is written."""
    tidy = address.strip().lower()
    if "@" not in tidy:
        tidy = re.sub(r"\D", "", tidy)
        tidy = re.sub("^82", "0", tidy)  # Korea's prefix
    return tokens.authenticate(PURPOSE, tidy)


def wants_none(session: Session, organisation_id: str, address: str) -> bool:
    """Whether an address wants no more campaigns of this organisation, or of nobody here."""
    return bool(among(session, organisation_id, [address]))


def among(session: Session, organisation_id: str, addresses: Iterable[str]) -> set[str]:
    """Which of these addresses want no more campaigns of this organisation, or of nobody here."""
    by_hash = {digest(address): address for address in addresses}
    found: set[str] = set()
    hashes = list(by_hash)
    for at in range(0, len(hashes), AT_ONCE):
        some = hashes[at : at + AT_ONCE]
        found.update(session.scalars(select(OptOut.address_hash).where(_ended(organisation_id, some))))
    return {by_hash[one] for one in found}


def willing(
    session: Session, organisation_id: str, people: Sequence[tuple[Invitation, Candidate]]
) -> list[tuple[Invitation, Candidate]]:
    """Those who may be written to: neither the writing organisation's messages nor the inviting one's have ended."""
    emails = [candidate.email for _, candidate in people]
    inviting = {invitation.inviting_organisation_id for invitation, _ in people}
    ended = {one: among(session, one, emails) for one in {organisation_id, *inviting}}
    return [
        (invitation, candidate)
        for invitation, candidate in people
        if candidate.email not in ended[organisation_id] | ended[invitation.inviting_organisation_id]
    ]


def _ended(organisation_id: str, hashes: Collection[str]) -> ColumnElement[bool]:
    whose = or_(OptOut.organisation_id == organisation_id, OptOut.organisation_id.is_(None))
    return OptOut.address_hash.in_(hashes) & whose


def token(organisation_id: str, *addresses: str) -> str:
    """The end of a link by which the owner of these addresses ends an organisation's messages. It names nobody."""
    content = bytes.fromhex(organisation_id) + b"".join(bytes.fromhex(digest(one)) for one in addresses)
    return base64.urlsafe_b64encode(content + _seal(content)).decode().rstrip("=")


def address(stop_token: str) -> str:
    """The page behind such a token."""
    return f"{settings().public_url.rstrip('/')}/stop/{stop_token}"


def _seal(content: bytes) -> bytes:
    return bytes.fromhex(tokens.authenticate("stop link", content.hex()))[:SEAL_BYTES]


def read(stop_token: str) -> StopLink:
    """What a token means. Raises NotFound for one that we did not sign."""
    try:
        whole = base64.b64decode(stop_token + "=" * (-len(stop_token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _not_ours() from error
    content, seal = whole[:-SEAL_BYTES], whole[-SEAL_BYTES:]
    count, rest = divmod(len(content) - ID_BYTES, HASH_BYTES)
    if rest or not 1 <= count <= MOST_HASHES or not tokens.same(seal.hex(), _seal(content).hex()):
        raise _not_ours()
    hashes = (content[at : at + HASH_BYTES].hex() for at in range(ID_BYTES, len(content), HASH_BYTES))
    return StopLink(content[:ID_BYTES].hex(), tuple(hashes))


def _not_ours() -> NotFound:
    return NotFound(
        "The address is not complete or was mistyped. Please open the link at the end of the mail again, or copy it "
        "whole. If that does not help, reply to the mail that you want no more.",
        "주소가 잘렸거나 잘못 적힌 것 같아요. 메일 끝에 있는 ‘그만 받기’ 링크를 다시 열거나 전부 복사해 주세요. "
        "그래도 안 되면 받은 메일에 그만 받고 싶다고 답장해 주세요.",
    )


def has_ended(session: Session, link: StopLink) -> bool:
    """Whether the owner of a link wants no more of what it ends."""
    return session.scalars(select(OptOut.id).where(_ended(link.organisation_id, link.hashes))).first() is not None


def standing(session: Session, link: StopLink) -> Standing:
    """What the link's page shows. Needs a session for EVERYWHERE; raises NotFound for an organisation that is gone."""
    organisation = session.get(Organisation, link.organisation_id)
    if organisation is None:
        raise _not_ours()
    wanted = select(OptOut.organisation_id).where(_ended(link.organisation_id, link.hashes))
    ended = set(session.scalars(wanted))
    name = Bilingual(organisation.name_ko, organisation.name_en)
    return Standing(name, theirs_ended=link.organisation_id in ended, all_ended=None in ended)


def end(session: Session, link: StopLink, *, everybody: bool = False, source: str = "link") -> None:
    """No more messages of this organisation, or of anybody here. Safe to run twice."""
    whose = None if everybody else link.organisation_id
    for one in link.hashes:
        same = (OptOut.address_hash == one, _of(whose))
        if not session.scalars(select(OptOut.id).where(*same)).first():
            _keep(session, OptOut(organisation_id=whose, address_hash=one, source=source))
    _record(session, link, "messages ended", everybody=everybody, source=source)


def _keep(session: Session, made: OptOut) -> None:
    made.created_at = database.now(session)
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        pass  # another request wrote the same at this very moment


def undo(session: Session, link: StopLink) -> None:
    """Messages of this organisation may come again, and of the others too where all had ended. Safe to run twice."""
    session.execute(delete(OptOut).where(_ended(link.organisation_id, link.hashes)))
    _record(session, link, "messages wanted again")


def _of(organisation_id: str | None) -> ColumnElement[bool]:
    if organisation_id is None:
        return OptOut.organisation_id.is_(None)
    return OptOut.organisation_id == organisation_id


def _record(session: Session, link: StopLink, action: str, **details: object) -> None:
    actor = audit.Actor("candidate", "by link", link.organisation_id)
    audit.append(session, actor, action, f"organisation:{link.organisation_id}", details=dict(details))
