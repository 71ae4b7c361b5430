"""What people were told is saved, and what is in the store: both are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from beltmask.errors import DatabaseUnavailableError
from beltmask.model import Annotation, AnnotationSource, Image, Task, TaskState
from beltmask.workflows.integrity import Fate, check_everything
from beltmask.workflows.review_state import open_sheet
from tests.soak.installation import Installation
from tests.soak.people import SoakPerson


@dataclass(frozen=True, slots=True)
class Told:
    """The counts at the end. ``flaws`` is what ``check`` says; ``gone`` how often a canvas was."""

    drawn: int
    stored: int
    said: int
    missing: tuple[str, ...]
    twice: tuple[str, ...]
    refused: int
    gone: int
    answered: int
    failed: tuple[str, ...]
    unanswered: int
    proposed_twice: int
    requests: int
    flaws: tuple[str, ...]

    @property
    def lost(self) -> int:
        wrong = len(self.twice) + self.refused + self.unanswered + self.proposed_twice
        return wrong + len(self.missing) + len(self.failed) + len(self.flaws)


class Ledger:
    """``look`` compares after each trouble; what was missing once stays counted."""

    def __init__(self, place: Installation) -> None:
        self._place = place
        self._looked = 0
        self._missing = dict[str, str]()

    def look(self, people: Sequence[SoakPerson], *, after: Sequence[str]) -> None:
        if len(after) == self._looked:
            return
        try:
            there = {each.id for image in images_of(people) for each in self._drawn(image)}
        except DatabaseUnavailableError:
            return  # it is looked again
        self._looked = len(after)
        last = after[-1] if after else "the end"
        for person in people:
            for name in person.said - there:
                self._missing.setdefault(name, f"missing after {last}: {name}, by {person.name}")

    def close(self, people: Sequence[SoakPerson], asked: Sequence[Image], *, requests: int) -> Told:
        self._looked = -1
        self.look(people, after=())
        drawn = [self._drawn(image) for image in images_of(people)]
        tasks = [self._newest(image) for image in asked]
        flaws = check_everything(services=self._place.services)
        return Told(
            drawn=sum(person.drawn for person in people),
            stored=sum(map(len, drawn)),
            said=len(set[str]().union(*(person.said for person in people))),
            missing=tuple(self._missing.values()),
            twice=tuple(chain.from_iterable(map(_twice, drawn))),
            refused=sum(len(person.refused) for person in people),
            gone=sum(len(person.gone) for person in people),
            answered=sum(task.state is TaskState.DONE for task in tasks),
            failed=tuple(str(task.error) for task in tasks if task.state is TaskState.FAILED),
            unanswered=sum(task.state in (TaskState.QUEUED, TaskState.RUNNING) for task in tasks),
            proposed_twice=sum(self._too_many(task) for task in tasks),
            requests=requests,
            flaws=tuple(each.sentence for each in flaws if each.fate is Fate.LEFT),
        )

    def _drawn(self, image: Image) -> list[Annotation]:
        sheet = open_sheet(image.id, services=self._place.services)
        return [each for each in sheet.annotations if each.source is AnnotationSource.HUMAN]

    def _newest(self, image: Image) -> Task:
        with self._place.services.store.read() as records:
            task = records.runs.latest_task(image.id)
        assert task is not None
        return task

    def _too_many(self, task: Task) -> int:
        """Proposals, and replies that were paid for, that are more than the one answer has."""
        with self._place.services.store.read() as records:
            proposed = len(records.annotations.of_image(task.image_id))
            found = len(records.predictions.of_task(task.id))
            replies = Counter(
                each.reply.request
                for each in records.replies.of_task(task.id)
                if not each.reply.cached
            )
        return abs(proposed - found) + sum(count - 1 for count in replies.values())


def _twice(drawn: Sequence[Annotation]) -> Iterator[str]:
    """Each object on the very pixels of another: every box is drawn once, in a place of its own.

    A box whose hand was pushed aside by a page still being laid out may lie on others; no gesture
    told twice looks like that.
    """
    first = dict[tuple[int, ...], Annotation]()
    for each in drawn:
        assert each.mask is not None
        other = first.setdefault(each.mask.box.corners, each)
        if other is not each:
            yield f"twice at {each.mask.box.corners}: {other.id} and {each.id}"


def images_of(people: Sequence[SoakPerson]) -> list[Image]:
    return list({person.image.id: person.image for person in people}.values())


def tell(kind: str, troubles: Sequence[str], told: Told) -> None:
    print(f"{kind}: {', '.join(f'{n} x {what}' for what, n in Counter(troubles).items())}")
    print(
        f"  people: {told.drawn} boxes drawn, {told.stored} stored, {told.said} said to be saved, "
        f"{len(told.missing)} missing, {len(told.twice)} twice, {told.refused} refused, "
        f"{told.gone} x no canvas"
    )
    print(
        f"  run: {told.answered} answered, {len(told.failed)} failed, {told.unanswered} left, "
        f"{told.proposed_twice} twice, {told.requests} requests so far"
    )
    for line in (*told.missing, *told.twice, *told.failed, *told.flaws):
        print(f"  {line}")
