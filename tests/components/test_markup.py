"""What is done to text that is not ours; Chromium shows what comes of it in ``tests/browser``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from components.markup import literal

ROOT = Path(__file__).parents[2]
PAGES = sorted(path for folder in ("components", "pages") for path in (ROOT / folder).rglob("*.py"))
READS_MARKDOWN = {
    "badge",
    "button",
    "caption",
    "checkbox",
    "color_picker",
    "dialog",
    "download_button",
    "error",
    "expander",
    "form_submit_button",
    "header",
    "info",
    "markdown",
    "metric",
    "number_input",
    "page_link",
    "popover",
    "progress",
    "segmented_control",
    "selectbox",
    "slider",
    "spinner",
    "subheader",
    "success",
    "text_area",
    "text_input",
    "title",
    "toast",
    "toggle",
    "warning",
}
OF_OTHERS = {
    "name",
    "label",
    "error",
    "explanation",
    "reason",
    "note",
    "model",
    "aliases",
    "folder",
}
"""What is called so was written by a person, a model or a service."""
REASONS = {"error", "explanation", "reason", "trouble"}
"""A plain variable of this name holds words that name files, hosts or pictures."""


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_element_is_told_a_name_that_was_not_made_literal(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    told = [each for call in calls if reads_markdown(call) for each in told_to(call)]
    bare = (name for each in told for name in names_in(each))
    assert [f"line {name.lineno}: {ast.unparse(name)}" for name in bare] == []


def reads_markdown(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in READS_MARKDOWN


def told_to(call: ast.Call) -> Iterator[ast.expr]:
    """The words of an element."""
    yield from call.args[:1]
    yield from (each.value for each in call.keywords if each.arg in {"label", "help"})


def names_in(words: ast.AST) -> Iterator[ast.expr]:
    """Names of others that go into words as they are."""
    if isinstance(words, ast.Call) and getattr(words.func, "id", "") == "literal":
        return
    if isinstance(words, ast.Attribute) and words.attr in OF_OTHERS:
        yield words
    if isinstance(words, ast.Name) and words.id in REASONS:
        yield words
    for part in ast.iter_child_nodes(words):
        yield from names_in(part)


@pytest.mark.parametrize(
    "name",
    [
        "belt_01.png",
        "Line 3 & 4, before the crusher (left)",
        "10:30 o'clock, 1.5 mm; 50 %",
        "a-b.c/d+e=f?",
        "Größe_Übung",
        "",
    ],
)
def test_plain_names_stay_as_they_are(name: str) -> None:
    assert literal(name) == name


@pytest.mark.parametrize(
    ("name", "markdown"),
    [
        ("a*b_", r"a\*b\_"),
        ("[a](b)", r"\[a\]\(b)"),
        (":red[x]", r"\:red\[x\]"),
        (":smile:", r"\::small[]smile\:"),
        ("http://evil.test", r"http\::small[]//evil.test"),
        ("www.evil.test", "www:small[].evil.test"),
        ("a -> b", r"a -:small[]\> b"),
        ("1. a", r"1\. a"),
        ("    a", "&#32;   a"),
        ("a\r\nb", "a b"),
        ("C:\\*", r"C:\\\*"),
    ],
)
def test_what_streamlit_would_read_is_told_from_what_it_must_show(name: str, markdown: str) -> None:
    assert literal(name) == markdown


@given(some.text())
def test_no_text_keeps_a_mark_that_begins_something(text: str) -> None:
    bare = re.sub(r"\\.", "", literal(text).replace(":small[]", ""))
    assert not set("[]*`<$~") & set(bare)
    assert "\n" not in bare
