"""`make bench-listening`: our way from a recording to words against what a user would write and plain faster-whisper.

Each figure is a ratio within one run on one machine. Weights of a size that cannot be had stand in at random: they cost
what real ones cost and say nothing true. Temperature 0, no second try, the same beam and the same forced number of
tokens on both sides. The others find no times of words, which they would pay for; ours do. Exits 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import cv2
import faster_whisper
import numpy as np
import torch
import whisper
from whisper.model import ModelDimensions, Whisper

from interview_ai.rules.hearing import word_errors
from models import converting, delivery, media, speech, speech_faster, speech_whisper, vision
from models.activity import speech_spans
from models.hearing import BEAM, Task
from models.speech import Recogniser, Spoken
from tests.bench import spoken
from tests.conftest import TEST_DATA
from tests.fixtures.sound import Sound, resampled

TOKENS = 80  # forced in each window: fluent speech of 26 s gives 70-150
EOT = 50257
TASK = Task("en", most_tokens=TOKENS, suppressed=f"-1,{EOT}")
SIZES = {"base": (512, 8, 6), "small": (768, 12, 12)}
FACES_PER_S = 5
VOICES = ("slt", "rms", "awb")
READ_ALOUD = Path(__file__).parents[1] / "evaluation" / "read_aloud_en.txt"
DURATIONS = {"face0_mediarecorder_chrome52.webm": 50.75, "face0_mediarecorder_firefox53.webm": 9.97}
FLAT_MB = 30  # what two runs of the same differ by
ONE_FACE, NO_FACE = ("face1_",), ("face0_",)


@dataclass
class Bar:
    """One line of the table. `held` is None for what could not be measured here, and `says` why."""

    what: str
    bar: str
    figure: str
    held: bool | None


@dataclass
class Table:
    """All that was measured."""

    bars: list[Bar] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, what: str, bar: str, figure: str, held: bool | None) -> None:
        """Keeps and prints one line at once, so that a broken run has shown something."""
        self.bars.append(Bar(what, bar, figure, held))
        mark = {True: "held  ", False: "MISSED", None: "-     "}[held]
        print(f"{mark} {what:62} {figure:>34}   bar {bar}", flush=True)


def cpu_s() -> float:
    """CPU seconds of this process and its finished children."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds of one call."""
    cpu, wall = cpu_s(), time.perf_counter()
    call()
    return cpu_s() - cpu, time.perf_counter() - wall


def stand_in(size: str, folder: Path) -> Path:
    """A checkpoint of a published size with weights of chance, in openai-whisper's format."""
    state, heads, layers = SIZES[size]
    torch.manual_seed(7)
    dims = ModelDimensions(80, 1500, state, heads, layers, 51865, 448, state, heads, layers)
    network = Whisper(dims)
    torch.nn.init.normal_(network.decoder.positional_embedding, std=0.02)
    path = folder / f"{size}.pt"
    torch.save({"dims": dataclasses.asdict(dims), "model_state_dict": network.half().state_dict()}, path)
    return path


def theirs_rest(path: Path, folder: Path) -> Path:
    """What a user would write, but for recognition: ffmpeg to a wav, every picture read, faces counted 5 times a second."""
    wav = folder / "theirs.wav"
    command = ["ffmpeg", "-y", "-loglevel", "error", "-i", str(path), "-ac", "1", "-ar", "16000", str(wav)]
    subprocess.run(command, check=True)
    cascade = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"))
    pictures = cv2.VideoCapture(str(path))
    number = 0
    while True:
        there, picture = pictures.read()
        if not there:
            return wav
        if number % round(spoken.PICTURES / FACES_PER_S) == 0:
            cascade.detectMultiScale(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), 1.1, 5)
        number += 1


def theirs_words(network: Whisper, wav: Path) -> None:
    """openai-whisper's own transcribe on the wav."""
    whisper.transcribe(
        network,
        str(wav),
        language=TASK.language,
        temperature=0.0,
        beam_size=BEAM,
        condition_on_previous_text=False,
        without_timestamps=True,
        suppress_tokens=TASK.suppressed,
        sample_len=TOKENS,
        no_speech_threshold=None,
        logprob_threshold=None,
        compression_ratio_threshold=None,
        fp16=False,
        verbose=None,
    )


def plain_faster(network: faster_whisper.WhisperModel, sound: Sound) -> None:
    """faster-whisper as its documentation shows it."""
    segments, _ = network.transcribe(
        sound,
        language=TASK.language,
        temperature=0.0,
        beam_size=BEAM,
        condition_on_previous_text=False,
        without_timestamps=True,
        suppress_tokens=[-1, EOT],
        max_new_tokens=TOKENS,
        no_speech_threshold=None,
        log_prob_threshold=None,
        compression_ratio_threshold=None,
    )
    list(segments)


def our_rest(path: Path) -> Sound:
    """Everything of ours but recognition; returns the sound."""
    with tempfile.TemporaryDirectory() as folder:
        read = media.read([path], Path(folder), wall_s=120)
        vision.look(read.frames)
        assert read.sound is not None
        sound = speech.load(read.sound)[:]
        words = speech.Transcript("none", "none", "en", "so it went", (speech.Word("so"),) * 100)
        delivery.measure(words, speech_spans(sound))
        return sound


def our_words(by: Recogniser, sounds: Sequence[Sound]) -> None:
    """Ours, all of the sounds together, words with their times."""
    original = speech.Task
    speech.Task = lambda *_: TASK  # type: ignore[misc, assignment]
    try:
        speech.transcribe_all([Spoken(sound, TASK.language) for sound in sounds], by)
    finally:
        speech.Task = original  # type: ignore[misc]


def speed(table: Table, folder: Path, size: str, runs: int) -> None:
    """The rows about time, with weights of one size."""
    checkpoint = stand_in(size, folder)
    converted = converting.convert(checkpoint, folder / f"faster-whisper-{size}", name=size)
    by = Recogniser("faster-whisper", size, converted)
    torch_network, fast_network = speech_whisper.loaded(checkpoint), speech_faster.loaded(converted)
    minute = spoken.recording(spoken.speech(60, silent=0.2), folder / "minute.webm")
    found: dict[str, list[tuple[float, float]]] = {}

    def take(name: str, call: Callable[[], object]) -> None:
        found.setdefault(name, []).append(timed(call))

    sound = our_rest(minute)
    wav = theirs_rest(minute, folder)
    paused = resampled(spoken.speech(90, silent=0.4), 16_000)
    short = [resampled(spoken.speech(20, silent=0.2), 16_000) for _ in range(8)]
    for _ in range(runs):
        take("theirs, rest", lambda: theirs_rest(minute, folder))
        take("ours, rest", lambda: our_rest(minute))
        take("theirs, words", lambda: theirs_words(torch_network, wav))
        take("ours, words", lambda: our_words(by, [sound]))
        take("plain, 90 s", lambda: plain_faster(fast_network, paused))
        take("ours, 90 s", lambda: our_words(by, [paused]))
        take("one by one", lambda: [our_words(by, [one]) for one in short])
        take("together", lambda: our_words(by, short))
    cpu = {name: statistics.median(one[0] for one in times) for name, times in found.items()}
    wall = {name: statistics.median(one[1] for one in times) for name, times in found.items()}
    table.seconds |= {f"{size}: {name}": [round(cpu[name], 2), round(wall[name], 2)] for name in found}
    rest = cpu["theirs, rest"] / cpu["ours, rest"]
    held = rest >= 25 and cpu["ours, rest"] <= 1.5
    table.add("all but recognition, CPU", "1/25, 1.5 s", f"1/{rest:.1f}, {cpu['ours, rest']:.2f} s", held)
    whole = (wall["theirs, rest"] + wall["theirs, words"]) / (wall["ours, rest"] + wall["ours, words"])
    table.add(f"whole pipeline, {size} (random weights)", ">= 6", f"{whole:.1f} times faster", whole >= 6)
    words = wall["plain, 90 s"] / wall["ours, 90 s"]
    table.add(f"recognition, 90 s with 40 % silence, {size}", ">= 1.3", f"{words:.2f} times faster", words >= 1.3)
    batch, spent = wall["one by one"] / wall["together"], cpu["one by one"] / cpu["together"]
    figure = f"{batch:.2f} times faster ({spent:.2f} in CPU s)"
    table.add(f"eight answers together on a CPU, {size}", ">= 1.1", figure, batch >= 1.1)


def memory(table: Table, folder: Path) -> None:
    """Peak memory beyond the model for one, three and ten minutes of 1080p, in a process of its own.

    A minute's speech fills one batch of windows, so what many batches leave behind shows from three minutes on.
    """
    minute = spoken.recording(
        spoken.speech(60, silent=0.2), folder / "hd.webm", width=1920, height=1080, bits=2_000_000
    )
    peaks = {}
    for name in ("1", "3", "10"):
        path = _repeated(minute, folder / f"{name}.webm", int(name))
        command = [sys.executable, "-m", "tests.bench.listening", "--peak", str(path), "--folder", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        # a child counts what its parent held when it was forked: the jail's parent here is a small process
        read = [sys.executable, "-c", JAILED, str(path)]
        jailed = subprocess.run(read, capture_output=True, text=True, check=True)
        peaks[name] = {"worker": json.loads(done.stdout), "jail": int(jailed.stdout)}
    most = max(max(peak.values()) for peak in peaks.values())
    figure = ", ".join(f"{name} min: {peak['worker']} + jail {peak['jail']} MB" for name, peak in peaks.items())
    flat = all(peaks["10"][part] <= peaks["3"][part] + FLAT_MB for part in ("worker", "jail"))
    table.add("peak memory beyond the model, 1080p", "<= 300 MB, flat", figure, most <= 300 and flat)


def _repeated(path: Path, into: Path, times: int) -> Path:
    """The recording over and over in one file, without coding it again."""
    with av.open(str(into), "w") as out:
        shift = 0.0
        streams: dict[str, Any] = {}
        for _ in range(times):
            with av.open(str(path)) as container:
                for stream in container.streams:
                    streams.setdefault(stream.type, None)
                    streams[stream.type] = streams[stream.type] or out.add_stream_from_template(stream)
                end = shift
                for packet in container.demux():
                    if packet.dts is None or packet.time_base is None:
                        continue
                    end = max(end, shift + float(packet.pts * packet.time_base))
                    packet.pts = packet.dts = int(packet.pts + shift / packet.time_base)
                    packet.stream = streams[packet.stream.type]
                    out.mux(packet)
                shift = end + 0.05
    return into


JAILED = """
import resource, sys, tempfile
from pathlib import Path
from models import media
with tempfile.TemporaryDirectory() as folder:
    media.read([Path(sys.argv[1])], Path(folder), wall_s=300)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def peak(path: Path, folder: Path) -> int:
    """MB beyond the loaded model while a worker sees to a recording."""
    by = Recogniser("faster-whisper", "base", folder / "faster-whisper-base")
    speech_faster.loaded(folder / "faster-whisper-base")
    before = _resident_mb("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark begins anew
    with tempfile.TemporaryDirectory() as made:
        read = media.read([path], Path(made), wall_s=300)
        vision.look(read.frames)
        assert read.sound is not None
        our_words(by, [speech.load(read.sound)])
    return _resident_mb("VmHWM") - before


def _resident_mb(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(name))


def truth(table: Table, folder: Path) -> None:
    """Durations, faces, silence, and the embedded recogniser's wrong words."""
    _real(table, folder)
    noise = (np.random.default_rng(2).standard_normal(16_000 * 30) * 0.05).astype(np.float32)
    words = speech.transcribe(noise, language="en", engine="pocketsphinx", folder=folder, vocabulary=["Onterview"])
    empty = TEST_DATA / "speech_en" / "picovoice_empty.wav"
    count, silent = len(words.transcript.words), "30 s of noise"
    if empty.exists():
        read = media.read([empty], folder, wall_s=30)
        assert read.sound is not None
        count += len(speech.transcribe(speech.load(read.sound), language="en", folder=folder).transcript.words)
        silent += " and near silence"
    table.add(silent, "no words", f"{count} words", count == 0)
    wrong = total = 0
    for voice in VOICES:
        for number, line in enumerate(READ_ALOUD.read_text(encoding="utf-8").splitlines()):
            wav = folder / f"{voice}-{number}.wav"
            subprocess.run(["flite", "-voice", voice, "-t", line, "-o", str(wav)], check=True)
            sound = whisper.load_audio(str(wav))
            heard = speech.transcribe(sound, language="en", engine="pocketsphinx", folder=folder)
            errors = word_errors(line, heard.transcript.text)
            wrong, total = wrong + errors.wrong, total + errors.said
    share = 100 * wrong / total
    table.add(
        f"English words wrong, embedded, {len(VOICES)} voices", "<= 25 %", f"{share:.1f} % of {total}", share <= 25
    )


def _real(table: Table, folder: Path) -> None:
    if not TEST_DATA.is_dir():
        for what in ("durations of the real browser recordings", "face count (0 / 1)"):
            table.add(what, "0.1 s" if what[0] == "d" else ".88", "no test data here", None)
        return
    videos = TEST_DATA / "video"
    off = []
    faces: dict[str, list[bool]] = {"haar": [], "yunet": []}
    for path in sorted(videos.iterdir()):
        one = path.name.startswith(("face1_", "chrome_like", "safari_like", "noaudio"))
        if not one and path.name not in DURATIONS:
            continue
        with tempfile.TemporaryDirectory() as made:
            read = media.read([path], Path(made), wall_s=60)
            off += [abs(read.facts.duration_s - DURATIONS[path.name])] if path.name in DURATIONS else []
            yunet = next((TEST_DATA / "face").glob("yunet*.onnx"))
            faces["haar"].append(vision.look(read.frames).faces == int(one))
            faces["yunet"].append(vision.look(read.frames, yunet).faces == int(one))
    table.add("durations of the real browser recordings", "0.1 s", f"off by {max(off):.3f} s at most", max(off) <= 0.1)
    for name, least in (("yunet", 0.95), ("haar", 0.88)):
        right = sum(faces[name]) / len(faces[name])
        table.add(f"face count (0 / 1), {name}", f">= {least}", f"{right:.2f} of {len(faces[name])}", right >= least)


def main() -> int:
    """Measures, prints, and writes JSON where `--out` says."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--full", action="store_true", help="also with the dimensions of `small`: ten minutes more")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--peak", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.peak:
        print(json.dumps(peak(given.peak, given.folder)))
        return 0
    for program in ("ffmpeg", "flite"):
        if shutil.which(program) is None:
            print(f"{program} is missing: apt install ffmpeg flite", file=sys.stderr)
            return 2
    torch.set_num_threads(os.cpu_count() or 1)
    table = Table()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for size in SIZES if given.full else ("base",):
            speed(table, folder, size, given.runs)
        memory(table, folder)
        truth(table, folder)
    for name, (cpu, wall) in table.seconds.items():
        print(f"       {name:40} {cpu:8.2f} s CPU {wall:8.2f} s")
    if given.out:
        given.out.write_text(json.dumps(dataclasses.asdict(table), indent=2), encoding="utf-8")
    return 1 if any(bar.held is False for bar in table.bars) else 0


if __name__ == "__main__":
    sys.exit(main())
