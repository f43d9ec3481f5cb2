"""How the demonstration region's organisations look: what they say of themselves, logos, own words in mails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from interview_ai import branding, demo_logos, message_texts
from interview_ai.branding import NewFace
from interview_ai.message_texts import Which
from interview_ai.organisations import Member


def face(about: Mapping[str, Any], ko: str, en: str, *, kind: str = "agency") -> NewFace:
    """What an organisation says of itself; that it does not exist comes first."""
    domain = f"{about['slug']}{'.ac' if kind == 'university' else ''}.example"
    if kind == "university":
        own_ko = "학과와 진로지원센터가 함께 학생을 화상면접에 초대합니다."
        own_en = "Its departments and its career centre invite students to video interviews together."
    else:
        trade_ko, trade_en = about.get("trade_ko", ""), about.get("trade_en", "")
        own_ko, own_en = f"하는 일: {trade_ko}.", f"What it does: {trade_en}."
    if "about_ko" in about:
        own_ko, own_en = about["about_ko"], about["about_en"]
    return NewFace(
        name_ko=ko,
        name_en=en,
        about_ko=f"시연을 위해 지어낸 기관으로, 실제로 있지 않습니다.\n\n{own_ko}",
        about_en=f"Made up for a demonstration; it does not exist.\n\n{own_en}",
        website=f"https://{domain}/",
        careers_url=f"https://{domain}/careers" if kind == "university" else "",
        accent=about["accent"],
        slug=about["slug"],
    )


def show_logo(about: Mapping[str, Any], member: Member, session: Session) -> None:
    """Draws the logo of an organisation that has one, and shows it once it was found to be a picture."""
    if about.get("logo"):
        drawn = demo_logos.drawn(about["en"][0], about["accent"], is_round=member.organisation_kind != "employer")
        branding.use_logo(session, member, branding.store_logo(member, drawn))


def write_messages(own: Mapping[str, Mapping[str, str]], member: Member, session: Session) -> None:
    """Words in the organisation's own tone, by kind and language; the first line is the subject."""
    new: dict[Which, tuple[str, str]] = {}
    for kind, texts in own.items():
        for language, text in texts.items():
            subject, _, body = text.partition("\n")
            new[Which(kind, language)] = subject, body
    message_texts.write(session, member, new)
