"""What an English word may be: closed classes by list, all others by a dictionary of inflections or their ending."""

from __future__ import annotations

from functools import lru_cache

from lemminflect import getAllInflections, getAllLemmas

# Readings, two letters each: DT determiner that needs a noun, DP determiner or pronoun, SP subject pronoun, PN you/it,
# OB object pronoun, IP indefinite pronoun, NU number, NN noun, JJ adjective, RB adverb, QL very/too, MD modal,
# BE/BB/BN/BG am/be/been/being, HV have, DO do, NT not, VB base, VZ -s, VD past, VN participle, VG -ing, TO to,
# IN preposition, RP particle, SC conjunction that opens a clause, CC and/or/but, WH question word, EX there, UH aside
CLOSED: dict[str, str] = {
    "DT": "a an the my your our their its every",
    "DT NN": "no",
    "DT IP": "his",
    "DT OB": "her",
    "DP": "this these those some any all both each another several enough either neither half such other",
    "DP RB": "much more most less least few fewer little many",
    "DP SC WH": "that",
    "SP": "i we he she they",
    "PN": "you it",
    "OB": "me us him them",
    "RB OB": "myself ourselves himself herself itself themselves yourself",
    "IP": "everybody everyone everything somebody someone something anybody anyone anything nobody none nothing "
    "mine yours ours theirs others",
    "NU IP": "one",
    "JJ RB": "better best worse worst",
    "RB JJ NN": "first second third fourth fifth sixth seventh eighth ninth tenth last next",
    "QL": "very",
    "QL RB": "too quite pretty really",
    "QL RB CC SC": "so",
    "MD": "will would can could shall should may might must cannot 'll ca wo",
    "MD HV": "'d",
    "BE": "am is are was were 'm 're",
    "BE HV PO": "'s",
    "BB": "be",
    "BN": "been",
    "BG": "being",
    "HV VB": "have",
    "HV VZ": "has",
    "HV VD VN": "had",
    "HV": "'ve",
    "DO VB": "do",
    "DO VZ": "does",
    "DO VD": "did",
    "VN": "done",
    "VB": "say go get let",
    "NT": "not n't",
    "TO": "to",
    "IN": "of at for from with into onto about against between among without within during per via toward towards "
    "behind beside besides despite until till upon except including regarding versus",
    "IN RP": "in on by",
    "IN RB": "near above below outside inside along across around under through past over",
    "IN SC": "after before since than as",
    "IN VB UH RB": "like",
    "RP IN": "up off down out",
    "RP RB": "away back together forward apart",
    "SC": "because if while although though unless whether cause whenever wherever",
    "SC WH": "when",
    "CC": "and or but nor plus yet",
    "WH": "who which what where why how whose whom",
    "EX RB": "there",
    "UH": "yes yeah well oh okay ok please hello thanks thank haha wow sorry right",
    "RB": "also then just even still never always often usually sometimes again once twice maybe perhaps almost only "
    "soon now here already later ever finally ago instead however therefore everywhere together afterwards "
    "luckily hardly barely nearly normally yesterday today tomorrow tonight anyway somehow",
}
NUMERALS = frozenset(
    "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen "
    "hundreds thousands millions".split()
)
# further readings of these words, less likely than those above or those of the dictionary
FURTHER: dict[str, str] = {
    "JJ": "back down even least off ok okay only other own pretty right round sorry still such under well",
    "NN": "back can cause course half hello here inside like lot may might must need one ones others outside "
    "past plus right round thanks there today tomorrow tonight while will won yesterday",
    "RB": "about after all any before both each enough in on out right that up well why",
    "VB": "back cause need please round thank",
    "VD": "used",
    "VN": "used",
    "SC": "once till until",
    "IN": "but plus",
    "RP": "across around over through",
    "DT": "what which whose",
    "IP": "her",
    "UH": "no",
}
CLOSED_READINGS: dict[str, list[str]] = {}
FURTHER_READINGS: dict[str, list[str]] = {}
for _table, _found in ((CLOSED, CLOSED_READINGS), (FURTHER, FURTHER_READINGS)):
    for _tags, _words in _table.items():
        for _word in _words.split():
            _found.setdefault(_word, []).extend(_tags.split())
FUNCTION_WORDS = frozenset(CLOSED_READINGS)


@lru_cache(maxsize=20_000)
def readings(word: str) -> tuple[str, ...]:
    """Every tag that a lower-case word may have, the likelier first."""
    if word[0].isdigit() or word[0] in "$€£₩" or word in NUMERALS:
        return ("NU",) if not word.endswith(("st", "nd", "rd", "th")) else ("JJ", "NN", "RB")
    if "-" in word and word.split("-")[0] in NUMERALS:
        return ("NU", "JJ")
    further = FURTHER_READINGS.get(word, [])
    return tuple(dict.fromkeys((CLOSED_READINGS.get(word) or _open(word)) + further))


def _open(word: str) -> list[str]:
    known = getAllLemmas(word)
    verbs = [tag for lemma in known.get("VERB", ()) for tag in verb_forms(word, lemma)]
    past = [tag for tag in verbs if tag in ("VD", "VN", "VG")]
    names = [tag for kind, tag in (("NOUN", "NN"), ("ADJ", "JJ"), ("ADV", "RB")) if kind in known]
    if word.endswith("ly") and "RB" in names:
        names = ["RB", *(tag for tag in names if tag != "RB")]
    elif "NN" in names:
        # the dictionary's adverbs "part", "home", "week": as nouns they fit everywhere an adverb does
        names = [tag for tag in names if tag != "RB"]
    if known and not names and not past:
        names = ["NN"]  # the dictionary knows "lectures" and "temp" as verbs alone
    tags = past + names + [tag for tag in verbs if tag not in past]
    return list(dict.fromkeys(tags)) or _by_ending(word)


def _by_ending(word: str) -> list[str]:
    """Readings of a word that no dictionary knows: names, new words, misspellings, verbs bent the wrong way."""
    for ending, tags in (
        ("ing", "VG NN JJ"), ("ed", "VD VN JJ"), ("ly", "RB JJ"), ("ous", "JJ"), ("ful", "JJ"), ("able", "JJ"),
        ("ive", "JJ NN"), ("s", "NN VZ"),
    ):  # fmt: skip
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return tags.split()
    return ["NN", "JJ", "RB", "VB", "VD", "VN"]


def verb_forms(word: str, lemma: str) -> list[str]:
    """Which forms of the verb `lemma` a word is."""
    forms = getAllInflections(lemma, "VERB")
    names = (("VBD", "VD"), ("VBN", "VN"), ("VBG", "VG"), ("VBZ", "VZ"), ("VB", "VB"))
    found = [tag for form, tag in names if word in forms.get(form, ())]
    if word.endswith("ed") and "VD" in found:
        found.append("VN")
    return found or ["VD" if word.endswith("ed") else "VB"]


def is_known(word: str) -> bool:
    """Whether a word is in a list of ours or in the dictionary."""
    return word in CLOSED_READINGS or word in NUMERALS or bool(getAllLemmas(word))


@lru_cache(maxsize=20_000)
def lemma(word: str, kind: str) -> str:
    """The dictionary form of a word read as VERB, NOUN, ADJ or ADV; the word itself where no dictionary knows it."""
    found = getAllLemmas(word, kind).get(kind, ())
    if kind == "VERB" and not found and word.endswith("ed"):
        # "gived", "teached": the ending was put on a verb that bends otherwise
        bare = [stem for stem in (word[:-1], word[:-2], word[:-3]) if getAllLemmas(stem, "VERB")]
        return bare[0] if bare else word
    # found is of find and not of found, saw of see: the lemma that differs from the word
    return next((name for name in found if name != word), word)
