"""Bring belt pictures in and find them again."""

import streamlit as st

from beltmask.model import ReviewState
from beltmask.workflows import images
from beltmask.workflows.comments import open_counts
from beltmask.workflows.images import ImageFilter
from components import state
from components.demo_notice import watch_demo
from components.errors import explained
from components.gallery import PAGE_SIZE, show_gallery
from components.project_choice import chosen_project
from components.services import services
from components.upload import show_upload, show_upload_report

with explained():
    project = chosen_project()
watch_demo(project)

with st.expander("Add pictures", icon=":material/upload:"), explained(stop=False):
    show_upload(project)
show_upload_report()

with st.container(horizontal=True, vertical_alignment="bottom"):
    reviews = st.pills(
        "State",
        list(ReviewState),
        selection_mode="multi",
        key="state",
        bind="query-params",
    )
    name = st.text_input("Name contains", key="name", bind="query-params", width=240)
    trash = st.toggle("Trash", key="images.trash", help="Show deleted pictures")

    commented = st.toggle(
        "Open comments",
        key="comments",
        bind="query-params",
        help="Show pictures with comments nobody has resolved",
    )

where = ImageFilter(project.id, tuple(reviews), name.strip(), trash=trash, open_comments=commented)
if state.gallery_where.get() != repr(where):
    state.gallery_where.set(repr(where))
    state.gallery_after.set(0)

with explained():
    shown = images.gallery(
        where, services=services(), after=state.gallery_after.get(), limit=PAGE_SIZE
    )

if not shown.images:
    everything_empty = not (reviews or name or trash or commented)
    st.info(
        "No pictures yet. Add some above." if everything_empty else "No picture fits this filter.",
        icon=":material/photo_library:",
    )
    st.stop()

last = shown.first + len(shown.images)
with st.container(horizontal=True, vertical_alignment="center"):
    st.caption(f"{shown.first + 1}–{last} of {shown.total}")
    if st.button("Previous page", icon=":material/arrow_back:", disabled=shown.first == 0):
        before = shown.images[0].id
        state.gallery_after.set(
            images.page_before(where, services=services(), before=before, limit=PAGE_SIZE)
        )
        st.rerun()
    if st.button("Next page", icon=":material/arrow_forward:", disabled=last >= shown.total):
        state.gallery_after.set(shown.images[-1].id)
        st.rerun()
    actions = st.container(horizontal=True, width="content")

ids_shown = [image.id for image in shown.images]
ticked = show_gallery(
    shown.images, project, open_comments=open_counts(ids_shown, services=services())
)
ids = tuple(image.id for image in ticked)

with actions:
    if trash and st.button("Restore", disabled=not ids, icon=":material/restore_from_trash:"):
        with explained():
            images.restore(ids, project_id=project.id, services=services())
        st.rerun()
    if not trash and st.button("Delete", disabled=not ids, icon=":material/delete:"):
        with explained():
            images.move_to_trash(ids, project_id=project.id, services=services())
        st.toast(f"{len(ids)} moved to the trash")
        st.rerun()
    if not trash and st.button("Detect in these", disabled=not ids, icon=":material/search:"):
        state.detect_chosen.set(ids)
        st.switch_page("pages/label/detect.py")
