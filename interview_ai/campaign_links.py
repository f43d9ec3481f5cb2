"""The links of a campaign's people as a file: for whoever sends them on by a way of their own, or where no mail leaves.

Only digests of links are kept, so a file brings fresh ones, beside those that people have, which go on working.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, case, func, insert, or_, select, update
from sqlalchemy.orm import Session

from interview_ai import audit, campaign_drafts, campaigns, database, message_links, openings, opt_outs, tokens
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict
from interview_ai.organisations import Member
from interview_ai.tables import Campaign, CampaignRow, FurtherLink, Interview, Invitation, Opening

CONFIRMED: Final = ("sending", "paused", "sent")
MOST_FILES: Final = 20
"""Of one campaign. Each adds a link for everybody in it, and no link that may be in somebody's hands is ever ended."""
A_ROUND: Final = 200  # links made in one transaction: nobody who records waits longer than these take


@dataclass(frozen=True, slots=True)
class Linked:
    """One person of the file; with `stop` they end further messages, as with the link in a mail."""

    name: str
    email: str
    student_number: str
    phone: str
    link: str
    deadline: datetime
    stop: str


def count(session: Session, found: Campaign) -> int:
    """How many have an invitation that they can still answer, among them those who want no messages."""
    return session.scalar(_of(session, found, func.count(CampaignRow.id))) or 0


def _of(session: Session, found: Campaign, *columns: Any) -> Select[Any]:
    at = database.now(session)
    return (
        select(*columns)
        .select_from(CampaignRow)
        .join(Invitation, Invitation.id == CampaignRow.invitation_id)
        .join(Opening, Opening.id == Invitation.opening_id)
        .outerjoin(Interview, Interview.invitation_id == Invitation.id)
        .where(CampaignRow.campaign_id == found.id, Invitation.inviting_organisation_id == found.organisation_id)
        .where(Invitation.revoked_at.is_(None), Invitation.expires_at > at, Opening.state == "open")
        .where(or_(Interview.id.is_(None), Interview.state.not_in(openings.OVER)))
    )


def refusal(session: Session, found: Campaign) -> Conflict | None:
    """Why there is no file of a campaign's links now, if there is none."""
    if found.state not in CONFIRMED:
        return Conflict(
            "Links are made once the campaign is confirmed, and a cancelled one gives none out.",
            "링크는 회차를 확정하면 만들어지고, 취소한 회차의 링크는 내려받을 수 없습니다.",
            code="moved",
        )
    if campaign_drafts.needs_mail(found.proof):
        return Conflict(
            "No mail server is set here, so the code that these links ask for reaches nobody. Ask whoever operates the "
            "service to set one.",
            "메일 서버가 설정되어 있지 않아 이 링크가 묻는 확인 번호를 받을 수 없습니다. "
            "서비스를 관리하는 분에게 메일 서버 설정을 요청해 주십시오.",
            code="proof",
        )
    if found.files_taken >= MOST_FILES:
        return _too_often()
    return None if count(session, found) else _nobody(session, found)


def _nobody(session: Session, found: Campaign) -> Conflict:
    """Why there is nobody to whom a link could be handed, with what helps."""
    opening = session.get_one(Opening, found.opening_id)
    invited, over, revoked = _told(session, found)
    closed = opening.state != "open"
    if not invited:
        return _none_invited(found, closed=closed)
    if over + revoked == invited:
        return Conflict(
            f"Nobody needs a link any more: of {invited:,} invited, {over:,} finished or stopped, and {revoked:,} "
            "invitations were taken back.",
            f"링크가 더 필요한 분이 없습니다. 초대한 {invited:,}명 가운데 {over:,}명은 면접을 마쳤거나 그만두었고, "
            f"{revoked:,}명은 초대를 거두었습니다.",
            code="nobody",
        )
    if closed:
        return Conflict(
            f"The opening is closed, so the links of the {invited - over - revoked:,} who have not finished open "
            "nothing. Once the employer opens it again, the file can be downloaded here.",
            f"채용공고가 닫혀 있어, 마치지 않은 {invited - over - revoked:,}명의 링크를 쓸 수 없습니다. "
            "기업이 공고를 다시 열면 여기에서 내려받을 수 있습니다.",
            code="nobody",
        )
    return Conflict(
        f"The time of the {invited - over - revoked:,} who have not finished is over. Once the employer extends the "
        "deadline of the opening, the file can be downloaded here.",
        f"마치지 않은 {invited - over - revoked:,}명의 기한이 지났습니다. 기업이 공고의 기한을 늘리면 여기에서 "
        "내려받을 수 있습니다.",
        code="nobody",
    )


def _none_invited(found: Campaign, *, closed: bool) -> Conflict:
    if found.state == "sent":
        return Conflict(
            "This campaign invited nobody: all of its people were invited before, or want no messages.",
            "이 회차로 초대한 분이 없습니다. 모두 이미 초대되었거나 수신을 거부했습니다.",
            code="nobody",
        )
    if closed:
        return Conflict(
            "The opening is closed, so no link is made. Ask the employer to open it again; then go on with the "
            "campaign.",
            "채용공고가 닫혀 있어 링크를 만들지 않았습니다. 기업에 공고를 다시 열어 달라고 요청하고, 열리면 회차를 "
            "이어 가십시오.",
            code="nobody",
        )
    if found.state == "paused":
        return Conflict(
            "The campaign stopped before the first link was made. Go on with it, and the links appear here.",
            "링크를 만들기 전에 회차가 멈췄습니다. 회차를 이어 가시면 여기에서 링크를 내려받을 수 있습니다.",
            code="nobody",
        )
    return Conflict(
        "No link is made yet. They are being made.", "아직 만든 링크가 없습니다. 만들고 있습니다.", code="nobody"
    )


def _told(session: Session, found: Campaign) -> tuple[int, int, int]:
    """How many were invited, how many are done, and of how many others the invitation was taken back."""
    done = and_(Interview.id.is_not(None), Interview.state.in_(openings.OVER))
    gone = and_(Invitation.revoked_at.is_not(None), ~done)
    counted = (func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in (done, gone))
    wanted = (
        select(func.count(), *counted)
        .select_from(CampaignRow)
        .join(Invitation, Invitation.id == CampaignRow.invitation_id)
        .outerjoin(Interview, Interview.invitation_id == Invitation.id)
        .where(CampaignRow.campaign_id == found.id)
    )
    invited, over, revoked = session.execute(wanted).one()
    return invited, over, revoked


def _too_often() -> Conflict:
    return Conflict(
        f"The file of this campaign's links was downloaded {MOST_FILES} times, each time with fresh links. All of them "
        "go on working: please use a file that you have. In the list of those invited you can make a new link for one "
        "person.",
        f"이 회차의 링크 파일은 이미 {MOST_FILES}번 내려받았고, 그때마다 새 링크를 만들었습니다. 먼저 받은 링크는 "
        "모두 그대로 쓸 수 있으니 받아 두신 파일을 써 주십시오. 한 분씩은 초대한 분의 목록에서 새 링크를 만들 수 "
        "있습니다.",
        code="often",
    )


def begin(session: Session, member: Member, campaign_id: str, form: str) -> Campaign:
    """Keeps on the record that a file of links is taken. Raises NotFound, Forbidden, Conflict.

    Needs a session for EVERYWHERE: the invitations are the employer's rows.
    """
    found = campaigns.own(session, member, campaign_id)
    wrong = refusal(session, found)
    if wrong:
        raise wrong
    taking = update(Campaign).where(Campaign.id == found.id, Campaign.files_taken < MOST_FILES)
    if not database.changed(session, taking.values(files_taken=Campaign.files_taken + 1)):
        raise _too_often()
    details = {"form": form, "at_most": count(session, found)}
    audit.append(session, member.actor, "campaign links taken", f"campaign:{found.id}", details=details)
    return found


def people(found: Campaign) -> Iterator[Linked]:
    """Everybody who can still answer and wants to hear of it, in the roster's order, each with a fresh link.

    The links of one round are kept before the first of them is given out; no transaction is open in between.
    """
    last = 0
    while True:
        rows, last = _round(found, last)
        yield from rows
        if not last:
            return


def _round(found: Campaign, after: int) -> tuple[list[Linked], int]:
    """The next people, and the row behind which others may come; 0 where there are none."""
    with reading(EVERYWHERE) as session:
        wanted = _of(session, found, CampaignRow, Invitation).where(CampaignRow.row > after)
        rows = session.execute(wanted.order_by(CampaignRow.row).limit(A_ROUND)).all()
        unwilling = opt_outs.among(session, found.organisation_id, [row.email for row, _ in rows])
    given = [(row, invitation, tokens.new_token()) for row, invitation in rows if row.email not in unwilling]
    links = [
        {"token_hash": tokens.digest(token), "organisation_id": one.organisation_id, "invitation_id": one.id}
        for _, one, token in given
    ]
    if links:
        with transaction(EVERYWHERE) as session:
            at = database.now(session)
            session.execute(insert(FurtherLink), [link | {"created_at": at} for link in links])
            first = (Invitation.id.in_([link["invitation_id"] for link in links]), Invitation.handed_over_at.is_(None))
            session.execute(update(Invitation).where(*first).values(handed_over_at=at))
    linked = [
        Linked(
            row.name,
            row.email,
            row.student_number or "",
            row.phone or "",
            link=message_links.link(token),
            deadline=one.expires_at,
            stop=opt_outs.address(opt_outs.token(found.organisation_id, row.email)),
        )
        for row, one, token in given
    ]
    return linked, rows[-1][0].row if len(rows) == A_ROUND else 0
