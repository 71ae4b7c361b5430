"""Options of a prompt: typed, checked, kept with the version, told apart in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beltmask.errors import SettingsError
from beltmask.model import Project, Prompt, PromptClass
from beltmask.workflows.prompt_difference import difference, unusual_options
from beltmask.workflows.prompt_options import checked_options, classes_in, classes_text
from beltmask.workflows.prompt_versions import keep_version, versions_of
from beltmask.workflows.services import Services

PLAIN = Prompt("gemini", "cans")
CLASSES = (PromptClass("can", "a tin: round"), PromptClass("glass: green"), PromptClass("wood"))
FULL = replace(PLAIN, classes=CLASSES, closed=True, avoid="glare", template="Find {query}!")


@pytest.fixture
def services(in_each_database: Services) -> Services:
    return in_each_database


def test_options_are_kept_with_the_version(project: Project, services: Services) -> None:
    asked = [PLAIN, replace(PLAIN, classes=CLASSES), replace(PLAIN, avoid="glare"), FULL]
    for number, prompt in enumerate(asked):
        keep_version(project.id, prompt, name=f"no. {number}", services=services)
    assert [each.prompt for each in versions_of(project.id, services=services)] == asked


def test_classes_are_typed_a_line_each() -> None:
    names = [each.name for each in CLASSES]
    assert classes_in(classes_text(CLASSES), known=names) == CLASSES
    assert classes_in(" can :  a tin \n\n:\nwood", known=()) == (
        PromptClass("can", "a tin"),
        PromptClass("wood"),
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"query": " "}, "the query is empty"),
        ({"closed": True}, "a closed list needs a class"),
        ({"classes": (PromptClass("can"), PromptClass("Can"))}, 'the class "Can" is named twice'),
        ({"template": "Find it"}, "says once where the query goes, as {query}"),
        ({"template": "{query} {query}"}, "says once where the query goes, as {query}"),
        ({"template": "{query} {belt}"}, "{belt} in the template means nothing"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(
    options: dict[str, object], said: str
) -> None:
    with pytest.raises(SettingsError) as told:
        checked_options(replace(PLAIN, **options))  # type: ignore[arg-type]
    assert said in str(told.value)


def test_options_are_told_apart_in_words() -> None:
    lines = list(map(str, difference(PLAIN, replace(FULL, classes=CLASSES[:1]))))
    assert lines == [
        "classes: [-none-] [+can: a tin: round+]",
        "list of classes: [-open-] [+closed+]",
        "not to report: [-none-] [+glare+]",
        "template: [-none-] [+Find {query}!+]",
    ]
    assert unusual_options(replace(PLAIN, avoid="glare")) == ["not to report glare"]
