"""Ask a detector for foreign objects and look at what it found."""

import streamlit as st

from beltmask.workflows.detection import start_run
from components.costs import show_estimate
from components.demo_notice import watch_demo
from components.errors import explained
from components.project_choice import chosen_image, chosen_project
from components.prompt_form import prompt_form, show_how_to_enable
from components.queue_bar import queue_bar
from components.run_progress import run_to_watch, show_run_summary, watch_new_run, watch_run
from components.scope import choose_pictures, only_this_picture
from components.services import services
from components.task_answer import show_answer

with explained():
    project = chosen_project()
    image = chosen_image(project)

question, answer = st.columns([1, 3], gap="medium")

with answer, explained():
    if image is not None:
        queue_bar(image, project, remembered=False)
    pad = st.container()

with question, explained():
    form, go, more, told = (st.container() for _ in range(4))
    with form:
        asked = prompt_form(project, image, more=more, pad=pad)
    with go:
        if image is not None and asked.prompt.sketch:
            image_ids = only_this_picture(image)
        else:
            image_ids = choose_pictures(project, image)
        show_estimate(asked.prompt, image_ids)
        wants_run = st.button(
            "Detect",
            type="primary",
            icon=":material/search:",
            shortcut="Ctrl+Enter",
            disabled=not asked.ready or not image_ids or bool(run_to_watch(project)),
            key="detect.go",
            width="stretch",
        )
    if wants_run and image_ids:
        run = start_run(asked.prompt, image_ids, services=services(), again=asked.again)
        watch_new_run(run)
        st.rerun()
    with told:
        watch_run(project)
        show_run_summary(project)
        show_how_to_enable(asked.prompt)

with answer, explained():
    if image is None:
        st.info("This project has no pictures yet.", icon=":material/photo_library:")
        st.page_link("pages/label/images.py", label="Add pictures")
        watch_demo(project)
        st.stop()
    show_answer(image, project)
