"""A project's prompt versions as a table, and one of them with the exact request it makes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from beltmask.model import Project, PromptVersion
from beltmask.workflows.prompt_difference import unusual_options
from beltmask.workflows.prompt_versions import use_in_project, use_no_version
from beltmask.workflows.prompts import second_asks, words_sent
from components import state
from components.linked_choice import choose_linked
from components.local_time import local_time
from components.markup import literal
from components.services import services


def version_title(version: PromptVersion) -> str:
    """Plain text; not to be read as Markdown."""
    return f"{version.number}  {version.name}"


def show_in_use(project: Project, in_use: PromptVersion | None) -> None:
    if in_use is None:
        st.caption("No version is in use in this project.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"In use in this project: version {in_use.number}, {literal(in_use.name)}.")
        if st.button("Stop using it", key="prompts.use_none", type="tertiary"):
            use_no_version(project.id, services=services())
            st.rerun()


def show_versions(known: Sequence[PromptVersion], in_use: PromptVersion | None) -> None:
    """The newest first."""
    rows = [_row(version, in_use) for version in reversed(known)]
    st.dataframe(rows, hide_index=True, key="prompts.versions")


def choose_version(known: Sequence[PromptVersion]) -> PromptVersion:
    """Draw the choice; it is in the URL, so that a link or a reload leads back."""
    titles = {str(each.number): version_title(each) for each in reversed(known)}
    chosen = choose_linked("Version", titles, slot=state.version_number)
    return next(each for each in known if str(each.number) == chosen)


def show_version(version: PromptVersion, in_use: PromptVersion | None) -> None:
    """What it asks, word for word, and the button that puts it to use."""
    used = in_use is not None and in_use.id == version.id
    if st.button(
        "In use in this project" if used else "Use in this project",
        key="prompts.use",
        icon=":material/check:",
        disabled=used,
    ):
        use_in_project(version, services=services())
        st.rerun()
    if version.notes:
        st.caption(literal(version.notes))
    words = words_sent(version.prompt, services())
    if not words:
        st.caption(f"{literal(version.prompt.detector)} is sent no words.")
        return
    st.caption("The exact request, sent with the picture:")
    st.code(words, language=None, wrap_lines=True)
    again = second_asks(version.prompt, services())
    if again:
        st.caption(f"If the answer falls short, asked {literal('; then '.join(again))}.")


def _row(version: PromptVersion, in_use: PromptVersion | None) -> dict[str, object]:
    prompt = version.prompt
    return {
        "No.": version.number,
        "Name": version.name,
        "In use": in_use is not None and in_use.id == version.id,
        "Query": prompt.query,
        "Asked": prompt.model or prompt.detector,
        "Options": ", ".join(unusual_options(prompt)),
        "Made from": version.parent,
        "Notes": version.notes,
        "By": version.actor.name,
        "When": local_time(version.created_at),
    }
