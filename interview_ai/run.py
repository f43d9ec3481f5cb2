"""`interview-ai run`, `migrate`, `add-staff`: starts the house with its demonstration and lets the first people in."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import cast
from urllib.parse import urlsplit

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import child, demo, organisations, private_files, serve, typed
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.demo import SignIns
from interview_ai.errors import InterviewError, Misconfigured
from interview_ai.migrate import migrate
from interview_ai.organisations import OrganisationKind, Role
from interview_ai.settings import settings
from interview_ai.tables import Memorandum, Organisation, Programme, ProgrammePartner, Staff

READY_S = 120.0
NET_S = 3.0
WEIGHTS_PLACE = "https://openaipublic.azureedge.net"
MISSING = (
    "Whisper를 받을 수 없습니다(인터넷 없음). 한국어 답변은 사람이 보고, 영어는 시연용 인식기로 옮깁니다. · "
    "No net, so no Whisper: people look at Korean answers, English is read by the demonstration recogniser."
)
OTHERS = (
    "이미 등록된 직원이 있어 시연을 만들지 않았습니다. 계정 추가: interview-ai add-staff",
    "People are registered here already, so no demonstration was made. To add somebody: interview-ai add-staff",
)
COMING = (
    "  서버가 켜졌습니다. 시연을 재생하고 있으며, 1~3분 뒤 주소와 지원자 링크가 여기에 나옵니다. · "
    "The server answers. The demonstration is being played; its links appear here in one to three minutes."
)
OWN_CERTIFICATE = False  # this machine asks itself, whatever name its certificate carries


@dataclass(frozen=True, slots=True)
class First:
    """One of the demonstration's organisations and its owner."""

    kind: OrganisationKind
    name_ko: str
    name_en: str
    email: str
    person: str


FIRST = (
    First("agency", "시연 진흥원", "Demonstration Agency", "agency@example.com", "도윤 Doyun"),
    First("employer", "시연정밀", "Demonstration Precision", "employer@example.com", "준 Jun"),
    First("university", "시연대학교", "Demonstration University", "university@example.com", "서연 Seoyeon"),
)


def run(given: argparse.Namespace) -> int:
    """The embedded mode with its demonstration: ready when it says so, Ctrl-C stops everything."""
    serve.free(given.host, given.port)
    serve.prepare()
    sign_ins = _sign_ins()
    secure = bool(given.tls_cert)
    bound = serve.bound_address(given.host, given.port, secure=secure)
    url = serve.own_address(given.host, given.port, secure=secure)
    service = _started([sys.executable, "-m", "interview_ai.cli", "serve", *_passed_on(given)])
    try:
        if _wait_until_ready(service, bound):
            _say_at_once(COMING if sign_ins else "")
            played = _demonstrate(bound, url, given.tls_cert, sign_ins)
            if _wait_until_ready(service, bound):  # it may have been ended meanwhile
                _say(url, sign_ins, played)
                _offer_whisper()
        return service.wait()
    except KeyboardInterrupt:
        # the terminal told the service as well; it stops warm and this waits for it
        return max(0, service.wait())
    finally:
        if service.poll() is None:
            service.terminate()
            service.wait()


def _say_at_once(line: str) -> None:
    sys.stdout.write(f"{line}\n" if line else "")
    sys.stdout.flush()


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    """The service, which ends with this process: told warmly of a TERM or a closed terminal, and at once by a kill."""
    tied = (sys.executable, "-I", "-S", child.__file__, str(os.getpid()), "0", "--")
    service = subprocess.Popen([*tied, *command])

    def stop(_: int, __: FrameType | None) -> None:
        service.terminate()
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    return service


def _passed_on(given: argparse.Namespace) -> list[str]:
    passed = ["--host", given.host, "--port", str(given.port), "--grace", str(given.grace)]
    passed += ["--workers", str(given.workers)] if given.workers is not None else []
    return passed + (["--tls-cert", given.tls_cert, "--tls-key", given.tls_key] if given.tls_cert else [])


def migrate_database(_: argparse.Namespace) -> int:
    """The newest migration; safe to run twice."""
    settings().home.mkdir(parents=True, exist_ok=True)
    migrate()
    sys.stdout.write("The database is at the newest migration.\n")
    return 0


def add_staff(given: argparse.Namespace) -> int:
    """Somebody new, with a first password; makes the organisation when --kind says which."""
    with transaction(EVERYWHERE) as session:
        organisation = session.get(Organisation, given.organisation)
        if organisation is None and given.kind:
            kind = cast(OrganisationKind, given.kind)
            organisation = organisations.add_organisation(session, kind, given.organisation, given.organisation)
        if organisation is None:
            raise Misconfigured(
                f"There is no organisation {given.organisation}; say --kind to make it.",
                f"{given.organisation} 기관이 없습니다. 새로 만들려면 --kind를 붙여 주세요.",
            )
        password = secrets.token_urlsafe(12)
        role = cast(Role, given.role)
        named = {"email": given.email, "name": given.name, "language": given.language}
        organisations.add_staff(session, organisation, role=role, password=password, **named)
    sys.stdout.write(f"{organisation.id}  {given.email}  first password: {password}\n")
    return 0


def _sign_ins() -> SignIns:
    """The demonstration's sign-ins, made at the first start and kept (0600) so that every start can print them.

    None where people are registered whose passwords are not kept. Kept ones that the database does not know, because
    it is another or was emptied, hold in it from now on.
    """
    path = settings().home / "sign-ins.json"
    kept: SignIns = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    with transaction(EVERYWHERE) as session:
        if session.scalars(select(Staff).limit(1)).first() is not None:
            return kept
        fresh: SignIns = {one.kind: {"email": one.email, "password": secrets.token_urlsafe(9)} for one in FIRST}
        made = {kind: kept.get(kind, sign_in) for kind, sign_in in fresh.items()}
        _let_the_first_in(session, made)
    private_files.write(path, made)
    return made


def _let_the_first_in(session: Session, sign_ins: SignIns) -> None:
    by_kind: dict[str, str] = {}
    for one in FIRST:
        organisation = organisations.add_organisation(session, one.kind, one.name_ko, one.name_en)
        by_kind[one.kind], organisation.begun_at = organisation.id, organisation.created_at
        named = {"email": one.email, "name": one.person, "password": sign_ins[one.kind]["password"]}
        organisations.add_staff(session, organisation, role="owner", language="ko", **named)
    programme = Programme(organisation_id=by_kind["agency"], name_ko="시연 사업", name_en="Demonstration programme")
    session.add(programme)
    session.flush()
    for kind in ("employer", "university"):
        session.add(
            ProgrammePartner(organisation_id=by_kind["agency"], programme_id=programme.id, partner_id=by_kind[kind])
        )
    session.add(
        Memorandum(organisation_id=by_kind["agency"], programme_id=programme.id, university_id=by_kind["university"])
    )


def _wait_until_ready(service: subprocess.Popen[bytes], bound: str) -> bool:
    until = time.monotonic() + READY_S
    while time.monotonic() < until and service.poll() is None:
        with suppress(httpx.TransportError):
            answer = httpx.get(f"{bound}/readyz", verify=OWN_CERTIFICATE, trust_env=False, timeout=5)
            if answer.status_code == httpx.codes.OK:
                return True
        time.sleep(0.1)
    if service.poll() is None:
        sys.stderr.write(
            typed.here("The server did not become ready; look at the lines above and at: interview-ai doctor\n")
        )
    return False


def _demonstrate(bound: str, url: str, certificate: str, sign_ins: SignIns) -> list[str]:
    """Plays what is missing of the demonstration, over HTTP; returns what is to be said of it.

    The links that it leaves for visitors are kept with the sign-ins as paths: the next start may have another port.
    """
    if not sign_ins:
        return [typed.here(line) for line in OTHERS]
    links: dict[str, str] = {}
    failed: list[str] = []
    try:
        for name, path in demo.play(bound, sign_ins, certificate=certificate):
            links[name] = path
    except InterviewError as error:
        failed = [
            f"시연을 끝까지 재생하지 못했습니다. {error.ko}",
            f"The demonstration could not be played to its end. {error.en}",
            "다음 make run이 멈춘 데서 이어 갑니다. The next make run goes on where it stopped.",
        ]
    finally:
        if links:
            sign_ins["links"] = sign_ins.get("links", {}) | links
            private_files.write(settings().home / "sign-ins.json", sign_ins)
    return [f"지원자 링크 candidate's link ({name}): {url}{path}" for name, path in links.items()] + failed


def _offer_whisper() -> None:
    """Offers the weights where the net allows it; where not, says what stays as it is. The service goes on."""
    if any(settings().models.glob("*.pt")):
        return
    if not _weights_can_be_had(settings().models_url or WEIGHTS_PLACE):
        _say_at_once(f"  {MISSING}")
        return
    if not sys.stdin.isatty():
        return
    answer = input("  Whisper (461 MB, 한국어·영어)를 지금 받을까요? Pull Whisper now? [y/N] ")
    if answer.strip().lower() in ("y", "yes", "네", "예"):
        subprocess.run([sys.executable, "-m", "interview_ai.cli", "models", "pull", "small"], check=False)


def _weights_can_be_had(place: str) -> bool:
    if not place.startswith("http"):
        return Path(urlsplit(place).path).is_dir()
    try:
        httpx.head(place, timeout=NET_S)
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
    return True


def _say(url: str, sign_ins: SignIns, played: Iterable[str]) -> None:
    lines = ["", "  온터뷰가 준비되었습니다 · Onterview is ready", "", f"  {url}/sign-in"]
    for kind, name in (("employer", "기업 employer"), ("agency", "진흥원 agency"), ("university", "대학 university")):
        if kind in sign_ins:
            lines.append(f"    {name:22} {sign_ins[kind]['email']:26} {sign_ins[kind]['password']}")
    lines += [f"  {line}" for line in played]
    lines += [""]
    lines += [
        typed.here(line)
        for line in (
            "  휴대전화의 카메라는 https에서만 켜집니다. Phones open the camera over https only:",
            "    interview-ai serve --host 0.0.0.0 --tls-cert CERT --tls-key KEY",
            "  음성 인식기와 빠진 것 · recognisers and what is missing: interview-ai doctor",
            "  한국어 인식 · Korean recognition: interview-ai models pull small",
            "  끝내기 Ctrl-C to stop · 처음부터 make demo-reset to start over",
            "",
        )
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
