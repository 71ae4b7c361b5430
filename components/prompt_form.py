"""The question: detector, query, model, temperature, caps, and the words that will be sent."""

from __future__ import annotations

import streamlit as st

from beltmask.model import Image, Line, Prompt, Tiling
from beltmask.workflows.prompts import (
    DEFAULT_MODEL,
    DEFAULT_QUERY,
    DetectorChoice,
    detector_choices,
    model_choice,
    model_choices,
    second_asks,
    usual_model,
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
    query = st.text_area(
        "Query",
        DEFAULT_QUERY,
        key="detect.query",
        persist_state="session",
        height=70,
        disabled=not choice.asks_a_model,
        help=None if choice.asks_a_model else "This detector looks for anything that is not belt.",
    )
    model, temperature = _choose_model(choice) if choice.asks_a_model else ("", None)
    tiling = choose_tiling(usable=choice.takes_tiles)
    cap, side = _caps(choice, tiling)
    prompt = Prompt(
        detector=choice.name,
        query=query.strip() or DEFAULT_QUERY,
        model=model,
        temperature=temperature,
        object_cap=cap,
        image_side=side,
        tiling=tiling,
        sketch=sketch if choice.takes_sketches else (),
    )
    if sketch and not choice.takes_sketches:
        st.caption("What was recorded knows nothing of a sketch.")
    if choice.asks_a_model or tiling is not Tiling.WHOLE:
        show_views(prompt, image)
    _show_words(prompt)
    return prompt, choice.ready and (bool(model) or not choice.asks_a_model)


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
        if not other.ready and other.name != chosen.detector and other.asks_a_model:
            st.caption(f"{literal(other.name)}: {literal(other.note)}")


def _choose_detector() -> DetectorChoice:
    choices = {choice.name: choice for choice in detector_choices(services())}
    name = st.selectbox("Detector", list(choices), key="detect.detector", persist_state="session")
    chosen = choices[name or next(iter(choices))]
    (st.caption if chosen.ready else st.warning)(literal(chosen.note))
    if chosen.leaves:
        # Whoever runs the installation chose the address in it.
        st.caption(f":material/public: {chosen.leaves}")
    return chosen


def _choose_model(detector: DetectorChoice) -> tuple[str, float | None]:
    if detector.names_models:
        return _choose_known_model()
    named = st.text_input(
        "Model",
        usual_model(services()),
        key="detect.named_model",
        persist_state="session",
        placeholder="The name of a model the server has",
    )
    return named.strip(), _choose_temperature(heeded=True)


def _choose_known_model() -> tuple[str, float | None]:
    known = [choice.id for choice in model_choices(services())]
    model = st.selectbox(
        "Model",
        known,
        index=known.index(DEFAULT_MODEL),
        key="detect.model",
        persist_state="session",
        accept_new_options=True,
        help="Choose one, or type the id of another.",
    )
    chosen = model_choice(model or DEFAULT_MODEL, services())
    if chosen.note:
        st.caption(literal(chosen.note))
    temperature = _choose_temperature(heeded=chosen.heeds_temperature)
    if not chosen.heeds_temperature:
        st.caption(f"{literal(chosen.id)} ignores the temperature.")
        return chosen.id, None
    return chosen.id, temperature


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
        disabled=not choice.asks_a_model,
    )
    side = right.number_input(
        "Longest side sent, px",
        256,
        8192,
        1024,
        128,
        key="detect.side",
        persist_state="session",
        disabled=not choice.asks_a_model and tiling is Tiling.WHOLE,
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
