"""The one place where expected errors reach the screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from beltmask.errors import BeltMaskError


@contextmanager
def explained(*, stop: bool = True, lasting: bool = False) -> Iterator[None]:
    """Show an expected error with its hint; let bugs through.

    Args:
        stop: End the page here. Otherwise the page goes on after the block.
        lasting: Keep the words on screen until the person closes them, whatever is drawn anew.
    """
    try:
        yield
    except BeltMaskError as error:
        if lasting:
            st.toast(error.explanation, icon=":material/error:", duration="infinite")
        else:
            st.error(error.explanation, icon=":material/error:")
        if stop:
            st.stop()
