"""Which comparison a person looks at: the newest, unless another is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from beltmask.model import Comparison
from components import state
from components.linked_choice import choose_linked
from components.local_time import local_time


def choose_comparison(known: Sequence[Comparison]) -> Comparison:
    """Draw the choice; it is in the URL, so that a link or a reload leads back."""
    titles = {str(each.id): _title(each) for each in known}
    chosen = choose_linked("Comparison", titles, slot=state.comparison_id)
    return next(each for each in known if str(each.id) == chosen)


def _title(comparison: Comparison) -> str:
    return f"{local_time(comparison.created_at)}  {comparison.name}"
