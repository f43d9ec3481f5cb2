"""A candidate's name as it is kept: on one line, no spreadsheet's formula and nothing that a mail's head could take."""

from __future__ import annotations

import unicodedata

from interview_ai.errors import Invalid
from interview_ai.organisations import needed

LONGEST = 80
FORMULA = ("=", "+", "-", "@")  # with these a cell begins to calculate in Excel, LibreOffice and Google's sheets


def candidate_name(text: str) -> str:
    """The name on one line. Raises Invalid for none, for one that is too long, a formula or several lines."""
    stripped = unicodedata.normalize("NFC", text.strip(" "))
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") for sign in stripped):
        raise Invalid(
            "The name holds a line break or a sign that cannot be seen. Type it on one line.",
            "이름에 줄바꿈이나 보이지 않는 문자가 있습니다. 한 줄로 다시 적어 주십시오.",
            code="name",
        )
    if stripped.startswith(FORMULA):
        raise Invalid(
            f"A name cannot begin with {stripped[0]}: a spreadsheet would take it for a formula.",
            f"이름은 {stripped[0]} 기호로 시작할 수 없습니다. 표 프로그램이 수식으로 읽습니다.",
            code="name",
        )
    return needed(stripped, LONGEST)
