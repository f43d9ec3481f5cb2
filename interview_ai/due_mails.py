"""Which messages may leave now: claimed in small batches, fairly, and given back to wait longer.

Before what goes to many stand links that somebody waits for. A campaign's messages wait while it is paused, while
people sleep and while it has sent as many in this minute as it may; those of a cancelled one are dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from interview_ai import addresses, database, opt_outs
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.errors import NotFound
from interview_ai.rules.message_words import CHANNELS
from interview_ai.rules.quiet_hours import is_quiet
from interview_ai.tables import Campaign, Mail

BATCH = 20
SENDING_S = 300  # a message still `sending` after that belonged to a process that died: it goes out again, same id
FIRST_WAIT_S = 30
LONGEST_WAIT_S = 3600
MAX_ATTEMPTS = 12  # with the waits above, about eight hours
MINUTE = timedelta(minutes=1)
LEAVING = ("sending", "sent")  # states of campaigns whose messages leave
CANCELLED = "the campaign was cancelled"


def claim(channel: str = "mail") -> list[Mail]:
    """Takes what is due for SENDING_S. Attempts are counted one by one in `begin`, when they are made."""
    with transaction(EVERYWHERE) as session:
        at = database.now(session)
        mails = list(_take(session, _due(at, channel), Mail.campaign_id.is_(None), most=BATCH))
        for campaign, allowed in _campaigns(session, at, channel, room=BATCH - len(mails)):
            mails += _take(session, _due(at, channel), Mail.campaign_id == campaign, most=allowed)
        for mail in mails:
            mail.unsure = mail.unsure or (mail.state == "sending" and mail.attempts > 0)
            mail.next_at = at + timedelta(seconds=SENDING_S)
            mail.state = "sending"
            if mail.attempts >= MAX_ATTEMPTS:
                mail.state, mail.error = "failed", f"its sender ended {MAX_ATTEMPTS} times in the middle of it"
    return [mail for mail in mails if mail.state == "sending"]


def _due(at: datetime, channel: str) -> tuple[ColumnElement[bool], ...]:
    return Mail.state.in_(("pending", "sending")), Mail.next_at <= at, Mail.channel == channel


def _take(
    session: Session, due: tuple[ColumnElement[bool], ...], which: ColumnElement[bool], *, most: int
) -> Sequence[Mail]:
    if most <= 0:
        return []
    wanted = select(Mail).where(*due, which).order_by(Mail.next_at).limit(most)
    return session.scalars(wanted.with_for_update(skip_locked=True)).all()


def _campaigns(session: Session, at: datetime, channel: str, *, room: int) -> list[tuple[str, int]]:
    """Whose messages may leave now and how many of each: an equal share for everybody who has some."""
    waiting = exists().where(Mail.campaign_id == Campaign.id, *_due(at, channel))
    # held, so that two senders do not both use up the same minute; whoever comes second takes the others
    held = select(Campaign).where(waiting).with_for_update(skip_locked=True, key_share=True)
    found = session.scalars(held).all()
    _drop_cancelled(session, at, [campaign.id for campaign in found if campaign.state == "cancelled"])
    awake = [campaign for campaign in found if _is_awake(campaign, at)]
    allowed = {one.id: min(_allowed(session, at, one), _waiting(session, at, channel, one)) for one in awake}
    shares: dict[str, int] = dict.fromkeys(allowed, 0)
    while room > 0 and (hungry := [one for one in allowed if shares[one] < allowed[one]]):
        for one in hungry[:room]:
            shares[one] += 1
        room -= len(hungry[:room])
    return list(shares.items())


def _is_awake(campaign: Campaign, at: datetime) -> bool:
    return campaign.state in LEAVING and not is_quiet(at, campaign.quiet_from, campaign.quiet_until)


def _allowed(session: Session, at: datetime, campaign: Campaign) -> int:
    """How many more may leave in this minute."""
    mine = select(func.count()).select_from(Mail).where(Mail.campaign_id == campaign.id)
    left = session.scalar(mine.where(Mail.sent_at > at - MINUTE)) or 0
    taken = (Mail.channel.in_(CHANNELS), Mail.state == "sending", Mail.next_at > at)  # as the index has it
    leaving = session.scalar(mine.where(*taken)) or 0
    return max(0, campaign.per_minute - left - leaving)


def _waiting(session: Session, at: datetime, channel: str, campaign: Campaign) -> int:
    """How many wait, counted up to a batch."""
    some = select(Mail.id).where(*_due(at, channel), Mail.campaign_id == campaign.id).limit(BATCH)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _drop_cancelled(session: Session, at: datetime, campaigns: Sequence[str]) -> None:
    if campaigns:
        given_up = and_(Mail.state == "sending", Mail.next_at <= at)  # its sender died
        waiting = update(Mail).where(Mail.campaign_id.in_(campaigns), or_(Mail.state == "pending", given_up))
        emptied = {"body": "", "html": None, "short": None}
        database.changed(session, waiting.values(state="dropped", error=CANCELLED, **emptied))


def begin(mail: Mail) -> bool:
    """Counts the attempt before it is made, so that a mail that ends its sender is charged and its neighbours are not.

    False once another sender has it, where its receiver wants no more of them or does not exist, and where its
    campaign was paused, was cancelled or fell asleep since it was claimed.
    """
    with transaction(EVERYWHERE) as session:
        kept, at = _held(session, mail), database.now(session)
        if kept is None:
            return False
        campaign = session.get(Campaign, kept.campaign_id) if kept.campaign_id else None
        why = CANCELLED if campaign and campaign.state == "cancelled" else _why_not(session, kept)
        if why:
            kept.state, kept.error = "dropped", why
            _empty(kept)
            return False
        if campaign and not _is_awake(campaign, at):
            kept.state, kept.next_at = "pending", at
            return False
        kept.attempts += 1
        kept.next_at = at + timedelta(seconds=SENDING_S)
    mail.attempts, mail.next_at = kept.attempts, kept.next_at
    return True


def _why_not(session: Session, mail: Mail) -> str | None:
    if addresses.leads_nowhere(mail.recipient) and mail.channel == "mail":
        return "the address is a demonstration's"
    return "the receiver wants no more of these" if _is_unwanted(session, mail) else None


def _is_unwanted(session: Session, mail: Mail) -> bool:
    if not mail.unsubscribe:
        return False
    try:
        return opt_outs.has_ended(session, opt_outs.read(mail.unsubscribe))
    except NotFound:  # written under another secret: its link would end nothing
        return True


def _held(session: Session, mail: Mail) -> Mail | None:
    """The row as long as it is ours: whoever claims it moves `next_at`."""
    ours = (Mail.id == mail.id, Mail.state == "sending", Mail.next_at == mail.next_at)
    return session.scalars(select(Mail).where(*ours).with_for_update()).one_or_none()


def has_left(mail: Mail) -> None:
    """Notes that it was taken; what has left is not kept: the links in it are keys."""
    with transaction(EVERYWHERE) as session:
        kept = session.get_one(Mail, mail.id)
        kept.state = "sent"
        kept.sent_at = database.now(session)
        kept.error = None
        _empty(kept)


def _empty(mail: Mail) -> None:
    mail.body = ""
    mail.html = mail.short = mail.attachments = None


def put_off(mail: Mail, reason: str, *, attempts: int, final: bool = False, unsure: bool = False) -> None:
    """Back to `pending` with twice the wait; `failed` when nothing can help it or enough was tried.

    `unsure`: whoever was to take it may have done so.
    """
    with transaction(EVERYWHERE) as session:
        kept = _held(session, mail)
        if kept is None:
            return
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** max(0, attempts - 1))
        kept.state = "failed" if final or attempts >= MAX_ATTEMPTS else "pending"
        kept.error = reason
        kept.attempts = attempts
        kept.unsure = kept.unsure or unsure
        kept.next_at = database.now(session) + timedelta(seconds=wait)


def give_back(mails: Iterable[Mail]) -> None:
    """Lets go of what was claimed and not begun: whoever comes next takes it at once."""
    with transaction(EVERYWHERE) as session:
        for mail in mails:
            kept = _held(session, mail)
            if kept is not None:
                kept.state, kept.next_at = "pending", database.now(session)


def turn_into_mail(mail: Mail, reason: str) -> None:
    """A message that its gateway has refused for good leaves as a mail: the same row, so that it is one message."""
    with transaction(EVERYWHERE) as session:
        kept = _held(session, mail)
        if kept is not None:
            kept.channel, kept.state, kept.attempts, kept.error = "mail", "pending", 0, reason
            kept.next_at = database.now(session)
