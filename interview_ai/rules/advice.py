"""What is said about a weak wording: in the reader's language, its examples in the language of the question."""

from __future__ import annotations

from interview_ai.rules.evidence import Bilingual
from interview_ai.rules.wording import Code

MESSAGES: dict[Code, Bilingual] = {
    "vague": Bilingual(
        "실제로 있었던 일을 묻지 않아 준비해 온 말만 듣게 됩니다. 이렇게 물어 보십시오. {examples}",
        "It asks for no event, so you will hear what people prepared. Try this: {examples}",
    ),
    "leading": Bilingual(
        "바라는 답이 드러납니다. {examples} 같은 말을 빼고 무엇을 했는지 물어 보십시오.",
        "It gives away the answer that you want. Leave out words such as {examples} and ask what people did.",
    ),
    "double": Bilingual(
        "두 가지를 한꺼번에 묻습니다. 한 가지만 남기거나 질문을 둘로 나누십시오. 같은 일의 과정과 결과를 이어 묻는 "
        "것은 괜찮습니다.",
        "It asks two things at once. Keep one, or make it two questions. What somebody did in one event and what came "
        "of it may stand together.",
    ),
    "hypothetical": Bilingual(
        "가정한 상황을 묻습니다. 실제로 겪은 비슷한 일에서 무엇을 했는지 물어 보십시오.",
        "It asks about an imagined case. Ask what people did in a similar case that they really met.",
    ),
    "closed": Bilingual(
        "‘예’나 ‘아니요’로 끝날 수 있습니다. 이야기를 들려 달라고 하십시오. {examples}",
        "“Yes” or “no” would answer it. Ask for the story: {examples}",
    ),
    "too_long": Bilingual(
        "질문이 길어 듣거나 읽고 기억하기 어렵습니다. 두세 문장으로 줄이십시오.",
        "It is too long to keep in mind. Cut it to two or three sentences.",
    ),
}
EXAMPLES: dict[str, dict[Code, tuple[str, ...]]] = {
    "ko": {
        "vague": ("…한 경험을 말해 주세요. 무엇을 했고 결과는 어땠나요?",),
        "leading": ("…죠?", "…않나요?", "당연히"),
        "closed": ("…한 경험을 말해 주세요.",),
    },
    "en": {
        "vague": ("Tell us about a time when you …. What did you do, and what came of it?",),
        "leading": ("don't you", "surely", "right?"),
        "closed": ("Tell us about a time when you …",),
    },
}


def advice(code: Code, language: str) -> Bilingual:
    """What is said about a question that is asked in `language` ("ko" or "en")."""
    examples = EXAMPLES["ko" if language == "ko" else "en"].get(code, ())
    message = MESSAGES[code]
    korean, english = (", ".join(f"{left}{one}{right}" for one in examples) for left, right in ("‘’", "“”"))
    return Bilingual(message.ko.format(examples=korean), message.en.format(examples=english))
