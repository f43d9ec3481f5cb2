"""What of an answer of the API does not fit its contract: status, headers, body, and the shape of a refusal."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import httpx

from web import contract, contract_page

METHODS = {"get", "post", "put", "patch", "delete"}
KINDS = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
FORMATS = {"date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "uri": r"https?://\S+"}
READ = {"type", "enum", "format", "minLength", "maxLength", "minimum", "maximum", "items", "minItems", "maxItems"}
READ |= {"properties", "required", "additionalProperties", "description", "default"}
OURS = ("ratelimit-", "retry-after", "idempotent-", "www-authenticate", "content-language", "allow")
"""Headers that an answer has only where the contract names them."""


@cache
def document() -> dict[str, Any]:
    return contract.document("en")


def resolved(part: Any) -> dict[str, Any]:
    return dict(contract_page.resolved(document(), part))


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    paths = document()["paths"]
    return [(m, path, item[m]) for path, item in paths.items() for m in item if m in METHODS]


def faults(schema: dict[str, Any], value: Any, where: str = "$") -> list[str]:
    """What of a value does not fit a schema, of an object also what the schema does not name."""
    schema = resolved(schema)
    assert set(schema) <= READ, f"{where}: this checker does not read {set(schema) - READ}"
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(type(value) is KINDS[kind] for kind in kinds):
        return [f"{where}: {value!r} is no {kinds}"]
    named = schema.get("enum", [value])
    found = [] if value in named else [f"{where}: {value!r} is none of {named}"]
    if isinstance(value, str):
        found += _faults_of_text(schema, value, where)
    if isinstance(value, int) and not isinstance(value, bool):
        found += _faults_of_size(value, schema.get("minimum"), schema.get("maximum"), where)
    if isinstance(value, list):
        found += _faults_of_size(len(value), schema.get("minItems"), schema.get("maxItems"), where)
        found += [one for n, part in enumerate(value) for one in faults(schema["items"], part, f"{where}[{n}]")]
    return found + (_faults_of_object(schema, value, where) if isinstance(value, dict) else [])


def _faults_of_text(schema: dict[str, Any], value: str, where: str) -> list[str]:
    found = _faults_of_size(len(value), schema.get("minLength"), schema.get("maxLength"), where)
    kind = schema.get("format", "")
    shape = FORMATS[kind] if kind else ".*"
    return found if re.fullmatch(shape, value, re.DOTALL) else [*found, f"{where}: {value!r} is no {kind}"]


def _faults_of_size(size: int, least: int | None, most: int | None, where: str) -> list[str]:
    fits = (least is None or size >= least) and (most is None or size <= most)
    return [] if fits else [f"{where}: {size} is not within {least} and {most}"]


def _faults_of_object(schema: dict[str, Any], value: dict[str, Any], where: str) -> list[str]:
    known = schema.get("properties")
    found = [f"{where}: no {name}" for name in schema.get("required", []) if name not in value]
    if known is None:
        return found
    found += [f"{where}: {name} is unknown" for name in value if name not in known]
    inner = [faults(known[name], value[name], f"{where}.{name}") for name in value if name in known]
    return found + [one for part in inner for one in part]


def operation_of(request: httpx.Request) -> dict[str, Any] | None:
    """The operation that a request asked for, if there is one."""
    asked = request.url.raw_path.decode().partition("?")[0]
    for method, path, one in operations():
        shape = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        if method == request.method.lower() and re.fullmatch(shape, asked):
            return one
    return None


def misfits(answer: httpx.Response) -> list[str]:
    """All that is wrong with an answer of the API."""
    operation = operation_of(answer.request)
    written = (operation or {}).get("responses", {}).get(str(answer.status_code))
    if written is None:
        if answer.status_code < 400:
            return [f"{answer.status_code} is not written"]
        return _misfits_of_refusal(answer)
    told = resolved(written)
    content = told.get("content", {})
    return _misfits_of_headers(answer, told) + (_misfits_of_body(answer, content) if content else _no_body(answer))


def _no_body(answer: httpx.Response) -> list[str]:
    return [] if answer.content == b"" else ["there is a body"]


def _misfits_of_body(answer: httpx.Response, content: dict[str, Any]) -> list[str]:
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind not in content:
        return [f"the body is {kind}"]
    return faults(content[kind]["schema"], json.loads(answer.text))


def _misfits_of_headers(answer: httpx.Response, told: dict[str, Any]) -> list[str]:
    known = {name.lower(): resolved(part) for name, part in told.get("headers", {}).items()}
    found = [f"no {name}" for name, part in known.items() if part.get("required") and name not in answer.headers]
    found += [f"{name} is not written" for name in answer.headers if name.startswith(OURS) and name not in known]
    for name in known:
        kind = known[name]["schema"]["type"]
        if kind == "integer" and name in answer.headers and not re.fullmatch(r"\d+", answer.headers[name]):
            found.append(f"{name}: {answer.headers[name]} is no whole number")
    return found


def _misfits_of_refusal(answer: httpx.Response) -> list[str]:
    told = document()["components"]["responses"]["problem"]
    found = _misfits_of_headers(answer, told) + _misfits_of_body(answer, told["content"])
    if found:
        return found
    body, status = answer.json(), answer.status_code
    language = answer.headers["content-language"]
    asked = answer.request.headers.get("accept-language", "ko")[:2]
    wanted = {
        "the language": language == asked,
        "vary": "accept-language" in answer.headers.get("vary", "").lower(),
        "the detail": body["detail"] == body[language],
        "the status": body["status"] == status,
        "the code's place in the page": body["code"] in document()["x-problems"],
        "the type": body["type"].endswith(f"/api/v1/docs#problem-{body['code']}"),
        "faults": ("errors" in body) is (body["code"] == "unusable"),
        "www-authenticate": ("www-authenticate" in answer.headers) is (status == 401),
        "retry-after": int(answer.headers.get("retry-after", "0")) >= 1 or status != 429,
        "allow": "allow" in answer.headers or status != 405,
        "a failure of the server": status < 500,
    }
    return [f"{name} ({status} {body['code']})" for name, right in wanted.items() if not right]


def checked(answer: httpx.Response) -> httpx.Response:
    """The answer, which fits the contract."""
    found = misfits(answer)
    assert found == [], f"{answer.request.method} {answer.request.url}: {found}\n{answer.text[:2000]}"
    return answer
