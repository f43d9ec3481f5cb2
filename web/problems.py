"""What a program is told when something is refused: application/problem+json (RFC 9457), in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from fastapi.responses import JSONResponse

from interview_ai.errors import InterviewError, Invalid, NotFound
from interview_ai.settings import settings
from web import words

HERE: Final = "/api/"
MEDIA_TYPE: Final = "application/problem+json"
DOCS: Final = "/api/v1/docs"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: in which field, of which element of a list where it is one (counted from 0)."""

    field: str
    en: str
    ko: str
    row: int | None = None


class Unusable(Invalid):
    """A body or an address whose faults are told one by one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "What was sent cannot be used as it is; see errors.",
            "보낸 내용을 그대로 쓸 수 없습니다. errors를 확인해 주십시오.",
            code="unusable",
        )
        self.faults = tuple(faults)


def unkept_sign() -> Unusable:
    """What is said of U+0000, which no database keeps in a text."""
    return Unusable([Fault("", "The sign U+0000 cannot be kept.", "U+0000 문자는 저장할 수 없습니다.")])


def is_asked_by_program(path: str) -> bool:
    """Whether programs ask here, who read problems and not pages."""
    return path.startswith(HERE)


def answer(error: InterviewError, accept_language: str, *, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The refusal as a problem; its `type` leads to the documentation."""
    language = words.preferred(None, None, accept_language)
    code = error.code or _code(error.status)
    body: dict[str, Any] = {
        "type": f"{settings().public_url.rstrip('/')}{DOCS}#problem-{code}",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "code": code,
        "detail": error.text(language),
        "ko": error.ko,
        "en": error.en,
    }
    if isinstance(error, Unusable):
        body["errors"] = [_fault(fault, language) for fault in error.faults]
    told = {"content-language": language, "vary": "Accept-Language", **(headers or {})}
    return JSONResponse(body, status_code=error.status, media_type=MEDIA_TYPE, headers=told)


def _fault(fault: Fault, language: str) -> dict[str, Any]:
    detail = fault.ko if language == "ko" else fault.en
    where = {"field": fault.field} if fault.row is None else {"row": fault.row, "field": fault.field}
    return {**where, "detail": detail, "ko": fault.ko, "en": fault.en}


CODES: Final = {413: "too_large", 415: "not_json", 500: "failed"}
"""What refusals without a name of their own are called where HTTP's phrase would not tell a program what to do."""


def _code(status: int) -> str:
    if status in CODES:
        return CODES[status]
    return HTTPStatus(status).phrase.lower().replace(" ", "_").replace("'", "")


def of_status(status: int) -> InterviewError:
    """What the framework itself refuses: an unknown address, a method that is not there, a body that is none."""
    if status == HTTPStatus.NOT_FOUND:
        return NotFound()
    en, ko = {
        405: ("This address does not take this method.", "이 주소에서는 쓸 수 없는 메서드입니다."),
        413: ("The body is too large: 2 MB at most.", "본문이 너무 큽니다. 2MB까지 보낼 수 있습니다."),
        415: (
            "Send the body as JSON, with Content-Type: application/json.",
            "본문은 JSON으로, Content-Type: application/json 헤더와 함께 보내 주십시오.",
        ),
        500: (
            "Something broke on our side. Send the request again with the same Idempotency-Key.",
            "서버에서 문제가 생겼습니다. 같은 Idempotency-Key로 다시 보내 주십시오.",
        ),
    }.get(status, ("The request cannot be read.", "요청을 읽을 수 없습니다."))
    error = InterviewError(en, ko)
    error.status = status
    return error


SENTENCES: Final = {
    "missing": ("This is missing.", "빠져 있습니다."),
    "extra_forbidden": (
        "Nothing of this name is taken, so none of it was kept.",
        "받지 않는 항목이므로 저장하지 않았습니다.",
    ),
    "json_invalid": ("The body is not JSON.", "본문이 JSON이 아닙니다."),
    "int_type": ("A whole number is needed.", "정수가 필요합니다."),
    "int_parsing": ("A whole number is needed.", "정수가 필요합니다."),
    "string_type": ("A text is needed.", "문자열이 필요합니다."),
    "bool_type": ("true or false is needed.", "true 또는 false가 필요합니다."),
    "list_type": ("A list is needed.", "배열이 필요합니다."),
    "model_type": ("An object is needed.", "객체가 필요합니다."),
    "model_attributes_type": ("An object is needed.", "객체가 필요합니다."),
    "dict_type": ("An object is needed.", "객체가 필요합니다."),
    "string_too_short": ("This must not be empty.", "비어 있으면 안 됩니다."),
    "too_short": ("At least {min_length} are needed.", "{min_length}개 이상이어야 합니다."),
    "string_too_long": ("At most {max_length} characters.", "{max_length}자까지 쓸 수 있습니다."),
    "too_long": ("At most {max_length} at a time.", "한 번에 {max_length}개까지 보낼 수 있습니다."),
    "greater_than_equal": ("At least {ge}.", "{ge} 이상이어야 합니다."),
    "less_than_equal": ("At most {le}.", "{le} 이하여야 합니다."),
    "literal_error": ("One of these: {expected}.", "다음 가운데 하나여야 합니다: {expected}."),
}


def unusable(found: Sequence[Mapping[str, Any]]) -> Unusable:
    """What pydantic found wrong, in our words."""
    return Unusable([_of_pydantic(one) for one in found])


def _of_pydantic(found: Mapping[str, Any]) -> Fault:
    place = [part for part in found["loc"] if part not in ("body", "query", "path", "header")]
    row = next((part for part in place if isinstance(part, int)), None)
    field = ".".join(str(part) for part in place if not isinstance(part, int))
    en, ko = SENTENCES.get(found["type"], ("This cannot be used as it is.", "그대로 쓸 수 없는 값입니다."))
    known = {name: _plain(value) for name, value in (found.get("ctx") or {}).items()}
    return Fault(field, en.format(**known), ko.format(**known), row)


def _plain(value: object) -> str:
    return str(value).replace("' or '", "', '")
