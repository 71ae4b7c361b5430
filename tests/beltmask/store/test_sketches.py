"""A sketch makes a prompt of its own, and comes back as it was drawn."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from beltmask.model import Actor, Prompt
from beltmask.store import schema
from beltmask.store.records import Store

PLAIN = Prompt("gemini", "anything foreign")
CIRCLED = replace(PLAIN, sketch=(((0.1, 0.2), (0.3, 0.25), (0.1, 0.21)), ((0.5, 0.5),)))
STRUCK = replace(PLAIN, sketch=(((0.1, 0.2), (0.3, 0.25)),))


def test_each_sketch_is_a_prompt_of_its_own_and_is_kept_once(store: Store) -> None:
    somebody = Actor("somebody")
    asked = [PLAIN, CIRCLED, STRUCK, CIRCLED, PLAIN]
    with store.write() as records:
        project = records.projects.add("Line 1", actor=somebody)
        runs = [records.runs.add(project.id, prompt, [], actor=somebody) for prompt in asked]
    with store.read() as records:
        assert [records.runs.get(run.id).prompt for run in runs] == asked
    with store.database.read() as connection:
        assert connection.execute(select(func.count(schema.prompts.c.id))).scalar_one() == 3
