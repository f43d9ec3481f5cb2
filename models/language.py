"""One function over the analysers of the two languages: text in, finds and word lists out."""

from __future__ import annotations

import importlib
from typing import Any, cast

from interview_ai.errors import Misconfigured
from interview_ai.rules.analysis import Analysis

MODULES = {"en": "models.language_en", "ko": "models.language_ko"}
VERSIONS = {"en": "en-rules-2", "ko": "kiwipiepy-rules-2"}


def analyse(text: str, language: str) -> Analysis:
    """What is in a transcript or a question. Deterministic; reads punctuation where there is any, needs none."""
    if language not in MODULES:
        raise Misconfigured(
            f"There is no analyser for {language}: ko or en.", f"{language} 분석기는 없습니다: ko 또는 en."
        )
    module: Any = importlib.import_module(MODULES[language])
    return cast(Analysis, module.analyse(text))


def stems(text: str, language: str) -> list[tuple[str, int]]:
    """Stems of a text's words by which it can be found, each with where it begins, in characters.

    None in English: there a search meets words by their beginnings, which are the stems.
    """
    if language != "ko":
        return []
    module: Any = importlib.import_module(MODULES[language])
    return cast(list[tuple[str, int]], module.stems(text))
