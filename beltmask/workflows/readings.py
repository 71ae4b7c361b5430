"""The replies of one answer, read by today's parser: each where it looked, then put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from beltmask.detectors.llm.reply_events import read_text
from beltmask.detectors.llm.strategy import FallbackStep, StepOutcome, best_of
from beltmask.detectors.openai_compatible.profile import profile_for
from beltmask.detectors.region import OUTSIDE, belt_view, counted
from beltmask.detectors.replies.reader import ReadReply, read_reply
from beltmask.detectors.replies.rebuilt_masks import with_rebuilt_masks
from beltmask.detectors.seams import joined
from beltmask.detectors.tiling import named, placed, suspected, tiles_for
from beltmask.errors import AnswerBlockedError, BeltMaskError, UnreadableReplyError
from beltmask.model import Box, Finding, Picture, Pixels, Problem, Prompt, TaskState, Tiling
from beltmask.store.replies import KeptReply
from beltmask.workflows.detection import DetectionResult, raw_text
from beltmask.workflows.services import Services

_FROM_THE_SERVICE = {"rerouted", "cut_off", "setting_refused"}


@dataclass(frozen=True, slots=True, eq=False)
class ReplyReading:
    """What an answer says now. ``unseen`` tiles were never answered, so it is not whole.

    ``replies`` are those of the answer, with the problems they have now, to be kept at no cost.
    """

    findings: tuple[Finding, ...]
    replies: tuple[KeptReply, ...]
    unseen: int


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """One reply as it is read now, if it can be; ``part`` is the tile it is about."""

    kept: KeptReply
    part: Box | None
    read: ReadReply | None
    problems: tuple[Problem, ...]
    error: BeltMaskError | None = None

    @property
    def outcome(self) -> StepOutcome:
        kinds = frozenset(problem.kind for problem in self.problems)
        return StepOutcome(FallbackStep.FIRST, self.read, kinds, self.error)


def read_answer(result: DetectionResult, *, services: Services) -> ReplyReading:
    """All replies of an answer; of several about the same region the best one counts.

    Raises:
        UnreadableReplyError: About some region, nothing can be read.
    """
    picture, prompt = services.tasks.question(result.task)
    view = belt_view(picture, whole=prompt.detector == "replay")
    picture = view.picture
    prompt = replace(prompt, model=prompt.model or _usual_model(prompt, services))
    regions: dict[Box | None, list[_Read]] = {}
    for kept in result.replies:
        part = view.part(kept.reply.region)
        mine = regions.setdefault(part, [])
        text = raw_text(kept, services=services)
        mine.append(_read(kept, text, picture, prompt, part=part, first=not mine))
    best = {region: _best(reads) for region, reads in regions.items()}
    unseen = _unseen(best, picture, prompt) if result.task.state is TaskState.FAILED else 0
    reads = [read for group in regions.values() for read in group]
    findings, dropped = counted(_findings(best), view)
    return ReplyReading(findings, _with_late(_kept_again(reads), dropped), unseen)


def _usual_model(prompt: Prompt, services: Services) -> str:
    return services.settings.openai_model if prompt.detector == "openai" else ""


def _read(
    kept: KeptReply,
    text: str,
    picture: Picture,
    prompt: Prompt,
    *,
    part: Box | None,
    first: bool,
) -> _Read:
    pixels = _pixels_of(picture, part)
    cap = kept.reply.object_cap
    if cap is None and first and prompt.detector != "replay":
        cap = prompt.object_cap  # before it was kept with the reply
    try:
        read = with_rebuilt_masks(_parsed(text, pixels, prompt, cap), pixels)
    except (UnreadableReplyError, AnswerBlockedError) as error:
        said = tuple(problem for problem in kept.problems if problem.kind != OUTSIDE)
        return _Read(kept, part, None, said, error)
    return _Read(kept, part, read, (*read.problems, *_from_the_service(kept.problems, read)))


def _parsed(text: str, pixels: Pixels, prompt: Prompt, cap: int | None) -> ReadReply:
    size = (pixels.shape[1], pixels.shape[0])
    if prompt.detector != "openai":
        return read_reply(text, size=size, object_cap=cap)
    return read_text(text, size=size, profile=profile_for(prompt, size), object_cap=cap)


def _pixels_of(picture: Picture, region: Box | None) -> Pixels:
    if region is None:
        return picture.pixels
    return picture.pixels[region.y0 : region.y1, region.x0 : region.x1]


def _best(reads: Sequence[_Read]) -> ReadReply:
    best = best_of([read.outcome for read in reads])
    if best.read is None:
        why = reads[0].error
        raise UnreadableReplyError("None" if why is None else why.message, reply="")
    return best.read


def _findings(best: Mapping[Box | None, ReadReply]) -> tuple[Finding, ...]:
    """Tiles joined, and what a look at the whole found where no tile was looked at."""
    pieces = [
        placed(finding, region)
        for region, read in best.items()
        if region is not None
        for finding in read.findings
    ]
    tiles = [region for region in best if region is not None]
    whole = best[None].findings if None in best else ()
    return (*joined(pieces), *(one for one in whole if not suspected([one], tiles)))


def _unseen(best: Mapping[Box | None, ReadReply], picture: Picture, prompt: Prompt) -> int:
    """How many tiles should have been looked at and were not."""
    tiles = tiles_for(picture.size, prompt)
    if len(tiles) == 1:
        return 0
    if prompt.tiling is Tiling.SUSPECTS:
        tiles = suspected(best[None].findings, tiles) if None in best else tiles
    return sum(tile not in best for tile in tiles)


def _from_the_service(stored: Sequence[Problem], read: ReadReply) -> list[Problem]:
    """Problems that were never in the text: they are as true as they were."""
    return [
        problem
        for problem in stored
        if _is_from_the_service(problem) and _words(problem) not in map(_words, read.problems)
    ]


def _words(problem: Problem) -> tuple[str, str, int | None, tuple[int, int] | None]:
    """What was kept before there were codes is known again by its sentence."""
    return (problem.kind, problem.detail, problem.object, problem.span)


def _is_from_the_service(problem: Problem) -> bool:
    """A loop that somebody stopped listening to is about no object; one that was read is."""
    if problem.kind == "loop":
        return problem.object is None
    where = (problem.object, problem.span)
    return problem.kind in _FROM_THE_SERVICE and where == (None, None)


def _kept_again(reads: Sequence[_Read]) -> tuple[KeptReply, ...]:
    """The same replies, problems and all; what they cost was paid once."""
    tiles = [tile for tile in dict.fromkeys(read.part for read in reads) if tile is not None]
    return tuple(_again(read, tiles) for read in reads)


def _again(read: _Read, tiles: Sequence[Box]) -> KeptReply:
    old, problems = read.kept.reply, read.problems
    free = replace(old, latency=0.0, cost=None, cached=True)
    if read.read is None:
        return KeptReply(read.kept.raw_sha256, free, problems)
    if read.part is not None:
        number = tiles.index(read.part) + 1
        fresh = (named(problem, number, len(tiles)) for problem in read.read.problems)
        problems = (*fresh, *problems[len(read.read.problems) :])
    known = replace(free, dialect=read.read.dialect, readable=True)
    return KeptReply(read.kept.raw_sha256, known, problems)


def _with_late(kept: tuple[KeptReply, ...], late: tuple[Problem, ...]) -> tuple[KeptReply, ...]:
    """Problems about what all replies gave together are the last one's, as when they came."""
    if not kept:
        return kept
    return (*kept[:-1], replace(kept[-1], problems=(*kept[-1].problems, *late)))
