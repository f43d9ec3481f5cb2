"""Whether a Korean clause tells what came of the deeds, or where and when it all was."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from models.korean_deeds import own_action
from models.korean_predicates import Predicate
from models.korean_story import Said
from models.korean_words import (
    AFTERWARDS,
    ATTAINED,
    ATTAINED_VERBS,
    BAD,
    CHANGE,
    CIRCUMSTANCES,
    GRADES,
    GROUPS,
    HAPPENED,
    LIVING,
    LIVING_VERBS,
    MEASURED,
    PEOPLE,
    REDUCED,
    REDUCED_NOUNS,
    ROLES,
    SCENES,
    UNWILLED,
)

CLOSED = frozenset({"결과", "결과적", "결국", "마침내"})  # what is said with these closes the story
PERCEIVED = frozenset("보 재 세 살피 살펴보 들여다보 찾아보 알아보 확인하 조사하".split())
ARRIVED = frozenset({"들어오", "오", "그만두", "나가"})  # who came and who left
TIMES = frozenset({"당시", "시절", "때"})


def outcome(said: Said, before: Sequence[Said], *, acted: bool) -> bool:
    """Something changed, was reached or no longer happens, after own deeds or by a cue: 줄었습니다, 합격했습니다."""
    says = said.says
    forms = _cues(said)
    if any(morph.form in ("덕분", "덕") for morph in said.clause.morphs) and not forms & {"덕분", "덕"}:
        return False  # 후배 덕분에 끝났습니다: theirs
    if (says.unreal and not _became_able(says)) or not (acted or forms & {"결과", "덕분"}) or _found_out(before):
        return False
    if says.negated:
        return bool(forms & BAD) and says.subject != "other" and says.stem in ("없", "발생", "생기", "나", "나오", "하")
    if says.subject == "other":
        after = bool(forms & AFTERWARDS) or _changed(said) or (bool(before) and before[-1].kind == "result")
        return _became_able(says) or (after and _others_followed(said))
    if _changed(said) or _reached(said, forms) or (forms & CLOSED and says.tag in ("VV", "XSV")):
        return True
    counted = any(morph.tag in ("NR", "SN") for morph in said.clause.morphs)
    if counted and (says.stem == "되" or (says.tag == "VCP" and forms & AFTERWARDS)):
        return True
    followed = bool(before) and before[-1].clause.ending in ("더니", "니까") and _leads_on(before[-1])
    return followed and says.tag != "VCP" and "있" not in (says.stem, *says.aux) and not own_action(said)


def _leads_on(said: Said) -> bool:
    """An own deed, or 그랬더니, 그런 식으로 했더니, that stands for those before."""
    return said.kind == "action" or (said.says.past and (said.says.vague or said.says.stem in ("그러", "그렇", "이렇")))


def _found_out(before: Sequence[Said]) -> bool:
    """Whether the clause before looked at something, so that this is what was found: 재 보니까, 나눠 봤더니."""
    if not before or before[-1].clause.ending not in ("더니", "니까") or before[-1].says.vague:
        return False
    return "보" in before[-1].says.aux or before[-1].says.stem in PERCEIVED


def _became_able(says: Predicate) -> bool:
    return any(noun == "수" for _, noun in says.frames) and "되" in says.aux


def _changed(said: Said) -> bool:
    says = said.says
    inner = any(m.tag in ("VV",) and m.form in CHANGE for m in said.clause.morphs[:-2])
    felt = says.stem == "느끼" and "지" in says.aux and inner
    grown = says.tag in ("VA", "XSA", "VV", "XSV") and "지" in says.aux and says.stem not in ("느끼",)
    happened = says.tag == "XSV" and says.stem == "되" and says.noun in HAPPENED
    became = "되" in says.aux and any(m.form == "게" and m.tag == "EC" for m in said.clause.morphs)
    return says.stem in CHANGE or felt or grown or happened or became


def _reached(said: Said, forms: set[str]) -> bool:
    says = said.says
    if says.subject == "thing":
        return says.noun in HAPPENED and not says.object
    lettered = says.stem == "받" and len(says.noun) == 1 and says.noun.isascii()  # A를 받았어요
    graded = (says.stem in ("받", "얻", "거두") and bool(forms & GRADES)) or lettered
    reduced = (says.stem in REDUCED or says.noun in REDUCED_NOUNS) and bool(forms & MEASURED)
    attained = says.noun in ATTAINED or (says.stem in ATTAINED_VERBS)
    return graded or reduced or attained


def _others_followed(said: Said) -> bool:
    """What a group of people did afterwards, of itself: 나중에는 손님들도 ... ; nobody did it for the speaker."""
    says = said.says
    morphs = said.clause.morphs
    if says.subject != "other" or says.quoted or {"주", "드리"} & set(says.aux) or any(m.tag == "JKO" for m in morphs):
        return False
    plural = any(morph.form in ("들", "명", "분", "모두") for morph in morphs)
    return plural and any(morph.form in GROUPS for morph in morphs)


def _cues(said: Said) -> set[str]:
    """The words of the clause that stand for themselves; 결과 in 결과표 does not."""
    morphs = said.clause.morphs
    inside = {a.form for a, b in pairwise(morphs) if a.tag == "NNG" and b.tag == "NNG" and a.end == b.start}
    thanks = {
        b.form for a, b in pairwise(morphs) if b.form in ("덕분", "덕") and (a.form in PEOPLE or a.form in ("님", "들"))
    }
    return {morph.form for morph in morphs} - inside - thanks


def circumstance(said: Said, before: Sequence[Said], *, acted: bool) -> bool:
    """Where, when and what was going on before the speaker acted; another's deed is none."""
    says = said.says
    forms = {morph.form for morph in said.clause.morphs}
    scene = any(noun in SCENES for _, noun in says.frames) and not says.unreal
    if acted:
        met = (says.seen or says.tag == "VCP") and _found_out(before)
        return says.subject != "other" and ((bool(forms & TIMES) and (says.tag == "VCP" or scene)) or met)
    left_undone = any(noun == "적" for _, noun in says.frames) or "않" in says.aux
    if says.unreal or (says.negated and left_undone and says.subject in ("own", "")):
        return False
    state = (
        says.negated
        or says.tag in ("VA", "VCP", "XSA")
        or says.stem in UNWILLED | ARRIVED
        or {"되", "지"} & set(says.aux)
    )
    if says.subject == "other":
        coming = says.stem in ARRIVED and not says.tensed  # 오셔서 하셨습니다: on the way to another's deed
        return bool(scene or state) and not coming and "주" not in says.aux
    lived = says.noun in LIVING | ROLES or says.stem in LIVING_VERBS
    return bool(
        scene or lived or forms & CIRCUMSTANCES or says.subject == "thing" or says.stem in UNWILLED or says.negated
    )
