"""A new prompt version: made from another one or from scratch, named, and kept as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from beltmask.model import Project, Prompt, PromptVersion, Tiling
from beltmask.workflows.prompt_versions import keep_version
from beltmask.workflows.prompts import (
    DEFAULT_QUERY,
    DetectorChoice,
    ModelChoice,
    detector_choices,
    model_choice,
)
from components import state
from components.markup import literal
from components.prompt_options import choose_options
from components.services import services
from components.tiling_choice import TILING_HELP, TILING_NAMES
from components.version_list import version_title


@dataclass(frozen=True, slots=True)
class _Draft:
    """Fields of the form begin as in ``start``; a key of its own for each beginning."""

    start: Prompt
    name: str

    def key(self, field: str) -> str:
        return f"prompts.{field}/{self.name}"


def version_form(project: Project, known: Sequence[PromptVersion]) -> None:
    """Draw the form; what is kept is looked at next."""
    parent = _choose_parent(known)
    round_ = state.version_round.of(project.id)
    draft = _Draft(_beginning(parent), f"{project.id}.{0 if parent is None else parent.id}")
    prompt = _choose_prompt(draft, project)
    name = st.text_input(
        "Name",
        key=f"prompts.name/{project.id}.{round_.get()}",
        placeholder="What is new about it, in a few words",
    )
    notes = st.text_area("Notes", key=f"prompts.notes/{project.id}.{round_.get()}", height=70)
    if st.button("Keep this version", type="primary", icon=":material/save:", key="prompts.keep"):
        kept = keep_version(
            project.id, prompt, name=name, notes=notes, parent=parent, services=services()
        )
        round_.set(round_.get() + 1)
        state.version_number.set(str(kept.number))
        st.rerun()


def _choose_parent(known: Sequence[PromptVersion]) -> PromptVersion | None:
    by_number = {each.number: each for each in reversed(known)}
    if not by_number:
        return None
    number = st.selectbox(
        "Made from",
        [*by_number, 0],
        format_func=lambda one: version_title(by_number[one]) if one else "Scratch",
        key="prompts.parent",
    )
    return by_number.get(number)


def _beginning(parent: PromptVersion | None) -> Prompt:
    if parent is not None:
        return parent.prompt
    first = detector_choices(services())[0]
    return Prompt(first.name, DEFAULT_QUERY, first.traits.usual_model)


def _choose_prompt(draft: _Draft, project: Project) -> Prompt:
    start = draft.start
    query = st.text_area("Query", start.query, key=draft.key("query"), height=100)
    left, right = st.columns(2)
    with left:
        detector = _choose_detector(draft)
        model = _choose_model(draft, detector)
    with right:
        temperature = _choose_temperature(draft, model)
        thinking = _choose_thinking(draft, model)
    first, second, third = st.columns(3)
    cap = first.number_input("Objects at most", 1, 2000, start.object_cap, key=draft.key("cap"))
    side = second.number_input(
        "Longest side sent, px", 256, 8192, start.image_side, 128, key=draft.key("side")
    )
    with third:
        tiling = _choose_tiling(draft, detector)
    prompt = Prompt(
        detector=detector.name,
        query=query,
        model=model.id,
        temperature=temperature,
        thinking=thinking,
        object_cap=int(cap),
        image_side=int(side),
        tiling=tiling,
    )
    heeded = detector.traits.asks_a_model
    return choose_options(prompt, start, project, key=draft.key, heeded=heeded)


def _choose_detector(draft: _Draft) -> DetectorChoice:
    choices = {choice.name: choice for choice in detector_choices(services())}
    names = list(choices)
    index = names.index(draft.start.detector) if draft.start.detector in names else 0
    chosen = choices[st.selectbox("Detector", names, index=index, key=draft.key("detector"))]
    if not chosen.ready:
        st.caption(literal(chosen.note))
    if not chosen.traits.asks_a_model:
        st.caption("It hears neither the query nor the options of models.")
    return chosen


def _choose_model(draft: _Draft, detector: DetectorChoice) -> ModelChoice:
    """Of a detector that asks none, the model without a name."""
    if not detector.traits.asks_a_model:
        return ModelChoice("", heeds_temperature=False)
    usual = detector.traits.usual_model
    start = draft.start.model if draft.start.detector == detector.name else usual
    known = list(dict.fromkeys([start, *(model.id for model in detector.models)]))
    chosen = st.selectbox(
        "Model",
        known,
        key=draft.key(f"model.{detector.name}"),
        accept_new_options=True,
        help="Choose one, or type the id of another.",
    )
    model = model_choice(detector.name, (chosen or usual).strip(), services())
    if model.note:
        st.caption(literal(model.note))
    return model


def _choose_temperature(draft: _Draft, model: ModelChoice) -> float | None:
    chosen = st.number_input(
        "Temperature",
        0.0,
        2.0,
        draft.start.temperature,
        0.05,
        key=draft.key("temperature"),
        disabled=not model.heeds_temperature,
        placeholder="the model's own",
    )
    if model.id and not model.heeds_temperature:
        st.caption(f"{literal(model.id)} ignores the temperature.")
    return chosen if model.heeds_temperature else None


def _choose_thinking(draft: _Draft, model: ModelChoice) -> str:
    levels = ["off", *model.thinking]
    start = draft.start.thinking
    chosen = st.selectbox(
        "Thinking",
        levels,
        index=levels.index(start) if start in levels else 0,
        key=draft.key(f"thinking.{model.id}"),
        disabled=not model.thinking,
        help="More thinking takes longer, and is billed as output.",
    )
    if model.id and not model.thinking:
        st.caption(f"{literal(model.id)} is not told how much to think.")
    return chosen


def _choose_tiling(draft: _Draft, detector: DetectorChoice) -> Tiling:
    usable, values = detector.traits.takes_tiles, [tiling.value for tiling in Tiling]
    chosen = st.selectbox(
        "Large pictures",
        values,
        index=values.index(draft.start.tiling),
        format_func=lambda value: TILING_NAMES[Tiling(value)],
        key=draft.key("tiling"),
        disabled=not usable,
        help=TILING_HELP,
    )
    return Tiling(chosen) if usable else Tiling.WHOLE
