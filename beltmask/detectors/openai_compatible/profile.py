"""How answers of OpenAI-compatible servers end, and how their models write."""

from __future__ import annotations

from dataclasses import replace

from beltmask.detectors.llm.reply_events import ServiceProfile
from beltmask.detectors.openai_compatible.coordinates import convention_for
from beltmask.messages import Message
from beltmask.model import Prompt, Size

THE_SERVER = Message("detectors.the_server")
_PROFILE = ServiceProfile(
    service=THE_SERVER,
    whole=frozenset({None, "stop", "eos"}),
    out_of_tokens=frozenset({"length", "max_tokens"}),
    blocking={"content_filter": None},
    stopped=lambda _reason: Message("detectors.filter_stopped"),
    thinking_hint=(Message("detectors.think_less")),
    thinks_aloud=True,
)


def profile_for(prompt: Prompt, size: Size) -> ServiceProfile:
    """For answers about a picture of ``size``; ``prompt`` names the model."""
    return replace(_PROFILE, convention=convention_for(prompt, size))
