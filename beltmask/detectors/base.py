"""The one door to every detector: a picture and a prompt in, a stream of events out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from beltmask.errors import UnreadableReplyError
from beltmask.messages import Message
from beltmask.model import Finding, Picture, Problem, Prompt, Reply, Size


@dataclass(frozen=True, slots=True)
class RequestSent:
    """A request left for the detector. ``request`` is its hash, as kept with the reply."""

    request: str


@dataclass(frozen=True, slots=True)
class TryFailed:
    """The request came to nothing and is sent once more. ``why`` is for a person."""

    why: Message


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


@dataclass(frozen=True, slots=True)
class DetectorTraits:
    """What is true of a detector whatever it is asked.

    ``asks_a_model``: it heeds the query, the name of a model and the cap on objects, and may cost
    money. ``usual_model`` is asked when nobody names another; "" where that is not known.
    ``leaves`` says where pictures are sent, in a sentence; "" when they stay on this machine.
    ``takes_tiles``: large pictures can be shown to it tile by tile.
    ``ignores_sketches`` says why strokes on a picture change nothing; "" when they do.
    ``writes_replies``: its raw answers can be read again.
    """

    asks_a_model: bool = False
    usual_model: str = ""
    leaves: str = ""
    takes_tiles: bool = False
    ignores_sketches: str = "A sketch makes no difference to this detector."
    writes_replies: bool = False

    @property
    def noun(self) -> str:
        """What one question to it is called."""
        return "request" if self.asks_a_model else "look"


@dataclass(frozen=True, slots=True)
class EarlierReply:
    """A reply that was kept, with its words, and the problems it had when it was read last."""

    reply: Reply
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """The replies to one question, at least one, in the order they came.

    Not ``complete``: asking ended before all of the picture was answered.
    """

    replies: tuple[EarlierReply, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model as a person chooses it; ``note`` is what to know of it, "" when there is nothing.

    ``ends`` is the last day it answers under its own name, and ``successor`` whom to ask then.
    ``thinking``: the levels it heeds beside "off"; none where it is never told how much to think.
    """

    id: str
    note: str = ""
    heeds_temperature: bool = True
    ends: date | None = None
    successor: str = ""
    thinking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tokens and USD: from one object per request to as many as allowed.

    ``requests``: fewest and most. ``input_tokens`` are those of the most. ``cost`` is None where
    the price is not known.
    """

    pictures: int
    requests: tuple[int, int]
    input_tokens: int
    output_tokens: tuple[int, int]
    cost: tuple[float, float] | None


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
    """Whatever proposes objects. One that asks no model needs a name, a note and ``detect``.

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

    @property
    def traits(self) -> DetectorTraits:
        return DetectorTraits()

    def availability(self) -> Availability: ...

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]: ...

    def read(
        self,
        answer: EarlierAnswer,
        picture: Picture,  # noqa: ARG002
        prompt: Prompt,  # noqa: ARG002
    ) -> Iterator[Event]:
        """What ``detect`` would yield today, had it been answered so; nothing is asked.

        Replies come at no cost, with the problems they have now.

        Raises (while iterating):
            UnreadableReplyError, AnswerBlockedError: About some part, nothing can be read.
            UnansweredError: Parts of the picture were never answered.
        """
        message = Message("errors.writes_no_replies", name=self.name)
        raise UnreadableReplyError(message, reply=answer.replies[0].reply.raw)

    def words_for(self, prompt: Prompt) -> str:  # noqa: ARG002
        """The exact text that goes out with a picture; "" where none does."""
        return ""

    def fallback_steps(self, prompt: Prompt) -> Sequence[str]:  # noqa: ARG002
        """How a picture is asked about again, step by step, while answers fall short."""
        return ()

    def models(self, day: date) -> Sequence[ModelChoice]:  # noqa: ARG002
        """Those to choose from on ``day``; without any, a person types the name of one."""
        return ()

    def model(self, name: str, day: date) -> ModelChoice:  # noqa: ARG002
        """What to know of any model on ``day``, offered or not."""
        return ModelChoice(name)

    def estimate(
        self,
        prompt: Prompt,  # noqa: ARG002
        sizes: Sequence[Size],  # noqa: ARG002
        day: date,  # noqa: ARG002
    ) -> Estimate | None:
        """What asking once about pictures of ``sizes`` would take, all tries going well.

        None where it costs nothing, or nobody knows what.
        """
        return None


class WrappedDetector(Detector):
    """What stands before and behind another detector, and is like it where it says nothing."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector

    @property
    def name(self) -> str:
        return self._detector.name

    @property
    def traits(self) -> DetectorTraits:
        return self._detector.traits

    def availability(self) -> Availability:
        return self._detector.availability()

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        return self._detector.detect(picture, prompt)

    def read(self, answer: EarlierAnswer, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        return self._detector.read(answer, picture, prompt)

    def words_for(self, prompt: Prompt) -> str:
        return self._detector.words_for(prompt)

    def fallback_steps(self, prompt: Prompt) -> Sequence[str]:
        return self._detector.fallback_steps(prompt)

    def models(self, day: date) -> Sequence[ModelChoice]:
        return self._detector.models(day)

    def model(self, name: str, day: date) -> ModelChoice:
        return self._detector.model(name, day)

    def estimate(self, prompt: Prompt, sizes: Sequence[Size], day: date) -> Estimate | None:
        return self._detector.estimate(prompt, sizes, day)
