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

from collections.abc import Iterable
from typing import Self


class BeltMaskError(Exception):
    """Base of the tree. ``hint`` tells the person at the screen what to do next."""

    hint = "Try again. If it keeps happening, report it with the time and the log."
    retryable = False

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        if hint is not None:
            self.hint = hint

    def at(self, place: str) -> Self:
        """The same error, its message beginning with where it happened."""
        self.args = (f"{place}: {self}",)
        return self

    @property
    def explanation(self) -> str:
        """The message and what to do next, as sentences on one line."""
        message = " ".join(str(self).split()).rstrip(".")
        return f"{message}. {self.hint}"


class SettingsError(BeltMaskError):
    hint = "Check the environment variables listed in the README."


class NoKeyError(SettingsError):
    hint = "Set GEMINI_API_KEY in the environment or in .env and start BeltMask again."


class NotAllowedError(BeltMaskError):
    hint = "Ask the person who runs this installation."


class ImageError(BeltMaskError):
    """Something about a picture."""


class ImageRefusedError(ImageError):
    """A file that cannot become an image of a project; the message names it and says why."""

    hint = "Use PNG, JPEG, WebP, BMP or TIFF files, or a ZIP of them."


class NotAPictureError(ImageRefusedError):
    """A file beside pictures that neither its name nor its content makes one."""


class DetectorError(BeltMaskError):
    """A detector could not answer."""


class DetectorBusyError(DetectorError):
    hint = "Wait a minute and detect again, or choose another model."
    retryable = True

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class QuotaSpentError(DetectorError):
    hint = "Wait until tomorrow, raise the quota of the key, or use the offline detector."


class BudgetSpentError(DetectorError):
    hint = "Go on tomorrow, raise BELTMASK_DAILY_BUDGET, or use the offline detector."


class DetectorUnreachableError(DetectorError):
    hint = "Check the network, or use the offline detector."
    retryable = True


class RequestRejectedError(DetectorError):
    hint = "Check the key and the model's name."


class AnswerBlockedError(DetectorError):
    hint = "Reword the query, or leave this picture to a person."


class UnreadableReplyError(DetectorError):
    """An answer came in a form nobody can read. Never the same as "nothing found"."""

    hint = "Read the raw reply, then try another wording or model."

    def __init__(self, message: str, *, reply: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.reply = reply


class EmptyReplyError(UnreadableReplyError):
    hint = "Detect again, or lower the thinking level or the object cap."


class NoRecordedReplyError(DetectorError):
    hint = "Put a reply named after the picture into the replay folder."


class ProcessDiedError(DetectorError):
    hint = (
        "Give the machine more memory, or make the picture or what is sent of it smaller; "
        "then try again."
    )

    def __init__(self) -> None:
        super().__init__("BeltMask was ended three times while it looked at this picture")


class StoreError(BeltMaskError):
    """Records or files could not be read or written."""


class NotFoundError(StoreError):
    hint = "It may have been deleted. Choose again."


class DamagedError(StoreError):
    hint = "Add the same file again, or see what `python -m beltmask check` says."


class NameTakenError(StoreError):
    hint = "Choose another name."


class StaleRevisionError(StoreError):
    """``objects`` are the ids of the annotations it is about, where it is about some."""

    hint = "Reload to see their version, then make your change again."

    def __init__(
        self, message: str, *, hint: str | None = None, objects: Iterable[str] = ()
    ) -> None:
        super().__init__(message, hint=hint)
        self.objects = tuple(objects)


class DatabaseUnavailableError(StoreError):
    hint = "Check BELTMASK_DATABASE_URL and that the database is running."


class StorageUnavailableError(StoreError):
    hint = "Check that the picture store can be reached and has room."


class ReviewError(BeltMaskError):
    """A step of the review that its rules forbid."""


class OpenProposalsError(ReviewError):
    hint = "Accept or reject every proposed object first."


class FormatError(BeltMaskError):
    hint = "Check that the file is what the format says."
