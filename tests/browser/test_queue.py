"""The queue on the Review page by keys, in the URL, and on another visit, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from beltmask.demo import draw_belt
from beltmask.images import encode_png
from beltmask.model import Project
from beltmask.workflows.images import add_picture
from tests.browser.hands import Behind
from tests.browser.script_runs import runs_of, settled

pytestmark = pytest.mark.browser


def fill(see: Behind, project: Project) -> None:
    for seed in range(3):
        belt = encode_png(draw_belt(seed, size=(320, 240), object_count=1).pixels)
        add_picture(f"belt-{seed}.png", belt, project_id=project.id, services=see.services)


def test_a_queue_is_chosen_walked_by_key_and_taken_up_on_another_visit(
    page: Page, url: str, see: Behind, project: Project
) -> None:
    fill(see, project)
    second = see.images(project.name)[1]
    runs_of(page)
    page.goto(f"{url}/review?project={project.name}")
    expect(page.get_by_text("1 of 3")).to_be_visible()
    page.get_by_role("button", name="Queue").click()
    page.get_by_role("button", name="new", exact=True).click()
    expect(page.get_by_text("1 of 3 · new, by date added")).to_be_visible()
    page.keyboard.press("Escape")
    settled(page)
    page.keyboard.press("f")
    expect(page.get_by_text("2 of 3")).to_be_visible()
    settled(page)
    expect(page).to_have_url(re.compile(rf"image={second.id}\b"))
    expect(page).to_have_url(re.compile("queue_state=new"))
    later = page.context.new_page()
    runs_of(later)
    later.goto(f"{url}/review?project={project.name}")
    later.get_by_role("link", name="Continue where you were: belt-1.png").click()
    expect(later.get_by_text("2 of 3 · new, by date added")).to_be_visible()
    settled(later)
    later.keyboard.press("d")
    expect(later.get_by_text("1 of 3 · new")).to_be_visible()
