"""What can be asked: detectors, models, and the exact words that would be sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from beltmask.detectors.base import DetectorTraits, ModelChoice
from beltmask.detectors.region import seen_window
from beltmask.detectors.tiling import tiles_for
from beltmask.model import BeltRegion, Prompt, Size, Tiling
from beltmask.workflows.services import Services, StorelessServices

__all__ = ["DEFAULT_QUERY", "DetectorChoice", "ModelChoice"]

DEFAULT_QUERY = "Detect all foreign objects in the conveyor belt"


@dataclass(frozen=True, slots=True)
class DetectorChoice:
    """A detector as a person chooses it; ``note`` says what is at work or what is missing.

    ``models`` are those to choose from; without any, a person types the name of one.
    """

    name: str
    ready: bool
    note: str
    traits: DetectorTraits
    models: Sequence[ModelChoice]


def detector_choices(services: Services) -> list[DetectorChoice]:
    """Every detector, those that are ready first."""
    choices = []
    for name, detector in services.detectors.items():
        now, models = detector.availability(), detector.models(_today())
        choices.append(DetectorChoice(name, now.ready, now.note, detector.traits, models))
    return sorted(choices, key=lambda choice: not choice.ready)


def model_choice(detector: str, model: str, services: Services) -> ModelChoice:
    """What to know of any model a detector may be asked with; any id may be typed."""
    return services.detectors[detector].model(model, _today())


def model_asked(detector: str, named: str, services: Services | StorelessServices) -> str:
    """The model that a prompt names: the usual one where nobody named another.

    Detectors without models are told none, and neither is one that is not there.
    """
    asked = services.detectors.get(detector)
    if asked is None or not asked.traits.asks_a_model:
        return ""
    return named or asked.traits.usual_model


def words_sent(prompt: Prompt, services: Services) -> str:
    """The exact text that goes out with the picture; empty where none does."""
    return services.detectors[prompt.detector].words_for(prompt)


def second_asks(prompt: Prompt, services: Services) -> Sequence[str]:
    """How a picture is asked about again, step by step, while answers fall short."""
    return services.detectors[prompt.detector].fallback_steps(prompt)


def views_of(
    size: Size, prompt: Prompt, *, services: Services, belt: BeltRegion | None = None
) -> str:
    """One sentence on how often, and how, a picture of ``size`` would be looked at."""
    seen = seen_window(belt, size)
    cut, size = (seen.width, seen.height) != size, (seen.width, seen.height)
    tiles, (width, height) = len(tiles_for(size, prompt)), size
    picture, side = f"{width:,} × {height:,} px", f"{prompt.image_side:,} px"
    picture = f"The belt with a margin, {picture}" if cut else picture
    noun = services.detectors[prompt.detector].traits.noun
    if tiles > 1 and prompt.tiling is Tiling.TILES:
        return f"{picture} → {tiles} {noun}s, one for each tile of {side}."
    if tiles > 1:
        return f"{picture} → 1 {noun} for the whole, then up to {tiles} for tiles of {side}."
    if max(size) > prompt.image_side:
        return f"{picture} → 1 {noun}, made smaller to {side}: what is small may be lost."
    return f"{picture} → 1 {noun}, at full size."


def _today() -> date:
    return datetime.now(UTC).date()
