"""An organisation's own words for messages: what may be put in, what keeps a text from being sent, how long it gets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from interview_ai.rules.evidence import Bilingual

KINDS: Final = ("invitation", "not_opened", "not_begun", "not_finished")
CHANNELS: Final = ("mail", "sms")
LANGUAGES: Final = ("ko", "en")
PLACEHOLDERS: Mapping[str, str] = {
    **{name: name for name in ("name", "title", "organisation", "until", "link", "minutes")},
    "이름": "name",
    "공고": "title",
    "기관": "organisation",
    "기한": "until",
    "링크": "link",
    "소요시간": "minutes",
}
"""What stands in braces in a text, in Korean or in English, and the value that it means."""

LONGEST_SUBJECT, LONGEST_BODY = 120, 4000  # characters
SHORTEST_BODY = 20
SHORT_BYTES, LONG_BYTES = 90, 2000  # what Korean operators carry as SMS and as LMS, in EUC-KR
USUAL_BYTES = {"name": 40, "title": 120, "organisation": 60, "until": 45, "minutes": 3}  # hardly any value has more
CHECK_MINUTES = 2  # for the check of camera and microphone
IN_BRACES = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True, slots=True)
class Added:
    """What a text message gets beside its words at most: the link, and the line below that ends further ones."""

    link: str
    below: str


def unknown(text: str) -> tuple[str, ...]:
    """What stands in braces and means nothing, as it was typed; each once."""
    found = (match.strip() for match in IN_BRACES.findall(text))
    return tuple(dict.fromkeys(name for name in found if name.lower() not in PLACEHOLDERS))


def used(text: str) -> frozenset[str]:
    """The values that a text asks for."""
    found = (PLACEHOLDERS.get(match.strip().lower()) for match in IN_BRACES.findall(text))
    return frozenset(name for name in found if name)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with the values put in, each of which is one line whatever somebody typed into it."""

    def put(match: re.Match[str]) -> str:
        means = PLACEHOLDERS.get(match[1].strip().lower(), "")
        return " ".join(values[means].split()) if means in values else match[0]

    return IN_BRACES.sub(put, text)


def size(text: str) -> int:
    """How long Korean operators count a text, in bytes of EUC-KR; a sign that they do not know counts as two."""
    return sum(len(_encoded(sign)) for sign in text)


def _encoded(sign: str) -> bytes:
    try:
        return sign.encode("cp949")
    except UnicodeEncodeError:
        return b"??"


def carried_as(text: str) -> str:
    """`sms` for what fits into a short message, `lms` for what needs a long one."""
    return "sms" if size(text) <= SHORT_BYTES else "lms"


def minutes(seconds: int) -> int:
    """How long an interview takes whose questions take so many seconds, in whole minutes with the check before it."""
    return CHECK_MINUTES + round(seconds / 60)


def faults(channel: str, subject: str, body: str, added: Added) -> dict[str, Bilingual]:
    """What is to be mended, by the field's name; the first fault of each. `added`: what the length reckons with."""
    found: dict[str, Bilingual] = {}
    if channel == "mail" and (not 1 <= len(subject) <= LONGEST_SUBJECT or "\n" in subject):
        found["subject"] = Bilingual(
            f"제목을 한 줄로, {LONGEST_SUBJECT}자까지 적어 주십시오.",
            f"Write a subject of one line and at most {LONGEST_SUBJECT} characters.",
        )
    checks = (_placeholders, _length, _link)
    wrong = next((fault for check in checks if (fault := check(body))), None)
    wrong = wrong or (_bytes(body, added) if channel == "sms" else None)
    if wrong:
        found["body"] = wrong
    of_subject = _placeholders(subject) or _no_link(subject)
    if of_subject and "subject" not in found:
        found["subject"] = of_subject
    return found


def _placeholders(text: str) -> Bilingual | None:
    strange = unknown(text)
    if strange:
        shown = ", ".join(f"{{{name}}}" for name in strange)
        return Bilingual(
            f"넣을 값이 없는 자리입니다: {shown}. "
            "{이름}, {공고}, {기관}, {기한}, {링크}, {소요시간}만 쓸 수 있습니다.",
            f"Nothing can be put in for {shown}. "
            "Use {name}, {title}, {organisation}, {until}, {link} and {minutes} only.",
        )
    if re.search(r"[{}]", IN_BRACES.sub("", text)):
        return Bilingual(
            "중괄호 { }는 {이름}처럼 짝을 맞추어 값을 넣을 자리에만 써 주십시오.",
            "Use braces { } in pairs and only around what is put in, as in {name}.",
        )
    return None


def _length(body: str) -> Bilingual | None:
    if SHORTEST_BODY <= len(body) <= LONGEST_BODY:
        return None
    return Bilingual(
        f"본문을 {SHORTEST_BODY}자에서 {LONGEST_BODY}자까지 적어 주십시오.",
        f"Write a text of {SHORTEST_BODY} to {LONGEST_BODY} characters.",
    )


def _link(body: str) -> Bilingual | None:
    if "link" in used(body):
        return None
    return Bilingual(
        "본문에 {링크}가 있어야 받은 사람이 면접을 열 수 있습니다.",
        "The text needs {link}: without it nobody can open the interview.",
    )


def _no_link(subject: str) -> Bilingual | None:
    if "link" not in used(subject):
        return None
    return Bilingual("링크는 제목이 아니라 본문에 넣어 주십시오.", "Put the link into the text, not into the subject.")


def longest(body: str, added: Added) -> int:
    """How many bytes a text message with these words takes at most, unless a title or a name is very long."""
    values = {name: "x" * count for name, count in USUAL_BYTES.items()}
    return size(filled(body, values | {"link": added.link}) + added.below)


def _bytes(body: str, added: Added) -> Bilingual | None:
    taken = longest(body, added)
    if taken <= LONG_BYTES:
        return None
    over = taken - LONG_BYTES
    return Bilingual(
        f"문자로 보내기에 깁니다. 넣는 값과 링크, 수신 거부 주소까지 {taken}바이트가 될 수 있는데 "
        f"{LONG_BYTES}바이트까지 보낼 수 있습니다. {over}바이트 이상 줄여 주십시오. 한글 한 자는 2바이트입니다.",
        f"Too long for a text message: with its values, its link and the address that ends them it may take {taken} "
        f"bytes, and {LONG_BYTES} can be sent. Take away at least {over}; a Korean sign takes two.",
    )
