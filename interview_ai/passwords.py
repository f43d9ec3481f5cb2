"""Passwords: argon2 digests, at most two computed at once, and what a password must be."""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from interview_ai.errors import Invalid, TooMuch

SHORTEST = 12
LONGEST = 128
AT_ONCE = 2  # each takes 64 MB and a core for some 50 ms
LONGEST_WAIT_S = 10

_hasher = PasswordHash((Argon2Hasher(),))
_gate = BoundedSemaphore(AT_ONCE)


def checked(password: str, email: str) -> str:
    """The password as it is. Raises Invalid when it is too short, too long, the address or one sign repeated."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(
            f"Choose a password of {SHORTEST} to {LONGEST} characters.",
            f"비밀번호는 {SHORTEST}자 이상 {LONGEST}자 이하로 정해 주십시오.",
            code="password",
        )
    if len(set(password)) < SHORTEST // 3 or email.split("@")[0].lower() in password.lower():
        raise Invalid(
            "This password is easy to guess: use several words, without your mail address.",
            "추측하기 쉬운 비밀번호입니다. 이메일 주소를 넣지 말고 여러 단어로 정해 주십시오.",
            code="password",
        )
    return password


def hashed(password: str) -> str:
    """The argon2id digest to keep. Takes some 50 ms."""
    _enter()
    try:
        return _hasher.hash(password)
    finally:
        _gate.release()


def matches(password: str, kept: str | None) -> bool:
    """Whether the password belongs to the kept digest; without a digest it takes the same time and is False."""
    digest = kept or _nobodys()
    _enter()
    try:
        return _hasher.verify(password[:LONGEST], digest) and kept is not None
    finally:
        _gate.release()


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


def _enter() -> None:
    if not _gate.acquire(timeout=LONGEST_WAIT_S):
        raise TooMuch(
            "Many people are signing in right now. Please try again in a minute.",
            "지금 로그인하는 사람이 많습니다. 1분 뒤에 다시 시도해 주십시오.",
            status=429,
        )
