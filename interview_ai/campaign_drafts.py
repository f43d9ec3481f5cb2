"""A campaign as somebody fills in its form, and all that is wrong with it, each fault with its field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from interview_ai.drafts import tidy
from interview_ai.errors import Invalid
from interview_ai.organisations import address_of
from interview_ai.settings import settings

CONSENTS = ("this_programme", "career_services", "applied", "written")
PROOFS = ("none", "code", "birth_year")
CHANNELS = ("mail", "sms", "file")
MOST_BYTES = 60_000_000
LONGEST_NAME = 80
LONGEST_NOTE = 500
FASTEST = 6000  # a minute
MOST_REMIND_DAYS = 30
MOST_REMINDERS, USUAL_REMINDERS = 5, 2  # of one kind to one person


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A campaign as somebody fills in its form; the roster's bytes lie in the storage under `upload_id`.

    `channel`: mail, sms (mail where it cannot), or file: nothing leaves, and whoever invites hands the links over.
    `quiet_from`, `quiet_until`: whole hours of a Korean day between which nothing leaves; None: as quiet_hours.py has
    it; the same hour twice: there are none. `most_reminders`: of one kind to one person.
    """

    opening_id: str
    name: str
    upload_id: str
    file_name: str
    file_bytes: int
    consent_basis: str
    consent_note: str = ""
    language: str = "ko"
    proof: str = "none"
    channel: str = "mail"
    per_minute: int = 300
    quiet_from: int | None = None
    quiet_until: int | None = None
    reply_to: str = ""
    remind_after_days: int | None = None
    most_reminders: int = USUAL_REMINDERS


def faults(new: NewCampaign) -> Iterator[Invalid]:
    """All that is wrong with a form but its file; `code` names the field."""
    if not 0 < len(tidy(new.name)) <= LONGEST_NAME:
        yield Invalid(
            f"Give the campaign a name of at most {LONGEST_NAME} characters.",
            f"회차 이름을 {LONGEST_NAME}자 이하로 적어 주십시오.",
            code="name",
        )
    if not new.opening_id:
        yield Invalid("Choose the opening to invite to.", "초대할 채용공고를 골라 주십시오.", code="opening_id")
    if new.consent_basis not in CONSENTS:
        yield Invalid(
            "Choose what the people in the roster agreed to. Without it nobody may be written to.",
            "명단에 있는 분들이 무엇에 동의했는지 골라 주십시오. 동의 없이는 아무에게도 보낼 수 없습니다.",
            code="consent_basis",
        )
    if new.consent_basis == "written" and not tidy(new.consent_note):
        yield Invalid(
            "Write what they agreed to, when and how.",
            "무엇에 언제 어떻게 동의했는지 적어 주십시오.",
            code="consent_note",
        )
    if len(new.consent_note) > LONGEST_NOTE:
        yield Invalid(
            f"Write at most {LONGEST_NOTE} characters.", f"{LONGEST_NOTE}자 이하로 적어 주십시오.", code="consent_note"
        )
    yield from _faults_of_sending(new)


def _faults_of_sending(new: NewCampaign) -> Iterator[Invalid]:
    if not 1 <= new.per_minute <= FASTEST:
        yield Invalid(
            f"Send between 1 and {FASTEST:,} messages a minute.",
            f"1분에 보내는 수는 1부터 {FASTEST:,}까지입니다.",
            code="per_minute",
        )
    hours = (new.quiet_from, new.quiet_until)
    if (None in hours and hours != (None, None)) or any(hour is not None and not 0 <= hour <= 23 for hour in hours):
        yield Invalid(
            "Give both hours of the quiet time, 0 to 23, or neither.",
            "보내지 않는 시간은 0~23시로 시작과 끝을 함께 적거나 둘 다 비워 주십시오.",
            code="quiet_from",
        )
    yield from reminder_faults(new.remind_after_days, new.most_reminders)
    if new.proof not in PROOFS or new.channel not in CHANNELS:
        yield Invalid("Choose one of the ways shown.", "보이는 방법 가운데 하나를 골라 주십시오.", code="proof")
    if needs_mail(new.proof):
        yield no_codes()
    if new.channel == "file" and new.remind_after_days is not None:
        yield Invalid(
            "Where you hand the links over yourselves, nobody is reminded from here. Leave the days empty.",
            "링크를 직접 전달하는 회차에서는 알림을 보내지 않습니다. 알림 날수를 비워 주십시오.",
            code="remind_after_days",
        )
    if new.reply_to.strip():
        try:
            address_of(new.reply_to)
        except Invalid as error:
            yield Invalid(error.en, error.ko, code="reply_to")


def reminder_faults(after_days: int | None, most: int) -> Iterator[Invalid]:
    """What is wrong with when and how often people are reminded."""
    if after_days is not None and not 1 <= after_days <= MOST_REMIND_DAYS:
        yield Invalid(
            f"Remind after 1 to {MOST_REMIND_DAYS} days, or not at all.",
            f"알림은 1일에서 {MOST_REMIND_DAYS}일 뒤로 정하거나 비워 주십시오.",
            code="remind_after_days",
        )
    if not 1 <= most <= MOST_REMINDERS:
        yield Invalid(
            f"Send each person 1 to {MOST_REMINDERS} reminders of one kind.",
            f"한 분에게 보내는 같은 알림은 1번에서 {MOST_REMINDERS}번까지 정할 수 있습니다.",
            code="most_reminders",
        )


def needs_mail(proof: str) -> bool:
    """Whether this proof asks for a mailed code where no mail leaves: nobody could open their link."""
    return proof == "code" and not settings().smtp_url


def usual_channel() -> str:
    """What a campaign is sent by where somebody chooses nothing: mail, unless none leaves here."""
    return "mail" if settings().smtp_url else "file"


def nothing_leaves(channel: str) -> bool:
    """Whether no message of a campaign leaves from here as things are set: its links are for a file."""
    by_phone = channel == "sms" and bool(settings().sms_url)
    return channel == "file" or not (settings().smtp_url or by_phone)


def no_codes() -> Invalid:
    """The refusal of that, with what to choose."""
    return Invalid(
        "No mail server is set here, so no code can be mailed and nobody could open their link. Choose the year of "
        "birth as the proof of identity, or none.",
        "메일 서버가 설정되어 있지 않아 확인 번호를 메일로 보낼 수 없고, 아무도 링크를 열 수 없습니다. "
        "본인 확인을 ‘출생연도’나 ‘확인하지 않음’으로 골라 주십시오.",
        code="proof",
    )


def must_fit(new: NewCampaign) -> None:
    """Raises the first thing that is wrong with a form."""
    for fault in faults(new):
        raise fault
