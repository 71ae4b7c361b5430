"""What a prompt says beside its query: classes, what not to report, the words around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from beltmask.model import Project, Prompt, PromptClass
from beltmask.workflows.projects import classes_of
from beltmask.workflows.prompt_options import classes_in, classes_text
from components.services import services

NAMED = NOT_NAMED, OPEN_LIST, CLOSED_LIST = "None", "Open", "Closed"
_HELP = (
    "Without names every label comes back in the model's own words. An open list asks for these "
    "names where they fit; a closed one asks to report nothing else."
)


def choose_options(
    prompt: Prompt, start: Prompt, project: Project, *, key: Callable[[str], str], heeded: bool
) -> Prompt:
    """Draw the options, which begin as in ``start``; returns ``prompt`` with them.

    Without ``heeded``, the detector is sent no words: then none of them is part of the prompt.
    """
    prompt = choose_classes(prompt, start, project, key=key, heeded=heeded)
    return choose_words(prompt, start, key=key, heeded=heeded)


def choose_words(
    prompt: Prompt, start: Prompt | None, *, key: Callable[[str], str], heeded: bool
) -> Prompt:
    """What not to report, and the words around the query; without ``start``, as the session has."""
    avoid = st.text_input(
        "Not to report",
        start.avoid if start else "",
        key=key("avoid"),
        persist_state="session",
        disabled=not heeded,
        placeholder="belt joints, glare",
    )
    template = st.text_area(
        "Words around the query",
        start.template if start else "",
        key=key("template"),
        persist_state="session",
        height=70,
        disabled=not heeded,
        placeholder="You inspect a conveyor belt for waste. {query}",
        help="{query} is where the query goes. What is to be answered, and how, follows by itself.",
    )
    return replace(prompt, avoid=avoid, template=template) if heeded else prompt


def choose_classes(
    prompt: Prompt,
    start: Prompt | None,
    project: Project,
    *,
    key: Callable[[str], str],
    heeded: bool,
) -> Prompt:
    """Which labels are wanted; without ``start``, they begin as the session has them."""
    how = st.segmented_control(
        "Classes",
        list(NAMED),
        default=how_named(start) if start else None,
        required=True,
        key=key("classes_how"),
        persist_state="session",
        disabled=not heeded,
        help=_HELP,
    )
    if how == NOT_NAMED or not heeded:
        return prompt
    names = [each.name for each in classes_of(project.id, services=services())]
    typed = st.text_area(
        "A line each: the name, a colon, what it looks like",
        first_classes(start, project) if start else "",
        key=key("classes"),
        persist_state="session",
        height=100,
    )
    return replace(prompt, classes=classes_in(typed, known=names), closed=how == CLOSED_LIST)


def how_named(prompt: Prompt) -> str:
    """How a prompt names the classes, as the choice says it."""
    if not prompt.classes:
        return NOT_NAMED
    return CLOSED_LIST if prompt.closed else OPEN_LIST


def first_classes(start: Prompt, project: Project) -> str:
    """A prompt's classes as they are typed; of one without any, the project's."""
    names = (each.name for each in classes_of(project.id, services=services()))
    return classes_text(start.classes or map(PromptClass, names))
