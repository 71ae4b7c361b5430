"""Models that end, or answer in another's name: the same prompt, asked of the successor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from beltmask.messages import Message
from beltmask.model import Contender
from beltmask.workflows.comparable_prompts import comparable_prompts
from beltmask.workflows.services import Services

SOON = timedelta(days=60)
"""So long before its last day a model's end is told."""


@dataclass(frozen=True, slots=True)
class ModelChange:
    """``why`` the model of ``before`` should give way; ``after`` is the same for its successor."""

    before: Contender
    after: Contender
    why: Message


def model_changes(
    project_id: int, *, services: Services, day: date | None = None
) -> list[ModelChange]:
    """For each comparable prompt whose model ends soon, has ended, or was not what answered.

    ``day`` is today unless it is named. Nothing is told of a model without a successor.
    """
    today = day or datetime.now(UTC).date()
    known, changes = comparable_prompts(project_id, services=services), []
    for contender in known:
        prompt = contender.prompt
        detector = services.detectors.get(prompt.detector)
        if detector is None or not detector.traits.asks_a_model:
            continue
        model = detector.model(prompt.model, today)
        why = _end(prompt.model, model.ends, today)
        why = why or _another(contender, project_id, services)
        if why is None or not model.successor or model.successor == prompt.model:
            continue
        after = replace(prompt, model=model.successor)
        names = {each.prompt: each.name for each in known}
        name = names.get(after, f"{contender.name} → {model.successor}")
        changes.append(ModelChange(contender, Contender(name, after), why))
    return changes


def _end(model: str, ends: date | None, today: date) -> Message | None:
    if ends is None or today < ends - SOON:
        return None
    day = f"{ends.day} {ends:%B %Y}"
    if today > ends:
        return Message("comparisons.model_has_ended", model=model, day=day)
    return Message("comparisons.model_ends", model=model, day=day)


def _another(contender: Contender, project_id: int, services: Services) -> Message | None:
    """What the newest reply to the prompt told, where another model had written it."""
    with services.store.read() as records:
        reply = records.replies.newest_to(contender.prompt, project_id)
    if reply is None:
        return None
    return next((each.said for each in reply.problems if each.kind == "rerouted"), None)
