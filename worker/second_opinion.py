"""The optional rater in the way of an answer: asked after the rule, kept beside it, able only to silence it."""

from __future__ import annotations

from dataclasses import replace

from interview_ai.rules import reasons, second_opinion
from interview_ai.rules.evidence import Assessment, Rubric
from interview_ai.settings import settings
from models import rater
from models.completions import Server


def server() -> Server | None:
    """The server that the settings name; None: off, the default."""
    given = settings()
    return Server(given.rater_url, given.rater_model, given.rater_key.get_secret_value()) if given.rater_url else None


def weighed(found: Assessment, server: Server | None, *, question: str, rubric: Rubric) -> Assessment:
    """The assessment with the second opinion beside it, and without points where the two contradict each other.

    Only what the rule suggested points for is sent. The opinion never makes a number: points stay as the rule gave
    them, or go (abstained). Evidence stays, for the person who looks.
    """
    if server is None or found.score is None or found.transcript is None:
        return found
    heard = found.transcript
    opinion = rater.rate(heard.text, question=question, rubric=rubric, language=heard.language, server=server)
    versions = {**found.versions, "rater": opinion.rater}
    if second_opinion.contradicts(opinion, found.score):
        return replace(found, score=None, reason=reasons.reason("abstained"), versions=versions, opinion=opinion)
    return replace(found, versions=versions, opinion=opinion)
