"""The one door to every detector: a picture and a prompt in, a stream of events out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from beltmask.model import Finding, Picture, Problem, Prompt, Reply


@dataclass(frozen=True, slots=True)
class RequestSent:
    """A request left for the detector. ``request`` is its hash, as kept with the reply."""

    request: str


@dataclass(frozen=True, slots=True)
class TryFailed:
    """The request came to nothing and is sent once more. ``why`` is for a person."""

    why: str


@dataclass(frozen=True, slots=True, eq=False)
class ObjectFound:
    finding: Finding


@dataclass(frozen=True, slots=True)
class ObjectsWithdrawn:
    """No object of this picture told so far counts; those that do are told after this."""


@dataclass(frozen=True, slots=True)
class ProblemFound:
    problem: Problem


@dataclass(frozen=True, slots=True)
class ReplyFinished:
    """The raw answer is complete. Also sent when nothing in it can be read."""

    reply: Reply


Event = RequestSent | TryFailed | ObjectFound | ObjectsWithdrawn | ProblemFound | ReplyFinished


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a detector can be used now, and one line that says what is at work or missing."""

    ready: bool
    note: str


class ReplyCache(Protocol):
    """Answers kept from before."""

    def find(self, request: str, *, repeat: int) -> Reply | None:
        """The whole answer to the request with this hash; ``repeat`` as in the prompt."""
        ...


class Budget(Protocol):
    """How much may be spent."""

    def left(self) -> float | None:
        """USD that may still be spent today; None without a limit.

        Whoever takes a detector's events sees to it that the cost of a reply counts before the
        next event is taken.
        """
        ...


class Detector(Protocol):
    """Whatever proposes objects.

    ``detect`` yields, per request: RequestSent, then TryFailed for every try that is repeated,
    then objects as they become known and problems, then ReplyFinished. ObjectsWithdrawn takes
    back every object told before it. An answer nobody can read still yields ReplyFinished, with
    the raw text, before it raises.

    Raises (while iterating):
        DetectorError: The detector could not answer; ``retryable`` says whether to try again.
        SettingsError: It is not set up.
    """

    @property
    def name(self) -> str: ...

    def availability(self) -> Availability: ...

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]: ...
