"""How answers of OpenAI-compatible servers end, and how their models write."""

from __future__ import annotations

from dataclasses import replace

from beltmask.detectors.llm.reply_events import ServiceProfile
from beltmask.detectors.openai_compatible.coordinates import convention_for
from beltmask.model import Prompt, Size

_PROFILE = ServiceProfile(
    service="the server",
    whole=frozenset({None, "stop", "eos"}),
    out_of_tokens=frozenset({"length", "max_tokens"}),
    blocking={"content_filter": None},
    stopped="the server's content filter stopped the answer",
    thinking_hint=(
        "Choose a model that thinks less, ask for fewer objects, or give it a longer context."
    ),
    thinks_aloud=True,
)


def profile_for(prompt: Prompt, size: Size) -> ServiceProfile:
    """For answers about a picture of ``size``; ``prompt`` names the model."""
    return replace(_PROFILE, convention=convention_for(prompt, size))
