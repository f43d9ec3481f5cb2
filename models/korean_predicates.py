"""What a Korean clause says of whom: its main verb, tense, polarity, mood, and whether the speaker is its subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.korean_clauses import QUOTES, Clause
from models.korean_morphemes import Morph
from models.korean_subjects import Subject, subject_of
from models.korean_words import HABITS, NO_ACTION, SUPPOSED

PAST = ("었", "았", "였", "었었", "았었")
INTENDED = frozenset("려고 으려고 ᆯ려고 을라고 ᆯ라고 고자 러 으러 려 으려 을라 ᆯ라".split())
UNREAL = frozenset(
    "ᆯ게 을게 ᆯ까 을까 ᆯ래 을래 ᆯ걸 을걸 자 자고 세요 ᆯ지 을지 으면 면 다면 라면 ᆫ다면 었으면 든지 거나 도록 ᆯ게요".split()
)
COPULAR = frozenset({"같", "이", "있", "없", "많", "아니", "되", "하", "나", "좋"})
TOLD = frozenset(
    {("는", "거"), ("는", "것"), ("라는", "거"), ("으라는", "거")}
)  # 안 되는 거예요: told as if it were now
MUSING = frozenset("구나 는구나 이구나 ᆯ까 을까".split())
OBLIGED = frozenset({"어야", "아야", "여야"})


@dataclass(frozen=True, slots=True)
class Predicate:
    """The clause as a statement.

    `stem`: main verb; `noun`: of N하다 or N을 하다; `tensed`: it has a tense of its own; `aux`: auxiliary stems after;
    `frames`: (adnominal ending, noun) pairs such as ᆯ 것, ᆫ 적, around it; `object`: one with 을 stands before it;
    `vague`: the verb only stands for another (그렇게 했더니) or for going on (하다 보니까);
    `musing`: it tells of a thought (해야 되는구나 하고 배웠습니다), so what leads up to it was thought, too.
    """

    stem: str
    tag: str
    noun: str
    tensed: bool
    past: bool
    negated: bool
    unreal: bool
    quoted: bool
    honorific: bool
    seen: bool
    obliged: bool
    aux: tuple[str, ...]
    frames: tuple[tuple[str, str], ...]
    subject: Subject
    habit: bool
    object: bool
    vague: bool
    musing: bool


def predicate(clause: Clause) -> Predicate:
    """Reads the clause from its end: through auxiliaries and frames to the main verb, then its subject before it."""
    morphs = clause.morphs
    place, frames = _main(morphs)
    tail = morphs[place:]
    eps = [morph.form for morph in tail if morph.tag == "EP"]
    aux = tuple(morph.form for morph in tail[1:] if morph.tag in ("VX", "VV", "VA", "VCP"))
    links = {morph.form for morph in tail if morph.tag == "EC"}
    ending = clause.ending
    doing = morphs[place].tag in ("VV", "XSV")  # 한 적: past; 좋은 것: present
    past = any(form in PAST for form in eps) or any(etm == "던" or (doing and etm in ("ᆫ", "은")) for etm, _ in frames)
    past = past or (morphs[-1].form == "ᆫ데" and any(noun == "때" for _, noun in frames))
    past = past or (ending in ("예", "에", "야") and any(frame in TOLD for frame in frames))
    seen = ending.startswith(("더라", "더군", "더니"))
    object_ = any(morph.tag == "JKO" for morph in morphs[max(0, place - 3) : place])
    stem, tag, noun = _verb(morphs, place, object_)
    return Predicate(
        stem=stem,
        tag=tag,
        noun=noun,
        tensed=past or seen or clause.final or ending in ("는데", "ᆫ데", "은데", "지만", "더니") or "겠" in eps,
        past=past or seen,
        negated=_negated(morphs, place),
        unreal=_unreal(eps, links, aux, frames) or ending in UNREAL or _supposed(morphs),
        quoted=_quoted(morphs, place),
        honorific=any(form in ("시", "으시") for form in eps) or morphs[place].form in ("계시", "드시", "주무시"),
        seen=seen,
        obliged=any(morph.form in OBLIGED for morph in tail if morph.tag == "EC"),
        aux=aux,
        frames=frames,
        subject=subject_of(morphs[:place]),
        habit=_habit(morphs, eps, frames),
        object=object_,
        vague=_vague(morphs, place),
        musing=any(morph.form in MUSING and morph.tag in ("EC", "EF") for morph in morphs[:place]),
    )


def _verb(morphs: Sequence[Morph], place: int, has_object: bool) -> tuple[str, str, str]:
    """Stem, tag and noun of the main verb: 일하다 as 일 + 하다; an adjective with an object is a verb (표를 적었다)."""
    morph = morphs[place]
    made = morph.form.endswith("하") and (len(morph.form) > 2 or morph.form == "일하")
    if morph.tag == "VV" and made and morph.form not in NO_ACTION:
        return "하", "XSV", morph.form[:-1]
    tag = "VV" if morph.tag == "VA" and has_object else morph.tag
    return morph.form, tag, _noun_of(morphs, place)


def _main(morphs: Sequence[Morph]) -> tuple[int, tuple[tuple[str, str], ...]]:
    """The place of the main verb and the frames that were passed on the way to it from the end."""
    frames: list[tuple[str, str]] = []
    place = _verb_before(morphs, len(morphs))
    while True:
        etm = _frame(morphs, place)
        if etm is not None:
            inner = _verb_before(morphs, etm)
            frames.append((morphs[etm].form, morphs[etm + 1].form))
        elif _helping(morphs, place):
            inner = _verb_before(morphs, place)
        else:
            break
        if inner < 0:
            break
        place = inner
    return place, tuple(frames)


def _verb_before(morphs: Sequence[Morph], end: int) -> int:
    return next((place for place in range(end - 1, -1, -1) if morphs[place].verb), -1)


def _frame(morphs: Sequence[Morph], place: int) -> int | None:
    """Where the adnominal ending stands that an empty noun and this verb lean on: -ㄴ 적이 있-, -ㄹ 것 같-."""
    if place < 2 or morphs[place].form not in COPULAR:
        return None
    before = place - 1
    while before > 0 and morphs[before].tag in ("JKS", "JX", "JKC", "JKB", "MAG", "EC"):
        before -= 1
    near = place - before <= 3
    empty = morphs[before].tag == "NNB" or (morphs[before].tag == "NNG" and morphs[before].form in FRAMES)
    return before - 1 if near and empty and before > 0 and morphs[before - 1].tag == "ETM" else None


FRAMES = frozenset(
    "적 일 경우 경험 상황 때 날 생각 계획 예정 편 수 것 거 줄 상태 작정 마음 곳 사람 성격 의향 뻔".split()
)


def _helping(morphs: Sequence[Morph], place: int) -> bool:
    """Whether this 하다, 되다, 그러다 only helps the verb before it: -려고 하-, -어야 되-, -지 못 하-."""
    if place < 2 or morphs[place].form not in ("하", "되", "그러", "그렇", "있", "말", "못하", "않"):
        return False
    before = place - 1
    while before > 0 and morphs[before].tag in ("MAG", "JX", "JKO", "JKB"):
        before -= 1
    form, tag = morphs[before].form, morphs[before].tag
    if form == "게" and before and morphs[before - 1].form in ("그렇", "이렇", "저렇", "어떻"):
        return False
    if tag == "ETN":
        return morphs[place].form in ("하", "되") and morphs[place].tag != "XSV"
    if tag != "EC":
        return False
    return form in INTENDED | OBLIGED | {"게", "지", "도록", "곤"} or (
        form == "고" and morphs[place].form in ("그러", "그렇", "하")
    )


LIGHT = frozenset("하 되 보 받 얻 내 드리 나누 들 쓰 먹 배우 시작하".split())
SLACK = frozenset({"JKO", "JX", "MAG", "JKS", "JKC"})
AMOUNTS = frozenset("년 개월 달 주 시간 정도 동안 쯤 씩 반 학기 주일".split())


def _amount(morphs: Sequence[Morph], place: int) -> bool:
    """Whether a noun only says how long: 일 년 정도."""
    counted = morphs[place].tag == "NNB" and place > 0 and morphs[place - 1].tag in ("NR", "SN", "MM")
    return morphs[place].form in AMOUNTS and (counted or morphs[place].tag in ("NNG", "XSN"))


def _noun_of(morphs: Sequence[Morph], place: int) -> str:
    """The noun that 하다 or 되다 makes a verb of; '' for other verbs."""
    morph = morphs[place]
    if morph.tag not in ("XSV", "XSA") and morph.form not in LIGHT:
        return ""
    before = place - 1
    verb = morph.tag in ("VV", "VA")
    while before >= 0 and (morphs[before].tag in SLACK or (verb and _amount(morphs, before))):
        before -= 1
    if before >= 0 and verb and morphs[before].tag in ("NR", "SN", "MM"):  # 보조를 일 년 했다
        objects = [at for at in range(place) if morphs[at].tag == "JKO" and at]
        before = objects[-1] - 1 if objects else before
    return morphs[before].form if before >= 0 and morphs[before].tag in ("NNG", "NNP", "XR", "SL", "NNB") else ""


def _negated(morphs: Sequence[Morph], place: int) -> bool:
    """못, 안 before the verb or within N-하다; 않다, 못하다, 말다 behind it; 아니다, 없다. 했지 않습니까 asserts."""
    near = place - 1
    while near >= 0 and morphs[near].tag in ("MAG", "JKO", "JX", "NNG", "XR"):
        if morphs[near].tag == "MAG" and morphs[near].form in ("못", "안"):
            return True
        if morphs[near].tag == "NNG" and morphs[place].tag not in ("XSV", "XSA"):
            break
        near -= 1
    tail = morphs[place:]
    if any(morph.tag == "VX" and morph.form == "지" for morph in tail) and morphs[place].form == "없":
        return False  # 없어졌다: it is gone, and that happened
    if morphs[place].form in ("없", "못하", "모르") or morphs[place].tag == "VCN":
        return True
    for at, morph in enumerate(tail):
        denies = (morph.tag in ("VX", "VV") and morph.form in ("않", "못하", "말")) or morph.form in ("못", "안")
        asserted = at >= 2 and tail[at - 1].form == "지" and tail[at - 2].tag == "EP" and tail[at - 2].form in PAST
        if (denies and not asserted) or (at and morph.tag == "VCN") or (at and morph.form == "없"):
            return True
    return False


def _unreal(eps: Sequence[str], links: set[str], aux: Sequence[str], frames: Sequence[tuple[str, str]]) -> bool:
    """Future, wish, intention, duty, possibility: nothing that was done."""
    ahead = any(etm in ("ᆯ", "을") and noun != "때" for etm, noun in frames)
    wished = any(form in ("싶", "싶어하") for form in aux)
    return "겠" in eps or ahead or wished or bool(links & (INTENDED | OBLIGED))


def _supposed(morphs: Sequence[Morph]) -> bool:
    """만약, 저라면, 앞으로: what follows has not happened."""
    for place, morph in enumerate(morphs):
        if morph.form in SUPPOSED or (morph.form in ("라면", "이라면") and morph.tag in ("EC", "JX")):
            return True
        if morph.form == "앞" and [m.form for m in morphs[place + 1 : place + 3]][:1] == ["으로"]:
            return place == 0 or morphs[place - 1].tag not in ("NNG", "JKG", "NNP")
    return False


def _quoted(morphs: Sequence[Morph], place: int) -> bool:
    """Whether the verb only reports words: -다고 하-, -라고 하-, -자고 그러-."""
    if morphs[place].form not in ("하", "그러", "듣", "카") or morphs[place].tag == "XSV":
        return False
    before = place - 1
    while before > 0 and morphs[before].tag in ("MAG", "JX", "NNG"):
        before -= 1
    said = morphs[before].tag in ("EC", "EF") and morphs[before].form in QUOTES
    return before >= 0 and (said or morphs[before].tag == "JKQ")


def _vague(morphs: Sequence[Morph], place: int) -> bool:
    before = [morph.form for morph in morphs[max(0, place - 2) : place]]
    after = [morph.form for morph in morphs[place + 1 : place + 3]]
    return "식" in before or before[-2:] in (["그렇", "게"], ["이렇", "게"], ["어떻", "게"]) or after == ["다", "보"]


def _habit(morphs: Sequence[Morph], eps: Sequence[str], frames: Sequence[tuple[str, str]]) -> bool:
    present = not any(form in PAST for form in eps)
    usual = any(noun == "편" for _, noun in frames) or any(m.form == "곤" and m.tag == "EC" for m in morphs)
    return usual or (present and any(morph.form in HABITS for morph in morphs))
