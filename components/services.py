"""The shared objects of the app, built once per process."""

from __future__ import annotations

import gc
from concurrent.futures import Future

import streamlit as st

from beltmask.settings import load_settings
from beltmask.workflows.demonstration import ensure_demo_project
from beltmask.workflows.detection import resume_runs
from beltmask.workflows.services import Services


@st.cache_resource(show_spinner="Preparing BeltMask…")
def services() -> Services:
    """Everything workflows are handed. Runs an earlier process left unfinished go on."""
    opened = Services.open(load_settings())
    resume_runs(opened)
    gc.freeze()  # what is imported by now stays; collections need not look at it again
    return opened


@st.cache_resource(show_spinner="Preparing the demo…")
def demo_drawing() -> Future[None] | None:
    """The demo being drawn for a first visitor; None when it is complete, or was never wanted."""
    return ensure_demo_project(services())
