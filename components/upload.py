"""Ways to bring pictures in: files and ZIPs, a folder, or a folder on the server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from beltmask.model import Project
from beltmask.workflows.images import Added, Outcome, add_paths, add_picture, add_zip
from components import state
from components.markup import literal
from components.services import services

_TYPES = ["png", "jpg", "jpeg", "webp", "bmp", "tif", "tiff"]


def show_upload(project: Project) -> None:
    """Draw the ways in; whatever comes is added at once and reported by name."""
    round_number = state.upload_round.get()
    files_tab, folder_tab, server_tab = st.tabs(["Files or ZIP", "Folder", "Folder on the server"])
    with files_tab:
        files = st.file_uploader(
            "PNG, JPEG, WebP, BMP, TIFF, or a ZIP of them",
            accept_multiple_files=True,
            key=f"images.files/{round_number}",
        )
    with folder_tab:
        folder = st.file_uploader(
            "A folder with everything in it",
            type=_TYPES,
            accept_multiple_files="directory",
            key=f"images.folder/{round_number}",
        )
    with server_tab:
        path, wanted = _server_folder()
    uploads = [*(files or []), *(folder or [])]
    if uploads:
        _add(_from_browser(uploads, project), total=len(uploads))
    elif wanted and path.strip():
        found = add_paths([Path(path.strip())], project_id=project.id, services=services())
        _add(found, total=None)


def show_upload_report() -> None:
    """What became of the last upload: counts, and every refused file with its reason."""
    report = state.upload_report.get()
    if not report:
        return
    counts = Counter(outcome for _, outcome, _ in report)
    summary = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    refused = counts.get(Outcome.REFUSED, 0)
    with st.container(horizontal=True, vertical_alignment="center"):
        (st.warning if refused else st.success)(f"Upload: {summary}.")
        if st.button("Dismiss", key="images.dismiss"):
            state.upload_report.set(())
            st.rerun()
    notes = [(name, outcome, note) for name, outcome, note in report if note]
    if notes:
        rows = [{"File": name, "What happened": o, "Why": note} for name, o, note in notes]
        st.dataframe(rows, hide_index=True)


def _server_folder() -> tuple[str, bool]:
    with st.form("images.server", border=False):
        path = st.text_input(
            "Path on the machine BeltMask runs on",
            key="images.server_path",
            help="For more pictures than a browser should carry: a folder, a file or a ZIP.",
        )
        return path, st.form_submit_button("Add from the server")


def _from_browser(uploads: Iterable[UploadedFile], project: Project) -> Iterator[Added]:
    for upload in uploads:
        if upload.name.lower().endswith(".zip"):
            yield from add_zip(upload, project_id=project.id, services=services())
        else:
            data = upload.getvalue()
            yield add_picture(upload.name, data, project_id=project.id, services=services())


def _add(arriving: Iterable[Added], *, total: int | None) -> None:
    """Add one by one under a progress bar, then clear the uploader."""
    bar = st.progress(0.0, "Adding pictures…")
    report = []
    for count, added in enumerate(arriving, start=1):
        report.append((added.name, str(added.outcome), added.note))
        share = min(count / total, 1.0) if total else 0.0
        bar.progress(share, f"{count}{f' of {total}' if total else ''}: {literal(added.name)}")
    if not report:
        report.append(("", str(Outcome.REFUSED), "Nothing there is a picture."))
    state.upload_report.set(tuple(report))
    state.upload_round.set(state.upload_round.get() + 1)
    st.rerun()
