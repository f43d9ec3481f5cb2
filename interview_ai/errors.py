"""The errors that we expect: each carries its HTTP status and a sentence, in both languages, that says what to do."""

from __future__ import annotations


class InterviewError(Exception):
    """An expected failure. `status` is the HTTP status; `ko` and `en` are shown to the reader as they are."""

    status = 400

    def __init__(self, en: str, ko: str, *, code: str = "") -> None:
        super().__init__(en)
        self.en = en
        self.ko = ko
        self.code = code

    def text(self, language: str) -> str:
        """The sentence in the reader's language; anything but Korean reads English."""
        return self.ko if language == "ko" else self.en


class Invalid(InterviewError):
    """What was sent cannot be used as it is; the sentence says what to change."""

    status = 422


class SignInNeeded(InterviewError):
    """Nobody is signed in, or the sign-in has ended."""

    status = 401


class Forbidden(InterviewError):
    """Somebody is signed in who may not do this."""

    status = 403


class NotFound(InterviewError):
    """It is not there, or not for this reader; the two answer alike."""

    status = 404

    def __init__(
        self, en: str = "There is nothing at this address.", ko: str = "이 주소에는 아무것도 없습니다."
    ) -> None:
        super().__init__(en, ko)


class Conflict(InterviewError):
    """The state of things does not allow this now."""

    status = 409


class TooMuch(InterviewError):
    """More than the question, the answer or the disk allows; `status` is 413, 429 or 507.

    `wait_s`: after how many seconds another try is welcome, where that is known.
    """

    def __init__(self, en: str, ko: str, *, status: int = 413, wait_s: int | None = None) -> None:
        super().__init__(en, ko)
        self.status = status
        self.wait_s = wait_s


class Unreadable(InterviewError):
    """A recording that no player can read. `code` says why, for the record."""

    status = 422


class Misconfigured(InterviewError):
    """A setting is wrong or a part is missing; the sentence says how to mend it."""

    status = 500


class LeaseLost(InterviewError):
    """The work row is no longer ours: somebody else has it, or the work was called off."""

    status = 409

    def __init__(self) -> None:
        super().__init__("this piece of work now belongs to another worker", "이 작업은 이제 다른 작업자의 것입니다")
