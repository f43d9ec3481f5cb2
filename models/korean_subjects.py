"""Who is the subject of a Korean verb: the speaker, another person, a thing, or nobody named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from models.korean_morphemes import Morph
from models.korean_words import BODIES, ME, OWN, PEOPLE, PLACES

Subject = Literal["own", "other", "thing", ""]
TEMPORAL = frozenset("때 뒤 후 다음 동안 사이 전 적 중 김 대로 만큼 데".split())
CLOSING = frozenset(
    "ᆫ다고 ᆫ지 ᆯ지 게 냐고 는다고 는지 니까 다고 도록 라고 려고 면 면서 아도 어도 으라고 으려고 으면 으면서 "
    "은지 을라고 을지 자고".split()
)


def subject_of(before: Sequence[Morph]) -> Subject:
    """The subject of the main verb, looking past subordinate clauses; a topic in -는 reaches over them."""
    found: Subject = ""
    outer: Subject = ""  # the speaker, or a topic: what a closed subordinate clause gives back
    released = False  # 제가 다니던 회사는: the speaker belonged to what describes the noun
    recipient = False
    for place, morph in enumerate(before):
        kind = _role(before, place)
        if kind and released:
            found, outer, released = "", "", False
        if kind == "own" or (kind and morph.tag == "JX"):
            outer = kind
        if kind and not (found == "own" and kind == "thing"):
            found = kind
        recipient = recipient or _to_me(before, place)
        if morph.tag == "ETM":
            released = found == "own" and any(m.tag == "JKS" for m in before[max(0, place - 4) : place])
            found = outer if found == "thing" or outer in ("own", "thing") else found
        elif _closes(before, place):
            found = outer
    return found or ("other" if recipient else "")


def _role(before: Sequence[Morph], place: int) -> Subject:
    """What a noun with its particle says about the subject: 제가, 저는, 팀장님이, 서류가, 사람들도, 회사는, 다들."""
    particle = before[place]
    head = before[place - 1] if place else particle
    behalf = place > 1 and head.form == "쪽" and before[place - 2].form in PEOPLE | PLACES
    if (particle.form == "에서" and (head.form in BODIES or behalf)) or (particle.form == "들" and head.form == "다"):
        return "other"
    if place == 0 or particle.tag not in ("JKS", "JX", "JKC"):
        return ""
    if particle.tag == "JX" and particle.form not in ("은", "는", "도", "만", "까지", "이나", "ᆫ"):
        return ""
    if head.form in OWN and head.tag in ("NP", "NNG", "MM"):
        return "own"
    if _person(before, place - 1):
        return "other"
    thing = particle.tag == "JKS" and head.noun
    return "thing" if thing or (particle.tag == "JX" and head.form in PLACES) else ""


def _person(before: Sequence[Morph], place: int) -> bool:
    """Whether a noun names people: a title, a relation, 님, a counted 명 or 분; plural 들 is looked through."""
    head = before[place]
    if head.form == "님":
        return True
    if head.form in ("들", "쯤", "씩", "끼리") and place:
        return _person(before, place - 1)
    return head.form in PEOPLE and head.tag in ("NNG", "NNP", "NNB", "NP", "NR")


def _to_me(before: Sequence[Morph], place: int) -> bool:
    """저한테, 제게, 저를, 저보고: somebody else does it."""
    particle = before[place]
    toward = particle.form in ("한테", "에게", "게", "보고", "더러", "를", "ᆯ", "께")
    return place > 0 and toward and particle.tag in ("JKB", "JKO") and before[place - 1].form in ME


def _closes(before: Sequence[Morph], place: int) -> bool:
    """Whether a subordinate clause ends here and takes its own subject with it."""
    morph = before[place]
    if morph.tag == "EC":
        return morph.form in CLOSING
    return morph.form in TEMPORAL and place > 0 and before[place - 1].tag == "ETM"
