"""The question's form belongs to a person and a project: it survives a reload and a restart.

A tab reads it when it comes to the project, and writes what was changed in it. So two tabs never
undo each other's changes, and neither changes under somebody's hands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from beltmask.model import Image, Project, Prompt, Tiling
from beltmask.workflows.preferences import Choice, keep_preferences, preferences_of
from beltmask.workflows.prompt_options import classes_text
from beltmask.workflows.prompts import DEFAULT_QUERY, DetectorChoice
from components import state
from components.prompt_options import NAMED, first_classes, how_named
from components.services import services
from components.state import Slot

TEMPERATURES = (0.0, 2.0)
CAPS = (1, 2000)
SIDES = (256, 8192)


@dataclass(frozen=True, slots=True)
class FormField:
    """One choice of the form: its place in the session, its default, and what it may be."""

    slot: Slot[Any]
    default: Choice
    fits: Callable[[object], bool]

    @property
    def changed(self) -> bool:
        """Whether it differs from the default."""
        return bool(self.slot.get() != self.default)


def open_form(
    project: Project, detectors: Sequence[DetectorChoice], usual: Prompt | None
) -> Mapping[str, FormField]:
    """Fill the form in when this tab comes to ``project``; returns its fields by name.

    What this person never changed there is as in ``usual``, the project's own prompt.
    """
    fields = _fields(project, detectors, usual or Prompt(detectors[0].name, DEFAULT_QUERY))
    if state.form_project.get() != project.id:
        kept = preferences_of(project.id, services=services())
        for name, field in fields.items():
            known = kept.get(f"detect.{name}")
            field.slot.set(known if field.fits(known) else field.default)
        state.form_project.set(project.id)
        state.form_kept.set(_values(fields))
    for field in fields.values():
        if not field.fits(field.slot.get()):
            field.slot.set(field.default)
    return fields


def keep_form(project: Project, fields: Mapping[str, FormField]) -> None:
    """Keep what was changed since it was filled in or kept last."""
    now, kept = _values(fields), state.form_kept.get()
    changed = {name: value for name, value in now.items() if kept.get(name) != value}
    if changed:
        named = {f"detect.{name}": value for name, value in changed.items()}
        keep_preferences(project.id, named, services=services())
        state.form_kept.set(now)


def fill_form(prompt: Prompt, image: Image) -> None:
    """Put a question that was asked about ``image`` into the form; for a button's callback."""
    state.detector.set(prompt.detector)
    state.query.set(prompt.query)
    if prompt.model:
        state.model_of(prompt.detector).set(prompt.model)
    if prompt.temperature is not None:
        state.temperature.set(prompt.temperature)
    state.classes_how.set(how_named(prompt))
    if prompt.classes:
        state.classes_typed.set(classes_text(prompt.classes))
    state.thinking.set(prompt.thinking)
    state.avoid.set(prompt.avoid)
    state.template.set(prompt.template)
    state.tiling.set(prompt.tiling.value)
    state.object_cap.set(prompt.object_cap)
    state.image_side.set(prompt.image_side)
    state.sketch.of(image.id).set(prompt.sketch)
    state.sketching.set(bool(prompt.sketch))


def reset_form(fields: Sequence[FormField]) -> None:
    """Put the defaults into these fields; for a button's callback."""
    for field in fields:
        field.slot.set(field.default)


def _values(fields: Mapping[str, FormField]) -> dict[str, Choice]:
    return {name: field.slot.get() for name, field in fields.items()}


def _fields(
    project: Project, detectors: Sequence[DetectorChoice], usual: Prompt
) -> dict[str, FormField]:
    """What the project asks when nobody chose otherwise is the default of each."""
    names = [each.name for each in detectors]
    detector = usual.detector if usual.detector in names else names[0]
    warmth = state.temperature.default if usual.temperature is None else usual.temperature
    tilings = [each.value for each in Tiling]
    return {
        "detector": FormField(state.detector, detector, names.__contains__),
        "query": FormField(state.query, usual.query, _text),
        "classes_how": FormField(state.classes_how, how_named(usual), NAMED.__contains__),
        "classes": FormField(state.classes_typed, first_classes(usual, project), _text),
        **{
            f"model.{each.name}": _model_field(each, usual)
            for each in detectors
            if each.traits.asks_a_model
        },
        "temperature": FormField(state.temperature, warmth, _within(TEMPERATURES)),
        "thinking": FormField(state.thinking, usual.thinking, _text),
        "avoid": FormField(state.avoid, usual.avoid, _text),
        "template": FormField(state.template, usual.template, _text),
        "tiling": FormField(state.tiling, usual.tiling.value, tilings.__contains__),
        "object_cap": FormField(state.object_cap, usual.object_cap, _whole_within(CAPS)),
        "image_side": FormField(state.image_side, usual.image_side, _whole_within(SIDES)),
    }


def _model_field(detector: DetectorChoice, usual: Prompt) -> FormField:
    named = usual.model if usual.detector == detector.name else ""
    default = named or detector.traits.usual_model
    return FormField(state.model_of(detector.name), default, _text)


def _text(value: object) -> bool:
    return isinstance(value, str)


def _within(limits: tuple[float, float]) -> Callable[[object], bool]:
    low, high = limits
    return lambda value: type(value) in (int, float) and low <= cast("float", value) <= high


def _whole_within(limits: tuple[int, int]) -> Callable[[object], bool]:
    low, high = limits
    return lambda value: type(value) is int and low <= value <= high
