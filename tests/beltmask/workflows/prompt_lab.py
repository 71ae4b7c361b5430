"""A project of small approved belts, and a Gemini that errs as its prompts ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from beltmask.images import encode_png
from beltmask.model import Class, Contender, Project, Prompt
from beltmask.review import Edit, EditKind
from beltmask.runs import Runner
from beltmask.workflows.comparison import Comparison, ComparisonWish, start_comparison
from beltmask.workflows.history import new_id
from beltmask.workflows.image_review import reopen
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import classes_of, create_project
from beltmask.workflows.review_state import ReviewSheet, open_sheet
from beltmask.workflows.services import Services
from tests.beltmask.workflows.gemini_services import GEMINI, Idle, asking, small_belt
from tests.gemini_recipes import Recipe
from tests.gemini_server import GeminiServer
from tests.gemini_truth import KnownPicture
from tests.gestures import apply_edits, approve

RECIPES = (
    "perfect",
    "noisy",
    "misses_fifth",
    "merges",
    "hallucinates",
    "unreadable_tenth",
    "shifted",
    "capped",
)


@dataclass(frozen=True, eq=False)
class PromptLab:
    services: Services
    server: GeminiServer
    project: Project
    image_ids: Sequence[int]

    def wish(self, *recipes: str, **wishes: Any) -> ComparisonWish:
        contenders = tuple(Contender(name, asking_for(name)) for name in recipes)
        return replace(ComparisonWish(self.project.id, contenders), **wishes)

    def start(self, *recipes: str, **wishes: Any) -> Comparison:
        """Nothing is asked before it is answered here."""
        return self.start_wish(self.wish(*recipes, **wishes))

    def start_wish(self, wish: ComparisonWish) -> Comparison:
        return start_comparison(wish, services=self.idle)

    @property
    def idle(self) -> Services:
        book, detectors = self.services.tasks, self.services.detectors
        runner = Runner(book, detectors=detectors, executor=Idle(), workers=1)
        return replace(self.services, runner=runner)

    def answer(self, comparison: Comparison, *, most: int = 10**6) -> int:
        """Answer what waits, here and now; returns how many answers there were."""
        runner, count = self.idle.runner, 0
        with self.services.store.read() as records:
            runs = records.comparisons.open_runs(comparison.id)
        for run_id in runs:
            while count < most and runner.answer_next(run_id):
                count += 1
        return count

    def lose_an_object(self, image_id: int) -> None:
        """Somebody finds that one of the truth is none, and approves the picture again."""
        first, *_ = self.reopen(image_id).annotations
        gone = Edit(new_id(), EditKind.DELETE, first.id, first.revision)
        apply_edits(image_id, [gone], services=self.services)
        approve(image_id, services=self.services)

    def approve_again(self, number: int) -> int:
        """The id of a picture that shows a belt of before once more, with some noise."""
        pixels, known = small_belt(number)
        noisy = pixels + np.random.default_rng(number).integers(0, 3, pixels.shape, np.uint8)
        again = replace(known, name=f"again-{number}.png")
        [meant] = classes_of(self.project.id, services=self.services)
        classes = {each.label: meant for each in known.objects}
        return approved_picture(
            again,
            encode_png(noisy),
            project_id=self.project.id,
            classes=classes,
            services=self.services,
        )

    def reopen(self, image_id: int) -> ReviewSheet:
        seen = open_sheet(image_id, services=self.services).image.revision
        return reopen(image_id, seen=seen, services=self.services)

    def compare(self, *recipes: str, **wishes: Any) -> Comparison:
        comparison = self.start(*recipes, **wishes)
        self.answer(comparison)
        return comparison


def asking_for(recipe: str) -> Prompt:
    return replace(GEMINI, query=f"All objects, as {recipe} does")


@contextmanager
def prompt_lab(belts: int, **wishes: Any) -> Iterator[PromptLab]:
    """A lab on small belts of one to three boxes, all approved."""
    with GeminiServer(truth=[small_belt(number)[1] for number in range(belts)]) as server:
        server.recipes = [Recipe(f"as {name} does", name) for name in RECIPES]
        with asking(server, **wishes) as services:
            project = create_project("Belt 3", services=services)
            ids = [approved_belt(number, project.id, services) for number in range(belts)]
            yield PromptLab(services, server, project, ids)


def approved_belt(number: int, project_id: int, services: Services) -> int:
    """The id of a belt whose objects are truth."""
    pixels, known = small_belt(number)
    [meant] = classes_of(project_id, services=services)
    classes = {each.label: meant for each in known.objects}
    data = encode_png(pixels)
    return approved_picture(known, data, project_id=project_id, classes=classes, services=services)


def approved_picture(
    known: KnownPicture,
    data: bytes,
    *,
    project_id: int,
    classes: Mapping[str, Class],
    services: Services,
) -> int:
    """The id of a picture whose known objects are truth, of ``classes`` by their labels."""
    image = add_picture(known.name, data, project_id=project_id, services=services).image
    assert image is not None
    edits = [
        Edit(new_id(), EditKind.ADD, new_id(), mask=each.mask, to_class=classes[each.label])
        for each in known.objects
    ]
    apply_edits(image.id, edits, services=services)
    approve(image.id, services=services)
    return image.id
