"""Ways to bring pictures in: files and ZIPs, a folder, or a folder on the server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from beltmask.errors import StoreError
from beltmask.file_checks import is_litter
from beltmask.model import Project
from beltmask.workflows.images import (
    Added,
    AddOutcome,
    add_picture,
    add_zip,
    told_where_it_stopped,
)
from beltmask.workflows.server_folders import add_from_server
from components import state
from components.markup import literal
from components.services import services
from components.upload_limit import upload_megabytes

_STOPPED = "stopped"
"""In a report, beside the outcomes of files: what came after was not looked at."""


def show_upload(project: Project) -> None:
    """Draw the ways in; whatever comes is added at once and reported by name."""
    round_number = state.upload_round.get()
    limit = upload_megabytes(services().settings)
    offered = services().settings.server_folders
    files_tab, folder_tab, *server_tab = st.tabs(
        ["Files or ZIP", "Folder", *(["Folder on the server"] if offered else [])]
    )
    with files_tab:
        files = st.file_uploader(
            "PNG, JPEG, WebP, BMP, TIFF, or a ZIP of them",
            accept_multiple_files=True,
            key=f"images.files/{round_number}",
            max_upload_size=limit,
        )
    with folder_tab:
        folder = st.file_uploader(
            "A folder with everything in it",
            accept_multiple_files="directory",
            key=f"images.folder/{round_number}",
            max_upload_size=limit,
        )
    path, wanted = "", False
    for tab in server_tab:
        with tab:
            path, wanted = _server_folder(offered)
    if files or folder:
        chosen = _from_browser(files or [], project, chosen=True)
        lying = _from_browser(folder or [], project, chosen=False)
        _add(chain(chosen, lying), total=len(files or []) + len(folder or []))
    elif wanted and path.strip():
        found = add_from_server(path.strip(), project_id=project.id, services=services())
        _add(found, total=None)


def show_upload_report() -> None:
    """What became of the last upload: counts, and every refused file with its reason."""
    report = state.upload_report.get()
    if not report:
        return
    counts = Counter(outcome for _, outcome, _ in report)
    known = [*map(str, AddOutcome), _STOPPED]
    summary = ", ".join(f"{counts[each]} {each}" for each in known if counts[each])
    refused = counts[AddOutcome.REFUSED] or counts[_STOPPED]
    with st.container(horizontal=True, vertical_alignment="center"):
        (st.warning if refused else st.success)(f"Upload: {summary}.")
        if st.button("Dismiss", key="images.dismiss"):
            state.upload_report.set(())
            st.rerun()
    notes = [(name, outcome, note) for name, outcome, note in report if note]
    if notes:
        rows = [{"File": name, "What happened": o, "Why": note} for name, o, note in notes]
        st.dataframe(rows, hide_index=True)


def _server_folder(offered: Sequence[Path]) -> tuple[str, bool]:
    with st.form("images.server", border=False):
        path = st.text_input(
            "Path on the machine BeltMask runs on",
            key="images.server_path",
            help="For more pictures than a browser should carry: a folder, a file or a ZIP in "
            + literal(" or ".join(map(str, offered))),
        )
        return path, st.form_submit_button("Add from the server")


def _from_browser(
    uploads: Iterable[UploadedFile], project: Project, *, chosen: bool
) -> Iterator[Added]:
    """What somebody chose, or what lay in the folder somebody chose."""
    for upload in uploads:
        if chosen and upload.name.lower().endswith(".zip"):
            yield from add_zip(upload, project_id=project.id, services=services())
        elif chosen or not any(map(is_litter, upload.name.split("/"))):
            data = upload.getvalue()
            yield add_picture(
                upload.name, data, project_id=project.id, services=services(), chosen=chosen
            )


def _add(arriving: Iterable[Added], *, total: int | None) -> None:
    """Add one by one under a progress bar, then clear the uploader."""
    bar = st.progress(0.0, "Adding pictures…")
    report: list[tuple[str, str, str]] = []
    try:
        _watch(told_where_it_stopped(arriving, services=services()), report, bar, total=total)
    except StoreError as error:
        report.append(("", _STOPPED, error.explanation))
    if not report:
        report.append(("", str(AddOutcome.REFUSED), "Nothing there is a picture."))
    state.upload_report.set(tuple(report))
    state.upload_round.set(state.upload_round.get() + 1)
    st.rerun()


def _watch(
    arriving: Iterable[Added],
    report: list[tuple[str, str, str]],
    bar: DeltaGenerator,
    *,
    total: int | None,
) -> None:
    """Report each file as it comes, so that those before a stop are known."""
    for count, added in enumerate(arriving, start=1):
        report.append((added.name, str(added.outcome), added.note))
        share = min(count / total, 1.0) if total else 0.0
        bar.progress(share, f"{count}{f' of {total}' if total else ''}: {literal(added.name)}")
