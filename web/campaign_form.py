"""The form of a campaign: what it shows at first, how it is read, and how it comes back when something is wrong."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData

from interview_ai import campaign_drafts, mail
from interview_ai.campaign_choices import Choice
from interview_ai.campaign_drafts import MOST_REMINDERS, USUAL_REMINDERS, NewCampaign
from interview_ai.organisations import Member
from interview_ai.rules import quiet_hours, roster
from interview_ai.tables import Campaign
from web import words

FIELDS = (
    *("opening_id", "name", "pasted", "consent_basis", "consent_note", "language", "proof", "channel", "per_minute"),
    *("quiet_from", "quiet_until", "reply_to", "remind_after_days", "most_reminders"),
)
RATES = (60, 300, 1000, 3000)
BAD = -1  # a number that is none, which the rules then refuse


def blank(language: str) -> dict[str, str]:
    """The form as it is first shown."""
    ways = {"language": language, "proof": "none", "channel": campaign_drafts.usual_channel(), "per_minute": "300"}
    usual = {"most_reminders": str(USUAL_REMINDERS)}
    hours = {"quiet_from": str(quiet_hours.FROM), "quiet_until": str(quiet_hours.UNTIL)}
    return dict.fromkeys(FIELDS, "") | ways | usual | hours


def typed(sent: FormData) -> dict[str, str]:
    """The form with what somebody typed."""
    return {name: str(sent.get(name, "")) for name in FIELDS}


def read(values: dict[str, str], *, upload_id: str = "", file_name: str = "", file_bytes: int = 0) -> NewCampaign:
    """The campaign that somebody typed, not yet checked."""
    begins, ends = _number(values["quiet_from"]), _number(values["quiet_until"])
    return NewCampaign(
        opening_id=values["opening_id"],
        name=values["name"],
        upload_id=upload_id,
        file_name=file_name,
        file_bytes=file_bytes,
        consent_basis=values["consent_basis"],
        consent_note=values["consent_note"],
        language=values["language"],
        proof=values["proof"],
        channel=values["channel"],
        per_minute=_number(values["per_minute"]) or 0,
        quiet_from=0 if begins is None and ends is None else begins,
        quiet_until=0 if begins is None and ends is None else ends,
        reply_to=values["reply_to"],
        remind_after_days=_number(values["remind_after_days"]),
        most_reminders=_most(values["most_reminders"]),
    )


def reminders(sent: FormData) -> tuple[int | None, int]:
    """After how many days people are reminded, and how often each of one thing."""
    return _number(str(sent.get("remind_after_days", ""))), _most(str(sent.get("most_reminders", "")))


def _most(text: str) -> int:
    """How many reminders were chosen; as many as usual where nothing was."""
    chosen = _number(text)
    return USUAL_REMINDERS if chosen is None else chosen


def _number(text: str) -> int | None:
    plain = text.strip()
    if not plain:
        return None
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 6 else BAD


def columns(sent: FormData) -> dict[str, int]:
    """Which column a person chose for each field; a field left empty has none."""
    found = {}
    for field in roster.FIELDS:
        place = _number(str(sent.get(f"column-{field}", "")))
        if place is not None:
            found[field] = place
    return found


def letters(opening: Choice, member: Member) -> list[tuple[str, str]]:
    """By language what whoever hands the links over may write to each person, with a place for their links."""
    return [
        (
            language,
            words.say(
                language,
                "campaign.links.letter",
                title=opening.title.text(language),
                employer=opening.employer.text(language),
                sender=member.organisation_name.text(language),
                deadline=mail.moment(opening.deadline, language),
            ),
        )
        for language in words.LANGUAGES
    ]


def quiet_of(found: Campaign) -> tuple[int, int] | None:
    """The hours of the Korean day between which nothing of a campaign leaves; None: there are none."""
    if found.quiet_from is None or found.quiet_until is None:
        return quiet_hours.FROM, quiet_hours.UNTIL
    return None if found.quiet_from == found.quiet_until else (found.quiet_from, found.quiet_until)


def options() -> dict[str, Any]:
    """What the selects of the form offer."""
    return {"rates": RATES, "hours": range(24), "most_reminders": range(1, MOST_REMINDERS + 1)}
