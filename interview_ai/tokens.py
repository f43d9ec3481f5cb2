"""Secrets: random tokens and their digests, sealing with AES-GCM, each person's own key, signed receipts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from interview_ai.errors import Misconfigured
from interview_ai.settings import settings

SECRET_BYTES = 32  # 256 bits
NONCE_BYTES = 12  # AES-GCM's own size
KEY_ID = b"k1"


def new_token() -> str:
    """256 random bits for a link or a cookie, safe in a URL."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(token: str) -> str:
    """What is kept of a token: its sha256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_secret(path: Path) -> None:
    """Writes a new secret (0600) unless there is one; the embedded mode does this once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))


@cache
def _secret() -> bytes:
    path = settings().secret_path
    content = path.read_bytes() if path.exists() else b""
    if len(content) < SECRET_BYTES:
        raise Misconfigured(
            f"INTERVIEW_SECRET_FILE: {path} must hold at least {SECRET_BYTES} random bytes "
            f"(make it with: head -c {SECRET_BYTES} /dev/urandom > {path}).",
            f"INTERVIEW_SECRET_FILE: {path} 파일에 무작위 {SECRET_BYTES}바이트 이상이 필요합니다 "
            f"(만들기: head -c {SECRET_BYTES} /dev/urandom > {path}).",
        )
    return content


@cache
def _derived(purpose: str) -> bytes:
    return _derive(purpose)


def _derive(purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), SECRET_BYTES, salt=None, info=purpose.encode()).derive(_secret())


def authenticate(purpose: str, message: str) -> str:
    """A keyed digest (HMAC-SHA256, hex) of `message`, different for each purpose."""
    return hmac.new(_derived(purpose), message.encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two tokens are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def _seal(key: bytes, content: bytes, place: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return KEY_ID + nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def _unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    nonce, body = sealed[len(KEY_ID) : len(KEY_ID) + NONCE_BYTES], sealed[len(KEY_ID) + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, place.encode())
    except InvalidTag as error:
        raise Misconfigured(
            "The secret file is not the one that this database was written with: put the old one back.",
            "비밀 파일이 이 데이터베이스를 만들 때의 것과 다릅니다. 원래 파일을 되돌려 주세요.",
        ) from error


def seal_named(name: str, content: bytes) -> bytes:
    """Encrypts with a key of the installation's secret and a random name: neither opens it without the other."""
    return _seal(_derive(f"shown once {name}"), content, "shown_once")


def unseal_named(name: str, sealed: bytes) -> bytes:
    """Reads back what `seal_named` wrote under the same name."""
    return _unseal(_derive(f"shown once {name}"), sealed, "shown_once")


def seal_at(place: str, content: bytes) -> bytes:
    """Encrypts what the service itself has to read again, such as a webhook's secret; it opens only for its place."""
    return _seal(_derived("kept secrets"), content, place)


def unseal_at(place: str, sealed: bytes) -> bytes:
    """Reads back what `seal_at` wrote for the same place."""
    return _unseal(_derived("kept secrets"), sealed, place)


def new_person_key(person: int) -> bytes:
    """A fresh key for one person, sealed with the installation's secret."""
    return _seal(_derived("person keys"), secrets.token_bytes(SECRET_BYTES), f"person_keys.{person}")


def seal_for(sealed_key: bytes, person: int, content: dict[str, Any]) -> bytes:
    """Encrypts what names a person with that person's own key."""
    key = _unseal(_derived("person keys"), sealed_key, f"person_keys.{person}")
    return _seal(key, json.dumps(content, ensure_ascii=False).encode(), f"audit.{person}")


def unseal_for(sealed_key: bytes, person: int, sealed: bytes) -> dict[str, Any]:
    """Reads back what `seal_for` wrote; impossible once the key is destroyed."""
    key = _unseal(_derived("person keys"), sealed_key, f"person_keys.{person}")
    content: dict[str, Any] = json.loads(_unseal(key, sealed, f"audit.{person}"))
    return content


@cache
def _signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_derived("receipts"))


def _canonical(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def public_key() -> str:
    """This installation's public key for receipts: Ed25519, raw, base64."""
    raw = _signing_key().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def sign(content: dict[str, Any]) -> dict[str, Any]:
    """The content with our public key and its Ed25519 signature (base64) over the canonical JSON of the rest."""
    unsigned = {**content, "key": public_key()}
    return {**unsigned, "signature": base64.b64encode(_signing_key().sign(_canonical(unsigned))).decode()}


def is_signed(document: dict[str, Any]) -> bool:
    """Whether a document carries the signature of the key that it names. Whose key that is, is another question."""
    unsigned = {name: value for name, value in document.items() if name != "signature"}
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(str(document.get("key")), validate=True))
        key.verify(base64.b64decode(str(document.get("signature")), validate=True), _canonical(unsigned))
    except (InvalidSignature, ValueError):
        return False
    return True
