"""What counts as evidence in spoken English, what never does, and that shuffled words are seen to be out of order."""

from __future__ import annotations

import random
import re

import pytest

from interview_ai.rules.analysis import Analysis
from interview_ai.rules.gates import MAX_DISORDER
from models.language_en import analyse

STORY = (
    "Last spring I helped at a bicycle shop, and the spare parts were never where they should be. My boss asked me to "
    "tidy the store room. First I counted every part and wrote the numbers on cards. Then I built two shelves out of "
    "old boxes, and I showed the others how the cards worked. After three weeks we found a part in one minute instead "
    "of ten, and the owner began to use the cards in the second shop as well."
)
SECOND_LANGUAGE = (
    "when i was student in vocational school i have part time job in the noodle shop and the problem was customers wait "
    "too long so i look how many people come in each hour and i make a table and i show it to the owner he say good "
    "and then we prepare the vegetables before lunch after one month people was waiting only five minutes"
)


def quotes(text: str, kind: str) -> list[str]:
    return [text[find.start : find.end] for find in analyse(text).finds if find.kind == kind]


def distinct(analysis: Analysis, text: str) -> set[tuple[str, str]]:
    return {(find.kind, text[find.start : find.end].lower()) for find in analysis.finds}


OWN_DEEDS = {
    "I called the customer": ["I called the customer"],
    "we replaced the old cables": ["we replaced the old cables"],
    "I've written a guide": ["I've written a guide"],
    "I had already checked the boxes": ["I had already checked the boxes"],
    "I did check the boxes": ["I did check the boxes"],
    "I also quickly wrote a list": ["I also quickly wrote a list"],
    "i counted the boxes and wrote a list": ["i counted the boxes", "wrote a list"],
    "i counted the boxes then wrote a list": ["i counted the boxes", "wrote a list"],
    "I counted the boxes, wrote a list and sent it off": ["I counted the boxes", "wrote a list", "sent it off"],
    "i opened the box i cleaned the filter i closed it": ["i opened the box", "i cleaned the filter", "i closed it"],
    "Because I counted the boxes, I knew the number": ["I counted the boxes"],
    "although it was late I phoned the owner": ["I phoned the owner"],
    "my team and I built a bridge": ["I built a bridge"],
    "me and my friend painted the room": ["me and my friend painted the room"],
    "I told her that I would call again": ["I told her"],
    "I asked a senior what the code means": ["I asked a senior what the code means"],
    "I took the lamps which were broken and repaired them": ["I took the lamps which were broken", "repaired them"],
    "I put the boxes on the shelf and set a timer": ["I put the boxes on the shelf", "set a timer"],
    "I kept a list of errors": ["I kept a list of errors"],
    "I decided to change the plan": ["I decided to change the plan"],
    "I was tired but I fixed it": ["I fixed it"],
}


@pytest.mark.parametrize(("text", "deeds"), OWN_DEEDS.items())
def test_what_the_speaker_did_is_an_action(text: str, deeds: list[str]) -> None:
    assert quotes(text, "action") == deeds


SPOKEN = {
    "um so I, uh, called the customer": ["called the customer"],
    "and I you know wrote a list": ["wrote a list"],
    "so I I called the owner": ["I called the owner"],
    "I went to the to the office and i mean i asked them": ["I went to the to the office", "i asked them"],
    "i didnt sleep but i cleaned the oven": ["i cleaned the oven"],
    "I bringed the box and I teached him the work": ["I bringed the box", "I teached him the work"],
}


@pytest.mark.parametrize(("text", "deeds"), SPOKEN.items())
def test_fillers_restarts_and_slips_hide_no_action(text: str, deeds: list[str]) -> None:
    found = quotes(text, "action")
    assert len(found) == len(deeds)
    assert all(quote.endswith(deed) for quote, deed in zip(found, deeds, strict=True))


@pytest.mark.parametrize(
    ("text", "deeds"),
    [
        ("yesterday I break the plan into parts and then I give each person one", 2),
        ("last month the machine stop so I call the engineer and then I change the filter", 2),
        ("last winter i make a list and i gived it to my boss", 2),
        ("I get up early and I check the machines and then I write a list", 0),
        ("Last year I cleaned the store. Now I check it every day and I write a list", 1),
        ("My boss fixed it. I'm the helper and I carry the boxes and I sweep the floor", 0),
    ],
)
def test_the_present_tense_counts_where_the_story_says_that_it_is_past(text: str, deeds: int) -> None:
    assert len(quotes(text, "action")) == deeds


NOT_DONE_BY_THE_SPEAKER = """
My manager fixed the machine
She rewrote the plan and sent it to the client
My friend and his brother built the shelf
the customer who called me wrote a complaint
my team leader, who I admired, made the decision and wrote the plan
Minsu called the bank and wrote the report
the list was written by my colleague
my boss had me wait outside
nobody called the customer
it was my boss who called the customer
the manager and the owner decided the plan and I agreed
they made the plan together with us
we were told that they solved the problem
I watched him fix the machine
I saw my manager write the list
my teacher said I made a mistake
he told me that I broke the machine
people say I solved many problems
She said "I called the customer"
I didn't check the boxes
we couldn't finish the work
I never wrote the report
I haven't called them
we did not clean the room and did not close the door
I don't think I made a mistake
I nearly finished it
I hardly wrote anything
I refused to sign it
I forgot to lock the door
I would call the customer
I would have made a list and called the customer
I was going to call the customer
I was supposed to call the customer
I should have checked the boxes
I could have fixed it
I might have written a list
I wish I had fixed it
if something breaks I call the manager and I fix it
I will call the customer tomorrow
I'll fix it
I am going to make a plan
I want to build a website
I wanted to talk to him
I planned to write a report
I always try to help people
I usually make a list
normally I check everything twice
whenever I get a task I write a list
every day I clean the room and I check the machines
I used to make a list
I like to make lists and write reports
I had to wait
I felt bad
I thought about it
I noticed a problem
I noticed that he was late
did I check the boxes
""".strip().splitlines()


@pytest.mark.parametrize("text", NOT_DONE_BY_THE_SPEAKER)
def test_what_others_did_or_nobody_did_is_neither_action_nor_result(text: str) -> None:
    assert quotes(text, "action") + quotes(text, "result") == []


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("I changed the plan. After two months waste went down to one bag", "After two months waste went down to one bag"),
        ("i sorted the files and we finished two days early", "we finished two days early"),
        ("I trained them. As a result the errors dropped from nine to two", "As a result the errors dropped from nine to two"),
        ("I wrote cards. The owner began to use them in the other shop", "The owner began to use them in the other shop"),
        ("i put up a sign and after that it became better", "after that it became better"),
        ("I practised daily. Now I can talk with most people", "Now I can talk with most people"),
        ("I moved the box. Only three came back", "Only three came back"),
        ("I called him. Thanks to that we didn't lose a single order", "Thanks to that we didn't lose a single order"),
        ("I make signs last week and after that the noise is less", "after that the noise is less"),
    ],
)  # fmt: skip
def test_what_came_of_the_speakers_action_is_a_result(text: str, result: str) -> None:
    assert quotes(text, "result") == [result]


@pytest.mark.parametrize(
    "text",
    [
        "The manager changed the plan. As a result the errors dropped from nine to two",
        "I changed the plan. In the end my boss paid a bonus",
        "I made a list. After that, Minsu wrote the report",
        "I changed the plan but the errors did not drop",
        "I changed the plan. It was a good experience",
        "I changed the plan and the errors would have dropped",
    ],
)
def test_without_an_action_before_it_or_without_a_change_nothing_is_a_result(text: str) -> None:
    assert quotes(text, "result") == []


@pytest.mark.parametrize(
    "text",
    [
        "I had to finish the files by Friday",
        "My boss asked me to find the reason",
        "my job was to open the shop",
        "I was responsible for the stock",
        "i was told to cut the cost",
        "our team had to build a bridge",
    ],
)
def test_what_had_to_be_done_is_a_task(text: str) -> None:
    assert quotes(text, "task") == [text]


@pytest.mark.parametrize("text", ["I have to get up early", "she had to leave", "my job is nice", "I was asked"])
def test_duties_of_others_and_of_every_day_are_no_task(text: str) -> None:
    assert quotes(text, "task") == []


def test_how_things_stood_before_the_first_action_is_the_situation() -> None:
    text = "When I worked at a bakery the oven broke twice. I fixed it. The oven was old."
    assert quotes(text, "situation") == ["When I worked at a bakery", "the oven broke twice"]
    assert quotes("My friends fixed the oven and they sold bread", "situation") == []


@pytest.mark.parametrize(
    ("text", "specifics"),
    [
        ("waste fell by twelve percent in two weeks", ["twelve percent", "two weeks"]),
        ("it took 3 months and cost 40%", ["3 months", "40%"]),
        ("about thirty orders a day", ["about thirty orders a day"]),
        ("four or five every day", ["four or five every day"]),
        ("from nine to ten", ["nine to ten"]),
        ("i trained three new helpers on it", ["three new helpers"]),
        ("we got second place out of 26 teams", ["second place out of 26 teams"]),
        ("i paid two hundred thousand won", ["two hundred thousand won"]),
        ("ten of my cases were wrong in october", ["ten of my cases", "october"]),
        ("it rained in August 2023", ["August 2023"]),
        ("i finished one day early", ["one day"]),
        ("twenty-five boxes", ["twenty-five boxes"]),
        ("one day i had one of them, one by one, and another one for each one", []),
        ("first i may march to the first shop", []),
    ],
)
def test_numbers_with_what_they_count_are_specifics(text: str, specifics: list[str]) -> None:
    assert quotes(text, "specific") == specifics


@pytest.mark.parametrize("filler", [" Um.", " Uh, you know.", " Yeah.", " Okay, so.", " I mean, um."])
@pytest.mark.parametrize("text", [STORY, SECOND_LANGUAGE + "."])
def test_a_filler_at_the_end_adds_no_evidence(text: str, filler: str) -> None:
    assert distinct(analyse(text + filler), text + filler) <= distinct(analyse(text), text)


@pytest.mark.parametrize("place", range(6))
def test_a_sentence_said_twice_adds_no_evidence(place: int) -> None:
    sentences = re.split(r"(?<=\.) ", STORY)
    again = f"{STORY} {sentences[place % len(sentences)]}"
    assert distinct(analyse(again), again) <= distinct(analyse(STORY), STORY)


def test_quotes_are_where_the_text_has_them_whatever_its_marks_and_capitals() -> None:
    text = "“İ” said nothing — I’ve counted the BOXES… and, uh, I   wrote\na list!"
    assert quotes(text, "action") == ["I’ve counted the BOXES", "I   wrote\na list"]


def test_the_same_text_gives_the_same_analysis() -> None:
    assert analyse(STORY) == analyse(STORY)


@pytest.mark.parametrize("text", ["", "   ", "...", "um", "42", "안녕하세요 저는 민지입니다", "I", "and"])
def test_a_text_with_nothing_in_it_is_analysed_as_that(text: str) -> None:
    analysis = analyse(text)
    assert analysis.disorder is None
    assert not [find for find in analysis.finds if find.kind != "specific"]


def test_the_forms_of_a_word_are_one_content_word() -> None:
    forms = ("he ordered parts", "the order", "two orders", "ordering a part")
    assert all("order" in analyse(text).content for text in forms)
    assert set(analyse("The children wrote better lists").content) == {"child", "write", "list"}


@pytest.mark.parametrize("text", [STORY, SECOND_LANGUAGE, STORY.lower().replace(".", "").replace(",", "")])
def test_shuffled_words_are_out_of_order_and_spoken_ones_are_not(text: str) -> None:
    genuine = analyse(text).disorder
    assert genuine is not None and genuine <= MAX_DISORDER["en"]
    for seed in range(5):
        words = text.split()
        random.Random(seed).shuffle(words)
        shuffled = analyse(" ".join(words)).disorder
        assert shuffled is not None and shuffled > MAX_DISORDER["en"]


def test_a_mark_behind_every_word_does_not_hide_that_the_words_are_shuffled() -> None:
    words = STORY.replace(".", "").replace(",", "").split()
    random.Random(1).shuffle(words)
    disorder = analyse(". ".join(words)).disorder
    assert disorder is not None and disorder > MAX_DISORDER["en"]
