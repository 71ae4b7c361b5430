"""The options of a prompt as people type them, and whether they can be as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from beltmask.detectors.question import QUERY
from beltmask.errors import SettingsError
from beltmask.messages import Message
from beltmask.model import Prompt, PromptClass
from beltmask.names import folded, one_line, several_lines

_PLACEHOLDER = re.compile(r"\{\w*\}")


def classes_text(classes: Iterable[PromptClass]) -> str:
    """A line for each: its name, and after a colon what it looks like."""
    return "\n".join(f"{each.name}: {each.description}".removesuffix(": ") for each in classes)


def classes_in(text: str, *, known: Sequence[str]) -> tuple[PromptClass, ...]:
    """What ``classes_text`` makes, read again; ``known`` are names that may hold a colon."""
    return tuple(_classes(text, sorted(map(one_line, known), key=len, reverse=True)))


def checked_options(prompt: Prompt) -> Prompt:
    """The prompt as it is kept.

    Raises:
        SettingsError: Nothing is asked, a class is named twice, a closed list names none, or the
            template does not say once where the query goes, or has another placeholder.
    """
    query, template = several_lines(prompt.query), several_lines(prompt.template)
    if not query:
        raise SettingsError(Message("prompts.no_query"), hint=Message("prompts.type_a_query"))
    if prompt.closed and not prompt.classes:
        raise SettingsError(Message("prompts.no_classes"), hint=Message("prompts.name_a_class"))
    _check_classes(prompt.classes)
    if template:
        _check_template(template)
    return replace(prompt, query=query, template=template, avoid=one_line(prompt.avoid))


def _classes(text: str, known: Sequence[str]) -> Iterator[PromptClass]:
    for line in filter(None, map(one_line, text.splitlines())):
        names = (name for name in known if line == name or line.startswith(f"{name}:"))
        name = next(names, line.partition(":")[0].strip())
        if name:
            yield PromptClass(name, line[len(name) :].lstrip(": "))


def _check_classes(classes: Sequence[PromptClass]) -> None:
    seen: set[str] = set()
    for each in classes:
        if folded(each.name) in seen:
            said = Message("prompts.class_twice", name=each.name)
            raise SettingsError(said, hint=Message("prompts.name_classes_once"))
        seen.add(folded(each.name))


def _check_template(template: str) -> None:
    hint = Message("prompts.only_query", query=QUERY)
    for found in _PLACEHOLDER.findall(template):
        if found != QUERY:
            raise SettingsError(Message("prompts.unknown_placeholder", name=found), hint=hint)
    if template.count(QUERY) != 1:
        raise SettingsError(Message("prompts.query_once", query=QUERY), hint=hint)
