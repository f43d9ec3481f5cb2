"""Why a candidate's link opens no more, and whom its holder may ask."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from interview_ai import database, link_help, tokens
from interview_ai.errors import Conflict
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import Invitation, ReplacedLink

ENDED: Final = {
    "revoked": Bilingual(
        "이 초대는 철회되었어요. 궁금한 것이 있으면 초대한 곳에 물어보세요: {whom}",
        "This invitation was withdrawn. If you have questions, ask whoever invited you: {whom}",
    ),
    "expired": Bilingual(
        "초대 기한이 지났어요. 그 전에 보낸 답변은 안전하게 있어요. 시간이 더 필요하면 초대한 곳에 알려 주세요: {whom}",
        "The deadline of this invitation has passed. What you sent before is safe. "
        "If you need more time, tell whoever invited you: {whom}",
    ),
    "closed": Bilingual(
        "이 채용공고는 마감되었어요. 그 전에 보낸 답변은 안전하게 있어요. "
        "궁금한 것이 있으면 초대한 곳에 물어보세요: {whom}",
        "This opening is closed. What you sent before is safe. If you have questions, ask whoever invited you: {whom}",
    ),
}


def refuse_replaced(session: Session, token: str) -> None:
    """Raises Conflict (code replaced) for a link that a newer invitation ended."""
    if session.get(ReplacedLink, tokens.digest(token)) is not None:
        raise Conflict(
            "A newer invitation replaced this link. Please open the newest one; what you sent before is safe.",
            "더 새로운 초대가 있어서 이 링크는 끝났어요. 가장 나중에 받은 링크를 열어 주세요. "
            "그 전에 보낸 답변은 안전하게 있어요.",
            code="replaced",
        )


def must_be_open(session: Session, invitation: Invitation) -> None:
    """Raises Conflict (code revoked, expired or closed) for a link that opens no more; it says whom to ask."""
    why = _why_ended(session, invitation)
    if why is None:
        return
    asked = link_help.contact(session, invitation)
    where = f" ({asked.address})" if asked.address else ""
    en = ENDED[why].en.format(whom=asked.organisation.en + where)
    raise Conflict(en, ENDED[why].ko.format(whom=asked.organisation.ko + where), code=why)


def _why_ended(session: Session, invitation: Invitation) -> str | None:
    if invitation.revoked_at is not None:
        return "revoked"
    if invitation.expires_at < database.now(session):
        return "expired"
    return "closed" if invitation.opening.state != "open" else None
