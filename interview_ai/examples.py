"""What of an opening still says in one language what a shipped example says, though the other was rewritten."""

from __future__ import annotations

from collections.abc import Iterable

from interview_ai.errors import Invalid
from interview_ai.library import competencies, questions_of
from interview_ai.library.templates import templates
from interview_ai.rules.evidence import Bilingual


class StillExample(Invalid):
    """A text that would be published as the example has it; whoever means it may say so and keep it."""


def left_in_title(ko: str, en: str, fields: tuple[str, str]) -> list[StillExample]:
    """The title of a template that was rewritten in one language only; `fields`: its Korean and its English field."""
    return _left((ko, en), (template.name for template in templates().values()), fields)


def left_in_question(ko: str, en: str, fields: tuple[str, str]) -> list[StillExample]:
    """The same of a question of the library."""
    shipped = (text for name in competencies() for text in questions_of(name))
    return _left((ko, en), shipped, fields)


def _left(written: tuple[str, str], shipped: Iterable[Bilingual], fields: tuple[str, str]) -> list[StillExample]:
    ko, en = (" ".join(text.split()) for text in written)
    if not (ko and en):
        return []  # one language stands for both
    known = {(example.ko, example.en) for example in shipped}
    if (ko, en) in known:
        return []
    rewritten_ko = any(en == example_en for _, example_en in known)
    rewritten_en = any(ko == example_ko for example_ko, _ in known)
    if rewritten_ko == rewritten_en:
        return []
    language_en, language_ko = ("English", "영어") if rewritten_ko else ("Korean", "한국어")
    return [
        StillExample(
            f"The {language_en} text is still the example's. Rewrite it too, or say at the end of the form to keep it.",
            f"{language_ko} 문구는 아직 예시 그대로입니다. 함께 고치거나, 양식 끝에서 그대로 둔다고 표시해 주십시오.",
            code=fields[1] if rewritten_ko else fields[0],
        )
    ]
