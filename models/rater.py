"""A second opinion on a transcript by a language model on an OpenAI-compatible server, asked in three wordings."""

from __future__ import annotations

import hashlib
import json

from interview_ai.rules import instructions, second_opinion
from interview_ai.rules.evidence import Opinion, Rubric
from models import completions
from models.completions import Failed, Server
from models.rater_prompts import PROMPTS, USER

VERSION = "rater-1"
FORGEABLE = "<>[]{}|#`"  # signs by which chat templates and prompts tell roles apart; a JSON string can do without
MARK_DIGITS = 16


def name(server: Server) -> str:
    """What stands in the versions of an assessment: the model and our wordings."""
    return f"{server.model}@{VERSION}+{instructions.VERSION}"


def rate(text: str, *, question: str, rubric: Rubric, language: str, server: Server) -> Opinion:
    """Whole levels with verbatim quotes, the median of three passes at temperature 0; or none with the reason.

    `text`: the transcript; `language`: ko or en, of the answer. Passages that speak to the rater are taken out before
    it sees anything, and are returned. The first pass that fails ends it: two of three are not believed.
    """
    said = instructions.stretches(text)
    withheld = tuple(text[start:end].strip() for start, end in instructions.passages(text))
    criteria = [criterion.id for criterion in rubric.criteria]
    user = _user(" … ".join(said), question, rubric, language)
    passes = []
    for system in PROMPTS[language]:
        reply = completions.ask(server, system, user)
        if isinstance(reply, Failed):
            return second_opinion.none(name(server), reply.code, withheld=withheld)
        found = second_opinion.read(reply, criteria=criteria, said=said)
        if found is None:
            return second_opinion.none(name(server), "unparseable", withheld=withheld)
        passes.append(found)
    return second_opinion.combined(name(server), passes, criteria=criteria, withheld=withheld)


def _user(answer: str, question: str, rubric: Rubric, language: str) -> str:
    """The message that holds what is rated: a JSON string between marks that come from its own digest, so that nobody
    can write an answer that holds its own end.
    """
    quoted = _quoted(answer)
    mark = hashlib.sha256(quoted.encode()).hexdigest()[:MARK_DIGITS]
    return USER[language].format(
        criteria=json.dumps(_criteria(rubric, language), ensure_ascii=False),
        question=_quoted(question),
        answer=quoted,
        mark=mark,
    )


def _quoted(text: str) -> str:
    encoded = json.dumps(text, ensure_ascii=False)
    for sign in FORGEABLE:
        encoded = encoded.replace(sign, f"\\u{ord(sign):04x}")
    return encoded


def _criteria(rubric: Rubric, language: str) -> list[dict[str, object]]:
    return [
        {
            "id": criterion.id,
            "name": criterion.name.text(language),
            "levels": {str(level): text.text(language) for level, text in sorted(criterion.anchors.items())},
        }
        for criterion in rubric.criteria
    ]
