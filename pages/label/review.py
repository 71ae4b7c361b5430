"""Correct the objects of a picture, accept or reject them, and approve it."""

import streamlit as st

from beltmask.workflows.comments import pins_of
from beltmask.workflows.magic import magic_problem
from beltmask.workflows.review_state import open_sheet
from components import state
from components.canvas import review_canvas
from components.comments import comment_where_pointed, show_comments
from components.errors import explained
from components.history import show_history
from components.label_aliases import map_labels
from components.markup import literal
from components.project_choice import chosen_image, chosen_project
from components.queue_bar import queue_bar
from components.review_actions import review_actions
from components.services import services

# The canvas keeps its place on the page whatever stands above it: in another it is a new one.
above = st.container()

with above, explained():
    project = chosen_project()
    image = chosen_image(project)
    if image is None:
        st.info("Choose a picture first.", icon=":material/photo_library:")
        st.page_link("pages/label/images.py", label="Go to the images")
        st.stop()
    standing, bar = queue_bar(image, project)
    sheet = open_sheet(image.id, services=services(), known=state.canvas_answered.get())
    pins = pins_of(image.id, services=services())

if state.review_refusal.get():
    above.error(literal(state.review_refusal.get()), icon=":material/error:")

if magic_wrong := magic_problem(services=services()):
    above.warning(literal(magic_wrong), icon=":material/auto_fix_off:")

with bar, explained(stop=False):
    review_actions(sheet)
with above, explained(stop=False):
    map_labels(sheet)
with explained(stop=False):
    review_canvas(sheet, following=standing.next, pins=pins)
with explained(stop=False):
    show_comments(sheet)
    comment_where_pointed(sheet)
with explained(stop=False):
    show_history(sheet)
