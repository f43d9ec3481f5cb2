"""Browsers inside other apps, which may refuse the camera: which one it is, and the way out into a real browser."""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi import Request

# what these apps add to the name of the browser that they embed
APPS = {
    "kakaotalk": re.compile(r"KAKAOTALK", re.I),
    "naver": re.compile(r"NAVER\(inapp", re.I),
    "line": re.compile(r"\bLine/", re.I),
    "instagram": re.compile(r"Instagram", re.I),
    "facebook": re.compile(r"FBAN|FBAV", re.I),
    "webview": re.compile(r"; wv\)"),
}
ANDROID = re.compile(r"Android", re.I)


def in_app(agent: str) -> str | None:
    """The app whose browser this is; None: a browser of its own."""
    return next((name for name, pattern in APPS.items() if pattern.search(agent)), None)


def elsewhere(request: Request) -> str | None:
    """An address that opens this very page in the phone's own browser; None where no app offers one.

    KakaoTalk has an address of its own for it on both systems; Android opens Chrome by an intent. On an iPhone
    nothing else can be linked, so the page says in words how to do it.
    """
    agent = request.headers.get("user-agent", "")
    here = str(request.url)
    if in_app(agent) == "kakaotalk":
        return f"kakaotalk://web/openExternal?url={quote(here, safe='')}"
    if in_app(agent) and ANDROID.search(agent):
        plain = here.split("://", 1)[1]
        return f"intent://{plain}#Intent;scheme={request.url.scheme};package=com.android.chrome;end"
    return None


def system(agent: str) -> str:
    """`android` or `ios`, for the words that tell how to leave an app's browser."""
    return "android" if ANDROID.search(agent) else "ios"
