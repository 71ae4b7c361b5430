"""Any server that speaks OpenAI's chat completions, as a detector. The HTTP client loads late."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from pydantic import SecretStr

from beltmask.detectors.base import (
    Availability,
    Budget,
    Detector,
    DetectorTraits,
    EarlierAnswer,
    Event,
    ReplyCache,
)
from beltmask.detectors.llm.api_key import usable_key
from beltmask.detectors.llm.earlier_replies import read_again
from beltmask.detectors.llm.models import ModelTable, shipped_models
from beltmask.detectors.llm.reply_events import read_text
from beltmask.detectors.llm.retry import RetryPolicy
from beltmask.detectors.llm.session import LazyTransport, Transport
from beltmask.detectors.llm.strategy import (
    FallbackStep,
    ModelQuestion,
    RequestContext,
    RequestLoop,
)
from beltmask.detectors.openai_compatible.profile import profile_for
from beltmask.detectors.openai_compatible.request import ChatRequest, build_request, prompt_text
from beltmask.errors import SettingsError
from beltmask.messages import Message
from beltmask.model import Picture, Prompt

_NOT_SET_UP = Message("detectors.set_server")
_NO_ADDRESS = Message("detectors.no_address")
_NO_KEY = Message("detectors.no_key_to_send")
_NOWHERE_YET = "Pictures are sent to the server that is set, and nowhere else."
_NAME_A_MODEL = Message("detectors.name_a_model")


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask and how. ``model`` is asked when a prompt names none.

    ``timeout``, in seconds, limits one try, and ``deadline`` one picture with all its tries.
    With ``outlines`` polygons are asked for beside boxes.
    """

    base_url: str | None = None
    api_key: SecretStr | None = None
    model: str = ""
    timeout: float = 120.0
    deadline: float = 360.0
    outlines: bool = False

    @property
    def address(self) -> str:
        """Where pictures go, for people to read: without user and password."""
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{host}{parts.path}"

    @property
    def url(self) -> str:
        """The base of its API, however it was copied."""
        return (self.base_url or "").strip().rstrip("/").removesuffix("/chat/completions")

    @property
    def missing(self) -> Message | None:
        """What keeps it from being asked; None when nothing does."""
        if not self.url:
            return _NOT_SET_UP
        if not _is_address(self.url):
            return _NO_ADDRESS
        given = self.api_key.get_secret_value().strip() if self.api_key else ""
        return _NO_KEY if given and usable_key(self.api_key) is None else None


class OpenAICompatibleDetector(Detector):
    """Asks one server about pictures.

    ``models`` knows what costs how much; what has no price there costs None and is not held to
    the ``budget``. What ``cache`` knows is not asked again. ``sleep`` waits between tries.
    """

    name = "openai"

    def __init__(
        self,
        server: Server,
        *,
        models: ModelTable | None = None,
        cache: ReplyCache | None = None,
        budget: Budget | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._server, self._cache, self._budget, self._sleep = server, cache, budget, sleep
        self._models = shipped_models() if models is None else models
        self._transport = LazyTransport(self._opened)

    @property
    def traits(self) -> DetectorTraits:
        server = self._server
        return DetectorTraits(
            asks_a_model=True,
            usual_model=server.model,
            leaves=_NOWHERE_YET if server.missing else f"Pictures are sent to {server.address}.",
            ignores_sketches="",
            writes_replies=True,
        )

    def words_for(self, prompt: Prompt) -> str:
        return prompt_text(prompt, outlines=self._server.outlines)

    def availability(self) -> Availability:
        missing = self._server.missing
        if missing:
            return Availability(ready=False, note=f"No OpenAI-compatible server. {missing}")
        return Availability(ready=True, note=f"OpenAI-compatible server at {self._server.address}.")

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        """
        Raises:
            SettingsError: No server or model is named.
            DetectorError: See ``beltmask.errors``; nothing is raised that is not in its tree.
        """
        server = self._server
        if server.missing:
            raise SettingsError(Message("detectors.no_server"), hint=server.missing)
        asked = self._named(prompt)
        if not asked.model:
            raise SettingsError(Message("detectors.no_model_named"), hint=_NAME_A_MODEL)
        yield from RequestLoop(self._question(picture, asked), self._context(asked)).events()

    def read(self, answer: EarlierAnswer, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        profile = profile_for(self._named(prompt), picture.size)
        read = partial(read_text, size=picture.size, profile=profile)
        return read_again(answer, picture.pixels, read, object_cap=prompt.object_cap)

    def close(self) -> None:
        """Let the connections go; the next request opens new ones."""
        self._transport.close()

    def _named(self, prompt: Prompt) -> Prompt:
        """The prompt with the model that is asked; it may be none."""
        return replace(prompt, model=prompt.model.strip() or self._server.model)

    def _question(self, picture: Picture, prompt: Prompt) -> ModelQuestion[ChatRequest]:
        server = self._server
        return ModelQuestion(
            picture,
            repeat=prompt.repeat,
            steps=[FallbackStep.FIRST],
            request_for=lambda _: build_request(
                picture, prompt, address=server.url, outlines=server.outlines
            ),
            row=self._models.find(prompt.model),
            profile=profile_for(prompt, picture.size),
        )

    def _context(self, prompt: Prompt) -> RequestContext[ChatRequest]:
        """Only what has a price is held to the budget: a server of one's own costs nothing."""
        price = self._models.find(prompt.model).price_on(datetime.now(UTC).date())
        return RequestContext(
            transport=self._transport,
            retry=RetryPolicy(self._server.deadline, sleep=self._sleep),
            requests=1,
            cache=self._cache,
            budget=self._budget if price else None,
        )

    def _opened(self) -> Transport[ChatRequest]:
        from beltmask.detectors.openai_compatible.transport import ChatTransport  # noqa: PLC0415

        server = self._server
        return ChatTransport(
            base_url=server.url,
            address=server.address,
            api_key=usable_key(server.api_key),
            timeout=server.timeout,
        )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
