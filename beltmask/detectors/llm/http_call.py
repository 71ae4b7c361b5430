"""One try over HTTP, whoever is asked: what came of the answer, without what proved who asks."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Generic, TypeVar

from beltmask.detectors.llm.deadlines import Watch
from beltmask.detectors.llm.redaction import Failure
from beltmask.detectors.llm.session import ReceivedAnswer
from beltmask.model import Usage


class IncomingAnswer:
    """What a service has answered so far; its own response fills in the fields."""

    def __init__(self) -> None:
        self.finish_reason: str | None = None
        self.block_reason: str | None = None
        self.model_version: str | None = None
        self.usage = Usage()
        self.refusal = ""
        self.temperature_refused = False
        self._pieces: list[str] = []

    def add(self, text: str) -> str:
        """Keep more of the model's text; returns it without what no file could hold."""
        self._pieces.append(text.encode("utf-8", "replace").decode())
        return self._pieces[-1]

    @property
    def is_empty(self) -> bool:
        """Whether no text of the model came."""
        return not any(self._pieces)

    def answer(self, *, body: str, latency: float) -> ReceivedAnswer:
        """What has come; without any text, ``raw`` is the whole ``body``."""
        text = "".join(self._pieces)
        return ReceivedAnswer(
            raw=text or body,
            text=text,
            finish_reason=self.finish_reason,
            block_reason=self.block_reason,
            model_version=self.model_version,
            usage=self.usage,
            latency=latency,
            refusal=self.refusal,
            temperature_refused=self.temperature_refused,
        )


Incoming = TypeVar("Incoming", bound=IncomingAnswer)


class HttpCall(ABC, Generic[Incoming]):
    """One try: iterate for the model's text as it comes, then ask for the ``answer``."""

    def __init__(self, incoming: Incoming, *, watch: Watch, timeout: float) -> None:
        self._incoming, self._watch, self._timeout = incoming, watch, timeout
        self._started = time.monotonic()

    def __iter__(self) -> Iterator[str]:
        """
        Raises:
            BeltMaskError: As the service's ``failures`` map what went wrong.
        """
        yield from self._watch.cleaned(self._text())

    @abstractmethod
    def _text(self) -> Iterator[str]:
        """The model's text as it comes, and as the service sent it."""

    @property
    def answer(self) -> ReceivedAnswer:
        """What has come so far."""
        latency = time.monotonic() - self._started
        body = self._watch.body if self._incoming.is_empty else ""
        answer = self._incoming.answer(body=body, latency=latency)
        return answer.without_secrets(self._watch.redactor)

    def hang_up(self) -> None:
        """Take no more of a stream: what is not sent is not paid for."""
        self._watch.hang_up()

    def _cleaned(self, failure: Failure) -> Failure:
        """The same error, whatever the service echoed hidden."""
        return self._watch.redactor.cleaned(failure)
