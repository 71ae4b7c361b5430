"""Gemini as a detector. Light to import: the SDK is loaded with the first request."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from pydantic import SecretStr

from beltmask.detectors.base import (
    Availability,
    Budget,
    Detector,
    DetectorTraits,
    EarlierAnswer,
    Estimate,
    Event,
    ModelChoice,
    ReplyCache,
)
from beltmask.detectors.gemini.profile import GEMINI_PROFILE
from beltmask.detectors.gemini.request import (
    GeminiRequest,
    build_request,
    generation_config,
    prompt_text,
)
from beltmask.detectors.gemini.vertex import VertexPlace
from beltmask.detectors.llm.api_key import usable_key
from beltmask.detectors.llm.earlier_replies import read_again
from beltmask.detectors.llm.estimates import estimated
from beltmask.detectors.llm.models import DEFAULT_MODEL, ModelTable, shipped_models
from beltmask.detectors.llm.reply_events import read_text
from beltmask.detectors.llm.retry import RetryPolicy
from beltmask.detectors.llm.session import LazyTransport, Transport
from beltmask.detectors.llm.strategy import (
    ModelQuestion,
    RequestContext,
    RequestLoop,
    fallback_steps,
)
from beltmask.errors import NoKeyError
from beltmask.messages import Message
from beltmask.model import Picture, Prompt, Size

_NO_KEY = "Gemini has no key: set GEMINI_API_KEY in the environment or in .env."
_TRAITS = DetectorTraits(
    asks_a_model=True,
    usual_model=DEFAULT_MODEL,
    leaves=(
        "Pictures leave this machine; on Gemini's free tier Google may use them to improve its "
        "products."
    ),
    ignores_sketches="",
    writes_replies=True,
)


@dataclass(frozen=True, slots=True)
class RequestOptions:
    """How Gemini is asked.

    ``requests``: at most so many about one picture, when answers leave less than they should.
    ``deadline``, in seconds, limits one picture with all its tries and waits. With
    ``streaming``, objects are told as they come and a model that repeats itself is stopped.
    ``sleep`` waits between tries, by ``clock``.
    """

    requests: int = 3
    deadline: float = 300.0
    streaming: bool = True
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def retry(self) -> RetryPolicy:
        """For one picture, from now on."""
        return RetryPolicy(self.deadline, sleep=self.sleep, clock=self.clock)


class GeminiDetector(Detector):
    """Asks Gemini about a picture.

    ``timeout`` is in seconds and limits each try; ``base_url`` None is Google's own service.
    With ``vertex`` the key is not used.
    ``models`` says what each model can do. What ``cache`` knows is not asked again;
    nothing new is asked once ``budget`` is spent.
    """

    name = "gemini"
    traits = _TRAITS

    def __init__(
        self,
        *,
        api_key: SecretStr | None,
        vertex: VertexPlace | None = None,
        base_url: str | None = None,
        timeout: float = 60.0,
        options: RequestOptions = RequestOptions(),
        models: ModelTable | None = None,
        cache: ReplyCache | None = None,
        budget: Budget | None = None,
    ) -> None:
        self._key = None if vertex else usable_key(api_key)
        self._vertex = vertex
        self._base_url, self._timeout, self._options = base_url, timeout, options
        self._models = shipped_models() if models is None else models
        self._cache, self._budget = cache, budget
        self._transport = LazyTransport(self._opened)

    def availability(self) -> Availability:
        if self._vertex is not None:
            place = f"project {self._vertex.project}, {self._vertex.location}"
            return Availability(ready=True, note=f"Gemini asks Vertex AI: {place}.")
        if self._key is None:
            return Availability(ready=False, note=_NO_KEY)
        where = f" at {self._base_url}" if self._base_url else ""
        return Availability(ready=True, note=f"Gemini is ready{where}.")

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        """The events of every request about the picture, as ``base.Detector`` says.

        Raises:
            NoKeyError: There is no key.
            DetectorError: See ``beltmask.errors``; nothing is raised that is not in its tree.
        """
        if self._key is None and self._vertex is None:
            raise NoKeyError(Message("detectors.no_usable_key"))
        row = self._models.find(prompt.model)
        question = ModelQuestion(
            picture,
            repeat=prompt.repeat,
            steps=fallback_steps(row, limit=self._options.requests),
            request_for=lambda step: build_request(picture, prompt, row=row, step=step),
            row=row,
            profile=GEMINI_PROFILE,
        )
        context = RequestContext(
            transport=self._transport,
            retry=self._options.retry(),
            requests=self._options.requests,
            cache=self._cache,
            budget=self._budget,
        )
        yield from RequestLoop(question, context).events()

    def read(self, answer: EarlierAnswer, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        read = partial(read_text, size=picture.size, profile=GEMINI_PROFILE)
        return read_again(answer, picture.pixels, read, object_cap=prompt.object_cap)

    def words_for(self, prompt: Prompt) -> str:
        return prompt_text(prompt, row=self._models.find(prompt.model))

    def fallback_steps(self, prompt: Prompt) -> Sequence[str]:
        row = self._models.find(prompt.model)
        return [step.value for step in fallback_steps(row, limit=self._options.requests)[1:]]

    def models(self, day: date) -> Sequence[ModelChoice]:
        return [self.model(row.id, day) for row in self._models.models]

    def model(self, name: str, day: date) -> ModelChoice:
        row = self._models.find(name)
        successor = "" if row.id == DEFAULT_MODEL else DEFAULT_MODEL
        thinking = () if row.thinking == "none" else tuple(row.levels)
        return ModelChoice(name, row.note_on(day), row.temperature, row.ends, successor, thinking)

    def estimate(self, prompt: Prompt, sizes: Sequence[Size], day: date) -> Estimate:
        row, words = self._models.find(prompt.model), self.words_for(prompt)
        most_tokens = generation_config(prompt, row)["max_output_tokens"]
        return estimated(prompt, sizes, words=words, most_tokens=most_tokens, row=row, day=day)

    def close(self) -> None:
        """Let the connections go; the next request opens new ones."""
        self._transport.close()

    def _opened(self) -> Transport[GeminiRequest]:
        from beltmask.detectors.gemini.transport import GeminiTransport  # noqa: PLC0415

        return GeminiTransport(
            api_key=self._key,
            vertex=self._vertex,
            base_url=self._base_url,
            timeout=self._timeout,
            streaming=self._options.streaming,
        )
