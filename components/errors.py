"""The one place where expected errors reach the screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from beltmask.errors import BeltMaskError


@contextmanager
def explained(*, stop: bool = True) -> Iterator[None]:
    """Show an expected error with its hint; let bugs through.

    Args:
        stop: End the page here. Otherwise the page goes on after the block.
    """
    try:
        yield
    except BeltMaskError as error:
        st.error(error.explanation, icon=":material/error:")
        if stop:
            st.stop()
