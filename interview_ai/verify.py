"""`interview-ai verify-receipt`: anybody checks a receipt with the service's public key, without asking the service."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

from interview_ai import receipts
from interview_ai.errors import Invalid
from interview_ai.settings import settings

GENUINE, NOT_GENUINE = 0, 1


def command(given: argparse.Namespace) -> int:
    """Exit 0: genuine, by the key that was given or this installation's own, and every `--segment` is in it."""
    if not given.key and not settings().secret_path.exists():
        raise Invalid(
            "There is no service here whose key could be compared: give --key, from the service's /receipts/key.",
            "비교할 열쇠가 여기에 없습니다. 서비스의 /receipts/key에 있는 값을 --key로 주십시오.",
        )
    found = receipts.verdict(_document(Path(given.file)), key=given.key)
    strangers = [name for name in given.segment if _digest(Path(name)) not in _digests(found)]
    says = "genuine" if found.genuine and found.ours else "signed by another key" if found.genuine else "changed"
    sys.stdout.write(f"{says}: receipt {found.content['code']}, {found.content['bytes']} bytes, ")
    sys.stdout.write(f"received {found.content['received_at']}\n")
    for name in strangers:
        sys.stdout.write(f"{name}: the receipt does not name this file\n")
    return GENUINE if found.genuine and found.ours and not strangers else NOT_GENUINE


def _digests(found: receipts.Verdict) -> set[str]:
    return {str(part.get("sha256")) for part in found.content["segments"]}


def _document(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.", f"{path} 파일을 읽을 수 없습니다.") from error
    except ValueError:
        return None


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.", f"{path} 파일을 읽을 수 없습니다.") from error
