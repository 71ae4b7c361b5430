"""The question: detector, query, model, temperature, caps, and the words that will be sent."""

from __future__ import annotations

import streamlit as st

from beltmask.model import Image, Line, Prompt, Tiling
from beltmask.workflows.prompts import (
    DEFAULT_QUERY,
    DetectorChoice,
    detector_choices,
    model_choice,
    second_asks,
    words_sent,
)
from components.markup import literal
from components.services import services
from components.tiling_choice import choose_tiling, show_views


def prompt_form(image: Image | None, sketch: tuple[Line, ...] = ()) -> tuple[Prompt, bool]:
    """Draw the question; returns it and whether its detector is ready.

    What it costs to look at ``image`` is said beside it. ``sketch`` is what was drawn on it.
    """
    choice = _choose_detector()
    traits = choice.traits
    query = st.text_area(
        "Query",
        DEFAULT_QUERY,
        key="detect.query",
        persist_state="session",
        height=70,
        disabled=not traits.asks_a_model,
        help=None if traits.asks_a_model else "This detector looks for anything that is not belt.",
    )
    model, temperature = _choose_model(choice) if traits.asks_a_model else ("", None)
    tiling = choose_tiling(usable=traits.takes_tiles)
    cap, side = _caps(choice, tiling)
    prompt = Prompt(
        detector=choice.name,
        query=query.strip() or DEFAULT_QUERY,
        model=model,
        temperature=temperature,
        object_cap=cap,
        image_side=side,
        tiling=tiling,
        sketch=() if traits.ignores_sketches else sketch,
    )
    if sketch and traits.ignores_sketches:
        st.caption(traits.ignores_sketches)
    if traits.asks_a_model or tiling is not Tiling.WHOLE:
        show_views(prompt, image)
    _show_words(prompt)
    return prompt, choice.ready and (bool(model) or not traits.asks_a_model)


def ask_again(prompt: Prompt) -> bool:
    """Whether to send a question that was answered before."""
    if not prompt.model:
        return False
    return st.checkbox(
        "Ask again anyway",
        key="detect.again",
        help="Otherwise a question answered before is answered from what was kept, at no cost.",
    )


def show_how_to_enable(chosen: Prompt) -> None:
    """What the models that cannot be asked yet are waiting for, a line each."""
    for other in detector_choices(services()):
        if not other.ready and other.name != chosen.detector and other.traits.asks_a_model:
            st.caption(f"{literal(other.name)}: {literal(other.note)}")


def _choose_detector() -> DetectorChoice:
    choices = {choice.name: choice for choice in detector_choices(services())}
    name = st.selectbox("Detector", list(choices), key="detect.detector", persist_state="session")
    chosen = choices[name or next(iter(choices))]
    (st.caption if chosen.ready else st.warning)(literal(chosen.note))
    if chosen.traits.leaves:
        # Whoever runs the installation chose the address in it.
        st.caption(f":material/public: {chosen.traits.leaves}")
    return chosen


def _choose_model(detector: DetectorChoice) -> tuple[str, float | None]:
    named = _choose_known_model(detector) if detector.models else _type_model(detector)
    model = model_choice(detector.name, named, services())
    if model.note:
        st.caption(literal(model.note))
    temperature = _choose_temperature(heeded=model.heeds_temperature)
    if not model.heeds_temperature:
        st.caption(f"{literal(model.id)} ignores the temperature.")
        return model.id, None
    return model.id, temperature


def _choose_known_model(detector: DetectorChoice) -> str:
    known, usual = [model.id for model in detector.models], detector.traits.usual_model
    chosen = st.selectbox(
        "Model",
        known,
        index=known.index(usual),
        key=f"detect.model.{detector.name}",
        persist_state="session",
        accept_new_options=True,
        help="Choose one, or type the id of another.",
    )
    return chosen or usual


def _type_model(detector: DetectorChoice) -> str:
    named = st.text_input(
        "Model",
        detector.traits.usual_model,
        key=f"detect.model.{detector.name}",
        persist_state="session",
        placeholder="The name of a model the server has",
    )
    return named.strip()


def _choose_temperature(*, heeded: bool) -> float:
    return st.slider(
        "Temperature",
        0.0,
        2.0,
        0.5,
        0.05,
        key="detect.temperature",
        persist_state="session",
        disabled=not heeded,
    )


def _caps(choice: DetectorChoice, tiling: Tiling) -> tuple[int, int]:
    left, right = st.columns(2)
    cap = left.number_input(
        "Objects at most",
        1,
        2000,
        25,
        key="detect.cap",
        persist_state="session",
        disabled=not choice.traits.asks_a_model,
    )
    side = right.number_input(
        "Longest side sent, px",
        256,
        8192,
        1024,
        128,
        key="detect.side",
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
