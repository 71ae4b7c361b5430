"""Two answers about one picture, side by side."""

from __future__ import annotations

import streamlit as st

from beltmask.model import Image, Project
from beltmask.workflows.detection import answer_of
from beltmask.workflows.pictures import Look
from components.answer_list import ChosenAnswers
from components.raw_reply import show_replies
from components.result import show_overlay
from components.services import services


def show_pair(image: Image, chosen: ChosenAnswers, project: Project, *, look: Look) -> None:
    """The answer on show and the one beside it, each with its picture and raw reply."""
    both = (chosen.shown, chosen.beside)
    for column, name, line in zip(st.columns(2), "AB", both, strict=True):
        if line is None:
            continue
        with column:
            result = answer_of(line.task.id, services=services())
            show_overlay(image, result, project, look=look, name=f"{name}: ")
            show_replies(result)
