"""Whether a Korean clause tells the speaker's own deed, past and done, or a duty; or what was only felt or thought."""

from __future__ import annotations

from itertools import pairwise

from models.korean_story import Said
from models.korean_words import ASKED, DUTIES, FEELING, GIVEN, GRADES, ME, NO_ACTION, ROLES, THINKING, WITH_OBJECT

BEFORE = frozenset({"원래", "예전", "기존", "평소"})  # how it used to be
PROPOSED = frozenset({"달라고", "자고", "어달라고", "달라"})
ORDERS = frozenset({"으라고", "라고", "어라", "아라", "달라고", "으라", "라"})
THOUGHT_VERBS = frozenset("느끼 싶 알 깨닫 믿 모르 생각나 좋아하 바라".split())
THOUGHTS = frozenset("생각 고민 걱정 후회 결심 다짐 반성 실감 공감".split())


def own_action(said: Said) -> bool:
    """Done, by the speaker, a deed and no state: 제가 표를 만들었습니다."""
    says = said.says
    if says.subject in ("other", "thing") or says.negated or says.unreal or says.honorific or says.frames:
        return False
    observed = says.seen and not said.clause.ending.startswith("더니")
    return not observed and not {"있", "되", "지"} & set(says.aux) and _deed(said)


def _deed(said: Said) -> bool:
    """Whether the verb names something that one does on purpose."""
    says = said.says
    forms = {morph.form for morph in said.clause.morphs}
    if says.tag == "XSV":
        return says.stem == "하" and says.noun not in THINKING
    willed = (says.stem in WITH_OBJECT and says.object) or bool({"주", "드리"} & set(says.aux))
    if says.tag != "VV" or (says.stem in NO_ACTION and not willed):
        return False
    if says.stem in ("받", "얻", "쓰", "먹") and (forms & GRADES or says.noun in THINKING):
        return False
    if says.stem == "배우":
        return says.object and says.noun not in ("거", "것", "자세")
    if says.stem == "하":
        return _done(said)
    return says.stem != "보" or _looked(said)


def _done(said: Said) -> bool:
    """Whether 하다 does something: N을 했습니다, 직접 했습니다; not 그렇게 했더니, 일을 했습니다, 하니까."""
    says = said.says
    if says.vague or says.noun in THINKING | ROLES | {"식"}:
        return False
    own_way = any(morph.tag == "MAG" for morph in said.clause.morphs) and said.clause.ending not in ("니까", "더니")
    return bool(says.noun) or own_way or proposed(said)


def _looked(said: Said) -> bool:
    """Whether 보다 is looking into something (선도 보고), not watching (옆에서 봤습니다) or a role (총무를 보다)."""
    says = said.says
    if says.object:
        return says.noun not in ROLES
    named = any(morph.tag == "JX" and morph.form in ("도", "만", "부터") for morph in said.clause.morphs)
    return named and says.noun not in ROLES and said.clause.ending != "니까"


def proposed(said: Said) -> bool:
    """달라고 했습니다, 자고 했습니다: asking and proposing are deeds."""
    asked = any(morph.form in PROPOSED or (morph.form, morph.tag) == ("달", "VX") for morph in said.clause.morphs)
    return asked and said.says.stem == "하" and said.says.subject in ("own", "") and not said.says.seen


def background(said: Said, *, acted: bool) -> bool:
    """A deed that only explains how things were: 원래는 받았어요; -거든요 or -었었- before the story begins."""
    forms = {morph.form for morph in said.clause.morphs}
    return bool(forms & BEFORE) or (not acted and (said.clause.ending == "거든" or bool(forms & {"었었", "았었"})))


def felt(said: Said) -> bool:
    """Feeling and thinking are no evidence of anything."""
    says = said.says
    words = {morph.form for morph in said.clause.morphs[-6:]}
    thought = says.stem in THOUGHT_VERBS or (says.noun in THOUGHTS and says.tag == "XSV")
    learned = says.stem == "배우" and bool(says.frames)
    moved = bool(words & FEELING and says.tag in ("VA", "XSA")) or "기분" in words
    return (thought and "지" not in says.aux) or moved or learned


def duty(said: Said) -> bool:
    """What the speaker had to do: in charge, a goal, asked to, must."""
    says = said.says
    if says.subject == "other" and not _asked_me(said):
        return False
    if says.negated or says.habit:
        return False
    past = says.past or says.stem in GIVEN
    resolved = any(a.tag == "ETN" and b.form == "로" for a, b in pairwise(said.clause.morphs))
    if resolved and says.past and not says.unreal and (says.aux or says.noun in ("마음", "결심", "결정")):
        return True
    if says.stem in GIVEN or says.noun in GIVEN:
        return past and (not says.unreal or says.quoted)
    if says.tag == "VCP":
        return past and not says.unreal and any(morph.form in DUTIES for morph in said.clause.morphs)
    if says.obliged:
        return says.past and "겠" not in {morph.form for morph in said.clause.morphs}
    return past and (_asked_me(said) or (says.stem == "받" and says.noun in ASKED))


def _asked_me(said: Said) -> bool:
    """Somebody told the speaker to: 저보고 맡으라고 하셨습니다."""
    morphs = said.clause.morphs
    me = any(a.form in ME and b.form in ("보고", "한테", "에게", "더러", "께") for a, b in pairwise(morphs))
    return me and said.says.past and said.says.quoted and any(m.form in ORDERS and m.tag != "EP" for m in morphs)
