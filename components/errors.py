"""The one place where expected errors reach the screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from beltmask.errors import BeltMaskError, DatabaseUnavailableError
from components.markup import literal
from components.outage import sit_out
from components.state import Slot


@contextmanager
def explained(*, stop: bool = True, kept_in: Slot[str] | None = None) -> Iterator[None]:
    """Show an expected error with its hint; let bugs through. Sit out a database's absence.

    Args:
        stop: End the page here. Otherwise the page goes on after the block.
        kept_in: Where the words are put instead, for the page to show for as long as they hold.
    """
    try:
        yield
    except BeltMaskError as error:
        if isinstance(error, DatabaseUnavailableError) and kept_in is None:
            sit_out(error, stop=stop)
        if kept_in is not None:
            kept_in.set(error.explanation)
        else:
            st.error(literal(error.explanation), icon=":material/error:")
        if stop:
            st.stop()
