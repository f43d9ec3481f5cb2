"""The command line: names the module of each command and loads it only when it is called."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from interview_ai import logs, typed
from interview_ai.errors import InterviewError
from interview_ai.settings import settings

WRONG_USAGE = 2
GRACE_S = 20.0  # what is left of an answer after it is done again by the next start
LANGUAGES = ("ko", "en")
ENGINES = ("auto", "whisper", "faster-whisper", "pocketsphinx")
INVITE_MORE = """\
Bases of consent:
  this_programme    they agreed to hear about interviews of this programme
                    이 사업의 면접 안내를 받는 데 동의했습니다
  career_services   they agreed to hear about jobs from the career centre or the employer
                    취업지원센터나 기업의 채용 안내를 받는 데 동의했습니다
  applied           they applied for this opening themselves
                    이 공고에 직접 지원했습니다
  written           something else, said with --consent-note
                    다른 근거가 있습니다(--consent-note에 적습니다)

The roster is read and checked first; nothing leaves before you confirm. Cut off, it goes on with --campaign ID.
명단을 먼저 읽고 확인하며, 확정하기 전에는 아무것도 나가지 않습니다. 끊기면 --campaign ID로 이어 갑니다.

  interview-ai invite roster.xlsx --opening ID --as jun@example.com --consent applied --remind-after-days 3
  interview-ai invite roster.xlsx --opening ID --as jun@example.com --consent applied --channel file --links links.xlsx
"""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: what it does in a sentence, and `module:function` taking the parsed arguments."""

    name: str
    what: str
    target: str


COMMANDS = (
    Command("run", "sets up the embedded mode with its demonstration and serves it", "interview_ai.run:run"),
    Command(
        "serve",
        "starts the web server, the workers and the timetable, and looks after them",
        "interview_ai.serve:serve",
    ),
    Command("demo", "plays the demonstration's candidates against a running server", "interview_ai.demo:command"),
    Command(
        "demo-reset",
        "forgets everything that the embedded mode made in its home; keeps the weights",
        "interview_ai.serve:demo_reset",
    ),
    Command("worker", "starts workers and the timetable without the web server", "interview_ai.serve:work"),
    Command("migrate", "brings the database to the newest migration", "interview_ai.run:migrate_database"),
    Command("doctor", "says what is well and how to mend what is not", "worker.doctor:doctor"),
    Command("models", "lists, pulls, verifies and converts the weights of recognisers", "worker.weights:command"),
    Command(
        "add-staff",
        "adds somebody to an organisation and prints a first password",
        "interview_ai.run:add_staff",
    ),
    Command(
        "invite",
        "reads a roster, says what would be sent to how many, and makes a campaign of it",
        "interview_ai.invite_command:command",
    ),
    Command("mails", "lists the mails that have not left, or shows one of them whole", "interview_ai.outbox:command"),
    Command(
        "bounces", "reads returned mails and complaints from standard input or files", "interview_ai.bounces:command"
    ),
    Command("verify-receipt", "says whether a receipt is genuine", "interview_ai.verify:command"),
    Command("assess", "assesses one recording and prints JSON", "worker.commands:assess"),
    Command("score-text", "assesses a text from standard input and prints JSON", "worker.commands:score_text"),
    Command("recompute", "computes a stored suggestion again, or names what differs", "worker.recompute:command"),
    Command(
        "calibrate",
        "learns from double ratings of an opening and prints a report as JSON; changes no score",
        "worker.calibrate:command",
    ),
    Command("evaluate", "measures the service on a table of answers", "worker.evaluation:command"),
)


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    whole = argparse.ArgumentParser(prog="interview-ai", description="Onterview, asynchronous video interviews.")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    parsers = {item.name: commands.add_parser(item.name, help=item.what, description=item.what) for item in COMMANDS}
    for name in ("run", "serve"):
        parsers[name].add_argument("--host", default="127.0.0.1")
        parsers[name].add_argument("--port", type=int, default=8000)
        parsers[name].add_argument("--tls-cert", default="", help="certificate file: phones need https for the camera")
        parsers[name].add_argument("--tls-key", default="", help="key file of the certificate")
    for name in ("run", "serve", "worker"):
        parsers[name].add_argument("--workers", type=int, help="solo workers; by default one per core, at most 2")
        parsers[name].add_argument("--grace", type=float, default=GRACE_S, help="seconds for a warm stop")
    parsers["demo"].add_argument("--url", default="http://127.0.0.1:8000")
    parsers["demo"].add_argument("--sign-ins", default="", help="JSON file with the organisations' sign-ins")
    parsers["demo"].add_argument("--region", action="store_true", help="makes up a whole region; needs no server")
    _models(parsers["models"])
    _staff(parsers["add-staff"])
    _invite(parsers["invite"])
    parsers["mails"].add_argument("mail", nargs="?", default="", metavar="ID", help="the same as --show ID")
    parsers["mails"].add_argument("--show", default="", metavar="ID", help="prints this mail whole, with its links")
    parsers["bounces"].add_argument("files", nargs="*", metavar="FILE", help="a returned mail; none: standard input")
    _receipt(parsers["verify-receipt"])
    parsers["assess"].add_argument("file")
    parsers["assess"].add_argument("--engine", choices=ENGINES)
    parsers["assess"].add_argument("--demonstration", action="store_true", help="words of pocketsphinx may earn points")
    for name in ("assess", "score-text"):
        parsers[name].add_argument("--question", required=True)
        parsers[name].add_argument("--language", choices=LANGUAGES, required=True)
        parsers[name].add_argument("--rubric", help="YAML file; by default the shipped one for problem solving")
    parsers["recompute"].add_argument("answer", help="id of the answer")
    parsers["calibrate"].add_argument("opening", help="id of the opening, as in the address of its page")
    _evaluate(parsers["evaluate"])
    return whole


def _evaluate(of: argparse.ArgumentParser) -> None:
    of.add_argument("--task", choices=("attacks", "match", "grade", "fairness", "speech"), required=True)
    of.add_argument("--data", required=True, help="tab-separated table with a header; .gz too")
    of.add_argument("--train", default="", help="grade: a table of rated answers to calibrate on")
    of.add_argument("--n-ratings", type=int, help="grade: calibrate on so many, drawn again and again")
    of.add_argument("--language", choices=LANGUAGES, default="ko", help="of rows without a language column")
    of.add_argument("--seed", type=int, default=1)
    of.add_argument("--draws", type=int, help="how often chance is drawn anew")
    of.add_argument("--out", required=True, help="where the whole result goes, as JSON")


def _invite(of: argparse.ArgumentParser) -> None:
    of.epilog = INVITE_MORE
    of.formatter_class = argparse.RawDescriptionHelpFormatter
    of.add_argument("roster", nargs="?", default="", metavar="ROSTER", help="CSV or XLSX; not needed with --campaign")
    of.add_argument("--opening", default="", metavar="ID", help="the opening, as in the address of its page")
    of.add_argument("--as", dest="member", required=True, metavar="EMAIL", help="who invites: an owner or a recruiter")
    of.add_argument("--name", default="", help="name of the campaign; by default the file's")
    of.add_argument("--campaign", default="", metavar="ID", help="goes on with a campaign that was begun")
    of.add_argument("--consent", default="", metavar="BASIS", help="what the people in it agreed to, as listed below")
    of.add_argument("--consent-note", default="", metavar="TEXT", help="what they agreed to, when and how")
    of.add_argument("--language", choices=LANGUAGES, default="ko", help="of messages where the roster names none (ko)")
    proof = "what is asked beside the link: nothing (none), a mailed code, or the birth year, a column of the roster"
    of.add_argument("--proof", choices=("none", "code", "birth_year"), default="none", help=proof)
    channel = "mail, text message first, or file: nothing is sent, the campaign's page or --links gives the links"
    channel += " (mail; file where no mail server is set)"
    of.add_argument("--channel", choices=("mail", "sms", "file"), default="", help=channel)
    of.add_argument("--per-minute", type=int, default=300, metavar="N", help="messages a minute, at most (300)")
    days = "reminds who has not opened, begun or finished after 1 to 30 days; by default nobody by itself"
    of.add_argument("--remind-after-days", type=int, metavar="N", help=days)
    most = "reminders of one kind that one person gets at most, 1 to 5 (2)"
    of.add_argument("--most-reminders", type=int, default=2, metavar="N", help=most)
    links = "with --channel file: makes the links and writes them into this new file, .csv or .xlsx, for you alone"
    of.add_argument("--links", default="", metavar="FILE", help=links)
    of.add_argument("--yes", action="store_true", help="confirms without asking")


def _models(of: argparse.ArgumentParser) -> None:
    of.add_argument("action", choices=("list", "pull", "verify", "convert"))
    of.add_argument("name", nargs="?", default="small")


def _receipt(of: argparse.ArgumentParser) -> None:
    of.add_argument("file", help="the receipt as it was downloaded (JSON)")
    of.add_argument("--key", default="", help="public key (base64) from the service's /receipts/key; default: our own")
    of.add_argument(
        "--segment", action="append", default=[], metavar="FILE", help="a recording: is it one that the receipt names?"
    )


def _staff(of: argparse.ArgumentParser) -> None:
    of.add_argument("--organisation", required=True, help="id of an organisation, or the name of a new one")
    of.add_argument(
        "--kind", choices=("agency", "employer", "university"), help="makes a new organisation of this kind"
    )
    of.add_argument("--email", required=True)
    of.add_argument("--name", required=True)
    of.add_argument("--role", choices=("owner", "recruiter", "reviewer"), default="owner")
    of.add_argument("--language", choices=LANGUAGES, default="ko")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; an expected error is a sentence on standard error and exit 1."""
    given = parser().parse_args(arguments)
    target = next(item.target for item in COMMANDS if item.name == given.command)
    module, function = target.split(":")
    try:
        logs.begin(settings().log_level)
        command: Any = getattr(importlib.import_module(module), function)
        return int(command(given) or 0)
    except InterviewError as error:
        sys.stderr.write(f"interview-ai {given.command}: {typed.here(error.en)}\n")
        return WRONG_USAGE if error.status == 422 else 1


if __name__ == "__main__":
    sys.exit(main())
