"""The shared objects of the app, built once per process."""

from __future__ import annotations

import gc

import streamlit as st

from beltmask.settings import load_settings
from beltmask.workflows.demonstration import ensure_demo_project
from beltmask.workflows.detecting import resume_runs
from beltmask.workflows.services import Services


@st.cache_resource(show_spinner="Preparing BeltMask…")
def services() -> Services:
    """Everything workflows are handed. Unfinished runs go on; a first start draws a demo."""
    opened = Services.open(load_settings())
    ensure_demo_project(opened)
    resume_runs(opened)
    gc.freeze()  # what is imported by now stays; collections need not look at it again
    return opened
