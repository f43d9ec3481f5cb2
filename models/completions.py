"""One question to an OpenAI-compatible server: a deadline for the whole of it, a limit of size, no redirects."""

from __future__ import annotations

import asyncio
import json
import ssl
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx

from interview_ai.rules.evidence import OpinionCode

DEADLINE_S = 60.0  # for one question, from looking up the name to the last byte
CONNECT_S = 5.0  # a server that is not there must not hold up an answer
LARGEST_BYTES = 256 * 1024  # a reply has 1 to 4 kB
MOST_TOKENS = 2000  # of a reply: six criteria with three quotes each take some 900


@dataclass(frozen=True, slots=True)
class Server:
    """An OpenAI-compatible server. `url`: what stands before /chat/completions; `key` is never shown or logged."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    deadline_s: float = DEADLINE_S


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no reply."""

    code: OpinionCode


def ask(server: Server, system: str, user: str) -> str | Failed:
    """What the model writes at temperature 0, or why nothing usable came."""
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    sent = {"model": server.model, "messages": messages, "temperature": 0, "max_tokens": MOST_TOKENS, "stream": False}
    body = _fetched(server, "POST", "/chat/completions", sent)
    return body if isinstance(body, Failed) else _written(body)


def models(server: Server) -> tuple[str, ...] | Failed:
    """The names of the models that the server says it has; nothing about anybody is sent."""
    body = _fetched(server, "GET", "/models", None)
    if isinstance(body, Failed):
        return body
    listed = body.get("data")
    if not isinstance(listed, list):
        return Failed("unparseable")
    return tuple(str(item["id"]) for item in listed if isinstance(item, dict) and "id" in item)


def _written(body: dict[str, Any]) -> str | Failed:
    try:
        choice = body["choices"][0]
        content, ended = choice["message"]["content"], choice.get("finish_reason")
    except (KeyError, IndexError, TypeError, AttributeError):
        return Failed("unparseable")
    # a reply that was cut at the limit of tokens may still be JSON, and then says less than the model meant
    return content if isinstance(content, str) and ended in (None, "stop") else Failed("unparseable")


def _fetched(server: Server, method: str, path: str, sent: dict[str, Any] | None) -> dict[str, Any] | Failed:
    try:
        content = asyncio.run(_within(server, method, path, sent))
    except TimeoutError:
        return Failed("too_slow")
    except httpx.ConnectTimeout:
        return Failed("unreachable")
    except httpx.TimeoutException:
        return Failed("too_slow")
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        return Failed("unreachable")
    return content if isinstance(content, Failed) else _parsed(content)


async def _within(server: Server, method: str, path: str, sent: dict[str, Any] | None) -> bytes | Failed:
    # httpx counts its timeouts anew with every byte that comes; a server that drips would hold us for ever
    async with asyncio.timeout(server.deadline_s):
        return await _exchange(server, method, path, sent)


async def _exchange(server: Server, method: str, path: str, sent: dict[str, Any] | None) -> bytes | Failed:
    headers = {"accept-encoding": "identity"} | ({"authorization": f"Bearer {server.key}"} if server.key else {})
    timeout = httpx.Timeout(server.deadline_s, connect=min(CONNECT_S, server.deadline_s))
    # neither proxies nor keys of the environment: the words go to the address that was set, and nowhere else
    async with (
        httpx.AsyncClient(verify=_authorities(), timeout=timeout, follow_redirects=False, trust_env=False) as client,
        client.stream(method, server.url.rstrip("/") + path, json=sent, headers=headers) as response,
    ):
        if response.is_redirect:
            return Failed("moved")
        if response.status_code != httpx.codes.OK:
            return Failed("refused")
        content = b""
        async for part in response.aiter_raw():
            content += part
            if len(content) > LARGEST_BYTES:
                return Failed("too_large")
        return content


@cache
def _authorities() -> ssl.SSLContext:
    """Whose certificates count; reading them takes 30 ms, and each answer asks three times."""
    return httpx.create_ssl_context(trust_env=False)


def _parsed(content: bytes) -> dict[str, Any] | Failed:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return Failed("unparseable")
    return body if isinstance(body, dict) else Failed("unparseable")
