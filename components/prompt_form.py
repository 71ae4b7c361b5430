"""The question: detector, query, model and temperature; under More, how else it can be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from beltmask.model import Image, Line, Project, Prompt, Tiling
from beltmask.workflows.prompt_versions import PromptVersion, version_in_use
from beltmask.workflows.prompts import (
    DEFAULT_QUERY,
    DetectorChoice,
    ModelChoice,
    detector_choices,
    model_choice,
    second_asks,
    words_sent,
)
from components import state
from components.markup import literal
from components.prompt_options import choose_classes, choose_words
from components.question_memory import (
    CAPS,
    SIDES,
    TEMPERATURES,
    FormField,
    keep_form,
    open_form,
    reset_form,
)
from components.services import services
from components.sketch_form import sketch_on
from components.tiling_choice import choose_tiling, show_views

NO_MODEL = ModelChoice("", heeds_temperature=False)
_UNDER_MORE = ("tiling", "object_cap", "image_side", "thinking", "avoid", "template")


@dataclass(frozen=True, slots=True)
class Question:
    """What the form asks. ``again``: although it was answered before."""

    prompt: Prompt
    ready: bool
    again: bool


def prompt_form(
    project: Project, image: Image | None, *, more: DeltaGenerator, pad: DeltaGenerator
) -> Question:
    """Draw the question as this person had it last, what is seldom needed folded up in ``more``.

    What it costs to look at ``image`` is said there, and a sketch of it is drawn in ``pad``.
    """
    detectors = detector_choices(services())
    version = version_in_use(project.id, services=services())
    fields = open_form(project, detectors, None if version is None else version.prompt)
    choice = _choose_detector(detectors)
    asks = choice.traits.asks_a_model
    query = st.text_area(
        "Query",
        key=state.query.name,
        persist_state="session",
        height=70,
        disabled=not asks,
        help=None if asks else "This detector looks for anything that is not belt.",
    )
    prompt = Prompt(choice.name, query.strip() or DEFAULT_QUERY)
    model = NO_MODEL
    if asks:
        prompt = choose_classes(prompt, None, project, key=_key, heeded=True)
        model, temperature = _choose_model(choice)
        prompt = replace(prompt, model=model.id, temperature=temperature)
    _offer_the_projects(version, fields)
    with more:
        prompt = _more(prompt, choice, model, fields, image, pad=pad)
        _show_words(prompt)
    keep_form(project, fields)
    ready = choice.ready and (bool(model.id) or not asks)
    return Question(prompt, ready, again=asks and state.ask_again.get())


def _more(
    prompt: Prompt,
    choice: DetectorChoice,
    model: ModelChoice,
    fields: Mapping[str, FormField],
    image: Image | None,
    *,
    pad: DeltaGenerator,
) -> Prompt:
    """Draw the options that have a usual value; returns the prompt with them."""
    count = _unusual(choice, model, fields)
    # The number is the icon: another label would fold it up under somebody's hands.
    with st.expander("More", icon=_number_icon(count), key="detect.more"):
        tiling = choose_tiling(usable=choice.traits.takes_tiles)
        cap, side = _caps(choice, tiling)
        thinking = _choose_thinking(model)
        prompt = choose_words(prompt, None, key=_key, heeded=choice.traits.asks_a_model)
        sketch: tuple[Line, ...] = () if image is None else sketch_on(image, place=pad)
        ignores = choice.traits.ignores_sketches
        if sketch and ignores:
            st.caption(ignores)
        asked = replace(
            prompt,
            thinking=thinking,
            object_cap=cap,
            image_side=side,
            tiling=tiling,
            sketch=() if ignores else sketch,
        )
        if choice.traits.asks_a_model or tiling is not Tiling.WHOLE:
            show_views(asked, image)
        _offer_to_ask_again(choice)
        if count:
            _offer_the_usual(count, fields)
    return asked


def _unusual(choice: DetectorChoice, model: ModelChoice, fields: Mapping[str, FormField]) -> int:
    """How many options under More are not as usual, of those that the detector heeds."""
    traits = choice.traits
    tiled = traits.takes_tiles and fields["tiling"].changed
    sized = (traits.asks_a_model or tiled) and fields["image_side"].changed
    asked = ("object_cap", "avoid", "template") if traits.asks_a_model else ()
    thinks = bool(model.thinking) and fields["thinking"].changed
    worded = [fields[name].changed for name in asked]
    drawn = state.sketching.get() and not traits.ignores_sketches
    again = traits.asks_a_model and state.ask_again.get()
    return sum(map(bool, (tiled, sized, thinks, *worded, drawn, again)))


def _offer_the_projects(version: PromptVersion | None, fields: Mapping[str, FormField]) -> None:
    """Say that this person's question is not the project's, and offer that one."""
    if version is None or not any(field.changed for field in fields.values()):
        return
    st.button(
        f"Ask as the project does: {literal(version.name)}",
        key="detect.projects",
        type="tertiary",
        icon=":material/undo:",
        help="The question in this form was changed. The project has chosen another.",
        on_click=reset_form,
        args=(list(fields.values()),),
    )


def _number_icon(count: int) -> str | None:
    return f":material/counter_{min(count, 9)}:" if count else None


def _offer_the_usual(count: int, fields: Mapping[str, FormField]) -> None:
    differ = f"{count} differ from the default." if count > 1 else "1 differs from the default."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(differ, width="stretch")
        st.button("Reset", key="detect.usual", type="tertiary", on_click=_reset, args=(fields,))


def _reset(fields: Mapping[str, FormField]) -> None:
    reset_form([fields[name] for name in _UNDER_MORE])
    state.sketching.set(False)
    state.ask_again.set(False)


def _offer_to_ask_again(choice: DetectorChoice) -> None:
    """A question that was answered before is answered from what was kept, unless it is wished."""
    if choice.traits.asks_a_model:
        st.checkbox(
            "Ask again anyway",
            key=state.ask_again.name,
            help="Otherwise a question answered before is answered from what was kept, at no cost.",
        )


def show_how_to_enable(chosen: Prompt) -> None:
    """What the models that cannot be asked yet are waiting for, a line each."""
    for other in detector_choices(services()):
        if not other.ready and other.name != chosen.detector and other.traits.asks_a_model:
            st.caption(f"{literal(other.name)}: {literal(other.note)}")


def _choose_detector(detectors: Sequence[DetectorChoice]) -> DetectorChoice:
    choices = {choice.name: choice for choice in detectors}
    now = choices.get(state.detector.get(), detectors[0])
    name = st.selectbox(
        "Detector",
        list(choices),
        key=state.detector.name,
        persist_state="session",
        help=literal(now.note) if now.ready else None,
    )
    chosen = choices[name or detectors[0].name]
    if not chosen.ready:
        st.warning(literal(chosen.note))
    if chosen.traits.leaves:
        # Whoever runs the installation chose the address in it.
        st.caption(f":material/public: {chosen.traits.leaves}")
    return chosen


def _key(name: str) -> str:
    return f"detect.{name}"


def _choose_thinking(model: ModelChoice) -> str:
    levels, heeded = ["off", *model.thinking], bool(model.thinking)
    if heeded and state.thinking.get() not in levels:
        state.thinking.set("off")
    chosen: str = st.selectbox(
        "Thinking",
        levels,
        key=state.thinking.name if heeded else _key("not_thinking"),
        persist_state="session",
        disabled=not heeded,
        help="More thinking takes longer, and is billed as output.",
    )
    return chosen


def _choose_model(detector: DetectorChoice) -> tuple[ModelChoice, float | None]:
    named = _choose_known_model(detector) if detector.models else _type_model(detector)
    model = model_choice(detector.name, named, services())
    heeds = model.heeds_temperature
    told = [] if heeds else [f"{model.id} ignores the temperature."]
    told = [model.note.rstrip(".") + ".", *told] if model.note else told
    if told:
        st.caption(literal(" ".join(told)))
    temperature = _choose_temperature(heeded=heeds)
    return model, temperature if heeds else None


def _choose_known_model(detector: DetectorChoice) -> str:
    known, usual = [model.id for model in detector.models], detector.traits.usual_model
    chosen = st.selectbox(
        "Model",
        known,
        key=state.model_of(detector.name).name,
        persist_state="session",
        accept_new_options=True,
        help="Choose one, or type the id of another.",
    )
    return chosen or usual


def _type_model(detector: DetectorChoice) -> str:
    named = st.text_input(
        "Model",
        key=state.model_of(detector.name).name,
        persist_state="session",
        placeholder="The name of a model the server has",
    )
    return named.strip()


def _choose_temperature(*, heeded: bool) -> float:
    return st.slider(
        "Temperature",
        *TEMPERATURES,
        step=0.05,
        key=state.temperature.name,
        persist_state="session",
        disabled=not heeded,
    )


def _caps(choice: DetectorChoice, tiling: Tiling) -> tuple[int, int]:
    left, right = st.columns(2)
    cap = left.number_input(
        "Objects at most",
        *CAPS,
        key=state.object_cap.name,
        persist_state="session",
        disabled=not choice.traits.asks_a_model,
    )
    side = right.number_input(
        "Longest side sent, px",
        *SIDES,
        step=128,
        key=state.image_side.name,
        persist_state="session",
        disabled=not choice.traits.asks_a_model and tiling is Tiling.WHOLE,
    )
    return int(cap), int(side)


def _show_words(prompt: Prompt) -> None:
    words = words_sent(prompt, services())
    if words:
        with st.expander("The exact prompt"):
            st.code(words, language=None, wrap_lines=True)
            again = second_asks(prompt, services())
            if again:
                st.caption(f"If the answer falls short, asked {literal('; then '.join(again))}.")
