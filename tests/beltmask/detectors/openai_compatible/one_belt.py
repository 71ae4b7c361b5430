"""Asking the local OpenAI-compatible server, and everything that gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import SecretStr

from beltmask.detectors.base import Budget, ReplyCache
from beltmask.detectors.openai_compatible.client import OpenAICompatibleDetector, Server
from beltmask.errors import BeltMaskError
from beltmask.model import Picture, Prompt
from tests.beltmask.detectors.gemini.one_belt import BELT, Asked
from tests.openai_server import OpenAIServer

KEY = "sk-secret-of-the-test"
PROMPT = Prompt("openai", "all foreign objects", model="qwen3-vl:8b", temperature=0.3)


def detector(
    server: OpenAIServer,
    *,
    cache: ReplyCache | None = None,
    budget: Budget | None = None,
    sleep: Callable[[float], None] = lambda _: None,
    **chosen: Any,
) -> OpenAICompatibleDetector:
    """One that asks the local server and does not really wait."""
    wishes: dict[str, Any] = {"base_url": server.url, "api_key": SecretStr(KEY), "timeout": 20.0}
    return OpenAICompatibleDetector(
        Server(**{**wishes, **chosen}), cache=cache, budget=budget, sleep=sleep
    )


def ask(
    openai: OpenAICompatibleDetector, picture: Picture = BELT, prompt: Prompt = PROMPT
) -> Asked:
    """Ask once; the events that came before an error are kept."""
    asked = Asked()
    try:
        for event in openai.detect(picture, prompt):
            asked.events.append(event)  # an error must not lose the first ones
    except BeltMaskError as error:
        asked.error = error
    return asked
