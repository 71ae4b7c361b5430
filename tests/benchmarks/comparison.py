"""Comparing prompts on objects: time and memory against pycocotools, and whether 95 % are 95 %.

Run ``python -m tests.benchmarks.comparison``. 1,000 pictures x 10 objects x 4 prompts from masks
to the table; pycocotools and hotcoco count average precision on the same set, once a prompt.
Memory is the peak of what Python allocates for one picture with the same objects in a small and
in a large frame. Coverage: how often the interval holds the true difference when scenes are drawn
over and over, each picture alone or bursts of the same belt as one group.
"""

from __future__ import annotations

import io
import time
import tracemalloc
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from typing import Any

import cv2
import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from beltmask import masks
from beltmask.model import Size
from beltmask.scoring import ScoredObject
from beltmask.scoring.average_precision import PrecisionRecord
from beltmask.scoring.comparison import compared
from beltmask.scoring.figures import Score
from beltmask.scoring.picture_counts import PictureCounts, picture_counts
from beltmask.scoring.statistics import differences

SIZE, LARGE = (1280, 960), (5120, 3840)
PICTURES, OBJECTS, PROMPTS = 1000, 10, 4
TRIALS, RESAMPLES = 400, 1000
Side = list[ScoredObject]
Scene = tuple[Side, list[Side]]
Random = np.random.Generator


def main() -> None:
    random = np.random.default_rng(1)
    scenes = [scene(random) for _ in range(PICTURES)]
    print(f"{PICTURES} pictures x {OBJECTS} objects x {PROMPTS} prompts, CPU seconds in one run")
    ours = told("objects to counts", partial(counted, scenes, SIZE))
    counts = counted(scenes, SIZE)
    ours += told("counts to table", partial(compared, counts, baseline="0"))
    for name, other in (("pycocotools", pycocotools), ("hotcoco", hotcoco)):
        theirs = told(f"{name}, average precision alone", partial(other, scenes))
        print(f"  ours is {ours / theirs:.2f} of {name}'s")
    small, large = (peak(scenes[:1], size) for size in (SIZE, LARGE))
    print(f"peak memory of a picture: {small:.0f} kB, 16 times as large {large:.0f} kB")
    for pictures in (10, 20, 40, 100):
        print(f"{pictures} pictures: the interval held the truth in {coverage(pictures, 1):.1%}")
    for groups in (10, 20, 40):
        each, alone = coverage(groups, 5), coverage(groups, 5, grouped=False)
        print(f"{groups} groups of 5: in {each:.1%}; taken as pictures in {alone:.1%}")


def told(what: str, work: Callable[[], Any]) -> float:
    begun = time.process_time()
    work()
    seconds = time.process_time() - begun
    print(f"  {what}: {seconds:.2f} s", flush=True)
    return seconds


def counted(scenes: list[Scene], size: Size) -> dict[str, dict[str, PictureCounts]]:
    return {
        str(prompt): {
            f"{n:04}": picture_counts(answers[prompt], truth, size)
            for n, (truth, answers) in enumerate(scenes)
        }
        for prompt in range(PROMPTS)
    }


def scene(random: Random) -> Scene:
    """Ten things, and four answers that find most of them, a little off."""
    truth: Side = []
    answers: list[Side] = [[] for _ in range(PROMPTS)]
    for _ in range(OBJECTS):
        x, y, radius = (int(random.integers(*span)) for span in ((0, 1100), (0, 800), (12, 50)))
        turn = float(random.uniform(0, 6))
        truth.append(thing(x, y, radius, turn))
        for prompt, answer in enumerate(answers):
            if random.random() < 0.8 + 0.03 * prompt:
                away = random.integers(0, 6, size=2).tolist()
                turned = turn + float(random.normal(0, 0.2))
                answer.append(thing(x + away[0], y + away[1], radius, turned, random.random()))
    return truth, answers


def thing(x: int, y: int, radius: int, turn: float, score: float = 0.0) -> ScoredObject:
    """A lump with three bulges."""
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    reach = radius * (0.75 + 0.25 * np.sin(3 * angles + turn))
    corners = np.stack([np.cos(angles), np.sin(angles)], axis=1) * reach[:, None] + radius
    bits = np.zeros((2 * radius + 1, 2 * radius + 1), dtype=np.uint8)
    cv2.fillPoly(bits, [corners.astype(np.int32)], 1)
    mask = masks.mask_from_crop(bits.astype(np.bool_), x, y)
    assert mask is not None
    return ScoredObject(mask.box, mask, "thing", score=score)


def hotcoco(scenes: list[Scene]) -> None:
    for prompt in range(PROMPTS):
        record = PrecisionRecord()
        for truth, answers in scenes:
            record.add(answers[prompt], truth, SIZE)
        record.average_precision()


def pycocotools(scenes: list[Scene]) -> None:
    for prompt in range(PROMPTS):
        truth: list[dict[str, Any]] = []
        found: list[dict[str, Any]] = []
        for number, (wanted, answers) in enumerate(scenes, start=1):
            truth += [
                row(each, number) | {"id": len(truth) + n} for n, each in enumerate(wanted, 1)
            ]
            found += [row(each, number) | {"score": each.score} for each in answers[prompt]]
        images = [{"id": n, "width": SIZE[0], "height": SIZE[1]} for n in range(1, len(scenes) + 1)]
        with redirect_stdout(io.StringIO()):
            data = COCO()
            data.dataset = {"images": images, "annotations": truth, "categories": [{"id": 1}]}
            data.createIndex()
            evaluation = COCOeval(data, data.loadRes(found), "segm")
            evaluation.evaluate()
            evaluation.accumulate()


def row(each: ScoredObject, number: int) -> dict[str, Any]:
    assert each.mask is not None
    shape = masks.to_coco_rle(each.mask, SIZE)
    facts = {"image_id": number, "category_id": 1, "iscrowd": 0, "area": each.mask.area}
    return facts | {"segmentation": shape}


def peak(scenes: list[Scene], size: Size) -> float:
    """In kB."""
    counted(scenes, size)
    tracemalloc.start()
    counted(scenes, size)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1000


def coverage(groups: int, each: int, *, grouped: bool = True) -> float:
    """How often the interval of the difference of F1 holds the true one."""
    true = true_difference()
    held = 0
    for trial in range(TRIALS):
        random = np.random.default_rng(trial)
        prompts, bursts = pictures(random, groups, each)
        names = bursts if grouped else None
        found = differences(prompts, baseline="a", groups=names, seed=trial, resamples=RESAMPLES)[
            "b"
        ]["f1"]
        assert found.low is not None
        assert found.high is not None
        held += found.low <= true <= found.high
    return held / TRIALS


def true_difference() -> float:
    """Of so many pictures that chance plays no part."""
    prompts, _ = pictures(np.random.default_rng(99), 100_000, 1)
    one, other = (
        np.array([counts.numbers[:3] for counts in prompts[name].values()]).sum(axis=0)
        for name in "ab"
    )
    return float(f1(other) - f1(one))


def f1(sums: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    return float(2 * sums[0] / (2 * sums[0] + sums[1] + sums[2]))


def pictures(
    random: Random, groups: int, each: int
) -> tuple[dict[str, dict[str, PictureCounts]], dict[str, str]]:
    """Two prompts on bursts that are hard or easy as a whole, and on which one may do better."""
    prompts: dict[str, dict[str, PictureCounts]] = {"a": {}, "b": {}}
    bursts: dict[str, str] = {}
    for group in range(groups):
        ease, gain = random.normal(0.3, 0.8), random.normal(0.3, 0.5)
        objects = int(random.integers(2, 9))
        for picture in range(each):
            key = f"{group:06}-{picture}"
            bursts[key] = str(group)
            for name, lean in (("a", ease), ("b", ease + gain)):
                hit = int(random.binomial(objects, 1 / (1 + np.exp(-lean))))
                score = Score(hit, int(random.poisson(1)), objects - hit, 0.8 * hit)
                prompts[name][key] = PictureCounts(score, score, 0.9 * hit)
    return prompts, bursts


if __name__ == "__main__":
    main()
