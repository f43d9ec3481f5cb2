"""Whatever a program sends, it is told what is wrong: no request to any operation breaks the service."""

from __future__ import annotations

import base64
import json
import secrets
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from interview_ai.database import EVERYWHERE, reading
from interview_ai.tables import Campaign
from tests.web.contracted import checked, operations, resolved
from tests.web.programs import Program, key_of
from tests.web.test_api import MINJI, NOBODY, Region, made, region

__all__ = ["region"]
OPERATIONS = {one["operationId"]: (method.upper(), path, one) for method, path, one in operations()}
odd = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", " ", "\0", "a\0b", "\u202e", "\ud800", "😀" * 200, "x" * 20_000, "=1+1", "' OR 1=1 --", "../..", "한글"]
    ),
)
IN_ADDRESSES = TEXTS.map(lambda text: text[:1000])  # no client sends more
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([-1, 0, 2**31, 2**63, 10**400, float("nan"), float("inf"), -0.0, 1e308]),
    TEXTS,
)
JUNK = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KINDS = ["application/json", "application/json; charset=euc-kr", "text/plain", "application/x-www-form-urlencoded", ""]


def fitting(schema: Any) -> st.SearchStrategy[Any]:
    """Values that fit a schema of a body."""
    schema = resolved(schema)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
    if kind == "object":
        needed = {name: fitting(schema["properties"][name]) for name in schema.get("required", ())}
        other = {name: fitting(part) for name, part in schema["properties"].items() if name not in needed}
        return st.fixed_dictionaries(needed, optional=other)
    if kind == "array":
        return st.lists(fitting(schema["items"]), min_size=schema.get("minItems", 0), max_size=3)
    if kind == "integer":
        return st.integers(schema.get("minimum", 0), schema.get("maximum", 100))
    return st.text(min_size=schema.get("minLength", 0), max_size=min(schema.get("maxLength", 60), 60))


@st.composite
def spoilt(draw: st.DrawFn, value: Any) -> Any:
    """The value with one of its parts left out, made odd, or joined by another."""
    if isinstance(value, list) and value and draw(st.booleans()):
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], draw(spoilt(value[place])), *value[place + 1 :]]
    if isinstance(value, dict) and value:
        name = draw(st.sampled_from(sorted(value)))
        how = draw(st.sampled_from(["odd", "odd", "gone", "more"]))
        if how == "gone":
            return {key: part for key, part in value.items() if key != name}
        return {**value, (name if how == "odd" else draw(st.text(max_size=12))): draw(JUNK)}
    return draw(JUNK)


@st.composite
def bodies(draw: st.DrawFn, schema: Any) -> bytes:
    """A body as bytes: one that fits, one that is spoilt, or none that could be one."""
    how = draw(st.sampled_from(["fits", "spoilt", "spoilt", "spoilt", "junk", "bytes", "deep", "twice"]))
    if how == "bytes":
        return draw(st.binary(max_size=60))
    if how == "deep":
        return draw(st.sampled_from([b"[", b'{"a":', b'[{"name":'])) * draw(st.sampled_from([50, 5000, 20_000]))
    value = draw(JUNK) if how == "junk" else draw(fitting(schema))
    if how == "spoilt":
        value = draw(spoilt(value))
    written = json.dumps(value)
    if how == "twice" and written.startswith("{") and len(written) > 2:
        written = f"{written[:-1]}, {written[1:]}"  # every key stands in it twice
    return written.encode()


CURSORS = st.one_of(
    IN_ADDRESSES,
    st.lists(LEAVES, max_size=3).map(lambda part: base64.urlsafe_b64encode(json.dumps(part).encode()).decode()[:1000]),
    st.integers(-(2**70), 2**70).map(lambda n: base64.urlsafe_b64encode(json.dumps([n, "x"]).encode()).decode()),
    st.just(base64.urlsafe_b64encode(b"[" * 3000).decode()),
)
NUMBERS = st.sampled_from(["0", "1", "200", "201", "-1", "1e3", "٣", "", "9" * 30, "NaN", "1&limit=2"])


def asked(part: dict[str, Any], known: list[str]) -> st.SearchStrategy[str]:
    """Values of a parameter, those that it is for among them."""
    if part["name"] == "cursor":
        return CURSORS
    return NUMBERS if part["name"] == "limit" else st.sampled_from(known) | IN_ADDRESSES


@pytest.fixture
def known(region: Region) -> dict[str, list[str]]:
    """Ids of each kind: of the caller, of somebody else, and of nobody."""
    campus, firm = Program(key_of(region.seoyeon)), Program(key_of(region.jun))
    body = {"events": ["campaign.sent"]}
    hooks = [one.post("/webhooks", {**body, "url": "https://example.org/"}).json()["id"] for one in (campus, firm)]
    foreign = made(firm, region)
    return {
        "campaign_id": [made(campus, region), foreign, NOBODY],
        "webhook_id": [*hooks, NOBODY],
        "opening": [region.opening_id, NOBODY],
    }


@dataclass(frozen=True)
class Sent:
    """A request as it is sent; the headers are bytes, for what is no ASCII."""

    method: str
    address: str
    headers: dict[str, bytes]
    content: bytes


@st.composite
def requests(draw: st.DrawFn, name: str, known: dict[str, list[str]]) -> Sent:
    """A request to an operation, all of which is as it should be or none, and mostly something between."""
    method, path, operation = OPERATIONS[name]
    parts = [resolved(part) for part in operation.get("parameters", [])]
    for one in ("campaign_id", "webhook_id"):
        value = draw(st.sampled_from(known[one]) | IN_ADDRESSES) if one in path else ""
        path = path.replace(f"{{{one}}}", quote(value, safe="", errors="replace") or "%20")
    given_too = [part for part in parts if part["in"] == "query" and draw(st.booleans())]
    query = "&".join(
        f"{part['name']}={quote(draw(asked(part, known.get(part['name'], []))), safe='&=', errors='replace')}"
        for part in given_too
    )
    headers = {"accept-language": draw(st.sampled_from(["ko", "en", "en-GB,en;q=0.9,ko;q=0.1"]))}
    key = draw(st.sampled_from([secrets.token_hex(8), "again", "", "é", "x" * 300, None]))
    if key is not None:
        headers["idempotency-key"] = key
    content = b""
    if "requestBody" in operation:
        content = draw(bodies(operation["requestBody"]["content"]["application/json"]["schema"]))
        headers["content-type"] = draw(st.sampled_from(KINDS))
    sent = {name: value.encode("latin-1") for name, value in headers.items()}
    return Sent(method, f"{path}?{query}", sent, content)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_no_request_breaks_an_operation(anywhere: str, region: Region, known: dict[str, list[str]], name: str) -> None:
    program = Program(key_of(region.seoyeon))

    @odd
    @given(request=requests(name, known))
    def ask(request: Sent) -> None:
        headers = {**request.headers, "authorization": program.headers["authorization"].encode()}
        checked(program.client.request(request.method, request.address, headers=headers, content=request.content))

    ask()


@pytest.mark.parametrize(
    "cursor", [[2**63, "a"], [-1, "a"], [10**30, "a"], [1, "a\0"], [True, "a"], [1.5, "a"]], ids=str
)
def test_a_place_that_no_list_has_is_refused_in_words(anywhere: str, region: Region, cursor: list[Any]) -> None:
    program = Program(key_of(region.seoyeon))
    written = base64.urlsafe_b64encode(json.dumps(cursor).encode()).decode()
    answer = program.get("/campaigns", params={"cursor": written})
    assert answer.json()["code"] == "unusable" and answer.json()["errors"][0]["field"] == "cursor"


def at_work(region: Region, count: int) -> list[Program]:
    """Programs that asked before: what they do at once is the act, not the first look at a key or an application."""
    programs = [Program(key_of(region.seoyeon)) for _ in range(count)]
    for program in programs:
        program.get("/openings")
        for path in ("/campaigns", f"/campaigns/{'0' * 32}/rows"):
            program.post(
                path, once=None
            )  # FastAPI makes a route ready at its first request, and warns from two threads
    return programs


def test_of_two_that_come_at_once_under_one_key_one_acts(anywhere: str, region: Region) -> None:
    programs = at_work(region, 6)
    begin = threading.Barrier(len(programs))
    answers: list[httpx.Response] = []

    def act(program: Program) -> None:
        begin.wait(10)
        answers.append(program.post("/campaigns", region.new(), once="at once"))

    threads = [threading.Thread(target=act, args=(program,)) for program in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made_now = [answer for answer in answers if answer.status_code == 201]
    assert made_now and {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"in_flight"}
    assert len({answer.json()["id"] for answer in made_now}) == 1
    assert len([answer for answer in made_now if "idempotent-replayed" not in answer.headers]) == 1
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(func.count(Campaign.id))).one() == 1


def test_rows_of_two_calls_at_once_are_all_there_and_each_once(anywhere: str, region: Region) -> None:
    campaign_id = made(Program(key_of(region.seoyeon)), region)
    programs = at_work(region, 4)
    answers: list[httpx.Response] = []

    def add(number: int) -> None:
        row = {**MINJI, "email": f"minji-{number}@example.ac.kr"}
        answers.append(programs[number].post(f"/campaigns/{campaign_id}/rows", [row]))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(len(programs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 4
    assert sorted(answer.json()["rows"][0]["row"] for answer in answers) == [1, 2, 3, 4]
