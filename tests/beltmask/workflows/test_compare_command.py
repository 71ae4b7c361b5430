"""``python -m beltmask compare --project``: asks, compares, and stops what loses too much."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from beltmask.workflows.prompt_versions import keep_version
from tests.beltmask.conftest import Call
from tests.beltmask.workflows.prompt_lab import PromptLab, asking_for, prompt_lab

RECIPES = ("perfect", "misses_fifth", "hallucinates")


@pytest.fixture
def lab(data_with_tables: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PromptLab]:
    with prompt_lab(8) as opened:
        monkeypatch.setenv("GEMINI_API_KEY", "any")
        monkeypatch.setenv("BELTMASK_GEMINI_BASE_URL", opened.server.url)
        for name in RECIPES:
            keep_version(opened.project.id, asking_for(name), name=name, services=opened.services)
        yield opened


def test_versions_are_asked_and_compared(lab: PromptLab, call: Call) -> None:
    said = call("compare", "--project", "Belt 3", "--prompts", "perfect", "2", "--json")
    found = json.loads(said.out)
    assert (said.code, said.err) == (0, "")
    assert (found["pictures"], found["baseline"], lab.server.asked) == (8, "perfect", 16)
    assert list(found["prompts"]) == ["perfect", "misses_fifth"]
    keys = {"precision", "recall", "f1", "mean_iou", "pq", "boundary_f", "missed", "extra"}
    assert keys | {"errors"} <= found["prompts"]["perfect"].keys()
    difference = found["differences"]["misses_fifth"]["f1"]
    assert {"delta", "low", "high", "won", "lost", "tied", "p_sign", "verdict"} <= set(difference)
    again = call("compare", "--project", "Belt 3", "--prompts", "perfect", "2")
    assert again.out.startswith(found["sentence"])
    assert lab.server.asked == 16


def test_a_gate_that_is_broken_ends_with_three_and_a_file_for_ci(
    lab: PromptLab, call: Call, tmp_path: Path
) -> None:
    file = tmp_path / "gates.xml"
    prompts = ("--prompts", "perfect", "hallucinates", "--gate", "f1:-0.01", "--junit", file)
    said = call("compare", "--project", "Belt 3", *prompts)
    assert said.code == 3
    assert "hallucinates: f1 is -" in said.err
    assert "<failure" in file.read_text()


def test_a_budget_that_is_spent_is_told(lab: PromptLab, call: Call) -> None:
    budget = ("--prompts", "perfect", "hallucinates", "--budget", "0.002")
    said = call("compare", "--project", "Belt 3", *budget)
    assert said.code == 1
    assert "the budget is spent" in said.err
    assert lab.server.asked < 16


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--prompts", "perfect"), "a comparison needs two prompts"),
        (("--prompts", "perfect", "nobody"), "nobody"),
        (("--prompts", "perfect", "2", "--pictures", "99"), "only 8 pictures are approved"),
        (("--prompts", "perfect", "2", "--baseline", "x"), "x is not among the prompts"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_line(
    lab: PromptLab, call: Call, arguments: tuple[str, ...], why: str
) -> None:
    said = call("compare", "--project", "Belt 3", *arguments)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert why in said.err
    assert lab.server.asked == 0
