"""Letters to candidates: their placeholders, in either language, and what keeps a text from being a letter."""

from __future__ import annotations

import re
from collections.abc import Mapping

from interview_ai.rules.evidence import Bilingual

NAME = "name"
PLACEHOLDERS: Mapping[str, str] = {
    "name": NAME,
    "title": "title",
    "organisation": "organisation",
    "contact": "contact",
    "이름": NAME,
    "공고": "title",
    "기관": "organisation",
    "연락처": "contact",
}
"""What stands in braces in a text, in Korean or in English, and the value that it means."""

LONGEST_SUBJECT, LONGEST_BODY = 120, 4000  # characters
SHORTEST_BODY = 20
IN_BRACES = re.compile(r"\{([^{}\n]*)\}")


def unknown(text: str) -> tuple[str, ...]:
    """What stands in braces and means nothing, as it was typed; each once."""
    found = (match.strip() for match in IN_BRACES.findall(text))
    return tuple(dict.fromkeys(name for name in found if name.lower() not in PLACEHOLDERS))


def is_open(text: str) -> bool:
    """Whether a brace opens or closes alone."""
    return bool(re.search(r"[{}]", IN_BRACES.sub("", text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known put in; a placeholder without a value stays, in the one form `{name}`."""

    def put(match: re.Match[str]) -> str:
        means = PLACEHOLDERS.get(match[1].strip().lower())
        return values.get(means, f"{{{means}}}") if means else match[0]

    return IN_BRACES.sub(put, text)


def faults(subject: str, body: str) -> dict[str, Bilingual]:
    """What is to be mended, by the field's name: empty, too long, an unknown placeholder, a brace that stands alone."""
    found = {}
    if not 1 <= len(subject) <= LONGEST_SUBJECT or "\n" in subject:
        found["subject"] = Bilingual(
            f"제목을 한 줄로, {LONGEST_SUBJECT}자까지 적어 주십시오.",
            f"Write a subject of one line and at most {LONGEST_SUBJECT} characters.",
        )
    if not SHORTEST_BODY <= len(body) <= LONGEST_BODY:
        found["body"] = Bilingual(
            f"본문을 {SHORTEST_BODY}자에서 {LONGEST_BODY}자까지 적어 주십시오.",
            f"Write a text of {SHORTEST_BODY} to {LONGEST_BODY} characters.",
        )
    for field, text in (("subject", subject), ("body", body)):
        wrong = _braces(text)
        if field not in found and wrong:
            found[field] = wrong
    return found


def _braces(text: str) -> Bilingual | None:
    strange = unknown(text)
    if strange:
        shown = ", ".join(f"{{{name}}}" for name in strange)
        return Bilingual(
            f"넣을 값이 없는 자리입니다: {shown}. {{이름}}, {{공고}}, {{기관}}, {{연락처}}만 쓸 수 있습니다.",
            f"Nothing can be put in for {shown}. Use {{name}}, {{title}}, {{organisation}} and {{contact}} only.",
        )
    if is_open(text):
        return Bilingual(
            "중괄호 { }는 {이름}처럼 짝을 맞추어 값을 넣을 자리에만 써 주십시오.",
            "Use braces { } in pairs and only around what is put in, as in {name}.",
        )
    return None
