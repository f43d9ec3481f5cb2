"""A Korean answer cut into sentences and clauses: where a predicate ends, and what only leans on the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.korean_morphemes import Morph

# connective endings behind which something new happens; -으면, -면서, -려고, -게, -도록 stay with what follows
LINKS = frozenset(
    "고 어서 아서 여서 는데 ᆫ데 은데 더니 니까 으니까 니 으니 며 으며 지만 다가 라서 라 자마자 길래".split()
)
TENSED_ONLY = frozenset({"다가", "니", "으니", "라", "자마자"})  # too often something else without a past tense before
QUOTES = frozenset(
    "다고 ᆫ다고 는다고 라고 으라고 자고 냐고 느냐고 다 ᆫ다 는다 라 자 구나 는구나 나 ᆫ가 은가 는가 까 을까 ᆯ까".split()
)
REPORTING = frozenset("하 그러 그렇 말하 카 싶 느끼 생각하 보 듣 믿 이런 그런 이렇 라는 하는".split())
SKIPPED = frozenset({"SP", "SF", "SS", "SSO", "SSC", "SE", "IC", "MAJ"})
MARKS = frozenset({"SP", "SF", "SS", "SSO", "SSC", "SE"})
FILLERS = frozenset("뭐 그 막 어 음 아 약간 이제 인제 마 머".split())


@dataclass(frozen=True, slots=True)
class Clause:
    """A run of morphemes with one main predicate. `opener`: the conjunction before it, if one was said."""

    morphs: tuple[Morph, ...]
    opener: str = ""

    @property
    def start(self) -> int:
        """Where it begins in the text, in characters."""
        return self.morphs[0].start

    @property
    def end(self) -> int:
        """Where it ends in the text, in characters."""
        return self.morphs[-1].end

    @property
    def ending(self) -> str:
        """The form of its last ending, '' where it breaks off."""
        return self.morphs[-1].form if self.morphs[-1].tag in ("EC", "EF") else ""

    @property
    def final(self) -> bool:
        """Whether a sentence ends with it."""
        return self.morphs[-1].tag == "EF"


def sentences(morphs: Sequence[Morph]) -> list[list[Clause]]:
    """All clauses of a text, by sentence; works without punctuation, by final endings alone."""
    found: list[list[Clause]] = [[]]
    begin = 0
    for place in range(len(morphs)):
        stop = _stops(morphs, place)
        if stop or _cuts(morphs, place) or place == len(morphs) - 1:
            clause = _trimmed(morphs[begin : place + 1])
            found[-1] += [clause] if clause else []
            begin = place + 1
        if stop:
            found.append([])
    return [sentence for sentence in found if sentence]


def _stops(morphs: Sequence[Morph], place: int) -> bool:
    """Whether a sentence ends with this morpheme: a full stop, or a final ending that nobody reports."""
    morph = morphs[place]
    if morph.tag == "SF":
        return True
    return morph.tag == "EF" and not _reported(morphs, place)


def _reported(morphs: Sequence[Morph], place: int) -> bool:
    """Whether what ends here is somebody's words or a thought: -다 이런 얘기, -구나 하고, -나 싶."""
    after = [morph for morph in morphs[place + 1 : place + 3] if morph.tag not in MARKS]
    if not after or after[0].tag == "JKQ":
        return bool(after)
    return morphs[place].form in QUOTES and (after[0].form in REPORTING or after[0].tag in ("JX", "ETM"))


def _cuts(morphs: Sequence[Morph], place: int) -> bool:
    """Whether a connective ending separates two clauses of one sentence here."""
    morph = morphs[place]
    if morph.tag == "EF":
        return False
    after = morphs[place + 1] if place + 1 < len(morphs) else None
    if morph.tag != "EC" or after is None or after.tag == "VX" or after.tag == "JX":
        return False
    if morph.form in ("어", "아"):
        return after.tag not in ("VV", "VA", "EC", "EF", "JKB", "JX", "MAG") and _enough(morphs, place)
    if morph.form == "고" and (after.form in ("그러", "그렇", "하") or (after.form == "나" and after.tag[0] == "V")):
        return False
    if morph.form == "고" and place > 1 and morphs[place - 1].form == "하" and morphs[place - 2].form in QUOTES:
        return False
    if morph.form in TENSED_ONLY:
        return morphs[place - 1].tag == "EP"
    return morph.form in LINKS


def _enough(morphs: Sequence[Morph], place: int) -> bool:
    """Whether an object stands before a bare -아/-어, so that it is a deed of its own: 두 명을 모아."""
    return any(morph.tag == "JKO" for morph in morphs[max(0, place - 3) : place])


def _trimmed(morphs: Sequence[Morph]) -> Clause | None:
    """The clause without marks, fillers and conjunctions at its rims; None where no predicate is left."""
    begin, end = 0, len(morphs)
    opener = ""
    while begin < end and (morphs[begin].tag in SKIPPED or _filler(morphs, begin)):
        opener = morphs[begin].form if morphs[begin].tag == "MAJ" else opener
        begin += 1
    while end > begin and morphs[end - 1].tag in MARKS:
        end -= 1
    kept = tuple(morph for morph in morphs[begin:end])
    return Clause(kept, opener) if any(morph.verb for morph in kept) else None


def _filler(morphs: Sequence[Morph], place: int) -> bool:
    """Whether this word only fills a pause: 뭐, 음, 그 before another filler; never one with a particle."""
    morph = morphs[place]
    after = morphs[place + 1] if place + 1 < len(morphs) else None
    alone = after is None or after.start > morph.end or after.tag in MARKS
    return morph.form in FILLERS and alone and morph.tag in ("IC", "NP", "MAG") and morph.form != "그"
