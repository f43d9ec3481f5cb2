"""The addresses that messages to candidates carry, and how long those in a text message get at most."""

from __future__ import annotations

from interview_ai import mail_frames, opt_outs, tokens
from interview_ai.rules.message_words import Added
from interview_ai.settings import settings

NOBODY, NO_NUMBER = "nobody@example.invalid", "00000000000"  # whose messages the link to stop in an example ends
NO_ORGANISATION = "0" * 32


def link(token: str) -> str:
    """The address of an invitation."""
    return f"{settings().public_url.rstrip('/')}/i/{token}"


def added(language: str) -> Added:
    """What a text message gets beside its words at most: its link, and the line that ends further ones for an address
    and a number."""
    stop = opt_outs.address(opt_outs.token(NO_ORGANISATION, NOBODY, NO_NUMBER))
    return Added(link(tokens.new_token()), mail_frames.stop_line(language, stop))
