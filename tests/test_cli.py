"""The command line as scripts call it: one JSON object, exit codes that mean something, sentences for what is wrong."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from interview_ai import organisations
from interview_ai.cli import COMMANDS, main, parser
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.demonstration import load
from tests.conftest import forget
from tests.fixtures import speech, whisper

Called = Callable[..., tuple[int, str, str]]
QUESTION = ("--question", "Tell us about a time when you solved a problem at work.", "--language", "en")
CRITERION = {
    "id": "care",
    "name": {"ko": "꼼꼼함", "en": "Care"},
    "weight": 1.0,
    "anchors": {level: {"ko": f"{level}단계", "en": f"level {level}"} for level in (1, 3, 5)},
}
KEYS = {"recording", "facts", "transcript", "delivery", "gates", "evidence", "score", "reason", "versions"}


@pytest.fixture
def call(home: Path, capsys: pytest.CaptureFixture[str]) -> Called:
    """Runs a command; gives exit code, standard output and standard error."""

    def called(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
        written = capsys.readouterr()
        return code, written.out, written.err

    return called


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a text on standard input."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def the_object(out: str) -> dict[str, Any]:
    """The one JSON object that is all of standard output."""
    assert out.count("\n") == 1
    found: dict[str, Any] = json.loads(out)
    assert set(found) == KEYS
    assert (found["score"] is None) == (found["reason"] is not None)
    return found


def test_every_command_has_a_help_that_names_what_it_does(call: Called) -> None:
    for command in COMMANDS:
        code, out, _ = call(command.name, "--help")
        assert (code, " ".join(command.what.split()) in " ".join(out.split())) == (0, True), command.name


def test_the_contract_s_commands_are_all_there() -> None:
    named = {item.name for item in COMMANDS}
    wanted = {"assess", "score-text", "serve", "demo", "worker", "migrate", "doctor", "models", "add-staff", "run"}
    assert wanted <= named
    assert parser().parse_args(["assess", "f", *QUESTION]).engine is None


def test_a_readable_answer_is_assessed_with_exit_0(call: Called) -> None:
    path = load().recordings[0].path
    code, out, _ = call("assess", str(path), *QUESTION, "--demonstration")
    found = the_object(out)
    assert code == 0
    assert found["recording"]["bytes"] == path.stat().st_size
    assert found["transcript"]["engine"] == "pocketsphinx"
    for item in found["evidence"]:
        assert found["transcript"]["text"][item["start_char"] : item["end_char"]] == item["quote"]
        assert item["start_s"] <= item["end_s"]


def test_a_silent_answer_needs_a_person_with_exit_0(call: Called, tmp_path: Path) -> None:
    path = speech.recording(speech.silence(2), tmp_path / "silent.webm")
    code, out, _ = call("assess", str(path), *QUESTION)
    assert (code, the_object(out)["reason"]["code"]) == (0, "no_speech")


def test_a_file_that_cannot_be_read_ends_with_exit_3(call: Called, tmp_path: Path) -> None:
    (tmp_path / "broken.webm").write_bytes(b"no recording" * 99)
    code, out, _ = call("assess", str(tmp_path / "broken.webm"), *QUESTION)
    assert (code, the_object(out)["reason"]["code"]) == (3, "unreadable")


def test_korean_without_weights_says_which_command_brings_them(call: Called) -> None:
    path = load().recordings[0].path
    code, out, _ = call("assess", str(path), "--question", "문제를 해결한 경험을 말해 주세요.", "--language", "ko")
    reason = the_object(out)["reason"]
    assert (code, reason["code"]) == (0, "no_recogniser")
    assert all(reason["text"].values())


@pytest.mark.parametrize(
    "arguments",
    [
        ("assess", "nowhere.webm", *QUESTION),
        ("assess", __file__, "--language", "en"),
        ("assess", __file__, "--question", "?", "--language", "fr"),
        ("assess", __file__, *QUESTION, "--engine", "ears"),
        ("score-text", *QUESTION, "--rubric", "nowhere.yaml"),
        ("no-such-command",),
        (),
    ],
)
def test_wrong_usage_ends_with_exit_2_and_says_what_is_wrong(
    call: Called, say: Callable[[str], None], arguments: tuple[str, ...]
) -> None:
    say("I did it.")
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert err.strip()
    assert "Traceback" not in err


def test_a_text_is_scored_without_times(call: Called, say: Callable[[str], None]) -> None:
    say(speech.GOOD)
    code, out, _ = call("score-text", *QUESTION)
    found = the_object(out)
    assert (code, found["recording"], found["facts"], found["delivery"]) == (0, None, None, None)
    assert {item["kind"] for item in found["evidence"]} >= {"action", "result", "specific"}
    assert found["score"]["provisional"] is True
    assert 1 <= found["score"]["low"] <= found["score"]["points"] <= found["score"]["high"] <= 5


def test_a_rubric_of_one_s_own_is_used(call: Called, say: Callable[[str], None], tmp_path: Path) -> None:
    say(speech.GOOD)
    (tmp_path / "rubric.yaml").write_text(json.dumps({"criteria": [CRITERION]}, ensure_ascii=False), encoding="utf-8")
    _, out, _ = call("score-text", *QUESTION, "--rubric", str(tmp_path / "rubric.yaml"))
    assert {item["id"] for item in the_object(out)["score"]["criteria"]} == {"care"}


@pytest.mark.parametrize("content", ["", "criteria: []", "criteria: [{id: care}]", "just words", "criteria: {"])
def test_a_rubric_that_is_none_is_answered_with_what_is_wrong(
    call: Called, say: Callable[[str], None], tmp_path: Path, content: str
) -> None:
    say(speech.GOOD)
    (tmp_path / "rubric.yaml").write_text(content, encoding="utf-8")
    code, out, err = call("score-text", *QUESTION, "--rubric", str(tmp_path / "rubric.yaml"))
    assert (code, out) == (2, "")
    assert "rubric" in err
    assert "Traceback" not in err


def test_an_empty_text_is_no_answer(call: Called, say: Callable[[str], None]) -> None:
    say("")
    code, out, _ = call("score-text", *QUESTION)
    assert (code, the_object(out)["reason"]["code"]) == (0, "no_speech")


def test_the_doctor_finds_a_fresh_installation_well_and_notes_what_is_missing(call: Called) -> None:
    code, out, _ = call("doctor")
    lines = {line.split()[1]: line for line in out.splitlines()}
    assert {"secret", "database", "broker", "storage", "disk", "pages", "recogniser", "weights"} <= set(lines)
    assert "interview-ai models pull small" in lines["weights"]
    assert "Korean" in out
    assert code == (0 if "MEND" not in out else 1)


@pytest.mark.parametrize(
    ("variable", "value", "part"),
    [
        ("INTERVIEW_BROKER_URL", "redis://127.0.0.1:1/0", "broker"),
        ("INTERVIEW_BROKER_URL", "amqp://127.0.0.1:1//", "broker"),
        ("INTERVIEW_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none", "database"),
        ("INTERVIEW_DATABASE_URL", "sqlite:////proc/none/onterview.sqlite3", "database"),
        ("INTERVIEW_STORAGE_URL", "file:///proc/none", "storage"),
        ("INTERVIEW_SECRET_FILE", "/nowhere/secret", "secret"),
    ],
)
def test_the_doctor_names_what_is_not_well_and_the_setting_that_mends_it(
    call: Called, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, part: str
) -> None:
    monkeypatch.setenv(variable, value)
    forget()
    code, out, _ = call("doctor")
    line = next(line for line in out.splitlines() if line.split()[1] == part)
    assert code == 1
    assert line.startswith("MEND")
    assert variable in line


def test_an_old_database_is_migrated_by_the_command_that_the_doctor_names(
    call: Called, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("INTERVIEW_DATABASE_URL", f"sqlite:///{tmp_path / 'new.sqlite3'}")
    forget()
    assert "interview-ai migrate\n" in call("doctor")[1]
    assert call("migrate")[0] == call("migrate")[0] == 0
    assert "at the newest migration" in call("doctor")[1]


def test_a_setting_that_is_wrong_is_named(call: Called, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_BROKER_URL", "carrier-pigeon://roof")
    forget()
    code, _, err = call("doctor")
    assert code != 0
    assert "INTERVIEW_BROKER_URL: must begin with filesystem://, redis:// or amqp://" in err


def test_somebody_added_may_sign_in_with_the_printed_password(call: Called) -> None:
    added = ("add-staff", "--organisation", "Our Firm", "--kind", "employer", "--email", "jun@example.com")
    code, out, _ = call(*added, "--name", "Jun")
    assert code == 0
    checked = organisations.check("jun@example.com", out.split()[-1])
    with transaction(EVERYWHERE) as session:
        assert organisations.sign_in(session, checked)


def test_somebody_for_an_organisation_that_is_not_there_says_how_to_make_it(call: Called) -> None:
    code, out, err = call("add-staff", "--organisation", "Nobody", "--email", "a@example.com", "--name", "A")
    assert (code != 0, out, "--kind" in err) == (True, "", True)


def test_the_same_address_twice_is_refused_in_words(call: Called) -> None:
    added = ("add-staff", "--organisation", "Firm", "--kind", "employer", "--email", "jun@example.com", "--name", "Jun")
    call(*added)
    code, out, err = call(*added)
    assert (code != 0, out) == (True, "")
    assert "jun@example.com" in err or "address" in err


def test_models_are_listed_and_what_is_not_the_published_file_is_named(call: Called, home: Path) -> None:
    assert "not installed" in call("models", "list")[1]
    assert call("models", "verify")[0] == 0
    (home / "models").mkdir()
    (home / "models" / "small.pt").write_bytes(b"something else")
    code, out, _ = call("models", "verify")
    assert (code, "NOT the published file" in out) == (1, True)


def test_pulling_from_a_mirror_that_lies_keeps_nothing(
    call: Called, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small.pt").write_bytes(b"something else")
    monkeypatch.setenv("INTERVIEW_MODELS_URL", str(tmp_path))
    forget()
    code, _, err = call("models", "pull")
    assert (code != 0, "not the published file" in err) == (True, True)
    assert list((home / "models").iterdir()) == []


@pytest.mark.slow
def test_pulled_weights_are_converted_and_verified_and_a_changed_conversion_is_named(
    call: Called, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = tmp_path / "mirror"
    monkeypatch.setattr("models.weights.CATALOGUE", {"small": whisper.installed(mirror)})
    monkeypatch.setenv("INTERVIEW_MODELS_URL", str(mirror))
    forget()
    assert call("models", "pull")[0] == 0
    code, out, _ = call("models", "verify")
    assert (code, out) == (0, "small: ok\nfaster-whisper-small: ok\n")
    assert "Korean: faster-whisper, whisper" in call("doctor")[1]
    with (home / "models" / "faster-whisper-small" / "model.bin").open("ab") as file:
        file.write(b"\x00")
    code, out, _ = call("models", "verify")
    assert (code, "models convert small" in out) == (1, True)
    assert call("models", "convert")[0] == 0
    assert call("models", "verify")[0] == 0
