"""Everything the engine can raise on purpose.

* BeltMaskError
  - SettingsError
    - NoKeyError                 Gemini was chosen and there is no key
  - NotAllowedError              this actor may not do this
  - ImageError
    - ImageRefusedError          not an image, cut short, too large, unsafe archive
      - NotAPictureError         a file beside pictures that nobody would take for one
  - DetectorError
    - DetectorBusyError          overloaded, or the per-minute quota (retryable)
    - QuotaSpentError            the day's quota is gone
    - BudgetSpentError           the day's own budget is used up
    - DetectorUnreachableError   timeout, no connection, connection dropped (retryable)
    - RequestRejectedError       bad request, key not accepted, unknown model
    - AnswerBlockedError         a safety or copyright filter stopped the question or answer
    - UnreadableReplyError       an answer came, but nothing in it can be read
      - EmptyReplyError          an answer came with no text at all
    - UnansweredError            parts of a picture were never answered
    - NoRecordedReplyError       replay has nothing for this picture
    - ProcessDiedError           process after process ended with a picture
  - StoreError
    - NotFoundError
    - DamagedError               bytes are not the ones that were stored
    - NameTakenError
    - StaleRevisionError         somebody changed the same object first
    - DatabaseUnavailableError
    - StorageUnavailableError    bytes cannot be kept or fetched just now, whatever they are
  - ReviewError
    - OpenProposalsError         approving needs every proposal accepted or rejected
  - FormatError                  a file of annotations that cannot be read or written

Pages catch ``BeltMaskError`` once, in ``components.errors``; the command line once, in
``beltmask.cli``. Anything else is a bug and is allowed to reach the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

from beltmask.messages import Explanation, Message, Parameter, as_said


class BeltMaskError(Exception):
    """Base of the tree. ``advice`` tells the person at the screen what to do next."""

    advice = Message("errors.try_again")
    retryable = False

    def __init__(self, message: Message, *, hint: Message | None = None) -> None:
        self.message = message
        super().__init__(self.message)
        if hint is not None:
            self.advice = hint

    def __str__(self) -> str:
        return str(self.message)

    @property
    def code(self) -> str:
        """What went wrong, wherever it was."""
        return self.message.core.code

    @property
    def params(self) -> Mapping[str, Parameter]:
        return self.message.core.params

    @property
    def hint(self) -> str:
        """What to do next, in English."""
        return str(self.advice)

    def at(self, place: Message | str) -> Self:
        """The same error, its message beginning with where it happened."""
        return self.say(Message("errors.at", place=place, said=self.message))

    def say(self, message: Message) -> Self:
        """The same error in other words."""
        self.message = message
        self.args = (message,)
        return self

    @property
    def explained(self) -> Explanation:
        """The message and what to do next, to be kept."""
        return Explanation(self.message, self.advice)

    @property
    def explanation(self) -> str:
        """The message and what to do next, as English sentences on one line."""
        return str(self.explained)


class SettingsError(BeltMaskError):
    advice = Message("errors.check_settings")


class NoKeyError(SettingsError):
    advice = Message("errors.set_key")


class NotAllowedError(BeltMaskError):
    advice = Message("errors.ask_who_runs_it")


class ImageError(BeltMaskError):
    """Something about a picture."""


class ImageRefusedError(ImageError):
    """A file that cannot become an image of a project; the message names it and says why."""

    advice = Message("errors.use_these_formats")


class NotAPictureError(ImageRefusedError):
    """A file beside pictures that neither its name nor its content makes one."""


class DetectorError(BeltMaskError):
    """A detector could not answer."""


class DetectorBusyError(DetectorError):
    advice = Message("errors.wait_a_minute")
    retryable = True

    def __init__(self, message: Message, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class QuotaSpentError(DetectorError):
    advice = Message("errors.wait_until_tomorrow")


class BudgetSpentError(DetectorError):
    advice = Message("errors.raise_budget")


class DetectorUnreachableError(DetectorError):
    advice = Message("errors.check_network")
    retryable = True


class RequestRejectedError(DetectorError):
    advice = Message("errors.check_key_and_model")


class AnswerBlockedError(DetectorError):
    advice = Message("errors.reword")


class UnreadableReplyError(DetectorError):
    """An answer came in a form nobody can read. Never the same as "nothing found"."""

    advice = Message("errors.read_raw_reply")

    def __init__(self, message: Message, *, reply: str, hint: Message | None = None) -> None:
        super().__init__(message, hint=hint)
        self.reply = reply


class EmptyReplyError(UnreadableReplyError):
    advice = Message("errors.detect_again")


class UnansweredError(DetectorError):
    advice = Message("errors.detect_the_rest")


class NoRecordedReplyError(DetectorError):
    advice = Message("errors.put_a_reply")


class ProcessDiedError(DetectorError):
    advice = Message("errors.more_memory")

    def __init__(self) -> None:
        super().__init__(Message("errors.ended_three_times"))


class StoreError(BeltMaskError):
    """Records or files could not be read or written."""


class NotFoundError(StoreError):
    advice = Message("errors.choose_again")


class DamagedError(StoreError):
    advice = Message("errors.add_again")


class NameTakenError(StoreError):
    advice = Message("errors.other_name")


class StaleRevisionError(StoreError):
    """``objects`` are the ids of the annotations it is about, where it is about some."""

    advice = Message("errors.reload")

    def __init__(
        self,
        message: Message,
        *,
        hint: Message | None = None,
        objects: Iterable[str] = (),
    ) -> None:
        super().__init__(message, hint=hint)
        self.objects = tuple(objects)


class DatabaseUnavailableError(StoreError):
    advice = Message("errors.check_database")


class StorageUnavailableError(StoreError):
    advice = Message("errors.check_storage")


class ReviewError(BeltMaskError):
    """A step of the review that its rules forbid."""


class OpenProposalsError(ReviewError):
    advice = Message("errors.settle_first")


class FormatError(BeltMaskError):
    advice = Message("errors.check_file")


class UnusableValueError(ValueError):
    """A value that cannot be used, caught where it is known what it is part of."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


def reason_of(error: Exception) -> Message:
    """What an error says: ours by its code, others in their words."""
    return error.message if isinstance(error, UnusableValueError) else as_said(str(error))
