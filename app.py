"""The frame around every page: page config, menu, project, title.

The server imports this file once, before anybody comes, and runs it for every visit.
"""

import logging

import streamlit as st

from components.errors import explained
from components.guard import guards
from components.project_choice import choose_project
from components.routes import canvas_routes
from components.services import demo_drawing
from components.upload_limit import hold_uploads_to_settings

ICON = """<svg viewBox="0 0 24 24">
<rect x="1" y="14" width="22" height="7" rx="3.5" fill="#0072b2"/>
<circle cx="5" cy="17.5" r="1.5" fill="#fff"/><circle cx="12" cy="17.5" r="1.5" fill="#fff"/>
<circle cx="19" cy="17.5" r="1.5" fill="#fff"/><path d="M7 12 9 5l6-1 3 8z" fill="#e69f00"/>
</svg>"""
"""Drawn here: Streamlit would fetch a named one from another server."""


def first_page() -> None:
    """``/images`` and ``/start`` lead to the first page, whose own address is bare."""
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    st.switch_page("pages/label/images.py", query_params=asked)


def menu() -> st.Page:
    """Every page; returns the one this visit asks for."""
    return st.navigation(
        {
            "Label": [
                *(
                    st.Page(first_page, title="Images", url_path=name, visibility="hidden")
                    for name in ("images", "start")
                ),
                st.Page(
                    "pages/label/images.py",
                    title="Images",
                    icon=":material/photo_library:",
                    url_path="first-page",  # another must not have it; nobody sees it
                    default=True,
                    help="Upload belt pictures, find them again, see how far each one is.",
                ),
                st.Page(
                    "pages/label/detect.py",
                    title="Detect",
                    icon=":material/image_search:",
                    url_path="detect",
                    help="Ask a detector for foreign objects and look at the masks it draws.",
                ),
                st.Page(
                    "pages/label/review.py",
                    title="Review",
                    icon=":material/rate_review:",
                    url_path="review",
                    help="Correct, accept or reject the objects of a picture and approve it.",
                ),
                st.Page(
                    "pages/label/by_class.py",
                    title="By class",
                    icon=":material/grid_view:",
                    url_path="by_class",
                    help="All objects of one class across pictures, decided on many at once.",
                ),
            ],
            "Measure": [
                st.Page(
                    "pages/measure/prompts.py",
                    title="Prompts",
                    icon=":material/edit_note:",
                    url_path="prompts",
                    help="Word prompts, keep them under names, try them at once, choose one.",
                ),
                st.Page(
                    "pages/measure/compare.py",
                    title="Compare",
                    icon=":material/compare:",
                    url_path="compare",
                    help="Which prompt is better on approved pictures, and how sure that is.",
                ),
            ],
            "Share": [
                st.Page(
                    "pages/share/versions.py",
                    title="Versions",
                    icon=":material/inventory_2:",
                    url_path="versions",
                    help="Export approved annotations as COCO, read back before they are offered.",
                ),
            ],
            "Admin": [
                st.Page(
                    "pages/admin/project.py",
                    title="Project",
                    icon=":material/settings:",
                    url_path="project",
                    help="Projects, classes, and which detectors are at work.",
                ),
            ],
        }
    )


if __name__ == "__main__":
    st.set_page_config(page_title="BeltMask", page_icon=ICON, layout="wide")
    page = menu()
    if page.visibility == "hidden":
        page.run()  # leads on to another page
    with explained():
        demo_drawing()
        choose_project()
    st.title(page.title)
    page.run()
else:
    # So that the first visitor's link leads somewhere: docs/adr/0009. There is no visit yet, and
    # Streamlit would say so once for each page.
    visits = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    usual = visits.level
    visits.setLevel(logging.ERROR)
    menu()
    visits.setLevel(usual)
    hold_uploads_to_settings()
    app = st.App(__file__, routes=canvas_routes(), middleware=guards())
