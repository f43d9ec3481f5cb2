"""The order of English words: the reading of each that fits its neighbours best, and how badly the best one fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from models.english_lexicon import readings
from models.english_words import Token

# What may follow what (tags: english_words.CLOSED). "fits": nothing odd; "odd": heard now and then, or only because
# nobody wrote the full stop between two sentences; what is in neither cannot follow. Written from grammar, then
# compared with genuine essays: pairs that were called impossible and came often there were looked at again.
FITS = {
    "DT": "NN JJ NU VN QL",
    "DP": "NN JJ NU VN VG RB QL IN RP BE HV MD VD VZ DO CC SC WH SP DT DP TO PN IP",
    "SP": "VD VB VZ MD BE HV DO RB",
    "PN": "VD VB VZ MD BE HV DO RB CC IN RP TO SC UH",
    "OB": "IN RP TO RB CC SC DT VB DP NN NU JJ VG",
    "IP": "VD VZ MD BE HV DO RB CC IN RP TO SC WH JJ SP PN IP",
    "NU": "NN JJ NU IN RP CC VG DP RB BE MD HV",
    "NN": "NN IN RP CC TO SC WH RB BE HV MD VD VZ VN VG DO DP PO UH",
    "JJ": "NN JJ CC IN RP TO SC RB",
    "RB": "RB VD VB VN VG VZ JJ DT IN RP SP PN CC SC TO DP QL NU MD BE HV DO WH BB EX IP UH",
    "QL": "JJ RB DP QL VN",
    "MD": "VB BB HV DO NT RB",
    "BE": "VN VG JJ DT NN NU RB NT IN RP DP QL WH SC BG IP TO",
    "BB": "VN VG JJ DT NN NU RB IN RP DP QL IP",
    "BN": "VN VG JJ DT NN NU RB IN RP DP QL",
    "BG": "VN JJ DT NN RB IN QL DP",
    "HV": "VN BN DT NN JJ NU RB NT TO DP QL IP",
    "DO": "NT VB DT DP NN PN IP RB SP WH JJ",
    "NT": "VB VG VN JJ DT RB IN TO DP BB QL HV NU",
    "VB": "DT NN OB PN RB IN RP TO JJ NU DP CC SC WH IP QL VG",
    "VZ": "DT NN OB PN RB IN RP TO JJ NU DP CC SC WH IP QL VG",
    "VD": "DT NN OB PN RB IN RP TO JJ NU DP CC SC WH IP QL VG",
    "VN": "IN RP RB TO DT NN CC SC DP OB PN VG JJ QL NU IP WH",
    "VG": "DT NN OB PN RB IN RP TO JJ NU DP CC SC WH IP QL VN",
    "TO": "VB DT DP OB PN NU BB HV DO JJ IP VG",
    "IN": "DT NN JJ NU DP OB PN VG WH IP QL",
    "RP": "IN DT DP OB NN TO CC SC RB JJ PN NU RP VG",
    "SC": "SP PN DT DP NN NU JJ IP EX IN VG",
    "CC": "SP PN DT DP NN NU JJ IP EX IN VG QL RB VD VB VZ VN SC TO WH MD BE HV DO OB NT RP UH",
    "WH": "SP PN NN DT VD VZ MD BE HV DO TO DP RB JJ IP",
    "EX": "BE MD HV",
    "PO": "NN JJ NU VG VN DP",
    "UH": "SP PN DT DP NN NU JJ IP EX IN VG QL RB VD VB CC SC WH UH BE MD DO TO",
}
ODD = {
    "DT": "RB VG DP",
    "DP": "VB EX NT OB",
    "SP": "NT CC DP VN VG JJ QL UH SC",
    "PN": "VN VG JJ DT DP WH SP NN NU QL NT",
    "OB": "VD BE MD HV WH VN PN SP QL DP UH BG",
    "IP": "VB VG DT NN NT QL",
    "NU": "TO SP SC VB DT WH VZ PN UH VN VD",
    "NN": "SP PN NU JJ DT OB IP EX NT QL BG VB",
    "JJ": "VG BE WH NU DP SP VN PN DT UH QL VB VZ VD MD HV BG",
    "RB": "VN NT OB BN BG NN",
    "QL": "NN CC DT IN TO SP",
    "MD": "SP PN DP IP NN DT DO",
    "BE": "SP PN OB UH CC EX",
    "BB": "TO WH SC NT PN OB CC",
    "BN": "TO WH SC CC",
    "BG": "TO NU VG",
    "HV": "VD OB PN SP IN CC WH VG",
    "DO": "IN OB CC NU SC TO QL UH",
    "NT": "SP OB IP CC DO MD BE SC WH PN UH VD BG NN",
    "VB": "SP VN EX RB UH BE VB",
    "VZ": "SP VN EX UH",
    "VD": "SP VN EX UH NT BB",
    "VN": "SP UH NT EX BE VN",
    "VG": "SP BE UH NT EX VD MD VZ",
    "TO": "RB WH VN QL PO RP NT NN",
    "IN": "RB IN VN RP SC EX TO CC NT BG",
    "RP": "SP QL IP VN WH BE",
    "SC": "VN VG WH TO OB CC VB UH DO SC RB QL",
    "CC": "CC BN BB PO BG",
    "WH": "IN NU VB QL VN EX CC SC",
    "EX": "VD VZ RB DO NT",
    "PO": "RB QL",
    "UH": "OB NT HV VN VZ RP WH",
}
COST = {
    **{(one, other): 0.3 for one, tags in ODD.items() for other in tags.split()},
    **{(one, other): 0.0 for one, tags in FITS.items() for other in tags.split()},
}
IMPOSSIBLE = 1.0
LATER_READING = 0.08  # each place down in the list of a word's readings; less than anything odd
OPENING = frozenset("OB NT VZ HV VN BN BG PO IP".split())  # what rarely begins a sentence
MIN_PAIRS = 15  # fewer judged pairs say nothing
MAX_MARKS = 0.34  # with more marks to a word than this they are no punctuation, and are not believed


def _cost(one: str, other: str) -> float:
    return COST.get((one, other), IMPOSSIBLE)


def tagged(words: Sequence[Token]) -> list[Token]:
    """Every word with the reading that costs least in its row, a sentence's end costing nothing (Viterbi, 1967)."""
    if not words:
        return []
    columns: list[dict[str, tuple[float, str]]] = []
    for word in words:
        before = columns[-1] if columns else None
        columns.append(_column(word, before))
    tag = min(columns[-1], key=lambda name: columns[-1][name][0])
    chosen: list[Token] = []
    for word, column in zip(reversed(words), reversed(columns), strict=True):
        chosen.append(replace(word, tag=tag))
        tag = column[tag][1]
    return chosen[::-1]


def _column(word: Token, before: dict[str, tuple[float, str]] | None) -> dict[str, tuple[float, str]]:
    column: dict[str, tuple[float, str]] = {}
    for place, tag in enumerate((word.tag,) if word.tag else readings(word.text)):
        own = place * LATER_READING
        if before is None:
            column[tag] = (own + 0.3 * (tag in OPENING), "")
            continue
        column[tag] = min((_joined(cost, name, tag, word.mark) + own, name) for name, (cost, _) in before.items())
    return column


def _joined(cost: float, before: str, tag: str, mark: str) -> float:
    if mark == ".":
        return cost + 0.3 * (tag in OPENING)
    # behind a comma much is possible, but it does not turn "the" into the end of something
    return cost + _cost(before, tag) * (0.3 if mark else 1)


def disorder(words: Sequence[Token]) -> float | None:
    """Mean cost of the neighbouring pairs in their best reading: 0 fits, .3 odd, 1 impossible. None: too few pairs."""
    marks = sum(bool(word.mark) for word in words[1:])
    believed = marks <= MAX_MARKS * len(words)
    row = list(words) if believed else tagged([replace(word, mark="", tag="") for word in words])
    judged = [_cost(one.tag, other.tag) + _agreement(one, other) for one, other in pairwise(row) if not other.mark]
    return round(sum(min(IMPOSSIBLE, cost) for cost in judged) / len(judged), 3) if len(judged) >= MIN_PAIRS else None


def _agreement(one: Token, other: Token) -> float:
    """`a apple`, `an box`: heard from nobody and written by no recogniser, and half of all shuffled articles."""
    first = other.text[0]
    wrong = (one.text == "an" and first not in "aeiouhx8") or (one.text == "a" and first in "aei")
    return 0.5 if wrong else 0.0
