"""A reply watched while it comes, a loop stopped, problems read, an old reply read again."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from beltmask.demo import draw_belt
from beltmask.detectors.base import ObjectFound, ProblemFound, ReplyFinished
from beltmask.detectors.replies.reader import read_reply
from beltmask.images import encode_png
from beltmask.messages import as_said
from beltmask.model import Image, Pixels, Problem, Project, Prompt, Reply
from beltmask.palette import color_for, rgb_of
from beltmask.runs import TaskAnswer
from beltmask.workflows.detection import DetectionResult, result_of
from beltmask.workflows.images import add_picture, original_pixels
from beltmask.workflows.services import Services
from tests.browser.hands import Behind, Hands, inmost
from tests.browser.script_runs import PATIENCE_SECONDS, settled
from tests.gemini_faults import LOOP_LETTERS
from tests.gemini_server import GeminiServer
from tests.gemini_truth import KnownObject, KnownPicture, known_picture, polygon_entry

pytestmark = pytest.mark.browser

OBJECTS = 4
SEED = 2
STILL = """it => new Promise(done => {
    let before = "", same = 0;
    const look = () => {
        const now = JSON.stringify(it.getBoundingClientRect());
        same = now === before ? same + 1 : 0;
        before = now;
        same > 20 ? done() : requestAnimationFrame(look);
    };
    look();
})"""
"""Holds when an element has not moved for twenty frames."""
SCROLL = "document.querySelector('[data-testid=stMain]').scrollTop"


@dataclass(frozen=True)
class Belt:
    """One picture in a project of its own, what Gemini knows of it, and the page that shows it."""

    hands: Hands
    services: Services
    image: Image
    known: KnownPicture

    @property
    def page(self) -> Page:
        return self.hands.page

    @property
    def result(self) -> DetectionResult:
        result = result_of(self.image.id, services=self.services)
        assert result is not None
        return result

    @property
    def text(self) -> str:
        """What the model says about it."""
        entries = [polygon_entry(one, self.known.size) for one in self.known.objects]
        return json.dumps({"boxes": entries})

    def picture(self, words: str) -> Locator:
        """The picture, once it is described like this."""
        return self.page.locator(f'img[alt="{self.image.name} with {words}"]')

    def tinted(self, words: str) -> list[bool]:
        """Which objects wear their colour in the picture that is described like this."""
        expect(self.picture(words)).to_be_visible()
        shown = self.hands.shown_picture(f"{self.image.name} with {words}")
        plain = original_pixels(self.image, services=self.services)
        return [
            wears(color_for(number), known, shown, plain)
            for number, known in enumerate(self.known.objects)
        ]

    def visit_detect(self) -> None:
        """Until the address names the picture: a link forgets, and the page writes it anew."""
        self.hands.visit("Detect")
        expect(self.page).to_have_url(re.compile(rf"project=.*image={self.image.id}\b"))
        settled(self.page)


@pytest.fixture
def belt(page: Page, url: str, gemini: GeminiServer, see: Behind, project: Project) -> Belt:
    image, known = add_belt(project, see.services)
    gemini.pictures[:] = [known]
    hands = Hands(page, url)
    hands.open("Images", project=project.name)
    return Belt(hands, see.services, image, known)


def add_belt(project: Project, services: Services) -> tuple[Image, KnownPicture]:
    """A belt with a patch of its own, or answers would be kept from one test to the next."""
    drawn = draw_belt(SEED, size=(640, 480), object_count=OBJECTS)
    objects = [KnownObject(one.label, one.mask) for one in drawn.objects]
    assert len(objects) == OBJECTS
    pixels = drawn.pixels.copy()
    pixels[:16, :16] = (project.id * 37 % 256, 0, 0)
    added = add_picture("belt.png", encode_png(pixels), project_id=project.id, services=services)
    assert added.image is not None
    return added.image, known_picture("belt.png", pixels, objects)


def wears(color: str, known: KnownObject, shown: Pixels, plain: Pixels) -> bool:
    """Whether the object has gone some way from its own colour to this one, deep inside."""
    x, y = (int(each) for each in inmost(known.mask))
    wanted, own, seen = (np.array(c, float) for c in (rgb_of(color), plain[y, x], shown[y, x]))
    way = wanted - own
    return bool(np.dot(seen - own, way) > np.dot(way, way) / 4)


def test_objects_appear_one_by_one_and_the_answer_takes_their_place(
    belt: Belt, gemini: GeminiServer
) -> None:
    page, gemini.held = belt.page, True
    belt.visit_detect()
    belt.hands.choose("Detector", "gemini")
    page.get_by_test_id("stBaseButton-primary").click()
    expect(page.get_by_text("Asked; nothing has come yet")).to_be_visible()
    assert belt.tinted("no objects so far") == [False] * OBJECTS
    gemini.let_go()
    expect(page.get_by_text("1 object so far")).to_be_visible()
    assert belt.tinted("1 object so far") == [True, False, False, False]
    for count in range(2, OBJECTS + 1):
        gemini.let_go()
        words = f"{count} objects so far"
        expect(page.get_by_text(words)).to_be_visible()
        assert belt.tinted(words) == [number < count for number in range(OBJECTS)]
        assert result_of(belt.image.id, services=belt.services) is None
    check_change_of_place(belt, gemini)


def check_change_of_place(belt: Belt, gemini: GeminiServer) -> None:
    """The very same picture stays where it is when the last words of the reply have come."""
    page, picture = belt.page, belt.picture(f"{OBJECTS} objects so far").element_handle()
    assert picture is not None
    page.evaluate(f"{SCROLL} = 120")
    before, top = picture.get_attribute("src"), picture.evaluate("it => it.offsetTop")
    gemini.let_go()
    expect(page.get_by_text(f"{OBJECTS} objects found by gemini")).to_be_visible()
    expect(page.get_by_text("Detection over")).to_be_visible()
    settled(page)
    expect(page.get_by_text("so far")).to_have_count(0)
    assert picture.evaluate("it => it.isConnected")
    assert picture.get_attribute("alt") == f"{belt.image.name} with {OBJECTS} objects"
    assert (picture.get_attribute("src"), picture.evaluate("it => it.offsetTop")) == (before, top)
    assert page.evaluate(SCROLL) == 120
    assert len(belt.result.predictions) == OBJECTS


def test_a_loop_is_stopped_named_and_shown_in_the_reply(belt: Belt, gemini: GeminiServer) -> None:
    gemini.every_fault, gemini.most_letters = "loop", LOOP_LETTERS // 4
    belt.hands.visit("Detect")
    belt.hands.detect(detector="gemini", scope="This picture")
    text = belt.text
    whole = text[: len(text) // 2].count("}")
    found = [each.finding.label for each in belt.result.predictions]
    assert found[:whole] == [each.label for each in belt.known.objects[:whole]]
    assert len(found) == whole + 1  # the one it broke off in has its box
    expect(belt.page.get_by_text(f"{len(found)} object")).to_contain_text("problem")
    assert gemini.hung_up.wait(PATIENCE_SECONDS)
    assert gemini.served["loop"] == 1
    open_reply(belt)
    cells = belt.page.locator("[role=gridcell]")
    # what the text shows, and that the model was hung up on
    expect(cells.get_by_text("loop", exact=True)).to_have_count(2)
    choose_problem(belt, f"Object {whole + 1}: loop, the model repeated")
    words = belt.page.get_by_test_id("stCode").filter(has_text="⟦")
    expect(words).to_contain_text("4+Pj4+Pj")
    expect(belt.page.get_by_text("Between ⟦ and ⟧: letters")).to_be_visible()


def test_a_reply_an_older_parser_read_worse_is_read_again(belt: Belt) -> None:
    keep_poor_answer(belt)
    page = belt.page
    belt.visit_detect()
    assert belt.tinted("1 object") == [True, False, False, False]
    open_reply(belt)
    belt.hands.press("Read again")
    difference = f"{belt.image.name}: {OBJECTS - 1} objects gained"
    expect(page.get_by_text(difference)).to_contain_text("gone: mask_unreadable")
    assert len(belt.result.predictions) == 1
    belt.hands.press("Use the new reading")
    expect(page.get_by_text(f"{OBJECTS} objects found by gemini")).to_be_visible()
    assert belt.tinted(f"{OBJECTS} objects") == [True] * OBJECTS
    assert len(belt.result.predictions) == OBJECTS


def keep_poor_answer(belt: Belt) -> None:
    """What a parser would have kept that understood the first object only."""
    tasks, text = belt.services.tasks, belt.text
    [first, *_] = read_reply(text, size=belt.image.size).findings
    prompt = Prompt("gemini", "all foreign objects", model="gemini-3.8-flash")
    with belt.services.store.write() as records:
        ids, actor = [belt.image.id], belt.services.actor
        run = records.runs.add(belt.image.project_id, prompt, ids, actor=actor)
    task = tasks.claim(run.id)
    assert task is not None
    answer = TaskAnswer()
    lost = Problem("mask_unreadable", as_said("3 objects could not be read"), None, (40, len(text)))
    reply = Reply(text, dialect="polygons", finish_reason="STOP")
    answer.take([ObjectFound(first), ProblemFound(lost), ReplyFinished(reply)])
    tasks.finish(task, answer)


def open_reply(belt: Belt) -> None:
    """Open the drawer and wait until everything in it is there."""
    settled(belt.page)
    belt.page.get_by_text("Raw reply and").click()
    expect(belt.page.get_by_role("button", name="Read again")).to_be_visible()
    settled(belt.page)


def choose_problem(belt: Belt, name: str) -> None:
    """From the middle of the screen: a list that makes the page scroll is closed by that."""
    choice = belt.page.get_by_label("Where in the reply", exact=True)
    choice.evaluate("it => it.scrollIntoView({block: 'center'})")
    choice.focus()
    choice.evaluate(STILL)
    choice.press("ArrowDown")
    belt.page.get_by_role("option", name=name).click()
    settled(belt.page)
