"""What can be asked: detectors, models, and the exact words that would be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from beltmask.detectors.gemini.request import prompt_text
from beltmask.detectors.llm.models import DEFAULT_MODEL
from beltmask.detectors.llm.strategy import fallback_steps
from beltmask.detectors.openai_compatible import request as chat
from beltmask.detectors.region import seen_window
from beltmask.detectors.tiling import tiles_for
from beltmask.model import BeltRegion, Prompt, Size, Tiling
from beltmask.workflows.services import Services, server_of

__all__ = ["DEFAULT_MODEL", "DEFAULT_QUERY", "DetectorChoice", "ModelChoice"]

DEFAULT_QUERY = "Detect all foreign objects in the conveyor belt"
_TO_GOOGLE = (
    "Pictures leave this machine; on Gemini's free tier Google may use them to improve its "
    "products."
)
_NOWHERE_YET = "Pictures are sent to the server that is set, and nowhere else."


@dataclass(frozen=True, slots=True)
class DetectorChoice:
    """A detector as a person chooses it; ``note`` says what is at work or what is missing.

    ``takes_tiles``: large pictures can be shown to it tile by tile.
    ``leaves`` says where pictures are sent, "" when they stay. With ``names_models`` the models
    it offers are known; otherwise a person types the name of one.
    """

    name: str
    ready: bool
    note: str
    leaves: str = ""
    names_models: bool = False
    takes_tiles: bool = False

    @property
    def takes_sketches(self) -> bool:
        """Whether strokes on the picture make a difference: recorded answers stay what they are."""
        return self.takes_tiles

    @property
    def asks_a_model(self) -> bool:
        return bool(self.leaves)


@dataclass(frozen=True, slots=True)
class ModelChoice:
    id: str
    note: str
    heeds_temperature: bool


def detector_choices(services: Services) -> list[DetectorChoice]:
    """Every detector, those that are ready first."""
    choices = []
    for name, detector in services.detectors.items():
        now = detector.availability()
        leaves = _where_pictures_go(name, services)
        choices.append(
            DetectorChoice(
                name,
                now.ready,
                now.note,
                leaves,
                names_models=name == "gemini",
                takes_tiles=name != "replay",
            )
        )
    return sorted(choices, key=lambda choice: not choice.ready)


def model_choices(services: Services) -> list[ModelChoice]:
    """The Gemini models BeltMask knows; any other id may be typed."""
    return [model_choice(row.id, services) for row in services.models.models]


def model_choice(model: str, services: Services) -> ModelChoice:
    row = services.models.find(model)
    return ModelChoice(model, row.note_on(datetime.now(UTC).date()), row.temperature)


def usual_model(services: Services) -> str:
    """The model an OpenAI-compatible server is asked for when nobody names another; may be ""."""
    return services.settings.openai_model


def words_sent(prompt: Prompt, services: Services) -> str:
    """The exact text that goes out with the picture; empty where none does."""
    if prompt.detector == "openai":
        return chat.prompt_text(prompt, outlines=services.settings.openai_outlines)
    if prompt.detector != "gemini":
        return ""
    return prompt_text(prompt, row=services.models.find(prompt.model))


def second_asks(prompt: Prompt, services: Services) -> list[str]:
    """How a picture is asked about again, step by step, while answers fall short."""
    if prompt.detector != "gemini":
        return []
    row, limit = services.models.find(prompt.model), services.settings.gemini_requests
    return [way.value for way in fallback_steps(row, limit=limit)[1:]]


def views_of(size: Size, prompt: Prompt, belt: BeltRegion | None = None) -> str:
    """One sentence on how often, and how, a picture of ``size`` would be looked at."""
    seen = seen_window(belt, size)
    cut, size = (seen.width, seen.height) != size, (seen.width, seen.height)
    tiles, (width, height) = len(tiles_for(size, prompt)), size
    picture, side = f"{width:,} × {height:,} px", f"{prompt.image_side:,} px"
    picture = f"The belt with a margin, {picture}" if cut else picture
    noun = "look" if prompt.detector == "offline" else "request"
    if tiles > 1 and prompt.tiling is Tiling.TILES:
        return f"{picture} → {tiles} {noun}s, one for each tile of {side}."
    if tiles > 1:
        return f"{picture} → 1 {noun} for the whole, then up to {tiles} for tiles of {side}."
    if max(size) > prompt.image_side:
        return f"{picture} → 1 {noun}, made smaller to {side}: what is small may be lost."
    return f"{picture} → 1 {noun}, at full size."


def _where_pictures_go(detector: str, services: Services) -> str:
    if detector == "gemini":
        return _TO_GOOGLE
    if detector == "openai":
        server = server_of(services.settings)
        return f"Pictures are sent to {server.address}." if not server.missing else _NOWHERE_YET
    return ""
