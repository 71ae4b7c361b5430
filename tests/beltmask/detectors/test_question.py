"""What asked models are told beside the query: the same words whoever is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from beltmask.detectors.gemini.request import prompt_text
from beltmask.detectors.openai_compatible.request import prompt_text as chat_text
from beltmask.model import Prompt, PromptClass

PLAIN = Prompt("gemini", "  bolts {and}\n nuts. ")
CLASSES = (PromptClass("can", "a tin"), PromptClass("glass"))
TEXTS: list[Callable[[Prompt], str]] = [
    prompt_text,
    lambda prompt: prompt_text(replace(prompt, model="gemini-2.5-flash")),
    lambda prompt: chat_text(prompt, outlines=True),
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("asked", "first"),
    [
        (PLAIN, "bolts {and} nuts"),
        (
            replace(PLAIN, classes=CLASSES),
            (
                'bolts {and} nuts. Where one of these names fits, it is the label: "can" (a tin), '
                '"glass"'
            ),
        ),
        (
            replace(PLAIN, classes=CLASSES, closed=True, avoid="belt joints, glare."),
            (
                'bolts {and} nuts. The label is exactly one of these names: "can" (a tin), "glass"'
                ". Report nothing else. Do not report belt joints, glare"
            ),
        ),
        (
            replace(PLAIN, template="You inspect a belt {1}.\nFind {query}, please."),
            "You inspect a belt {1}.\nFind bolts {and} nuts, please",
        ),
    ],
)
def test_every_model_is_told_the_options_of_a_prompt(
    text: Callable[[Prompt], str], asked: Prompt, first: str
) -> None:
    assert text(asked).startswith(f"{first}.")


def test_labels_are_not_to_be_descriptive_where_classes_are_named() -> None:
    classic = replace(PLAIN, model="gemini-2.5-flash")
    assert "Use descriptive labels. At most 25" in prompt_text(classic)
    assert "Use descriptive labels" not in prompt_text(replace(classic, classes=CLASSES))
