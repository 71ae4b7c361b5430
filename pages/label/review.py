"""Correct the objects of a picture, accept or reject them, and approve it."""

import streamlit as st

from beltmask.workflows.pictures import object_colors
from beltmask.workflows.reviewing import open_sheet
from components import cached, state
from components.canvas import annotation_canvas, canvas_size, room_for_canvas
from components.comments import show_comments
from components.errors import explained
from components.label_mapping import map_labels
from components.object_list import object_list
from components.project_choice import chosen_image, chosen_project
from components.queue_bar import queue_bar
from components.review_actions import review_actions, save_edits
from components.review_tools import choose_tool
from components.services import services

with explained():
    project = chosen_project()
    image = chosen_image(project)
    if image is None:
        st.info("Choose a picture first.", icon=":material/photo_library:")
        st.page_link("pages/label/images.py", label="Go to the images")
        st.stop()
    queue_bar(image, project)
    sheet = open_sheet(image.id, services=services())

# A rerun reads the newest revision; approving must name the one this person looked at.
seen, look = state.review_seen, (state.visit.get(), image.id)
if state.review_look.get() != look:
    state.review_look.set(look)
    state.review_refusal.set("")
    seen.set(sheet.image.revision)

with explained(stop=False):
    review_actions(sheet, seen=seen.get())

drawing, objects = st.columns([3, 1], gap="medium")

with drawing, explained(stop=False):
    tool, to_class = choose_tool(sheet)
    width = room_for_canvas(key="review.room")
    if width is not None:
        drawn = annotation_canvas(
            picture=cached.numbered(
                image.id, sheet.image.revision, max(canvas_size(image.size, width)), sheet.classes
            ),
            image_size=image.size,
            annotations=sheet.kept,
            colors=object_colors(sheet.annotations, sheet.classes),
            tool=tool,
            to_class=to_class,
            key=f"review.canvas/{image.id}",
            width=width,
        )
        save_edits(sheet, drawn)

with objects, explained(stop=False):
    refusal = st.container()
    map_labels(sheet)
    save_edits(sheet, object_list(sheet))

if state.review_refusal.get():
    refusal.error(state.review_refusal.get(), icon=":material/error:")

with explained(stop=False):
    show_comments(sheet)
