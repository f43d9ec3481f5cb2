"""One recording in, one assessment out; needs no database and runs in a shell as well as in a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from interview_ai.errors import Misconfigured, Unreadable
from interview_ai.rules import reasons
from interview_ai.rules.evidence import Assessment, Bilingual, Facts, Reason, Transcript
from models import delivery, language, media, speech, vision, weights
from models.completions import Server
from models.jail import UNSURE
from models.media import Media
from models.speech import Heard
from worker.judging import NOBODY, Asked, Said, judged, weighed, without_score

WALL_S = 300.0  # for reading a recording; decoding runs 30 times faster than real time or better

SILENCE = Heard(Transcript(NOBODY, NOBODY, NOBODY, "", ()), (), demonstration=False)
"""What is heard of a recording without sound."""

Step = Callable[[str], None]
"""Told the name of the step that begins."""


@dataclass(frozen=True, slots=True)
class Engines:
    """Which recogniser, which size, the folder where weights lie, and the optional rater; None: off."""

    speech: str
    speech_model: str
    models_dir: Path
    rater: Server | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The assessment, and the files made on the way: one that plays everywhere, its poster, its sound alone.

    `joins` and `peaks` as media.Media has them; `looked_with`: who counted faces, None where nobody did.
    """

    assessment: Assessment
    playable: Path | None
    poster: Path | None
    sound: Path | None
    joins: tuple[tuple[int, float], ...] = ()
    peaks: tuple[int, ...] = ()
    looked_with: str | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """A recording that was read and looked at, before anybody listens to it."""

    asked: Asked
    media: Media
    facts: Facts
    looked_with: str | None


def assess(
    recording: Sequence[Path], asked: Asked, engines: Engines, folder: Path, *, step: Step = lambda _: None
) -> Outcome:
    """Reads, listens, looks for evidence, suggests points or says why not. `folder` takes what is made.

    `step` is told where it is: reading, listening, judging. Raises Unreadable (code crashed or too_slow) where reading
    failed for a reason that may be ours.
    """
    step("reading")
    found = watch(recording, asked, engines, folder)
    if isinstance(found, Outcome):
        return found
    step("listening")
    heard = listen([found], engines)[0]
    step("judging")
    return judge(found, heard, engines.rater)


def watch(recording: Sequence[Path], asked: Asked, engines: Engines, folder: Path) -> Watched | Outcome:
    """Reads and looks; an Outcome where no player could read it. Raises Unreadable as `assess` does."""
    try:
        read = media.read(recording, folder, wall_s=WALL_S)
    except Unreadable as error:
        return Outcome(without_score(_unreadable(error), asked), None, None, None)
    facts, looked_with = _looked_at(read, engines)
    return Watched(asked, read, facts, looked_with)


def listen(watched: Sequence[Watched], engines: Engines) -> list[Heard | None]:
    """What is said in each, those of one language through the network together; None where no recogniser is there."""
    found: dict[int, Heard | None] = dict.fromkeys(range(len(watched)), SILENCE)
    spoken = [n for n, one in enumerate(watched) if one.media.sound]
    for of in sorted({watched[n].asked.language for n in spoken}):
        places = [n for n in spoken if watched[n].asked.language == of]
        found |= zip(places, _heard([watched[n] for n in places], of, engines), strict=True)
    return [found[n] for n in range(len(watched))]


def judge(watched: Watched, heard: Heard | None, rater: Server | None = None) -> Outcome:
    """Evidence and points, or why there are none; a second opinion where a rater is on."""
    if heard is None:
        found = without_score(reasons.reason("no_recogniser"), watched.asked, facts=watched.facts)
    else:
        found = weighed(_assessed(heard, watched.asked, _with_speech(watched.facts, heard)), watched.asked, rater)
    return _outcome(found, watched.media, watched.looked_with)


def prepare(recording: Sequence[Path], folder: Path) -> Outcome:
    """For people only: one playable file and its facts; no recogniser and no analyser is asked."""
    try:
        read = media.read(recording, folder, wall_s=WALL_S)
    except Unreadable as error:
        found = Assessment(None, None, None, (), (), None, _unreadable(error), {"code": version("onterview")})
        return Outcome(found, None, None, None)
    reason = reasons.reason("people_only")
    found = Assessment(read.facts, None, None, (), (), None, reason, {"code": version("onterview")})
    return _outcome(found, read, None)


def _outcome(found: Assessment, read: Media, looked_with: str | None) -> Outcome:
    return Outcome(found, read.playable, read.poster, read.playable_sound, read.joins, read.peaks, looked_with)


def stems(found: Outcome) -> list[tuple[str, int]]:
    """Stems of what was said, by which the answer can be found, each with where it begins in the transcript."""
    heard = found.assessment.transcript
    return language.stems(heard.text, heard.language) if heard else []


def _unreadable(error: Unreadable) -> Reason:
    if error.code in UNSURE:
        raise error
    return Reason("unreadable", Bilingual(error.ko, error.en))


def _looked_at(read: Media, engines: Engines) -> tuple[Facts, str | None]:
    """The facts with what the pictures show, and who counted the faces in them."""
    if read.facts.video is None:
        return read.facts, None
    seen = vision.look(read.frames, weights.face_detector(engines.models_dir))
    video = replace(read.facts.video, faces=seen.faces, dark=seen.dark, frozen=seen.frozen)
    return replace(read.facts, video=video), seen.detector


def _heard(watched: Sequence[Watched], language: str, engines: Engines) -> list[Heard | None]:
    try:
        by = speech.recogniser(language, engine=engines.speech, model=engines.speech_model, folder=engines.models_dir)
    except Misconfigured as error:
        if error.code != "no_recogniser":
            raise
        return [None] * len(watched)
    spoken = [
        speech.Spoken(speech.load(one.media.sound), language, one.asked.vocabulary)
        for one in watched
        if one.media.sound
    ]
    return list(speech.transcribe_all(spoken, by))


def _with_speech(facts: Facts, heard: Heard) -> Facts:
    if facts.audio is None:
        return facts
    spoken = round(sum(end - start for start, end in heard.speech), 2)
    silent = round(max(0.0, facts.duration_s - spoken), 2)
    return replace(facts, audio=replace(facts.audio, speech_s=spoken, silence_s=silent))


def _assessed(heard: Heard, asked: Asked, facts: Facts) -> Assessment:
    spoken = sum(end - start for start, end in heard.speech)
    how = delivery.measure(heard.transcript, heard.speech)
    said = Said(facts, how, round(spoken, 2), may_score=asked.demonstration or not heard.demonstration)
    found = judged(heard.transcript, asked, said)
    if not heard.weights:
        return found
    recogniser = f"{found.versions['speech']}@{heard.weights}"
    return replace(found, versions={**found.versions, "speech": recogniser})
