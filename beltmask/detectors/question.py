"""What every asked model is told to look for: the query, and what a prompt says beside it."""

from __future__ import annotations

from collections.abc import Iterator

from beltmask.detectors.sketch import WORDS
from beltmask.model import Prompt, PromptClass

QUERY = "{query}"
"""Where in a template the query goes."""


def query_words(prompt: Prompt) -> str:
    """Sentences without the last full stop, the query first."""
    return ". ".join(_sentences(prompt))


def _sentences(prompt: Prompt) -> Iterator[str]:
    query = " ".join(prompt.query.split()).rstrip(".")
    yield prompt.template.replace(QUERY, query).strip().rstrip(".") if prompt.template else query
    if prompt.classes:
        names = ", ".join(map(_told, prompt.classes))
        if prompt.closed:
            yield f"The label is exactly one of these names: {names}. Report nothing else"
        else:
            yield f"Where one of these names fits, it is the label: {names}"
    if prompt.avoid:
        yield f"Do not report {' '.join(prompt.avoid.split()).rstrip('.')}"
    if prompt.sketch:
        yield WORDS


def _told(each: PromptClass) -> str:
    return f'"{each.name}" ({each.description})' if each.description else f'"{each.name}"'
