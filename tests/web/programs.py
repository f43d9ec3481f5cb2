"""A program of an organisation in a test: it asks with a key, and every answer must fit the contract."""

from __future__ import annotations

import secrets
from typing import Any

import httpx
from fastapi.testclient import TestClient

from interview_ai import api_keys, organisations
from interview_ai.api_keys import SCOPES, NewKey
from interview_ai.database import EVERYWHERE, now, transaction
from interview_ai.organisations import Member, OrganisationKind
from interview_ai.rules.evidence import Bilingual
from tests.web.contracted import checked
from web.app import create


def member(kind: OrganisationKind, name: str, email: str) -> Member:
    """An owner of a new organisation who needs no password: deriving one takes longer than most of these tests."""
    with transaction(EVERYWHERE) as session:
        made = organisations.add_organisation(session, kind, name, name)
        owner = organisations.new_staff(session, made.id, email=email, name=name, role="owner", language="ko")
        owner.state = "active"
        named, at = Bilingual(name, name), now(session)
    return Member(owner.id, made.id, kind, named, name=name, email=email, role="owner", language="ko", seen_at=at)


def key_of(member: Member, *scopes: str, days: int = 90) -> str:
    """A key with these scopes, by default with all."""
    with transaction(member.organisation_id) as session:
        return api_keys.make(session, member, NewKey("Campus system", scopes or SCOPES, days))


class Program:
    """One system that asks."""

    def __init__(self, key: str = "", *, language: str = "en") -> None:
        address = f"10.1.{secrets.randbelow(256)}.{secrets.randbelow(256)}"  # each has its own share of the limits
        client = (address, 50000)
        self.client = TestClient(create(), follow_redirects=False, raise_server_exceptions=False, client=client)
        self.headers = {"accept-language": language}
        if key:
            self.headers["authorization"] = f"Bearer {key}"

    def get(self, path: str, **more: Any) -> httpx.Response:
        return checked(self.client.get(f"/api/v1{path}", headers=self.headers, **more))

    def post(self, path: str, body: Any = None, *, once: str | None = "", **more: Any) -> httpx.Response:
        """`once`: the Idempotency-Key; empty: a new one; None: none is sent."""
        told = {} if once is None else {"idempotency-key": once or secrets.token_hex(8)}
        return checked(self.client.post(f"/api/v1{path}", headers={**self.headers, **told}, json=body, **more))

    def delete(self, path: str) -> httpx.Response:
        return checked(self.client.delete(f"/api/v1{path}", headers=self.headers))
