"""What a prompt says beside its query: classes, what not to report, the words around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from beltmask.model import Project, Prompt, PromptClass
from beltmask.workflows.projects import classes_of
from beltmask.workflows.prompt_options import classes_in, classes_text
from components.services import services

_NOT_NAMED, _OPEN, _CLOSED = "Not named", "Open list", "Closed list"
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
    classes, closed = _choose_classes(start, project, key=key, heeded=heeded)
    avoid = st.text_input(
        "Not to report",
        start.avoid,
        key=key("avoid"),
        disabled=not heeded,
        placeholder="belt joints, glare",
    )
    template = st.text_area(
        "Words around the query",
        start.template,
        key=key("template"),
        height=70,
        disabled=not heeded,
        placeholder="You inspect a conveyor belt for waste. {query}",
        help="{query} is where the query goes. What is to be answered, and how, follows by itself.",
    )
    if not heeded:
        return prompt
    return replace(prompt, classes=classes, closed=closed, avoid=avoid, template=template)


def _choose_classes(
    start: Prompt, project: Project, *, key: Callable[[str], str], heeded: bool
) -> tuple[tuple[PromptClass, ...], bool]:
    first = (_CLOSED if start.closed else _OPEN) if start.classes else _NOT_NAMED
    how = st.segmented_control(
        "Classes",
        [_NOT_NAMED, _OPEN, _CLOSED],
        default=first,
        required=True,
        key=key("classes_how"),
        disabled=not heeded,
        help=_HELP,
    )
    if how == _NOT_NAMED or not heeded:
        return (), False
    names = [each.name for each in classes_of(project.id, services=services())]
    typed = st.text_area(
        "A line each: the name, a colon, what it looks like",
        classes_text(start.classes or map(PromptClass, names)),
        key=key("classes"),
        height=100,
    )
    return classes_in(typed, known=names), how == _CLOSED
