"""Better prompts drafted from what went wrong with one, by rules that need no model.

A draft is a guess. What it is worth shows on approved pictures that it was not drafted from:
``ComparisonWish.unseen_by`` leaves those out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from beltmask.detectors.base import DetectorTraits
from beltmask.messages import Message
from beltmask.model import Prompt, Tiling
from beltmask.names import folded
from beltmask.workflows.comparable_prompts import comparable_prompts
from beltmask.workflows.comparison import find_comparison
from beltmask.workflows.comparison_result import comparison_result
from beltmask.workflows.prompt_versions import keep_version, versions_of
from beltmask.workflows.services import Services

_WORTH = 0.05
"""Of the objects or answers: what goes wrong less often is left alone."""
_LEAST = 2
_MOST_CAP = 200
_STEADY = 0.2
_SIDES = (1024, 1536, 2048, 3072)
_MOST_NAMED = 5
_SEPARATE = "Objects that touch or overlap are entries of their own."
_WHOLE = "One entry for each object, also where something lies across it."
_ONCE = "Name each object once."


@dataclass(frozen=True, slots=True)
class Advice:
    """A prompt to try instead, and ``why``.

    ``copied`` are words taken from this project's labels and classes: they may fit the pictures
    they come from better than any others.
    """

    name: str
    prompt: Prompt
    why: Message
    copied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a prompt that was compared. ``row`` is its row of a comparison's result."""

    prompt: Prompt
    row: Mapping[str, Any]
    traits: DetectorTraits
    heeds_temperature: bool
    classes: tuple[str, ...]
    rejected: tuple[str, ...]

    @property
    def objects(self) -> int:
        """Of the truth."""
        return sum(self.row["losses"].values())

    def lost(self, step: str) -> int:
        """Objects lost at a step, where they are worth a word."""
        return _worth(self.row["losses"].get(step, 0), self.objects)

    def errors(self, *kinds: str) -> int:
        """Errors of some kinds, where they are worth a word."""
        return _worth(sum(self.row["errors"].get(kind, 0) for kind in kinds), self.objects)


def advice_for(comparison_id: int, name: str, *, services: Services) -> list[Advice]:
    """What to try instead of the prompt of that name, as far as its errors suggest anything.

    Raises:
        NotFoundError: There is no such comparison.
        KeyError: It compares no prompt of that name.
    """
    comparison = find_comparison(comparison_id, services=services)
    row = comparison_result(comparison_id, services=services)["prompts"][name]
    prompt = next(each.prompt for each in comparison.contenders if each.name == name)
    detector = services.detectors.get(prompt.detector)
    if detector is None or not detector.traits.asks_a_model:
        return []
    with services.store.read() as records:
        classes = records.classes.of_project(comparison.project_id)
        seen = comparison.image_ids
        rejected = records.annotations.rejected_labels(seen, limit=_MOST_NAMED)
    model = detector.model(prompt.model, datetime.now(UTC).date())
    case = Case(
        prompt=prompt,
        row=row,
        traits=detector.traits,
        heeds_temperature=model.heeds_temperature,
        classes=tuple(each.name for each in classes if each.merged_into is None),
        rejected=tuple(rejected),
    )
    return [replace(each, name=f"{name}: {each.name}") for each in drafts(case)]


def take_advice(
    comparison_id: int, name: str, advice: Advice, *, services: Services
) -> tuple[str, str]:
    """Keep a draft as a version, to be compared with the prompt it mends.

    Returns:
        The names of the two among ``comparable_prompts``, the mended one first.

    Raises:
        NotFoundError: There is no such comparison.
        NameTakenError: Another version has the draft's name.
    """
    comparison = find_comparison(comparison_id, services=services)
    project_id = comparison.project_id
    mended = next(each.prompt for each in comparison.contenders if each.name == name)
    versions = versions_of(project_id, services=services)
    if advice.prompt not in {each.prompt for each in versions}:
        parent = next((each for each in versions if each.prompt == mended), None)
        keep_version(
            project_id,
            advice.prompt,
            name=advice.name,
            notes=f"{advice.why}.",
            parent=parent,
            services=services,
        )
    names = {each.prompt: each.name for each in comparable_prompts(project_id, services=services)}
    return names[mended], names[advice.prompt]


def drafts(case: Case) -> list[Advice]:
    """Each rule's draft, and the words of all of them in one."""
    found = [advice for rule in _RULES for advice in rule(case)]
    worded = [each for each in found if each.prompt.query != case.prompt.query]
    return [*found, *_together(case, worded)]


def _full_list(case: Case) -> Iterator[Advice]:
    count, cap = case.lost("cut_off"), min(2 * case.prompt.object_cap, _MOST_CAP)
    if count and cap > case.prompt.object_cap:
        prompt = replace(case.prompt, object_cap=cap)
        yield Advice(f"up to {cap}", prompt, Message("advice.cut_off", count=count, cap=cap))


def _unreadable(case: Case) -> Iterator[Advice]:
    count = _worth(case.row["unreadable"], case.row["answers"])
    temperature = case.prompt.temperature
    if count and case.heeds_temperature and (temperature is None or temperature > _STEADY):
        prompt = replace(case.prompt, temperature=_STEADY)
        yield Advice(f"t {_STEADY}", prompt, Message("advice.unreadable", count=count))


def _merged(case: Case) -> Iterator[Advice]:
    if count := case.errors("merged"):
        why = Message("advice.merged", count=count)
        yield from _worded(case, "apart", _SEPARATE, why)


def _split(case: Case) -> Iterator[Advice]:
    if count := case.errors("split"):
        yield from _worded(case, "whole", _WHOLE, Message("advice.split", count=count))


def _duplicate(case: Case) -> Iterator[Advice]:
    if count := case.errors("duplicate"):
        yield from _worded(case, "once", _ONCE, Message("advice.duplicate", count=count))


def _loose(case: Case) -> Iterator[Advice]:
    count = case.errors("loose_box", "shifted")
    side = next((each for each in _SIDES if each > case.prompt.image_side), None)
    if count and side is not None:
        prompt = replace(case.prompt, image_side=side)
        yield Advice(f"{side} px", prompt, Message("advice.poor_outline", count=count, side=side))


def _not_seen(case: Case) -> Iterator[Advice]:
    count = case.lost("not_seen")
    if count and case.traits.takes_tiles and case.prompt.tiling is Tiling.WHOLE:
        prompt = replace(case.prompt, tiling=Tiling.SUSPECTS)
        yield Advice("part by part", prompt, Message("advice.not_seen_tiles", count=count))
    names = _new_words(case, case.classes)
    if count and names:
        words = f"There may be: {', '.join(names)}."
        why = Message("advice.not_seen_classes", count=count)
        yield from _worded(case, "with classes", words, why, copied=names)


def _extra(case: Case) -> Iterator[Advice]:
    count, names = case.errors("extra"), _new_words(case, case.rejected)
    if count and names:
        why = Message("advice.extra", count=count)
        yield from _worded(case, "with a not", f"Not: {', '.join(names)}.", why, copied=names)


_RULES: tuple[Callable[[Case], Iterable[Advice]], ...] = (
    _full_list,
    _unreadable,
    _not_seen,
    _extra,
    _merged,
    _split,
    _duplicate,
    _loose,
)


def _worded(
    case: Case, name: str, words: str, why: Message, *, copied: tuple[str, ...] = ()
) -> Iterator[Advice]:
    """The query with a sentence more, unless it has that already."""
    if folded(words) not in folded(case.prompt.query):
        yield Advice(name, _with_words(case.prompt, words), why, copied)


def _with_words(prompt: Prompt, words: str) -> Prompt:
    query = prompt.query.rstrip()
    return replace(prompt, query=f"{query}{'' if query.endswith(('.', '!', '?')) else '.'} {words}")


def _together(case: Case, worded: list[Advice]) -> Iterator[Advice]:
    if len(worded) < _LEAST:
        return
    start = len(case.prompt.query.rstrip())
    added = [each.prompt.query[start:].lstrip(".! ?") for each in worded]
    copied = tuple(word for each in worded for word in each.copied)
    prompt = _with_words(case.prompt, " ".join(added))
    yield Advice("all of it", prompt, Message("advice.together"), copied)


def _new_words(case: Case, names: Iterable[str]) -> tuple[str, ...]:
    """Those the query does not have."""
    query = folded(case.prompt.query)
    return tuple(name for name in names if folded(name) not in query)[:_MOST_NAMED]


def _worth(count: int, of: int) -> int:
    return count if count >= max(_LEAST, _WORTH * of) else 0
