"""Objects, operations, projects and what detectors said, as they are kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from beltmask.errors import NameTakenError, NotFoundError, StaleRevisionError
from beltmask.messages import as_said
from beltmask.model import (
    AnnotationState,
    Change,
    Operation,
    Problem,
    Prompt,
    Reply,
    ReviewState,
    Usage,
)
from beltmask.store.records import Records, Store
from beltmask.store.replies import KeptReply
from tests.beltmask.store.builders import (
    ANN,
    PROMPT,
    annotation,
    box_finding,
    content,
    finding,
    mask,
    project_with_images,
)


def test_a_mask_comes_back_bit_for_bit(store: Store) -> None:
    _, [image] = project_with_images(store, 1)
    kept = [annotation(f"a{n}", image.id, mask=mask(seed=n)) for n in range(20)]
    kept = [replace(each, box=each.mask.box) for each in kept if each.mask]
    with store.write() as records:
        records.annotations.apply([Change(None, each) for each in kept])
    with store.read() as records:
        found = records.annotations.of_image(image.id)
    assert [content(each) for each in found] == [content(each) for each in kept]


def test_of_two_who_change_the_same_object_exactly_one_is_refused(store: Store) -> None:
    _, [image] = project_with_images(store, 1)
    first = annotation("a", image.id)
    with store.write() as records:
        records.annotations.apply([Change(None, first)])
    together = threading.Barrier(2)

    def rename(label: str) -> str:
        together.wait()
        try:
            with store.write() as records:
                records.annotations.apply([Change(first, replace(first, label=label, revision=2))])
        except StaleRevisionError:
            return "refused"
        return label

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(rename, ["can", "glove"]))
    with store.read() as records:
        [now] = records.annotations.of_image(image.id)
    assert sorted(outcomes) == sorted([now.label, "refused"])
    assert now.revision == 2


def test_a_refused_change_takes_the_others_of_its_operation_with_it(store: Store) -> None:
    _, [image] = project_with_images(store, 1)
    first = annotation("a", image.id)
    stale = replace(annotation("b", image.id), revision=7)
    with store.write() as records:
        records.annotations.apply([Change(None, first)])
    with pytest.raises(StaleRevisionError), store.write() as records:
        records.annotations.apply([Change(first, None), Change(stale, None)])
    with store.read() as records:
        assert [each.id for each in records.annotations.of_image(image.id)] == ["a"]


def test_rejected_objects_do_not_count(store: Store) -> None:
    _, [image] = project_with_images(store, 1)
    objects = [
        annotation(state.value, image.id, state=state, mask=None) for state in AnnotationState
    ]
    with store.write() as records:
        records.annotations.apply([Change(None, each) for each in objects])
        assert records.annotations.count_kept(image.id) == len(objects) - 1


def test_an_operation_comes_back_with_its_changes(store: Store) -> None:
    _, [image] = project_with_images(store, 1)
    before, after = annotation("a", image.id), annotation("a", image.id, label="can", mask=None)
    now = datetime(2026, 11, 21, 8, tzinfo=UTC)
    states = (ReviewState.PREDICTED, ReviewState.IN_REVIEW)
    changes = (Change(before, after), Change(None, before), Change(after, None))
    with store.write() as records:
        operation = Operation("o", image.id, "relabel", ANN, now, changes, *states, {"why": "test"})
        records.operations.add(operation)
        assert records.operations.find("o") is not None
        assert records.operations.find("p") is None
    with store.read() as records:
        [found] = records.operations.of_image(image.id)
    assert (found.id, found.actor, found.at, found.detail) == ("o", ANN, now, {"why": "test"})
    assert (found.review_before, found.review_after) == states
    sides = [(change.before, change.after) for change in found.changes]
    seen = [[side and content(side) for side in pair] for pair in sides]
    a, b = content(before), content(after)
    assert seen == [[a, b], [None, a], [b, None]]


def test_what_was_undone_is_not_offered_again(store: Store) -> None:
    _, [image] = project_with_images(store, 1)

    def keep(name: str, kind: str = "add", **detail: str) -> None:
        states = (ReviewState.IN_REVIEW, ReviewState.IN_REVIEW)
        at = datetime.now(UTC)
        records.operations.add(Operation(name, image.id, kind, ANN, at, (), *states, detail))

    def offered() -> str | None:
        found = records.operation_log.standing(image.id, actor=ANN).last
        return None if found is None else found.id

    with store.write() as records:
        assert offered() is None
        keep("one")
        keep("two")
        keep("u1", "undo", undoes="two")
        assert offered() == "one"
        keep("three")
        assert offered() == "three"
        keep("u2", "undo", undoes="three")
        keep("u3", "undo", undoes="one")
        assert offered() is None


def test_a_reply_keeps_its_problems_and_its_cost(store: Store) -> None:
    project, [image] = project_with_images(store, 1)
    problems = (
        Problem("box clipped", as_said("left the picture"), 2, (3, 9)),
        Problem("cut short", as_said("…")),
    )
    reply = Reply("", "ab" * 32, "gemini", "STOP", "m-1", Usage(10, 20, None), 1.5, 0.002)
    with store.write() as records:
        run = records.runs.add(project.id, PROMPT, [image.id], actor=ANN)
        [task] = records.runs.tasks(run.id, state=next(iter(records.runs.progress(run.id).counts)))
        for number, raw in [(2, "bb"), (1, "aa")]:
            records.replies.add(task.id, KeptReply(raw, reply, problems), number=number)
    with store.read() as records:
        found = records.replies.of_task(task.id)
    assert found == [KeptReply("aa", reply, problems), KeptReply("bb", reply, problems)]


def test_predictions_keep_label_shape_and_score(store: Store) -> None:
    project, [image] = project_with_images(store, 1)
    findings = [finding("can", score=0.25), box_finding("glove", (1, 2, 3, 4))]
    with store.write() as records:
        run = records.runs.add(project.id, PROMPT, [image.id], actor=ANN)
        [task] = records.runs.tasks(run.id, state=next(iter(records.runs.progress(run.id).counts)))
        kept = records.predictions.add(task.id, image.id, findings)
    for number, (prediction, wanted) in enumerate(zip(kept, findings, strict=True), start=1):
        assert prediction.number == number
        found = prediction.finding
        assert (found.label, found.box, found.score) == (wanted.label, wanted.box, wanted.score)
        assert (found.mask, found.mask_source) == (wanted.mask, wanted.mask_source)


def test_the_same_prompt_is_kept_once(store: Store) -> None:
    project, [image] = project_with_images(store, 1)
    with store.write() as records:
        runs = [records.runs.add(project.id, PROMPT, [image.id], actor=ANN) for _ in range(2)]
        other = Prompt("offline", "Detect all gloves", temperature=0.5)
        third = records.runs.add(project.id, other, [image.id], actor=ANN)
        assert [records.runs.get(run.id).prompt for run in (*runs, third)] == [
            PROMPT,
            PROMPT,
            other,
        ]


def test_a_prompt_asked_twice_at_the_same_moment_is_kept_once(store: Store) -> None:
    project, [image] = project_with_images(store, 1)
    together = threading.Barrier(2)

    def ask(_: int) -> Prompt:
        together.wait()
        with store.write() as records:
            return records.runs.add(project.id, PROMPT, [image.id], actor=ANN).prompt

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(ask, range(2))) == [PROMPT, PROMPT]


@pytest.mark.parametrize(
    ("taken", "message"),
    [
        (lambda r: r.projects.add("Belt 3", actor=ANN), 'project "Belt 3"'),
        (lambda r: r.projects.add("BELT 3", actor=ANN), 'project "BELT 3"'),
        (lambda r: r.classes.add(1, name="can", color="#fff", key=None), 'class "can"'),
    ],
    ids=["project", "project in capitals", "class"],
)
def test_a_name_in_use_is_refused(
    store: Store, taken: Callable[[Records], object], message: str
) -> None:
    project, _ = project_with_images(store, 0)
    with store.write() as records:
        assert project.id == 1
        records.classes.add(project.id, name="can", color="#ff0000", key="1")
    with pytest.raises(NameTakenError, match=message), store.write() as records:
        taken(records)


@pytest.mark.parametrize(
    "look",
    [
        lambda r: r.projects.get(5),
        lambda r: r.runs.get(5),
    ],
    ids=["project", "run"],
)
def test_what_is_not_there_is_said_to_be_missing(
    store: Store, look: Callable[[Records], object]
) -> None:
    with pytest.raises(NotFoundError, match="there is no"), store.read() as records:
        look(records)
