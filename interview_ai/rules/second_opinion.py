"""How an optional rater's replies become a second opinion, or none; and when the suggestion gives way to people."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from interview_ai.rules.evidence import (
    HIGHEST_LEVEL,
    LOWEST_LEVEL,
    Bilingual,
    Opinion,
    OpinionCode,
    OpinionLevel,
    OpinionReason,
    Score,
)

FURTHEST = 1  # levels that the passes may lie apart for one criterion
TOO_FAR = 2  # levels between the opinion and the rule from which on the machine abstains
LEAST_WORDS = 2  # of a quote: one word is verbatim in almost every answer
FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)

SENTENCES: dict[OpinionCode, Bilingual] = {
    "unreachable": Bilingual(
        "두 번째 의견 서버에 연결하지 못했어요.", "The second rater's server could not be reached."
    ),
    "too_slow": Bilingual("두 번째 의견이 제시간에 오지 않았어요.", "The second rater did not answer in time."),
    "too_large": Bilingual("두 번째 의견 서버의 답이 너무 커요.", "The second rater's answer was too large."),
    "refused": Bilingual("두 번째 의견 서버가 요청을 거절했어요.", "The second rater's server refused the request."),
    "moved": Bilingual(
        "두 번째 의견 서버가 다른 주소로 보내려 해서 따르지 않았어요.",
        "The second rater's server pointed to another address, which was not followed.",
    ),
    "unparseable": Bilingual(
        "두 번째 의견의 답을 믿을 수 없어요: 형식이 다르거나 답변에 있는 근거를 대지 못했어요.",
        "The second rater's reply cannot be believed: another form, or no quote that is in the answer.",
    ),
    "disagree": Bilingual(
        "두 번째 의견을 세 번 물었더니 서로 달랐어요.",
        "The second rater was asked three times and did not agree with itself.",
    ),
}


@dataclass(frozen=True, slots=True)
class Pass:
    """One reply that can be believed: a whole level and the surviving quotes by criterion."""

    levels: Mapping[str, int]
    quotes: Mapping[str, tuple[str, ...]]
    dropped: int


class _Unbelievable(ValueError):
    """A reply of another form, or a level that no quote supports."""


def read(reply: str, *, criteria: Sequence[str], said: Sequence[str]) -> Pass | None:
    """A reply `{"criteria": [{"id", "level", "quotes": []}]}` as a pass; None when it cannot be believed.

    `said`: the stretches of the transcript that may be quoted. A quote counts when it is in one of them character by
    character, runs of spaces apart, and has two words at least; the others are dropped. A level above 1 without a
    quote that counts spoils the pass, and so do a missing or unknown criterion and a level outside of 1-5.
    """
    try:
        items = _items(_json(reply))
        levels = {_text(item, "id"): _level(item) for item in items}
        given = {_text(item, "id"): _quotes(item) for item in items}
        if len(items) != len(criteria) or set(levels) != set(criteria):
            raise _Unbelievable("other criteria than were asked for")
        kept = {name: tuple(quote for quote in quotes if _is_in(quote, said)) for name, quotes in given.items()}
        if any(level > LOWEST_LEVEL and not kept[name] for name, level in levels.items()):
            raise _Unbelievable("a level without a quote")
    except (_Unbelievable, RecursionError):
        return None
    return Pass(levels, kept, sum(len(given[name]) - len(kept[name]) for name in given))


def _json(reply: str) -> Any:
    fenced = FENCE.match(reply)
    try:
        return json.loads(fenced.group(1) if fenced else reply)
    except ValueError as error:
        raise _Unbelievable("no JSON") from error


def _items(content: Any) -> list[dict[str, Any]]:
    items = content.get("criteria") if isinstance(content, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise _Unbelievable("another shape")
    return items


def _text(item: Mapping[str, Any], key: str) -> str:
    if not isinstance(item.get(key), str):
        raise _Unbelievable("another shape")
    return str(item[key])


def _level(item: Mapping[str, Any]) -> int:
    level = item.get("level")
    if type(level) is not int or not LOWEST_LEVEL <= level <= HIGHEST_LEVEL:
        raise _Unbelievable("no whole level from 1 to 5")
    return level


def _quotes(item: Mapping[str, Any]) -> tuple[str, ...]:
    quotes = item.get("quotes", [])
    if not isinstance(quotes, list) or not all(isinstance(quote, str) for quote in quotes):
        raise _Unbelievable("another shape")
    return tuple(_spaced(quote) for quote in quotes)


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _is_in(quote: str, said: Sequence[str]) -> bool:
    return len(quote.split()) >= LEAST_WORDS and any(quote in _spaced(part) for part in said)


def none(rater: str, code: OpinionCode, *, withheld: Sequence[str] = (), dropped: int = 0) -> Opinion:
    """No opinion, and why."""
    return Opinion(rater, (), OpinionReason(code, SENTENCES[code]), tuple(withheld), dropped)


def combined(rater: str, passes: Sequence[Pass], *, criteria: Sequence[str], withheld: Sequence[str]) -> Opinion:
    """The median of the passes for each criterion; none (disagree) where they lie more than one level apart."""
    dropped = sum(one.dropped for one in passes)
    found = tuple(_level_of(name, passes) for name in criteria)
    if any(level.high - level.low > FURTHEST for level in found):
        return none(rater, "disagree", withheld=withheld, dropped=dropped)
    return Opinion(rater, found, None, tuple(withheld), dropped)


def _level_of(name: str, passes: Sequence[Pass]) -> OpinionLevel:
    levels = [one.levels[name] for one in passes]
    quotes = dict.fromkeys(quote for one in passes for quote in one.quotes[name])
    return OpinionLevel(name, int(median(levels)), min(levels), max(levels), tuple(quotes))


def contradicts(opinion: Opinion, score: Score) -> bool:
    """Whether the machine must abstain: the passes disagree, or a criterion lies two levels or more from the rule.

    An opinion that failed for any other reason leaves the suggestion as if nobody had been asked.
    """
    if opinion.reason is not None:
        return opinion.reason.code == "disagree"
    points = {criterion.id: criterion.points for criterion in score.criteria}
    return any(abs(level.level - points[level.id]) >= TOO_FAR for level in opinion.criteria)
