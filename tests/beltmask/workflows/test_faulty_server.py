"""A run against a server that goes wrong in every way, three times in ten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import cast

from beltmask.detectors.base import (
    Detector,
    Event,
    ObjectsWithdrawn,
    RequestSent,
    TryFailed,
    WrappedDetector,
)
from beltmask.detectors.replies.reader import read_reply
from beltmask.model import Image, MaskSource, Picture, Prompt, TaskState
from beltmask.workflows.detection import DetectionResult, result_of, start_run
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from tests import gemini_faults as faults
from tests.beltmask.workflows.gemini_services import GEMINI, add_belt, asking, small_belt
from tests.examples import examples
from tests.gemini_server import GeminiServer

PICTURES = examples(250, exploring=500)
RATE = 0.3
REQUESTS = 3
SEED = 46
"""With which every fault is fed to somebody."""
NAMES = {
    "429": "Quota exceeded",
    "429-long": "Quota exceeded",
    "429-plain": "exhausted",
    "429-day": "Quota of the day",
    "408": "too long",
    "500": "internal error",
    "503": "overloaded",
    "503-html": "503",
    "504": "Deadline expired",
    "400": "MINIMAL is not supported",
    "400-key": "API key not valid",
    "400-place": "location",
    "401": "credentials",
    "403": "Permission denied",
    "404": "not found",
    "413": "payload size",
    "blocked": "blocked the question: SAFETY",
    "prohibited": "PROHIBITED_CONTENT",
    "safety": "stopped its answer: SAFETY",
    "recitation": "RECITATION",
    "max_tokens_no_parts": "thinking used up",
    "no_candidates": "no text",
    "empty_body": "nothing at all",
    "html": "no answer of Gemini",
    "broken_json": "no answer of Gemini",
    "wrong_json": "no answer of Gemini",
    "list_json": "no ",
    "hang": "did not answer",
    "slow": "did not answer",
    "disconnect": "dropped",
    "cut": "dropped",
    "error_in_stream": "overloaded",
    "prose": "prose",
}
"""What the error of a task says when this was the end of it."""
SALVAGED = {"cut_off", "loop", "mask_unreadable", "mask_refined"}


HOPELESS = {"429-day", "blocked", "prohibited", "safety", "recitation"} | {
    fault for fault in faults.ALL if fault.startswith(("400", "401", "403", "404", "413"))
}
"""Nobody would ask the same again after these."""


class Counting(WrappedDetector):
    """A detector that notes the requests of another, and those sent after a try that failed: a
    wait came before them, and they are no further tries of the request before.
    """

    def __init__(self, detector: Detector, sent: list[str], sent_again: list[str]) -> None:
        super().__init__(detector)
        self.sent, self.sent_again = sent, sent_again

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        failed = False
        for event in super().detect(picture, prompt):
            if isinstance(event, RequestSent):
                (self.sent_again if failed else self.sent).append(event.request)
            failed = isinstance(event, TryFailed) or (
                failed and isinstance(event, ObjectsWithdrawn)
            )
            yield event


def meant(server: GeminiServer, image: Image) -> list[tuple[object, ...]]:
    """The objects of the server's own answer, with their masks."""
    [known] = [picture for picture in server.pictures if picture.name == image.name]
    schema: dict[str, object] = {"generationConfig": {"responseSchema": {"mask": {}}}}
    read = read_reply(server.words(schema, known), size=image.size)
    return [(one.label, one.box.corners, one.mask) for one in read.findings]


def found(result: DetectionResult) -> list[tuple[object, ...]]:
    """Its objects; masks made again from boxes are not compared."""
    findings = [prediction.finding for prediction in result.predictions]
    assert findings
    return [(one.label, one.box.corners, one.mask) for one in findings]


def check(result: DetectionResult, fed: list[str], expected: list[tuple[object, ...]]) -> str:
    """What became of a picture the server fed with these faults, "" being a good answer."""
    if fed[-1] == "":
        assert result.task.state is TaskState.DONE, (fed, result.task.error)
        sources = {prediction.finding.mask_source for prediction in result.predictions}
        got = found(result)
        if sources == {MaskSource.MODEL}:
            assert got == expected, fed
            return "exact"
        assert [one[:2] for one in got] == [one[:2] for one in expected], fed
        return "exact boxes"
    assert fed[-1] in HOPELESS or len(fed) >= REQUESTS, fed
    if result.task.state is TaskState.DONE:
        kinds = {problem.kind for kept in result.replies for problem in kept.problems}
        assert kinds & SALVAGED, fed
        return "salvaged"
    error = str(result.task.error)
    assert any(NAMES.get(fault, "the reply") in error for fault in fed), (fed, error)
    return "named"


def run_over(images: list[Image], services: Services) -> None:
    ids = [image.id for image in images]
    run = start_run(GEMINI, ids, services=services)
    while services.runner.answer_next(run.id):
        pass
    services.executor.shutdown(wait=True)


def test_every_picture_ends_with_its_objects_or_with_the_fault_that_was_fed() -> None:
    belts = [small_belt(number)[1] for number in range(PICTURES)]
    with GeminiServer(truth=belts) as server:
        server.fault_kinds, server.fault_rate, server.seed = faults.ALL, RATE, SEED
        requests: list[str] = []
        again: list[str] = []
        waits: list[float] = []
        wishes = {"gemini_timeout": 3.0, "gemini_requests": REQUESTS, "workers": 8}
        with asking(server, sleep=waits.append, **wishes) as services:
            counting = Counting(services.detectors["gemini"], requests, again)
            cast("dict[str, Detector]", services.detectors)["gemini"] = counting
            project = create_project("Belt 3", services=services)
            images = [add_belt(number, project.id, services) for number in range(PICTURES)]
            run_over(images, services)
            results = [result_of(image.id, services=services) for image in images]
        ends: Counter[str] = Counter()
        for image, result in zip(images, results, strict=True):
            assert result is not None
            fed = [fault for name, fault in server.log if name == image.name]
            end = check(result, fed, meant(server, image))
            ends[end] += 1
    fed_kinds = {fault for _, fault in server.log if fault}
    assert fed_kinds == set(faults.ALL)
    assert server.served["unrecognised"] == 0
    assert again
    assert server.asked == len(server.log) == len(requests) + len(waits)
    good = sum(1 for _, fault in server.log if not fault)
    assert ends["exact"] + ends["exact boxes"] == good > 0.8 * PICTURES
    assert ends["exact boxes"] < 0.02 * PICTURES
