"""The demonstration's openings and recordings: made-up people, spoken by synthetic voices over a drawn figure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
RECORDINGS = HERE / "recordings"


@dataclass(frozen=True, slots=True)
class DemonstrationOpening:
    """One opening: `library` names its questions as competency and number, `problem_solving.0`."""

    key: str
    language: str
    title_ko: str
    title_en: str
    library: tuple[str, ...]
    think_s: int
    answer_s: int


@dataclass(frozen=True, slots=True)
class DemonstrationRecording:
    """One answer. `kind`: good, middling, off_topic, echo, silent or too_short; `voice` says who read it."""

    file: str
    opening: str
    question: int
    candidate: str
    kind: str
    voice: str
    text: str

    @property
    def path(self) -> Path:
        """Where the recording lies."""
        return RECORDINGS / self.file

    @property
    def media_type(self) -> str:
        """As a browser would name it."""
        return "video/mp4" if self.file.endswith(".mp4") else "video/webm"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """All of it."""

    openings: tuple[DemonstrationOpening, ...]
    recordings: tuple[DemonstrationRecording, ...]


@cache
def load() -> Demonstration:
    """Reads manifest.yaml."""
    content: dict[str, list[dict[str, Any]]] = yaml.safe_load((HERE / "manifest.yaml").read_text(encoding="utf-8"))
    openings = tuple(DemonstrationOpening(**(one | {"library": tuple(one["library"])})) for one in content["openings"])
    return Demonstration(openings, tuple(DemonstrationRecording(**one) for one in content["recordings"]))
