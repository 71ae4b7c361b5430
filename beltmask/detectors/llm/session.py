"""One request until somebody has answered it: tries again, reads along, stops a loop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from beltmask.detectors.base import Event, ObjectFound, ReplyFinished, TryFailed
from beltmask.detectors.llm.redaction import Redactor
from beltmask.detectors.llm.retry import RetryPolicy
from beltmask.detectors.replies.streaming import StreamReader
from beltmask.detectors.replies.units import Convention
from beltmask.errors import BeltMaskError, UnreadableReplyError
from beltmask.model import Picture, Reply, Usage


@dataclass(frozen=True, slots=True)
class ReceivedAnswer:
    """What came back. ``raw`` is the model's text or, where there is none, the whole body.

    ``latency`` is in seconds and counts the last try only. ``refusal`` is what the model said in
    place of an answer. ``temperature_refused``: the service would not be sent one.
    """

    raw: str
    text: str
    finish_reason: str | None
    block_reason: str | None
    model_version: str | None
    usage: Usage
    latency: float
    refusal: str = ""
    temperature_refused: bool = False

    def without_secrets(self, redactor: Redactor) -> ReceivedAnswer:
        """The same answer, whatever it echoed hidden."""
        clean = redactor.clean
        text = clean(self.text)
        return replace(
            self,
            text=text,
            raw=text if self.raw == self.text else clean(self.raw),
            finish_reason=self.finish_reason and clean(self.finish_reason),
            block_reason=self.block_reason and clean(self.block_reason),
            model_version=self.model_version and clean(self.model_version),
            refusal=clean(self.refusal),
        )


class ModelRequest(Protocol):
    """A request; ``hash`` is kept with its reply. ``object_cap``: how many objects it asks for."""

    @property
    def model(self) -> str: ...

    @property
    def hash(self) -> str: ...

    @property
    def object_cap(self) -> int: ...


class Call(Protocol):
    """One try: iterate for the model's text as it comes, then ask for the ``answer``.

    Iterating raises a ``BeltMaskError`` when something went wrong.
    """

    def __iter__(self) -> Iterator[str]: ...

    @property
    def answer(self) -> ReceivedAnswer:
        """What has come so far."""
        ...

    def hang_up(self) -> None:
        """Take no more: what is not sent is not paid for."""
        ...


AnyRequest = TypeVar("AnyRequest", bound=ModelRequest)
Request_contra = TypeVar("Request_contra", bound=ModelRequest, contravariant=True)


class Transport(Protocol[Request_contra]):
    """Sends requests to a service."""

    def ask(self, request: Request_contra, *, seconds: float) -> Call:
        """One try, which may take ``seconds``."""
        ...

    def close(self) -> None: ...


class LazyTransport(Generic[AnyRequest]):
    """A transport that the first request opens, for all threads. ``open_`` makes a new one."""

    def __init__(self, open_: Callable[[], Transport[AnyRequest]]) -> None:
        self._open, self._lock = open_, threading.Lock()
        self._opened: Transport[AnyRequest] | None = None

    def __call__(self) -> Transport[AnyRequest]:
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def close(self) -> None:
        """Let the connections go; the next request opens new ones."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
            self._opened = None


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """What came, read along by ``reader``. ``failure`` is what broke it off, if anything did."""

    answer: ReceivedAnswer
    reader: StreamReader
    failure: BeltMaskError | None = None
    cached: bool = False


def received_from_cache(reply: Reply, picture: Picture, convention: Convention) -> Received:
    """An answer kept from before, as if it had just come, at once and for nothing."""
    answer = ReceivedAnswer(
        raw=reply.raw,
        text=reply.raw,
        finish_reason=reply.finish_reason,
        block_reason=None,
        model_version=reply.model_version,
        usage=Usage(0, 0, 0),
        latency=0.0,
    )
    return Received(answer, StreamReader(picture, convention), cached=True)


def receive(
    transport: Transport[AnyRequest],
    request: AnyRequest,
    *,
    picture: Picture,
    retry: RetryPolicy,
    convention: Convention,
) -> Generator[Event, None, Received]:
    """Objects as they come, read by ``convention``; returns the answer.

    An answer that broke off after its first object is not asked for again here.

    Raises:
        BeltMaskError: No try gave an answer.
    """
    tried = 0
    while True:
        tried += 1
        reader = StreamReader(picture, convention)
        call = transport.ask(request, seconds=retry.left)
        try:
            yield from _objects(call, reader)
        except UnreadableReplyError as error:
            if call.answer.text:
                return Received(call.answer, reader, error)
            yield ReplyFinished(Reply(error.reply, request.hash))
            raise
        except BeltMaskError as error:
            delay = None if reader.found else retry.delay_after(error, tried=tried)
            if delay is not None:
                yield TryFailed(error.message)
                retry.wait(delay)
                continue
            if not call.answer.text:
                raise
            return Received(call.answer, reader, error)
        return Received(call.answer, reader)


def _objects(call: Call, reader: StreamReader) -> Generator[Event, None, None]:
    for text in call:
        for finding in reader.take(text):
            yield ObjectFound(finding)
        if reader.loop is not None:
            call.hang_up()
            return
