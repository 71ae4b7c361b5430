"""Look through all objects of one class, and accept, reject or relabel many at once."""

import streamlit as st

from beltmask.workflows.projects import classes_of
from components import state
from components.contact_sheet import contact_sheet
from components.errors import explained
from components.object_pages import choose_objects, page_of_objects, turn_pages
from components.project_choice import chosen_project
from components.services import services

with explained():
    project = chosen_project()
    classes = classes_of(project.id, services=services())
    where = choose_objects(project, classes)
    settled = state.sheet_settled.get()  # before the objects: contact_sheet says why
    objects = page_of_objects(where)
    turn_pages(where)

if not objects:
    st.info("No object is of this class and state.", icon=":material/grid_view:")
    with st.container(horizontal=True):
        st.page_link("pages/label/detect.py", label="Ask a detector about pictures")
        st.page_link("pages/label/review.py", label="Draw objects in Review")
    st.stop()

contact_sheet(objects, classes, project=project, settled=settled)
