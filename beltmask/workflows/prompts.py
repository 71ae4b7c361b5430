"""What can be asked: detectors, models, and the exact words that would be sent."""

from __future__ import annotations

from dataclasses import dataclass

from beltmask.detectors.gemini.ladder import ways
from beltmask.detectors.gemini.models import DEFAULT_MODEL
from beltmask.detectors.gemini.request import prompt_text
from beltmask.model import Prompt
from beltmask.workflows.services import Services

__all__ = ["DEFAULT_MODEL", "DEFAULT_QUERY", "DetectorChoice", "ModelChoice"]

DEFAULT_QUERY = "Detect all foreign objects in the conveyor belt"


@dataclass(frozen=True, slots=True)
class DetectorChoice:
    """A detector as a person chooses it; ``note`` says what is at work or what is missing."""

    name: str
    ready: bool
    note: str
    asks_a_model: bool


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
        choices.append(DetectorChoice(name, now.ready, now.note, name == "gemini"))
    return sorted(choices, key=lambda choice: not choice.ready)


def model_choices(services: Services) -> list[ModelChoice]:
    """The Gemini models BeltMask knows; any other id may be typed."""
    return [model_choice(row.id, services) for row in services.models.models]


def model_choice(model: str, services: Services) -> ModelChoice:
    row = services.models.find(model)
    return ModelChoice(model, row.note, row.temperature)


def words_sent(prompt: Prompt, services: Services) -> str:
    """The exact text that goes out with the picture; empty where none does."""
    if prompt.detector != "gemini":
        return ""
    return prompt_text(prompt, row=services.models.find(prompt.model))


def second_asks(prompt: Prompt, services: Services) -> list[str]:
    """How a picture is asked about again, step by step, while answers fall short."""
    if prompt.detector != "gemini":
        return []
    row, limit = services.models.find(prompt.model), services.settings.gemini_requests
    return [way.value for way in ways(row, limit=limit)[1:]]
