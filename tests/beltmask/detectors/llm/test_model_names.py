"""A proxy's name for a model is no other model, and another model is not the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.detectors.llm.model_names import may_be_same_model

SAME = [
    ("gemini-3.8-flash", "gemini-3.8-flash"),
    ("gemini-3.8-flash", "gemini-3.8-flash-001"),
    ("gemini-3.8-flash", "gemini-3.8-flash-preview-05-20"),
    ("gemini-3.8-flash", "models/gemini-3.8-flash"),
    ("gemini-3.8-flash", "publishers/google/models/gemini-3.8-flash@default"),
    ("gemini/gemini-3.8-flash", "gemini-3.8-flash"),
    ("gemini-robotics-er-2-preview", "gemini-robotics-er-2"),
    ("gpt-4o", "gpt-4o-2024-08-06"),
    ("gpt-4o", "azure/gpt-4o"),
    ("gpt4o", "openai/gpt-4o"),
    ("factory-gpt-4o-west", "gpt-4o"),
    ("qwen3-vl:8b", "/models/Qwen3-VL"),
    ("qwen2.5vl:7b", "Qwen/Qwen2.5-VL-7B-Instruct-AWQ"),
    ("belt-vision", "gpt-4o-2024-08-06"),
    ("vision", "Qwen/Qwen3-VL-8B"),
    ("gemini-3.8-flash", "belt-vision"),
    ("my-model-2", "my-model-3"),
    ("claude-3-5-sonnet", "anthropic.claude-3-5-sonnet-20240620-v1:0"),
]
OTHERS = [
    ("gemini-2.5-flash", "gemini-3.5-flash-lite"),
    ("gemini-2.5-pro", "gemini-3.8-flash"),
    ("gemini-3.8-flash", "gemini-3.8-flash-lite"),
    ("gemini-3.8-flash", "gemini-3.7-flash"),
    ("gemini-3-flash", "gemini-3.8-flash"),
    ("qwen3-vl:8b", "gpt-4o-mini"),
    ("gpt-4o", "gpt-4o-mini"),
    ("gpt-4", "gpt-4o"),
    ("gpt-4", "gpt-4.1"),
    ("claude-3", "claude-3-5-sonnet"),
    ("glm-4.5", "glm-4.5v"),
    ("openrouter/gemini-3.8-flash", "qwen3-vl"),
]


@pytest.mark.parametrize(("asked", "answered"), SAME)
def test_a_name_in_other_clothes_is_no_other_model(asked: str, answered: str) -> None:
    assert may_be_same_model(asked, answered)
    assert may_be_same_model(answered, asked)


@pytest.mark.parametrize(("asked", "answered"), OTHERS)
def test_another_model_is_told_from_it(asked: str, answered: str) -> None:
    assert not may_be_same_model(asked, answered)
    assert not may_be_same_model(answered, asked)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_names_can_be_compared(asked: str, answered: str) -> None:
    assert may_be_same_model(asked, asked)
    assert may_be_same_model(asked, answered) == may_be_same_model(answered, asked)
