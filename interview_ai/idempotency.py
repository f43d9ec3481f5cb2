"""A request that is sent twice is done once: the answer is kept beside the act, and the same key brings it again."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from interview_ai import database, tokens
from interview_ai.errors import Conflict, Invalid
from interview_ai.tables import IdempotencyKey

KEPT = timedelta(hours=24)
LONGEST_KEY = 255
_under_way: set[str] = set()  # of this process; between processes PostgreSQL's lock tells, and SQLite's writers wait
_looking = threading.Lock()


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may come twice. `digest`: of its method, address and body."""

    organisation_id: str
    key: str
    digest: str

    @property
    def name(self) -> str:
        """What the key is called in the table: its digest, so that nobody reads an answer out of the table."""
        return tokens.digest(f"{self.organisation_id}:{self.key}")


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request was answered; `again` where it had been answered before."""

    status: int
    body: dict[str, Any]
    again: bool = False


def checked(key: str | None) -> str:
    """The key of a request. Raises Invalid (code idempotency_key) for none or an unusable one."""
    if not key or not key.strip() or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Invalid(
            f"Send an Idempotency-Key header: 1 to {LONGEST_KEY} printable ASCII characters, new for each act.",
            f"Idempotency-Key 헤더를 보내 주십시오. 작업마다 새로 만든 출력 가능한 ASCII 1~{LONGEST_KEY}자입니다.",
            code="idempotency_key",
        )
    return key


def once(asked: Asked, act: Callable[[Session], Answered]) -> Answered:
    """Does the act in one transaction with its kept answer, or gives the answer that was kept.

    Only what took effect is kept: a refusal leaves nothing behind, and the same key may be used again once it is
    mended. Raises Conflict (code in_flight) while the same key is at work, Invalid (code other_request) for another
    request under a key that was used.
    """
    with _only_one(asked.name), database.transaction(database.EVERYWHERE) as session:
        _only_one_anywhere(session, asked.name)
        kept = _kept(session, asked)
        if kept is not None:
            return kept
        answered = act(session)
        _keep(session, asked, answered)
        return answered


@contextmanager
def _only_one(name: str) -> Iterator[None]:
    with _looking:
        if name in _under_way:
            raise _in_flight()
        _under_way.add(name)
    try:
        yield
    finally:
        with _looking:
            _under_way.discard(name)


def _only_one_anywhere(session: Session, name: str) -> None:
    if session.get_bind().dialect.name != "postgresql":
        return
    number = int(name[:15], 16)
    if not session.scalars(select(func.pg_try_advisory_xact_lock(number))).one():
        raise _in_flight()


def _in_flight() -> Conflict:
    return Conflict(
        "A request with this Idempotency-Key is still at work. Ask again in a moment.",
        "같은 Idempotency-Key의 요청을 아직 처리하고 있습니다. 잠시 뒤에 다시 보내 주십시오.",
        code="in_flight",
    )


def _kept(session: Session, asked: Asked) -> Answered | None:
    wanted = select(IdempotencyKey).where(
        IdempotencyKey.organisation_id == asked.organisation_id, IdempotencyKey.key == asked.name
    )
    row = session.scalars(wanted).one_or_none()
    if row is None:
        return None
    if row.created_at <= database.now(session) - KEPT:
        session.delete(row)
        session.flush()
        return None
    if row.request_hash != asked.digest:
        raise Invalid(
            "This Idempotency-Key was used for another request. Use a new key for a new act.",
            "다른 요청에 쓴 Idempotency-Key입니다. 새 작업에는 새 키를 쓰십시오.",
            code="other_request",
        )
    sealed = base64.b64decode(row.response["sealed"])
    return Answered(row.status, json.loads(tokens.unseal_named(_seal_name(asked), sealed)), again=True)


def _keep(session: Session, asked: Asked, answered: Answered) -> None:
    # sealed under the request's own key: an answer may hold a secret that is shown once
    content = json.dumps(answered.body, ensure_ascii=False).encode()
    sealed = tokens.seal_named(_seal_name(asked), content)
    session.add(
        IdempotencyKey(
            organisation_id=asked.organisation_id,
            key=asked.name,
            request_hash=asked.digest,
            status=answered.status,
            response={"sealed": base64.b64encode(sealed).decode()},
            created_at=database.now(session),
        )
    )


def _seal_name(asked: Asked) -> str:
    return f"answer {asked.organisation_id} {asked.key}"


def forget(session: Session) -> None:
    """Deletes what was kept long enough."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < database.now(session) - KEPT))
